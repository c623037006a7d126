/* queue_race.c - producers and consumers at one queue, the same for everybody's.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Threads are made and joined within the time; that is 0.1 us an item or less for all alike. */
#include "queue_race.h"

#include <pthread.h>
#include <stdlib.h>

#include <omp.h>

enum { capacity = 1024, most = 8 };

typedef struct runner {
    pthread_t thread;
    const traffic *t;
    void *queue;
    size_t first, n;
    double sum;
} runner;

static void *produce(void *arg)
{
    runner *const r = arg;
    r->t->produce(r->queue, r->first, r->n);
    return NULL;
}

static void *consume(void *arg)
{
    runner *const r = arg;
    r->sum = r->t->consume(r->queue, r->n);
    return NULL;
}

static void start(runner *r, void *(*run)(void *))
{
    if (pthread_create(&r->thread, NULL, run, r))
        abort();
}

double queue_race(const work *w, const traffic *t, size_t producers, size_t consumers)
{
    runner in[most], out[most];
    void *const queue = t->open(capacity);
    const size_t share = w->n / producers, part = share * producers / consumers;
    for (size_t k = 0; k < producers; k++)
        in[k] = (runner){ .t = t, .queue = queue, .first = k * share, .n = share };
    for (size_t k = 0; k < consumers; k++)
        out[k] = (runner){ .t = t, .queue = queue, .n = part };
    out[0].n += share * producers - part * consumers;
    for (size_t k = 0; k < producers; k++)
        start(&in[k], produce);
    for (size_t k = 0; k < consumers; k++)
        start(&out[k], consume);
    double sum = 0;
    for (size_t k = 0; k < producers; k++)
        pthread_join(in[k].thread, NULL);
    for (size_t k = 0; k < consumers; k++)
        pthread_join(out[k].thread, NULL), sum += out[k].sum;
    t->shut(queue);
    return sum;
}

static void echo(const traffic *t, void *there, void *back)
{
    for (size_t k = 0; k < queue_trips; k++)
        t->produce(back, (size_t)t->consume(there, 1), 1);
}

/* On the threads of OpenMP, as limit_round_trip is: they have been on two cores for long. */
double queue_ping_pong(const traffic *t)
{
    void *const there = t->open(capacity), *const back = t->open(capacity);
    double sum = 0;
#pragma omp parallel num_threads(2)
    if (omp_get_num_threads() == 2 && omp_get_thread_num() == 1)
        echo(t, there, back);
    else
        for (size_t k = 0; k < queue_trips && omp_get_num_threads() == 2; k++) {
            t->produce(there, k, 1);
            sum += t->consume(back, 1);
        }
    t->shut(there), t->shut(back);
    return sum;
}
