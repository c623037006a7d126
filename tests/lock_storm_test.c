/* lock_storm_test.c - many threads at a lock: exclusion, wake-ups, and turns for who waits.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft.h>

#include "crew.h"
#include "suites.h"

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

CU_TestInfo lock_storm_tests[] = {
    { "one_to_eight_threads_exclude_each_other", one_to_eight_threads_exclude_each_other },
    { "threads_that_try_exclude_each_other", threads_that_try_exclude_each_other },
    { "threads_that_time_out_exclude_each_other", threads_that_time_out_exclude_each_other },
    { "no_wake_up_is_lost", no_wake_up_is_lost },
    { "no_wake_up_is_lost_where_sleepers_give_up", no_wake_up_is_lost_where_sleepers_give_up },
    { "who_waits_gets_through_beside_who_takes_it_again_at_once",
      who_waits_gets_through_beside_who_takes_it_again_at_once },
    CU_TEST_INFO_NULL,
};
