/* shelf.c - items in one array under one lock.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * With a capacity the array is made once. Without, it doubles when it is full and halves when three
 * quarters of it are empty, so that putting n items and getting them again copies O(n). */
#include "sync/queue/shelf.h"

#include <stdlib.h>

#include "base/at_most.h"

enum {
    least_room = 16, /* elements; an array without capacity never gets smaller */
    aligned = 16,    /* bytes: items are where malloc would have put them */
};

/* count and puts are looked at by who does not hold the lock: a number of some moment, no more, so
 * relaxed order does. */
static void set_count(struct weft__shelf *s, size_t n)
{
    __atomic_store_n(&s->count, n, __ATOMIC_RELAXED);
}

static size_t glance_at_count(const struct weft__shelf *s)
{
    return __atomic_load_n(&s->count, __ATOMIC_RELAXED);
}

static bool resize(struct weft__shelf *s, size_t room)
{
    if (room > SIZE_MAX / s->stride)
        return false;
    char *const elements = realloc(s->elements, room * s->stride);
    if (!elements)
        return false;
    s->elements = elements;
    s->room = room;
    return true;
}

static void give_back(struct weft__shelf *s)
{
    if (!s->queue.capacity && s->room > least_room && s->count <= s->room / 4)
        (void)resize(s, s->room / 2); /* no less is needed if it fails */
}

weft_queue *weft__shelf_new(const struct weft__queue_kind *kind, size_t item_size, size_t capacity,
                            size_t extra)
{
    if (item_size > SIZE_MAX / 2)
        return NULL;
    struct weft__shelf *const s = weft__queue_alloc(sizeof *s);
    if (!s)
        return NULL;
    *s = (struct weft__shelf){ .queue.kind = kind, .lock = PTHREAD_MUTEX_INITIALIZER };
    s->stride = extra ? (item_size + extra + aligned - 1) / aligned * aligned : item_size;
    if (resize(s, capacity ? capacity : least_room))
        return &s->queue;
    free(s);
    return NULL;
}

static weft_status add_some(struct weft__shelf *s, const char *items, size_t n, size_t *moved,
                            weft__shelf_add *add)
{
    const size_t capacity = s->queue.capacity;
    if (s->closed)
        return WEFT_CLOSED;
    if (capacity && s->count == capacity)
        return WEFT_TIMEOUT;
    if (s->count == s->room && !resize(s, s->room * 2))
        return WEFT_ENOMEM;
    *moved = weft__at_most(n, s->room - s->count);
    for (size_t k = 0; k < *moved; k++) {
        add(s, items + k * s->queue.item_size);
        set_count(s, s->count + 1);
        __atomic_store_n(&s->puts, s->puts + 1, __ATOMIC_RELAXED); /* with weft__shelf_puts */
    }
    return WEFT_OK;
}

weft_status weft__shelf_put(weft_queue *q, const char *items, size_t n, size_t *moved, bool sure,
                            weft__shelf_add *add)
{
    struct weft__shelf *const s = weft__shelf_of(q);
    if (!sure && q->capacity && glance_at_count(s) == q->capacity)
        return WEFT_TIMEOUT;
    pthread_mutex_lock(&s->lock);
    const weft_status status = add_some(s, items, n, moved, add);
    pthread_mutex_unlock(&s->lock);
    return status;
}

static weft_status remove_some(struct weft__shelf *s, char *items, size_t n, size_t *moved,
                               weft__shelf_remove *remove)
{
    if (s->count == 0)
        return s->closed ? WEFT_CLOSED : WEFT_TIMEOUT;
    *moved = weft__at_most(n, s->count);
    for (size_t k = 0; k < *moved; k++) {
        set_count(s, s->count - 1);
        remove(s, items ? items + k * s->queue.item_size : NULL);
    }
    give_back(s);
    return WEFT_OK;
}

weft_status weft__shelf_get(weft_queue *q, char *items, size_t n, size_t *moved, bool sure,
                            weft__shelf_remove *remove)
{
    struct weft__shelf *const s = weft__shelf_of(q);
    if (!sure && glance_at_count(s) == 0)
        return WEFT_TIMEOUT;
    pthread_mutex_lock(&s->lock);
    const weft_status status = remove_some(s, items, n, moved, remove);
    pthread_mutex_unlock(&s->lock);
    return status;
}

size_t weft__shelf_len(const weft_queue *q) { return glance_at_count(weft__shelf_of(q)); }

uint64_t weft__shelf_puts(const weft_queue *q)
{
    return __atomic_load_n(&weft__shelf_of(q)->puts, __ATOMIC_RELAXED); /* with add_some */
}

void weft__shelf_close(weft_queue *q)
{
    struct weft__shelf *const s = weft__shelf_of(q);
    pthread_mutex_lock(&s->lock);
    s->closed = true;
    pthread_mutex_unlock(&s->lock);
}

void weft__shelf_free(weft_queue *q)
{
    struct weft__shelf *const s = weft__shelf_of(q);
    pthread_mutex_destroy(&s->lock);
    free(s->elements);
    free(s);
}
