/* queue_moodycamel.cc - C. Desrochers' blocking queue. It has no capacity: its producers never wait, and
 * each has a queue of its own inside, so that it keeps no order between them.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "queue_race.h"

#include <cstddef>

#include <concurrentqueue/blockingconcurrentqueue.h>

using queue = moodycamel::BlockingConcurrentQueue<size_t>;

static void *open(size_t capacity) { return new queue(capacity); }

static void produce(void *q, size_t first, size_t n)
{
    for (size_t i = first; i < first + n; i++)
        ((queue *)q)->enqueue(i);
}

static double consume(void *q, size_t n)
{
    size_t sum = 0, item;
    for (size_t k = 0; k < n; k++) {
        ((queue *)q)->wait_dequeue(item);
        sum += item;
    }
    return (double)sum;
}

static void shut(void *q) { delete (queue *)q; }

static const traffic camel = { open, produce, consume, shut };

double moodycamel_queue_1(const work *w) { return queue_race(w, &camel, 1, 1); }
double moodycamel_queue_2(const work *w) { return queue_race(w, &camel, 2, 2); }
double moodycamel_queue_4(const work *w) { return queue_race(w, &camel, 4, 4); }
double moodycamel_queue_ping(const work *) { return queue_ping_pong(&camel); }
