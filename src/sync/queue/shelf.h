/* shelf.h - items in one array under one lock: what stacks and heaps stand on.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The lock orders what bell.h needs: who waits has entered the bell before it looks under the
 * lock, who changes something rings after it has let go of the lock. */
#ifndef WEFT_SYNC_QUEUE_SHELF_H
#define WEFT_SYNC_QUEUE_SHELF_H

#include <pthread.h>

#include "sync/queue/queue.h"

struct weft__shelf {
    struct weft_queue queue;
    size_t stride; /* bytes from an element to the next; its item comes first */

    weft__apart pthread_mutex_t lock;
    char *elements;
    size_t count, room; /* written under the lock, count looked at without, too */
    uint64_t puts;      /* so is this */
    bool closed;
};

/* A queue of that kind; extra: bytes of an element behind the item. */
weft_queue *weft__shelf_new(const struct weft__queue_kind *kind, size_t item_size, size_t capacity,
                            size_t extra);

/* The moves: add and remove do one item, under the lock, and find that there is room, or an item. */
typedef void weft__shelf_add(struct weft__shelf *s, const char *item);
typedef void weft__shelf_remove(struct weft__shelf *s, char *item);
weft_status weft__shelf_put(weft_queue *q, const char *items, size_t n, size_t *moved, bool sure,
                            weft__shelf_add *add);
weft_status weft__shelf_get(weft_queue *q, char *items, size_t n, size_t *moved, bool sure,
                            weft__shelf_remove *remove);

/* The rest of a kind. */
size_t weft__shelf_len(const weft_queue *q);
uint64_t weft__shelf_puts(const weft_queue *q);
void weft__shelf_close(weft_queue *q);
void weft__shelf_free(weft_queue *q);

static inline struct weft__shelf *weft__shelf_of(const weft_queue *q)
{
    return (struct weft__shelf *)(uintptr_t)q;
}

static inline char *weft__element(const struct weft__shelf *s, size_t k)
{
    return s->elements + k * s->stride;
}

#endif
