/* lock.c - locks: alone, fought for by two and by four threads, and beside a thread that never lets go.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The first figures take and free a lock n times in all, in equal parts, around one addition; the
 * threads are started anew in each run, at one signal.
 *
 * The last one times how long a thread waits beside another one that has the lock for 20 us and takes
 * it again at once. A lock that goes to who is there first would keep it waiting for as long as it
 * pleases the scheduler; the other one stops after 100 ms to bring the figure to an end. */
#include "peer.h"

#include <pthread.h>
#include <stdlib.h>

#include <omp.h>

#include <weft.h>

enum { most_threads = 8, waits = 20 };

static const double held = 20e-6, longest = 0.1; /* seconds */

/* What one run works on. */
struct fight {
    size_t turns; /* of each thread */
    pthread_barrier_t start;
    double counter; /* the lock protects it */
    bool stop, waiting, taken;
    union {
        omp_lock_t omp;
        pthread_mutex_t mutex;
        weft_lock weft;
    } lock;
};

typedef void *thread_main(void *fight);

static double run_threads(struct fight *f, thread_main *body, size_t threads)
{
    pthread_t t[most_threads];
    pthread_barrier_init(&f->start, NULL, (unsigned)threads);
    for (size_t k = 1; k < threads; k++)
        if (pthread_create(&t[k], NULL, body, f))
            abort();
    body(f);
    for (size_t k = 1; k < threads; k++)
        pthread_join(t[k], NULL);
    pthread_barrier_destroy(&f->start);
    return f->counter;
}

static void hold_on(double seconds)
{
    for (const double start = weft_now(); weft_now() - start < seconds;)
        ;
}

/* By the other thread, since this one had the lock. */
static void wait_until_taken(struct fight *f)
{
    __atomic_store_n(&f->taken, false, __ATOMIC_RELAXED);
    while (!__atomic_load_n(&f->taken, __ATOMIC_RELAXED))
        ;
}

/* Whether the other one has waited for too long. */
static bool lets_go(const struct fight *f, double *since)
{
    if (!__atomic_load_n(&f->waiting, __ATOMIC_RELAXED))
        *since = weft_now();
    return weft_now() - *since > longest;
}

/* The same three jobs for each kind of lock. */
#define LOCK_JOBS(kind, begin, take, give, end)                             \
    static void *kind##_body(void *arg)                                     \
    {                                                                       \
        struct fight *const f = arg;                                        \
        pthread_barrier_wait(&f->start);                                    \
        for (size_t k = 0; k < f->turns; k++) {                             \
            take;                                                           \
            f->counter++;                                                   \
            give;                                                           \
        }                                                                   \
        return NULL;                                                        \
    }                                                                       \
    static double kind##_fight(size_t n, size_t threads)                    \
    {                                                                       \
        struct fight fight = { .turns = n / threads }, *const f = &fight;   \
        begin;                                                              \
        const double counter = run_threads(f, kind##_body, threads);        \
        end;                                                                \
        return counter;                                                     \
    }                                                                       \
    static double kind##_1(const work *w) { return kind##_fight(w->n, 1); } \
    static double kind##_2(const work *w) { return kind##_fight(w->n, 2); } \
    static double kind##_4(const work *w) { return kind##_fight(w->n, 4); } \
    static void *kind##_hog(void *arg)                                      \
    {                                                                       \
        struct fight *const f = arg;                                        \
        double since = weft_now();                                          \
        while (!__atomic_load_n(&f->stop, __ATOMIC_RELAXED)) {              \
            take;                                                           \
            __atomic_store_n(&f->taken, true, __ATOMIC_RELAXED);            \
            hold_on(held);                                                  \
            give;                                                           \
            if (lets_go(f, &since))                                         \
                weft_sleep(1e-3);                                           \
        }                                                                   \
        return NULL;                                                        \
    }                                                                       \
    static double kind##_wait(const work *w)                                \
    {                                                                       \
        struct fight fight = { .stop = false }, *const f = &fight;          \
        pthread_t hog;                                                      \
        (void)w;                                                            \
        begin;                                                              \
        if (pthread_create(&hog, NULL, kind##_hog, f))                      \
            abort();                                                        \
        for (size_t k = 0; k < waits; k++) {                                \
            wait_until_taken(f);                                            \
            __atomic_store_n(&f->waiting, true, __ATOMIC_RELAXED);          \
            take;                                                           \
            __atomic_store_n(&f->waiting, false, __ATOMIC_RELAXED);         \
            give;                                                           \
        }                                                                   \
        __atomic_store_n(&f->stop, true, __ATOMIC_RELAXED);                 \
        pthread_join(hog, NULL);                                            \
        end;                                                                \
        return 0;                                                           \
    }

LOCK_JOBS(omp, omp_init_lock(&f->lock.omp), omp_set_lock(&f->lock.omp),
          omp_unset_lock(&f->lock.omp), omp_destroy_lock(&f->lock.omp))
LOCK_JOBS(mutex, pthread_mutex_init(&f->lock.mutex, NULL), pthread_mutex_lock(&f->lock.mutex),
          pthread_mutex_unlock(&f->lock.mutex), pthread_mutex_destroy(&f->lock.mutex))
LOCK_JOBS(plain, weft_lock_init(&f->lock.weft), weft_lock_acquire(&f->lock.weft, WEFT_FOREVER),
          weft_lock_release(&f->lock.weft), weft_lock_fini(&f->lock.weft))
LOCK_JOBS(shared, weft_lock_init(&f->lock.weft, .shared = true),
          weft_lock_acquire(&f->lock.weft, WEFT_FOREVER), weft_lock_release(&f->lock.weft),
          weft_lock_fini(&f->lock.weft))

static double all_turns(const work *w) { return (double)w->n; }

static bool all_were_counted(const work *w, double value) { return value == w->expected; }

static bool nothing_to_check(const work *w, double value)
{
    (void)w, (void)value;
    return true;
}

#define CONTESTANTS(suffix, ...)                                                 \
    {                                                                            \
        { "omp_lock", omp_##suffix, PEER, __VA_ARGS__ },                         \
            { "pthread_mutex", mutex_##suffix, PEER, __VA_ARGS__ },              \
            { "weft_lock", plain_##suffix, WEFT, __VA_ARGS__ },                  \
            { "weft_lock, shared", shared_##suffix, ASIDE, __VA_ARGS__ }, { 0 }, \
    }

static const contestant alone[] = CONTESTANTS(1, .calls = 1);
static const contestant two[] = CONTESTANTS(2, .calls = 1);
static const contestant four[] = CONTESTANTS(4, .calls = 1);
static const contestant patient[] = CONTESTANTS(wait, .calls = waits);

#define LOCK .base = "omp_lock", .expect = all_turns, .right = all_were_counted

static const figure figures[] = {
    { "lock, uncontended", 1000 * 1000, alone, .goal = 1 / 1.1, LOCK },
    { "lock, 2 threads", 1000 * 1000, two, .goal = 2, LOCK },
    { "lock, 4 threads", 1000 * 1000, four, .goal = 2, LOCK },
    { "a wait beside a hog", 1, patient, .at_most = 5e-3, .right = nothing_to_check },
    { 0 },
};

const topic lock_topic = { "lock", figures };
