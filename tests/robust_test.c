/* robust_test.c - the lock between processes: its owner may die.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

#include "crew.h"
#include "herd.h"
#include "probe.h"
#include "suites.h"

static void the_owner_may_take_a_shared_lock_once(void)
{
    weft_lock l;
    CU_ASSERT_EQUAL(weft_lock_init(&l, .shared = true), WEFT_OK);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_OK);
    CU_ASSERT_TRUE(weft_lock_locked(&l));
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, WEFT_FOREVER), WEFT_EDEADLK);
    ASSERT_TEXT(weft_detail(), "weft_lock_acquire: lock is held by the calling thread: a shared "
                               "lock is taken once");
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_EDEADLK);
    ASSERT_TEXT(PANIC_OF(({
                    weft_with_lock (&l) {}
                    0;
                })),
                "weft_with_lock: lock is held by the calling thread: a shared lock is taken once");
    CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    CU_ASSERT_EQUAL(weft_lock_reinit(&l), WEFT_ESTATE);
    weft_lock_fini(&l);
}

struct visit {
    weft_lock *lock;
    weft_status freed, taken;
    bool over;
};

static void visit(void *arg)
{
    struct visit *const v = arg;
    v->freed = weft_lock_release(v->lock);
    v->taken = weft_lock_acquire(v->lock, 1e-3);
}

static void only_the_owner_may_release_a_shared_lock(void)
{
    weft_lock l;
    weft_lock_init(&l, .shared = true);
    CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_EPERM);
    ASSERT_TEXT(weft_detail(), "weft_lock_release: lock is not held by the calling thread: only "
                               "who has a shared lock may release it");
    weft_lock_acquire(&l, 0);
    struct visit v = { .lock = &l };
    helper h;
    helper_start(&h, visit, &v);
    helper_join(&h);
    CU_ASSERT(v.freed == WEFT_EPERM && v.taken == WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
    weft_lock_fini(&l);
}

static void a_thread_that_ends_with_the_lock_counts_as_dead(void)
{
    weft_lock l;
    weft_lock_init(&l, .shared = true);
    struct visit v = { .lock = &l };
    helper h;
    helper_start(&h, visit, &v); /* takes it */
    helper_join(&h);
    CU_ASSERT_EQUAL(v.taken, WEFT_OK);
    CU_ASSERT_TRUE(weft_lock_locked(&l));
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 10), WEFT_EDIED);
    ASSERT_TEXT(weft_detail(), "weft_lock_acquire: lock was held by a thread that died: look at "
                               "what it protects");
    CU_ASSERT_TRUE(weft_lock_owner_died(&l));
    CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_OK); /* told once */
    CU_ASSERT_FALSE(weft_lock_owner_died(&l));
    weft_lock_fini(&l); /* held by us: and no list of the system's points here any more */
    weft_lock_init(&l, .shared = true);
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_lock_release(&l), WEFT_OK);
    weft_lock_fini(&l);
}

static void take_rlock_twice(void *arg) { weft_rlock_acquire(arg, 0), weft_rlock_acquire(arg, 0); }

static void a_shared_recursive_lock_counts_anew_after_a_death(void)
{
    weft_rlock r;
    CU_ASSERT_EQUAL(weft_rlock_init(&r, .shared = true), WEFT_OK);
    CU_ASSERT_EQUAL(weft_rlock_acquire(&r, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_rlock_acquire(&r, WEFT_FOREVER), WEFT_OK);
    CU_ASSERT_EQUAL(weft_rlock_count(&r), 2);
    CU_ASSERT(weft_rlock_release(&r) == WEFT_OK && weft_rlock_release(&r) == WEFT_OK);
    CU_ASSERT_EQUAL(weft_rlock_release(&r), WEFT_EPERM);
    helper h;
    helper_start(&h, take_rlock_twice, &r);
    helper_join(&h);
    CU_ASSERT_EQUAL(weft_rlock_acquire(&r, 10), WEFT_EDIED);
    CU_ASSERT_TRUE(weft_rlock_owner_died(&r));
    CU_ASSERT_EQUAL(weft_rlock_count(&r), 1);
    CU_ASSERT_EQUAL(weft_rlock_release(&r), WEFT_OK);
    CU_ASSERT_FALSE(weft_rlock_locked(&r));
    CU_ASSERT_EQUAL(weft_rlock_reinit(&r), WEFT_ESTATE);
    weft_rlock_fini(&r);
}

struct count {
    weft_lock lock;
    long counter;
    long wrong;
};

static void count_up(size_t self, void *ctx)
{
    struct count *const c = ctx;
    (void)self;
    for (long k = 0; k < 5000; k++) {
        const weft_status s = weft_lock_acquire(&c->lock, 30);
        c->wrong += s != WEFT_OK; /* under the lock, or lost */
        c->counter++;
        weft_lock_release(&c->lock);
    }
}

static void threads_exclude_each_other_by_a_shared_lock(void)
{
    for (size_t threads = 1; threads <= 8; threads++) {
        struct count c = { .counter = 0 };
        weft_lock_init(&c.lock, .shared = true);
        crew_run(threads, count_up, &c);
        CU_ASSERT(c.counter == 5000 * (long)threads && c.wrong == 0);
        weft_lock_fini(&c.lock);
    }
}

static void hold(void *arg)
{
    struct visit *const v = arg;
    v->taken = weft_lock_acquire(v->lock, 0);
    while (!__atomic_load_n(&v->over, __ATOMIC_ACQUIRE))
        usleep(1000);
    v->freed = weft_lock_release(v->lock);
}

static void signals_do_not_end_a_wait(void)
{
    weft_lock l;
    weft_lock_init(&l, .shared = true);
    struct visit v = { .lock = &l };
    helper h;
    helper_start(&h, hold, &v);
    while (!weft_lock_locked(&l))
        usleep(100);
    disturbance s;
    disturb_begin(&s, pthread_self());
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_lock_acquire(&l, 0.05), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.05);
    CU_ASSERT(disturb_end(&s) > 2);
    __atomic_store_n(&v.over, true, __ATOMIC_RELEASE);
    helper_join(&h);
    CU_ASSERT_EQUAL(v.freed, WEFT_OK);
    weft_lock_fini(&l);
}

/* ---- kills ---- */

struct account {
    weft_lock lock;
    bool stop;
    long debit, credit; /* equal, but while somebody has the lock */
    long deaths, crooked, lost, turns;
};

static void book(size_t self, void *shared)
{
    struct account *const a = shared;
    (void)self;
    while (!__atomic_load_n(&a->stop, __ATOMIC_RELAXED)) {
        const weft_status s = weft_lock_acquire(&a->lock, 8);
        if (s != WEFT_OK && s != WEFT_EDIED) {
            __atomic_fetch_add(&a->lost, 1, __ATOMIC_RELAXED);
            continue;
        }
        a->deaths += s == WEFT_EDIED;
        a->crooked += s == WEFT_OK && a->debit != a->credit;
        a->debit = a->credit + 1;
        if (++a->turns % 4 == 0) /* most of the time somebody is inside: kills must hit him too */
            usleep(50);
        a->credit = a->debit;
        if (weft_lock_release(&a->lock))
            __atomic_fetch_add(&a->lost, 1, __ATOMIC_RELAXED);
    }
}

int robust_probe(int argc, char **argv)
{
    struct account *const a = herd_memory(sizeof *a);
    if (argc < 1 || weft_lock_init(&a->lock, .shared = true))
        return 1;
    const size_t hung = herd_storm(4, (size_t)atol(argv[0]), book, a, &a->stop);
    const weft_status last = weft_lock_acquire(&a->lock, 8);
    printf("%zu hung, %ld lost, %ld crooked, %s, %s\n", hung, a->lost, a->crooked,
           a->deaths > 0 ? "owners died" : "no owner died",
           last == WEFT_OK || last == WEFT_EDIED ? "still good" : weft_strstatus(last));
    return 0;
}

static void whoever_is_killed_the_others_go_on(void)
{
    said s = probe_run((const char *[]){ "robust", herd_kills(), NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, "0 hung, 0 lost, 0 crooked, owners died, still good\n");
    said_free(&s);
}

CU_TestInfo robust_tests[] = {
    { "the_owner_may_take_a_shared_lock_once", the_owner_may_take_a_shared_lock_once },
    { "only_the_owner_may_release_a_shared_lock", only_the_owner_may_release_a_shared_lock },
    { "a_thread_that_ends_with_the_lock_counts_as_dead",
      a_thread_that_ends_with_the_lock_counts_as_dead },
    { "a_shared_recursive_lock_counts_anew_after_a_death",
      a_shared_recursive_lock_counts_anew_after_a_death },
    { "threads_exclude_each_other_by_a_shared_lock", threads_exclude_each_other_by_a_shared_lock },
    { "signals_do_not_end_a_wait", signals_do_not_end_a_wait },
    { "whoever_is_killed_the_others_go_on", whoever_is_killed_the_others_go_on },
    CU_TEST_INFO_NULL,
};
