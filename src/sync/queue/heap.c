/* heap.c - by priority: a binary heap, ties in the order they came.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     element k = item | ticket, no element before its parent, element (k - 1) / 2
 *
 * The ticket, how many items were put before, settles ties, so the order is total. While an element looks for its place
 * there is a hole instead of it, into which others move: one copy a level. */
#include "sync/queue/shelf.h"

/* It stands behind the item, where it need not be aligned. */
static uint64_t ticket_of(const struct weft__shelf *s, const char *element)
{
    uint64_t ticket;
    memcpy(&ticket, element + s->queue.item_size, sizeof ticket);
    return ticket;
}

/* The later of the two in comes out first only if it has to: so ties cost one comparison. */
static bool comes_first(const struct weft__shelf *s, const char *a, const char *b)
{
    return ticket_of(s, a) < ticket_of(s, b) ? !s->queue.before(b, a) : s->queue.before(a, b);
}

static void move(struct weft__shelf *s, size_t to, size_t from)
{
    memcpy(weft__element(s, to), weft__element(s, from), s->stride);
}

static size_t parent_of(size_t k) { return (k - 1) / 2; }

/* The new one has the greatest ticket: it comes out before its parent only if it has to. */
static void push(struct weft__shelf *s, const char *item)
{
    const uint64_t ticket = s->puts;
    size_t hole = s->count;
    while (hole > 0 && s->queue.before(item, weft__element(s, parent_of(hole)))) {
        move(s, hole, parent_of(hole));
        hole = parent_of(hole);
    }
    char *const e = weft__element(s, hole);
    memcpy(e, item, s->queue.item_size);
    memcpy(e + s->queue.item_size, &ticket, sizeof ticket);
}

/* The child of k that comes first; 0: it has none. */
static size_t first_child(const struct weft__shelf *s, size_t k)
{
    const size_t left = 2 * k + 1, right = left + 1;
    if (left >= s->count)
        return 0;
    return right < s->count && comes_first(s, weft__element(s, right), weft__element(s, left))
               ? right
               : left;
}

/* The last element, which is at `count` now, goes where the first one was, then down. */
static void pop(struct weft__shelf *s, char *item)
{
    if (item)
        memcpy(item, weft__element(s, 0), s->queue.item_size);
    const char *const last = weft__element(s, s->count);
    size_t hole = 0;
    for (size_t child; (child = first_child(s, hole)) != 0; hole = child) {
        if (!comes_first(s, weft__element(s, child), last))
            break;
        move(s, hole, child);
    }
    if (hole != s->count)
        move(s, hole, s->count);
}

static weft_status heap_put(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    return weft__shelf_put(q, items, n, moved, sure, push);
}

static weft_status heap_get(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    return weft__shelf_get(q, items, n, moved, sure, pop);
}

static const struct weft__queue_kind kind = {
    .put = heap_put,
    .get = heap_get,
    .len = weft__shelf_len,
    .puts = weft__shelf_puts,
    .close = weft__shelf_close,
    .free = weft__shelf_free,
};

weft_queue *weft__queue_heap(size_t item_size, size_t capacity)
{
    return weft__shelf_new(&kind, item_size, capacity, sizeof(uint64_t));
}
