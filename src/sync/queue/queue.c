/* queue.c - the calls of a queue: arguments, put, get and close.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A call first tries, whatever the kind; only one that cannot be done at once waits (wait.c). */
#include "sync/queue/queue.h"

#include <stdlib.h>

#include "base/detail.h"
#include "base/futex.h"
#include "base/options.h"

/* ---- making one ---- */

static weft_status check_options(size_t item_size, const weft_queue_opts *o)
{
    static const char name[] = "weft_queue_new";
    if (item_size == 0)
        return weft__fail(WEFT_EINVAL, "%s: item_size is 0 bytes: it must be at least 1", name);
    if (o->order > WEFT_PRIORITY)
        return weft__fail(WEFT_EINVAL, "%s: order is %u: it must be one of weft_order", name,
                          o->order);
    if (o->order == WEFT_PRIORITY && !o->before)
        return weft__fail(WEFT_EINVAL, "%s: before is NULL: WEFT_PRIORITY needs it", name);
    if (o->order != WEFT_PRIORITY && o->before)
        return weft__fail(WEFT_EINVAL, "%s: before is given: only WEFT_PRIORITY has a use for it",
                          name);
    if (o->shared && o->order != WEFT_FIFO)
        return weft__fail(WEFT_EINVAL, "%s: order is %u: it must be WEFT_FIFO in a shared queue",
                          name, o->order);
    if (o->shared && o->capacity == 0)
        return weft__fail(WEFT_EINVAL, "%s: capacity is 0: a shared queue must have one", name);
    return WEFT_OK;
}

static weft_queue *new_of_kind(size_t item_size, const weft_queue_opts *o)
{
    if (o->shared)
        return weft__queue_shared(item_size, o->capacity);
    switch (o->order) {
    case WEFT_FIFO:
        return o->capacity ? weft__queue_ring(item_size, o->capacity) : weft__queue_list(item_size);
    case WEFT_LIFO:
        return weft__queue_stack(item_size, o->capacity);
    default:
        return weft__queue_heap(item_size, o->capacity);
    }
}

weft_queue *weft_queue_new_opts(size_t item_size, const weft_queue_opts *opts)
{
    weft_queue_opts o;
    weft__take_options(&o, opts);
    if (check_options(item_size, &o))
        return NULL;
    weft_queue *const q = new_of_kind(item_size, &o);
    if (!q) {
        weft__fail(WEFT_ENOMEM,
                   "weft_queue_new: capacity is %zu items of %zu bytes: there is not that much "
                   "memory",
                   o.capacity, item_size);
        return NULL;
    }
    q->item_size = item_size, q->capacity = o.capacity, q->before = o.before;
    return q;
}

void *weft__queue_alloc(size_t size)
{
    const size_t unit = 128, rounded = (size + unit - 1) / unit * unit;
    void *const p = aligned_alloc(unit, rounded);
    return p ? memset(p, 0, rounded) : NULL;
}

void weft_queue_free(weft_queue *q)
{
    if (q)
        q->kind->free(q);
}

/* ---- put and get ---- */

/* Moves at least one item; n is at least 1. */
static inline weft_status put_some(weft_queue *q, const char *items, size_t n, double timeout,
                                   size_t *moved)
{
    char *const read_only = (char *)(uintptr_t)items;
    weft_status s = q->kind->put(q, read_only, n, moved, timeout == 0);
    if (__builtin_expect(s == WEFT_TIMEOUT, 0))
        s = weft__queue_wait(q, q->kind->put, read_only, n, moved, timeout);
    if (s == WEFT_OK)
        weft__bell_ring(&q->items);
    return s;
}

/* And then as many as are there. */
static inline weft_status get_some(weft_queue *q, char *items, size_t n, double timeout,
                                   size_t *moved)
{
    weft__queue_move *const get = q->kind->get;
    weft_status s = get(q, items, n, moved, timeout == 0);
    if (__builtin_expect(s == WEFT_TIMEOUT, 0))
        s = weft__queue_wait(q, get, items, n, moved, timeout);
    if (s != WEFT_OK)
        return s;
    for (size_t k; *moved < n; *moved += k)
        if (get(q, items + *moved * q->item_size, n - *moved, &k, false) != WEFT_OK)
            break;
    weft__bell_ring(&q->room);
    return WEFT_OK;
}

/* ---- the calls ---- */

weft_status weft__queue_refuse(const weft_queue *q, const void *items, size_t n, double timeout,
                               const char *function)
{
    if (!q)
        return weft__fail(WEFT_EINVAL, "%s: queue is NULL: it must be one", function);
    if (!items && n)
        return weft__fail(WEFT_EINVAL, "%s: item is NULL: it must be memory of %zu bytes", function,
                          q->item_size);
    return weft__check_timeout(timeout, function);
}

static inline bool fine(const weft_queue *q, const void *items, size_t n, double timeout)
{
    return __builtin_expect(q && (items || !n) && timeout >= 0, 1);
}

static weft_status no_memory(const weft_queue *q, const char *function)
{
    return weft__fail(WEFT_ENOMEM, "%s: item is one of %zu bytes more: there is no memory for it",
                      function, q->item_size);
}

weft_status weft_queue_put(weft_queue *q, const void *item, double timeout)
{
    if (!fine(q, item, 1, timeout))
        return weft__queue_refuse(q, item, 1, timeout, "weft_queue_put");
    size_t moved;
    const weft_status s = put_some(q, item, 1, timeout, &moved);
    return s == WEFT_ENOMEM ? no_memory(q, "weft_queue_put") : s;
}

weft_status weft_queue_get(weft_queue *q, void *item, double timeout)
{
    if (!fine(q, item, 1, timeout))
        return weft__queue_refuse(q, item, 1, timeout, "weft_queue_get");
    size_t moved;
    return get_some(q, item, 1, timeout, &moved);
}

/* Seconds from now to a deadline. */
static double time_left(double deadline)
{
    if (deadline == weft__late || deadline >= WEFT_FOREVER)
        return deadline;
    const double left = deadline - weft_now();
    return left > 0 ? left : 0;
}

static weft_status put_all(weft_queue *q, const char *items, size_t n, double timeout, size_t *done)
{
    const double deadline = weft__deadline_in(timeout);
    weft_status s = WEFT_OK;
    for (size_t moved; *done < n && s == WEFT_OK; *done += s == WEFT_OK ? moved : 0)
        s = put_some(q, items + *done * q->item_size, n - *done, time_left(deadline), &moved);
    return s;
}

weft_status weft_queue_put_many(weft_queue *q, const void *items, size_t n, double timeout,
                                size_t *done)
{
    size_t unseen, *const count = done ? done : &unseen;
    *count = 0;
    if (!fine(q, items, n, timeout))
        return weft__queue_refuse(q, items, n, timeout, "weft_queue_put_many");
    const weft_status s = put_all(q, items, n, timeout, count);
    return s == WEFT_ENOMEM ? no_memory(q, "weft_queue_put_many") : s;
}

weft_status weft_queue_get_many(weft_queue *q, void *items, size_t n, double timeout, size_t *got)
{
    if (!got)
        return weft__fail(WEFT_EINVAL,
                          "weft_queue_get_many: got is NULL: it must be where the number goes");
    *got = 0;
    if (!fine(q, items, n, timeout))
        return weft__queue_refuse(q, items, n, timeout, "weft_queue_get_many");
    if (n == 0)
        return WEFT_OK;
    size_t moved;
    const weft_status s = get_some(q, items, n, timeout, &moved);
    if (s == WEFT_OK)
        *got = moved;
    return s;
}

/* ---- close, and what is advisory ---- */

/* Of a closed queue, which is closed to gets as well once it is empty. WEFT_TIMEOUT: another process
 * has its lock for long. */
static size_t drop_all(weft_queue *q)
{
    size_t dropped = 0, n;
    for (weft_status s; (s = q->kind->get(q, NULL, SIZE_MAX, &n, true)) != WEFT_CLOSED && s >= 0;)
        if (s == WEFT_OK)
            weft__queue_count_dropped(q, n), dropped += n;
    return dropped;
}

weft_status weft_queue_close_opts(weft_queue *q, const weft_close_opts *opts)
{
    if (!q)
        return weft__queue_refuse(q, NULL, 0, 0, "weft_queue_close");
    weft_close_opts o;
    weft__take_options(&o, opts);
    q->kind->close(q);
    const size_t dropped = o.immediate ? drop_all(q) : 0;
    if (o.dropped)
        *o.dropped = dropped;
    weft__bell_ring_all(&q->items);
    weft__bell_ring_all(&q->room);
    return WEFT_OK;
}

static const weft_queue *need(const weft_queue *q, const char *function)
{
    if (!q)
        weft__panic("%s: queue is NULL: it must be one", function);
    return q;
}

size_t weft_queue_len(const weft_queue *q) { return need(q, "weft_queue_len")->kind->len(q); }

bool weft_queue_full(const weft_queue *q)
{
    return need(q, "weft_queue_full")->capacity && q->kind->len(q) >= q->capacity;
}

bool weft_queue_empty(const weft_queue *q)
{
    return need(q, "weft_queue_empty")->kind->len(q) == 0;
}
