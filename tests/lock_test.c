/* lock_test.c - the plain lock: taken, waited for, freed, and misused.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

static void a_new_lock_is_free(void)
{
    weft_lock l;
    CU_ASSERT_EQUAL(weft_lock_init(&l), WEFT_OK);
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_OK);
    CU_ASSERT_TRUE(weft_lock_locked(&l));
    CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    weft_lock_fini(&l);
}

static void options_may_be_left_out_by_other_languages(void)
{
    weft_lock l;
    CU_ASSERT_EQUAL(weft_lock_init_opts(&l, NULL), WEFT_OK);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, WEFT_FOREVER), WEFT_OK);
    weft_lock_fini(&l);
}

static void a_try_at_a_held_lock_times_out_at_once(void)
{
    weft_lock l;
    weft_lock_init(&l);
    weft_lock_acquire(&l, 0);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_TIMEOUT);
    CU_ASSERT_TRUE(weft_lock_locked(&l));
    weft_lock_fini(&l);
}

static void a_wait_lasts_as_long_as_its_timeout(void)
{
    static const double timeouts[] = { 5e-324, 1e-9, 1e-6, 30e-6, 100e-6, 2e-3, 30e-3 };
    weft_lock l;
    weft_lock_init(&l);
    weft_lock_acquire(&l, 0);
    for (size_t k = 0; k < COUNT(timeouts); k++) {
        const double start = weft_now();
        CU_ASSERT_EQUAL(weft_lock_acquire(&l, timeouts[k]), WEFT_TIMEOUT);
        CU_ASSERT(weft_now() - start >= timeouts[k]);
    }
    CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 1e-9), WEFT_OK); /* who gave up left nothing behind */
    weft_lock_fini(&l);
}

static void a_free_lock_is_taken_whatever_the_timeout(void)
{
    static const double timeouts[] = { 0, 5e-324, 1e-9, 1, 1e10, 9223372036.0, 1e300, INFINITY };
    weft_lock l;
    weft_lock_init(&l);
    for (size_t k = 0; k < COUNT(timeouts); k++) {
        CU_ASSERT_EQUAL(weft_lock_acquire(&l, timeouts[k]), WEFT_OK);
        CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
    }
    weft_lock_fini(&l);
}

struct wait {
    weft_lock *lock;
    double timeout;
    weft_status status;
};

static void wait_for_it(void *arg)
{
    struct wait *const w = arg;
    w->status = weft_lock_acquire(w->lock, w->timeout);
}

static void a_sleeper_gets_the_lock_when_it_is_released(void)
{
    static const double timeouts[] = { 30, 1e10, INFINITY };
    for (size_t k = 0; k < COUNT(timeouts); k++) {
        weft_lock l;
        weft_lock_init(&l);
        weft_lock_acquire(&l, 0);
        struct wait w = { .lock = &l, .timeout = timeouts[k], .status = WEFT_EINVAL };
        helper h;
        helper_start(&h, wait_for_it, &w);
        CU_ASSERT_TRUE(helper_sleeps(&h));
        CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
        helper_join(&h);
        CU_ASSERT_EQUAL(w.status, WEFT_OK);
        CU_ASSERT_TRUE(weft_lock_locked(&l));
        weft_lock_fini(&l);
    }
}

static void signals_do_not_end_a_wait(void)
{
    weft_lock l;
    weft_lock_init(&l);
    weft_lock_acquire(&l, 0);
    disturbance s;
    disturb_begin(&s, pthread_self());
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0.1), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.1);
    CU_ASSERT(disturb_end(&s) > 5);
    weft_lock_fini(&l);
}

static void release_it(void *arg)
{
    struct wait *const w = arg;
    w->status = weft_lock_release(w->lock);
}

static void any_thread_may_release(void)
{
    weft_lock l;
    weft_lock_init(&l);
    weft_lock_acquire(&l, 0);
    struct wait w = { .lock = &l, .status = WEFT_EINVAL };
    helper h;
    helper_start(&h, release_it, &w);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 30), WEFT_OK);
    helper_join(&h);
    CU_ASSERT_EQUAL(w.status, WEFT_OK);
    weft_lock_fini(&l);
}

static void releasing_an_unlocked_lock_is_not_permitted(void)
{
    weft_lock l;
    weft_lock_init(&l);
    for (int k = 0; k < 2; k++) {
        CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_EPERM);
        ASSERT_TEXT(weft_detail(), "weft_lock_release: lock is not held: it must be");
        CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_OK); /* and did no harm */
        CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_TIMEOUT);
        CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
    }
    weft_lock_fini(&l);
}

static void a_locked_lock_may_be_ended(void)
{
    weft_lock l;
    weft_lock_init(&l);
    weft_lock_acquire(&l, 0);
    weft_lock_fini(&l);
    CU_ASSERT_EQUAL(weft_lock_init(&l), WEFT_OK);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_OK);
    weft_lock_fini(&l);
}

static void a_lock_that_is_not_in_use_panics(void)
{
    static weft_lock never;
    weft_lock ended;
    weft_lock_init(&ended), weft_lock_fini(&ended);
    ASSERT_TEXT(PANIC_OF(weft_lock_acquire(&ended, 0)),
                "weft_lock_acquire: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_lock_release(&ended)),
                "weft_lock_release: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_lock_locked(&ended)),
                "weft_lock_locked: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_lock_owner_died(&ended)),
                "weft_lock_owner_died: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_lock_reinit(&ended)),
                "weft_lock_reinit: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF((weft_lock_fini(&ended), 0)),
                "weft_lock_fini: the object is ended: it must be in use");
    ASSERT_TEXT(PANIC_OF(weft_lock_acquire(&never, 0)),
                "weft_lock_acquire: the object is not initialised: it must be in use");
    ASSERT_TEXT(PANIC_OF(({
                    weft_with_lock (&never) {}
                    0;
                })),
                "weft_with_lock: the object is not initialised: it must be in use");
}

static void a_timeout_below_zero_or_nan_is_refused(void)
{
    weft_lock l;
    weft_lock_init(&l);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_lock_acquire: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, NAN), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, -INFINITY), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, -5e-324), WEFT_EINVAL);
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    weft_lock_fini(&l);
}

/* Returns what the child makes of the lock: 0 where it is free there. */
static int try_in_a_child(weft_lock *l)
{
    const pid_t child = fork();
    if (child == 0) {
        const bool taken = weft_lock_acquire(l, 0) == WEFT_OK;
        const bool freed = weft_lock_reinit(l) == WEFT_OK && !weft_lock_locked(l) &&
                           weft_lock_acquire(l, 0) == WEFT_OK && weft_lock_release(l) == WEFT_OK;
        _exit(taken ? 1 : freed ? 0 : 2);
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

static void a_forked_child_can_make_the_lock_anew(void)
{
    weft_lock l;
    weft_lock_init(&l);
    weft_lock_acquire(&l, 0);
    CU_ASSERT_EQUAL(try_in_a_child(&l), 0);
    CU_ASSERT_TRUE(weft_lock_locked(&l));
    weft_lock_fini(&l);
}

CU_TestInfo lock_tests[] = {
    { "a_new_lock_is_free", a_new_lock_is_free },
    { "options_may_be_left_out_by_other_languages", options_may_be_left_out_by_other_languages },
    { "a_try_at_a_held_lock_times_out_at_once", a_try_at_a_held_lock_times_out_at_once },
    { "a_wait_lasts_as_long_as_its_timeout", a_wait_lasts_as_long_as_its_timeout },
    { "a_free_lock_is_taken_whatever_the_timeout", a_free_lock_is_taken_whatever_the_timeout },
    { "a_sleeper_gets_the_lock_when_it_is_released", a_sleeper_gets_the_lock_when_it_is_released },
    { "any_thread_may_release", any_thread_may_release },
    { "releasing_an_unlocked_lock_is_not_permitted", releasing_an_unlocked_lock_is_not_permitted },
    { "a_locked_lock_may_be_ended", a_locked_lock_may_be_ended },
    { "a_lock_that_is_not_in_use_panics", a_lock_that_is_not_in_use_panics },
    { "a_timeout_below_zero_or_nan_is_refused", a_timeout_below_zero_or_nan_is_refused },
    { "a_forked_child_can_make_the_lock_anew", a_forked_child_can_make_the_lock_anew },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    CU_TEST_INFO_NULL,
};
