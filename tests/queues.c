/* queues.c - queues of ints of every kind, and calls that wait on a thread of their own.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "queues.h"

#include <stdlib.h>

#include <weft/clock.h>

const struct queue_kind kinds[7] = {
    { WEFT_FIFO, 0, false }, { WEFT_FIFO, 8, false },     { WEFT_LIFO, 0, false },
    { WEFT_LIFO, 8, false }, { WEFT_PRIORITY, 0, false }, { WEFT_PRIORITY, 8, false },
    { WEFT_FIFO, 8, true },
};

bool int_before(const void *a, const void *b) { return *(const int *)a < *(const int *)b; }

weft_queue *queue_of(size_t kind, size_t capacity)
{
    const weft_order order = kinds[kind].order;
    return weft_queue_new(sizeof(int), .order = order, .capacity = capacity,
                          .before = order == WEFT_PRIORITY ? int_before : NULL,
                          .shared = kinds[kind].shared);
}

weft_status put(weft_queue *q, int item) { return weft_queue_put(q, &item, 0); }

int get(weft_queue *q)
{
    int item = -1;
    return weft_queue_get(q, &item, 0) == WEFT_OK ? item : -1;
}

void put_up_to(weft_queue *q, int n)
{
    for (int i = 0; i < n; i++)
        CU_ASSERT_EQUAL(put(q, i), WEFT_OK);
}

weft_status a_get(call *c) { return weft_queue_get(c->q, &c->item, c->timeout); }
weft_status a_put(call *c) { return weft_queue_put(c->q, &c->item, c->timeout); }
weft_status a_join(call *c) { return weft_queue_join(c->q, c->timeout); }

#define DEFINE_THREAD(name)              \
    void *name##_thread(void *arg)       \
    {                                    \
        call *const c = arg;             \
        const double start = weft_now(); \
        weft_stop_set(&c->calls);        \
        c->status = name(c);             \
        c->seconds = weft_now() - start; \
        return NULL;                     \
    }
DEFINE_THREAD(a_get)
DEFINE_THREAD(a_put)
DEFINE_THREAD(a_join)

void begin(call *c, void *(*thread)(void *))
{
    if (pthread_create(&c->thread, NULL, thread, c))
        abort();
    weft_stop_wait(&c->calls, WEFT_FOREVER);
    weft_sleep(a_while);
}
