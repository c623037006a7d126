/* cond_misuse_test.c - conditions without their lock, not in use, or over the wrong one.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft.h>

#include "crew.h"
#include "spots.h"
#include "suites.h"

static bool never(void *ctx) { return ctx != NULL && false; }

static void lockless(spot *s)
{
    CU_ASSERT_EQUAL(weft_cond_wait(&s->cond, 1), WEFT_EPERM);
    ASSERT_TEXT(weft_detail(), "weft_cond_wait: the condition's lock is not held: it must be");
    CU_ASSERT_EQUAL(weft_cond_wait_for(&s->cond, never, s, 1), WEFT_EPERM);
    CU_ASSERT_EQUAL(weft_cond_notify(&s->cond, 1), WEFT_EPERM);
    ASSERT_TEXT(weft_detail(), "weft_cond_notify: the condition's lock is not held: it must be");
    CU_ASSERT_EQUAL(weft_cond_notify_all(&s->cond), WEFT_EPERM);
    CU_ASSERT_FALSE(is_locked(s));
}
static void without_the_lock_nobody_waits_or_notifies(void) { over_both(lockless); }

static void take_and_end(void *arg) { take(arg); }

static void a_recursive_lock_of_another_thread_will_not_do(void)
{
    spot s;
    helper h;
    spot_init(&s, true);
    helper_start(&h, take_and_end, &s);
    helper_join(&h);
    CU_ASSERT_EQUAL(weft_cond_wait(&s.cond, 0), WEFT_EPERM);
    CU_ASSERT_EQUAL(weft_cond_notify(&s.cond, 1), WEFT_EPERM);
    spot_fini(&s);
}

static void a_condition_that_is_not_in_use_panics(void)
{
    static weft_lock no_lock;
    static weft_cond no_cond;
    spot s;
    spot_init(&s, false);
    spot_fini(&s);
    ASSERT_TEXT(PANIC_OF(weft_cond_wait(&s.cond, 0)),
                "weft_cond_wait: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_cond_notify(&s.cond, 0)),
                "weft_cond_notify: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_cond_fini(&no_cond), 0)),
                "weft_cond_fini: the object is not initialised: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_cond_init(&no_cond, &no_lock)),
                "weft_cond_init: the object is not initialised: it must be in use");
}

static void a_condition_where_somebody_waits_is_not_ended(void)
{
    spot s;
    helper h;
    spot_init(&s, false);
    helper_start(&h, wait_once, &s);
    CU_ASSERT_TRUE(reaches(&s, &s.waiting, 1));
    take(&s);
    ASSERT_TEXT(PANIC_OF((weft_cond_fini(&s.cond), 0)),
                "weft_cond_fini: somebody waits: nobody may");
    give(&s);
    notify(&s, 1);
    helper_join(&h);
    spot_fini(&s);
}

static void a_shared_condition_wants_a_shared_lock(void)
{
    weft_lock l;
    weft_cond c;
    weft_lock_init(&l);
    CU_ASSERT_EQUAL(weft_cond_init(&c, &l, .shared = true), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_cond_init: shared is true: the lock must be shared, too");
    weft_lock_fini(&l);
}

CU_TestInfo cond_misuse_tests[] = {
    { "without_the_lock_nobody_waits_or_notifies", without_the_lock_nobody_waits_or_notifies },
    { "a_recursive_lock_of_another_thread_will_not_do",
      a_recursive_lock_of_another_thread_will_not_do },
    { "a_condition_that_is_not_in_use_panics", a_condition_that_is_not_in_use_panics },
    { "a_condition_where_somebody_waits_is_not_ended",
      a_condition_where_somebody_waits_is_not_ended },
    { "a_shared_condition_wants_a_shared_lock", a_shared_condition_wants_a_shared_lock },
    CU_TEST_INFO_NULL,
};
