/* thread.c - threads that do next to nothing: one started and joined, four started and joined.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * weft_thread_start() returns when the new thread runs, so four of them start one after the other; what
 * compares with that is a creator that waits for each. */
#include "peer.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <threads.h>

#include <weft.h>

enum { at_once = 4 };

static size_t runs; /* relaxed: joins order the rest */

static void count(void *arg) { (void)arg, __atomic_add_fetch(&runs, 1, __ATOMIC_RELAXED); }

static void *pthread_count(void *arg)
{
    count(arg);
    return NULL;
}

static sem_t running;

static void *say_and_count(void *arg)
{
    sem_post(&running);
    count(arg);
    return NULL;
}

static int c11_count(void *arg)
{
    count(arg);
    return 0;
}

static void must(bool done)
{
    if (!done)
        abort();
}

/* How many ran since the call before. */
static double counted(void) { return (double)__atomic_exchange_n(&runs, 0, __ATOMIC_RELAXED); }

static double pthread_start_join(const work *w)
{
    pthread_t t[at_once];
    for (size_t k = 0; k < w->n; k++)
        must(pthread_create(&t[k], NULL, pthread_count, NULL) == 0);
    for (size_t k = 0; k < w->n; k++)
        must(pthread_join(t[k], NULL) == 0);
    return counted();
}

static double pthread_start_wait_join(const work *w)
{
    pthread_t t[at_once];
    must(sem_init(&running, 0, 0) == 0);
    for (size_t k = 0; k < w->n; k++) {
        must(pthread_create(&t[k], NULL, say_and_count, NULL) == 0);
        while (sem_wait(&running))
            ;
    }
    for (size_t k = 0; k < w->n; k++)
        must(pthread_join(t[k], NULL) == 0);
    return counted();
}

static double c11_start_join(const work *w)
{
    thrd_t t[at_once];
    for (size_t k = 0; k < w->n; k++)
        must(thrd_create(&t[k], c11_count, NULL) == thrd_success);
    for (size_t k = 0; k < w->n; k++)
        must(thrd_join(t[k], NULL) == thrd_success);
    return counted();
}

static double weft_start_join(const work *w)
{
    weft_thread t[at_once];
    for (size_t k = 0; k < w->n; k++)
        must(weft_thread_start(&t[k], count, NULL) == WEFT_OK);
    for (size_t k = 0; k < w->n; k++)
        must(weft_thread_join(&t[k], WEFT_FOREVER) == WEFT_OK);
    return counted();
}

static bool all_ran(const work *w, double value) { return value == (double)w->n; }

static const contestant threads[] = {
    { "pthread_create, pthread_join", pthread_start_join, PEER },
    { "the same, waiting until each runs", pthread_start_wait_join, PEER },
    { "C11 thrd_create, thrd_join", c11_start_join, ASIDE },
    { "weft_thread_start, weft_thread_join", weft_start_join, WEFT },
    { 0 },
};

#define THREAD .who = threads, .goal = 1 / 1.2, .right = all_ran

static const figure figures[] = {
    { "start and join a thread", 1, THREAD, .base = "pthread_create, pthread_join" },
    { "start four threads, join them", at_once, THREAD,
      .base = "the same, waiting until each runs" },
    { 0 },
};

const topic thread_topic = { "thread", figures };
