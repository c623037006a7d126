/* stack.c - last in first out.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "sync/queue/shelf.h"

static void push(struct weft__shelf *s, const char *item)
{
    weft__item_copy(weft__element(s, s->count), item, s->queue.item_size);
}

static void pop(struct weft__shelf *s, char *item)
{
    if (item)
        weft__item_copy(item, weft__element(s, s->count), s->queue.item_size);
}

static weft_status stack_put(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    return weft__shelf_put(q, items, n, moved, sure, push);
}

static weft_status stack_get(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    return weft__shelf_get(q, items, n, moved, sure, pop);
}

static const struct weft__queue_kind kind = {
    .put = stack_put,
    .get = stack_get,
    .len = weft__shelf_len,
    .puts = weft__shelf_puts,
    .close = weft__shelf_close,
    .free = weft__shelf_free,
};

weft_queue *weft__queue_stack(size_t item_size, size_t capacity)
{
    return weft__shelf_new(&kind, item_size, capacity, 0);
}
