/* lock_test.c - the plain lock: exclusion, timeouts, misuse, and the statement that holds it.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

/* ---- taking and freeing ---- */

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

/* ---- the statement ---- */

static void the_statement_holds_the_lock(void)
{
    weft_lock l;
    weft_lock_init(&l);
    bool inside = false;
    weft_with_lock (&l)
        inside = weft_lock_locked(&l);
    CU_ASSERT_TRUE(inside);
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    weft_lock_fini(&l);
}

static void break_and_continue_leave_the_statement_only(void)
{
    weft_lock l;
    weft_lock_init(&l);
    int rounds = 0, after = 0;
    for (int k = 0; k < 4; k++) {
        weft_with_lock (&l) {
            rounds++;
            if (k % 2)
                break;
            continue;
        }
        after += !weft_lock_locked(&l);
    }
    CU_ASSERT_EQUAL(rounds, 4);
    CU_ASSERT_EQUAL(after, 4);
    weft_lock_fini(&l);
}

static bool returns_out_of_it(weft_lock *l)
{
    weft_with_lock (l)
        return weft_lock_locked(l);
    return false;
}

static void return_and_goto_release_the_lock(void)
{
    weft_lock l;
    weft_lock_init(&l);
    CU_ASSERT_TRUE(returns_out_of_it(&l));
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    weft_with_lock (&l)
        goto out;
    CU_FAIL("goto fell through");
out:
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    weft_lock_fini(&l);
}

static void statements_nest(void)
{
    weft_lock a, b;
    weft_lock_init(&a), weft_lock_init(&b);
    int both = 0;
    weft_with_lock (&a)
        weft_with_lock (&b)
            both = weft_lock_locked(&a) + weft_lock_locked(&b);
    CU_ASSERT_EQUAL(both, 2);
    CU_ASSERT(!weft_lock_locked(&a) && !weft_lock_locked(&b));
    weft_lock_fini(&a), weft_lock_fini(&b);
}

static void a_parallel_loop_adds_under_the_lock(void)
{
    weft_lock l;
    weft_lock_init(&l);
    const size_t before = weft_set_threads(4);
    size_t total = 0;
    weft_for (i, 10000)
        weft_with_lock (&l)
            total += i;
    weft_set_threads(before);
    CU_ASSERT_EQUAL(total, 49995000);
    weft_lock_fini(&l);
}

/* ---- storms ---- */

struct count {
    weft_lock lock;
    long turns;   /* of each thread */
    long counter; /* not atomic: the lock alone protects it */
    long timeouts;
    double timeout, pause;
};

static void count_up(size_t self, void *ctx)
{
    struct count *const c = ctx;
    long timeouts = 0;
    (void)self;
    for (long k = 0; k < c->turns; k++) {
        while (weft_lock_acquire(&c->lock, c->timeout) == WEFT_TIMEOUT)
            timeouts++;
        c->counter++;
        if (c->pause > 0)
            weft_sleep(c->pause);
        weft_lock_release(&c->lock);
    }
    __atomic_fetch_add(&c->timeouts, timeouts, __ATOMIC_RELAXED);
}

static void counts_right(double timeout, long turns, double pause)
{
    for (size_t threads = 1; threads <= 8; threads++) {
        struct count c = { .turns = turns, .timeout = timeout, .pause = pause };
        weft_lock_init(&c.lock);
        crew_run(threads, count_up, &c);
        CU_ASSERT_EQUAL(c.counter, turns * (long)threads);
        CU_ASSERT_FALSE(weft_lock_locked(&c.lock));
        CU_ASSERT_EQUAL(c.lock.sleepers_, 0); /* who waited has left */
        weft_lock_fini(&c.lock);
    }
}

static void one_to_eight_threads_exclude_each_other(void) { counts_right(WEFT_FOREVER, 20000, 0); }
static void threads_that_try_exclude_each_other(void) { counts_right(0, 2000, 0); }
static void threads_that_time_out_exclude_each_other(void) { counts_right(20e-6, 2000, 0); }

/* Every acquire sleeps, and every release must wake somebody. */
static void no_wake_up_is_lost(void) { counts_right(WEFT_FOREVER, 100, 100e-6); }
static void no_wake_up_is_lost_where_sleepers_give_up(void) { counts_right(150e-6, 50, 100e-6); }

struct hog {
    weft_lock lock;
    long waits;
    bool through, gave_up;
};

/* Each on a CPU of its own, where there are two: on one, whoever is woken soon runs. */
static void bind_apart(size_t self)
{
    weft_cpus all, mine = { { 0 } };
    weft_cpus_original(&all);
    for (size_t cpu = 0, k = 0; cpu < WEFT_CPUS_MAX; cpu++)
        if (weft_cpus_has(&all, cpu) && k++ == self)
            weft_cpus_add(&mine, cpu);
    (void)weft_cpus_bind(&mine);
}

/* The first one takes the lock again at once, for longer than the other one tries between two sleeps,
 * and stops after three seconds: without a door one wait takes a third of a second, with it 3 ms. */
static void take_again_at_once(size_t self, void *ctx)
{
    struct hog *const h = ctx;
    bind_apart(self);
    const double start = weft_now();
    if (self > 0) {
        for (weft_sleep(0.01); h->waits < 20; weft_sleep(300e-6))
            weft_with_lock (&h->lock)
                h->waits++;
        __atomic_store_n(&h->through, true, __ATOMIC_RELAXED);
        return;
    }
    while (!__atomic_load_n(&h->through, __ATOMIC_RELAXED) && !h->gave_up) {
        weft_with_lock (&h->lock)
            for (const double t = weft_now(); weft_now() - t < 1e-3;)
                ;
        h->gave_up = weft_now() - start > 3;
    }
}

static void who_waits_gets_through_beside_who_takes_it_again_at_once(void)
{
    struct hog h = { .waits = 0 };
    weft_lock_init(&h.lock);
    crew_run(2, take_again_at_once, &h);
    CU_ASSERT_FALSE(h.gave_up);
    CU_ASSERT_EQUAL(h.waits, 20);
    weft_lock_fini(&h.lock);
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
    { "the_statement_holds_the_lock", the_statement_holds_the_lock },
    { "break_and_continue_leave_the_statement_only", break_and_continue_leave_the_statement_only },
    { "return_and_goto_release_the_lock", return_and_goto_release_the_lock },
    { "statements_nest", statements_nest },
    { "a_parallel_loop_adds_under_the_lock", a_parallel_loop_adds_under_the_lock },
    { "one_to_eight_threads_exclude_each_other", one_to_eight_threads_exclude_each_other },
    { "threads_that_try_exclude_each_other", threads_that_try_exclude_each_other },
    { "threads_that_time_out_exclude_each_other", threads_that_time_out_exclude_each_other },
    { "no_wake_up_is_lost", no_wake_up_is_lost },
    { "no_wake_up_is_lost_where_sleepers_give_up", no_wake_up_is_lost_where_sleepers_give_up },
    { "who_waits_gets_through_beside_who_takes_it_again_at_once",
      who_waits_gets_through_beside_who_takes_it_again_at_once },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    CU_TEST_INFO_NULL,
};
