/* cond_wait_test.c - how long one waits at a condition, and that one has the lock again.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include <weft.h>

#include "crew.h"
#include "spots.h"
#include "suites.h"

static void timeouts(spot *s)
{
    static const double seconds[] = { 0, 5e-324, 1e-9, 1e-6, 30e-6, 100e-6, 2e-3, 30e-3 };
    take(s);
    for (size_t k = 0; k < COUNT(seconds); k++) {
        const double start = weft_now();
        CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, seconds[k]), WEFT_TIMEOUT);
        CU_ASSERT(weft_now() - start >= seconds[k]);
        CU_ASSERT_TRUE(is_locked(s));
    }
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_cond_wait: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, NAN), WEFT_EINVAL);
    CU_ASSERT_TRUE(is_locked(s));
    give(s);
}
static void a_wait_lasts_as_long_as_its_timeout_and_has_the_lock_again(void)
{
    over_both(timeouts);
}

static void a_recursive_lock_is_freed_entirely_and_taken_as_often(void)
{
    spot s;
    helper h;
    spot_init(&s, true);
    for (int k = 0; k < 3; k++)
        take(&s);
    helper_start(&h, wait_once, &s); /* gets the lock only while we wait */
    while (s.waiting == 0)
        CU_ASSERT_EQUAL(weft_cond_wait(&s.cond, 5e-3), WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(weft_rlock_count(&s.rlock), 3);
    weft_cond_notify(&s.cond, 1);
    for (int k = 0; k < 3; k++)
        CU_ASSERT_EQUAL(weft_rlock_release(&s.rlock), WEFT_OK);
    helper_join(&h);
    CU_ASSERT_EQUAL(s.woken, 1);
    spot_fini(&s);
}

static bool has_ticket(void *ctx) { return ((const spot *)ctx)->tickets > 0; }

static void wait_for_ticket(void *arg)
{
    spot *const s = arg;
    take(s);
    s->waiting++;
    if (weft_cond_wait_for(&s->cond, has_ticket, s, WEFT_FOREVER) == WEFT_OK)
        s->tickets--, s->woken++;
    give(s);
}

static void predicates(spot *s)
{
    helper h;
    helper_start(&h, wait_for_ticket, s);
    CU_ASSERT_TRUE(reaches(s, &s->waiting, 1));
    for (int k = 0; k < 5; k++)
        notify(s, 1); /* in vain */
    CU_ASSERT_EQUAL(under_lock(s, &s->woken), 0);
    take(s);
    s->tickets = 2;
    weft_cond_notify(&s->cond, 1);
    give(s);
    helper_join(&h);
    CU_ASSERT_EQUAL(s->woken, 1);
    take(s);
    CU_ASSERT_EQUAL(weft_cond_wait_for(&s->cond, has_ticket, s, 0), WEFT_OK);
    s->tickets = 0;
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_cond_wait_for(&s->cond, has_ticket, s, 20e-3), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 20e-3);
    CU_ASSERT_EQUAL(weft_cond_wait_for(&s->cond, has_ticket, s, -1), WEFT_EINVAL);
    give(s);
}
static void a_wait_for_ends_when_its_predicate_holds(void) { over_both(predicates); }

static void signals(spot *s)
{
    disturbance st;
    disturb_begin(&st, pthread_self());
    take(s);
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, 0.1), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.1);
    give(s);
    CU_ASSERT(disturb_end(&st) > 5);
}
static void signals_do_not_end_a_wait(void) { over_both(signals); }

CU_TestInfo cond_wait_tests[] = {
    { "a_wait_lasts_as_long_as_its_timeout_and_has_the_lock_again",
      a_wait_lasts_as_long_as_its_timeout_and_has_the_lock_again },
    { "a_recursive_lock_is_freed_entirely_and_taken_as_often",
      a_recursive_lock_is_freed_entirely_and_taken_as_often },
    { "a_wait_for_ends_when_its_predicate_holds", a_wait_for_ends_when_its_predicate_holds },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    CU_TEST_INFO_NULL,
};
