/* queue_tbb.cc - oneTBB's bounded queue.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "queue_race.h"

#include <cstddef>

#include <tbb/concurrent_queue.h>

using queue = tbb::concurrent_bounded_queue<size_t>;

static void *open(size_t capacity)
{
    queue *q = new queue;
    q->set_capacity((ptrdiff_t)capacity);
    return q;
}

static void produce(void *q, size_t first, size_t n)
{
    for (size_t i = first; i < first + n; i++)
        ((queue *)q)->push(i);
}

static double consume(void *q, size_t n)
{
    size_t sum = 0, item = 0;
    for (size_t k = 0; k < n; k++) {
        ((queue *)q)->pop(item);
        sum += item;
    }
    return (double)sum;
}

static void shut(void *q) { delete (queue *)q; }

static const traffic tbb_ = { open, produce, consume, shut };

double tbb_queue_1(const work *w) { return queue_race(w, &tbb_, 1, 1); }
double tbb_queue_2(const work *w) { return queue_race(w, &tbb_, 2, 2); }
double tbb_queue_4(const work *w) { return queue_race(w, &tbb_, 4, 4); }
double tbb_queue_ping(const work *) { return queue_ping_pong(&tbb_); }
