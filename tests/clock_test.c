/* clock_test.c - the monotonic clock and sleep.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/clock.h>

#include <math.h>
#include <signal.h>
#include <sys/time.h>

#include "suites.h"

static void sleep_lasts_at_least_as_long_as_asked(void)
{
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_sleep(0.02), WEFT_OK);
    CU_ASSERT(weft_now() - start >= 0.02);
}

static void sleep_of_zero_returns(void) { CU_ASSERT_EQUAL(weft_sleep(0), WEFT_OK); }

static void sleep_refuses_negative_and_nan(void)
{
    CU_ASSERT_EQUAL(weft_sleep(-1e-9), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_sleep(NAN), WEFT_EINVAL);
}

static void nothing(int signal_number) { (void)signal_number; }

static void signals_do_not_shorten_a_sleep(void)
{
    const struct sigaction act = { .sa_handler = nothing };
    struct sigaction before;
    sigaction(SIGALRM, &act, &before);
    struct itimerval often = { { 0, 1000 }, { 0, 1000 } }, never = { 0 };
    setitimer(ITIMER_REAL, &often, NULL);
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_sleep(0.03), WEFT_OK);
    CU_ASSERT(weft_now() - start >= 0.03);
    setitimer(ITIMER_REAL, &never, NULL);
    sigaction(SIGALRM, &before, NULL);
}

CU_TestInfo clock_tests[] = {
    { "sleep_lasts_at_least_as_long_as_asked", sleep_lasts_at_least_as_long_as_asked },
    { "sleep_of_zero_returns", sleep_of_zero_returns },
    { "sleep_refuses_negative_and_nan", sleep_refuses_negative_and_nan },
    { "signals_do_not_shorten_a_sleep", signals_do_not_shorten_a_sleep },
    CU_TEST_INFO_NULL,
};
