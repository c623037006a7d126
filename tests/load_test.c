/* load_test.c - what of the machine's work was done by others.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "load.h"

#include <math.h>

#include <weft/clock.h>

#include "suites.h"

static void others_are_what_was_busy_less_our_own(void)
{
    const load from = { .clock = 100, .busy = 40, .own = 5 };
    const load to = { .clock = 110, .busy = 65, .own = 15 };
    CU_ASSERT_EQUAL(load_others(&from, &to), 1.5);
}

static void coarse_ticks_never_make_less_than_nobody(void)
{
    const load from = { .clock = 0, .busy = 0, .own = 0 };
    const load to = { .clock = 1, .busy = 0.99, .own = 1 };
    CU_ASSERT_EQUAL(load_others(&from, &to), 0);
}

static void a_moment_is_too_short_to_tell(void)
{
    const load from = { .clock = 0, .busy = 0, .own = 0 };
    const load to = { .clock = 0.1, .busy = 0.2, .own = 0 };
    CU_ASSERT(isnan(load_others(&from, &to)));
}

static void what_the_system_does_not_say_is_unknown(void)
{
    const load from = { .clock = 0, .busy = NAN, .own = 0 };
    const load to = { .clock = 10, .busy = NAN, .own = 1 };
    CU_ASSERT(isnan(load_others(&from, &to)));
}

static void steal_is_what_the_hypervisor_took(void)
{
    const load from = { .clock = 100, .steal = 5 }, to = { .clock = 110, .steal = 8 };
    CU_ASSERT_DOUBLE_EQUAL(load_steal(&from, &to), 0.3, 1e-15);
    CU_ASSERT(isnan(load_steal(&from, &from)));
}

static void the_system_tells_its_load(void)
{
    const load now = load_now();
    CU_ASSERT(now.average >= 0);
    CU_ASSERT(now.steal >= 0);
}

static void our_own_work_counts_as_ours(void)
{
    const load before = load_now();
    for (const double until = weft_now() + 0.05; weft_now() < until;)
        ;
    const load after = load_now();
    CU_ASSERT(after.own > before.own);
    CU_ASSERT(after.clock > before.clock);
    CU_ASSERT(after.busy >= before.busy);
}

CU_TestInfo load_tests[] = {
    { "others_are_what_was_busy_less_our_own", others_are_what_was_busy_less_our_own },
    { "coarse_ticks_never_make_less_than_nobody", coarse_ticks_never_make_less_than_nobody },
    { "a_moment_is_too_short_to_tell", a_moment_is_too_short_to_tell },
    { "what_the_system_does_not_say_is_unknown", what_the_system_does_not_say_is_unknown },
    { "steal_is_what_the_hypervisor_took", steal_is_what_the_hypervisor_took },
    { "the_system_tells_its_load", the_system_tells_its_load },
    { "our_own_work_counts_as_ours", our_own_work_counts_as_ours },
    CU_TEST_INFO_NULL,
};
