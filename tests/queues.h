/* queues.h - queues of ints of every kind, and calls that wait on a thread of their own.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_QUEUES_H
#define WEFT_TESTS_QUEUES_H

#include <pthread.h>
#include <stdbool.h>

#include <weft/queue.h>
#include <weft/stop.h>

#include "suites.h"

/* With and without a capacity, which is 8; the last kind is one between processes. */
struct queue_kind {
    weft_order order;
    size_t capacity;
    bool shared;
};
extern const struct queue_kind kinds[7];

enum { allocated_kinds = 6 }; /* whose memory is malloc's */

/* queue_of - a new queue of that kind; the least comes first where it has priorities.
 *
 * put, get - polled; get returns -1 where there is nothing.
 * put_up_to - puts 0, 1, ..., n - 1. */
weft_queue *queue_of(size_t kind, size_t capacity);
bool int_before(const void *a, const void *b);
weft_status put(weft_queue *q, int item);
int get(weft_queue *q);
void put_up_to(weft_queue *q, int n);

#define for_each_kind(k, q)                   \
    for (size_t k = 0; k < COUNT(kinds); k++) \
        for (weft_queue *q = queue_of(k, kinds[k].capacity); q; weft_queue_free(q), q = NULL)

/* ---- calls on another thread ---- */

static const double a_while = 0.02; /* seconds, in which another thread has surely begun to wait */

typedef struct call {
    weft_queue *q;
    double timeout, seconds;
    int item;
    weft_status status;
    weft_stop calls; /* set right before the call */
    pthread_t thread;
} call;

typedef weft_status called(call *c);
called a_get, a_put, a_join;
void *a_get_thread(void *arg);
void *a_put_thread(void *arg);
void *a_join_thread(void *arg);

/* begin - begins a call; once it runs it has a while to wait, if it has to.
 *
 * end - waits for what came of it. */
void begin(call *c, void *(*thread)(void *));
static inline weft_status end(call *c) /* `end` is a symbol of the linker's */
{
    pthread_join(c->thread, NULL);
    return c->status;
}

#endif
