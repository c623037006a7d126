/* shared.c - first in first out between processes, whoever of them is killed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     slots[0 .. mask]         item number i lies in slots[i & mask]
 *     head <= tail / 2         items taken, items put, since the start
 *     tail / 2 <= head + capacity
 *
 * One robust lock for those who put, one for those who get; they meet at head and tail only. The
 * slots of a ring that say whose turn it is (ring.c) would be faster, and stop for ever at the
 * slot of who was killed between claiming and filling it.
 *
 * Killed at any instruction: a put copies its items behind tail, where nobody looks, then one store of
 * tail publishes them; before it nothing has happened. A get copies the items out, then decides the
 * step that takes them (shared_takers.c); before that they are still in the queue. The next
 * holder of the lock finds everything valid. `closed` is a bit of tail, so no lock is needed to close,
 * and who finds the queue closed and empty knows that nothing more comes.
 *
 * Each side remembers where it saw the other one's end, and looks again only where that does not
 * settle it: the end is in a cache line that the other side writes. An end seen long ago is as true
 * as a new one, both only ever grow.
 *
 * Order. Items are handed over by tail, slots by head: release when they are stored, acquire when they
 * are read. Both are sequentially consistent for the sake of bell.h. Who waits at the bell
 * looks every 20 ms without being woken: who owes the wake-up may have been killed. */
#include "sync/queue/shared.h"

#include <sys/mman.h>

#include "base/at_most.h"
#include "base/detail.h"
#include "sync/lock.h"

static uint64_t count_of(uint64_t tail) { return tail / 2; }
static bool is_closed(uint64_t tail) { return tail % 2; }

static uint64_t look_at(const uint64_t *end)
{
    return __atomic_load_n(end, __ATOMIC_SEQ_CST); /* pairs with publish, step and close */
}

static uint64_t glance(const uint64_t *end) { return __atomic_load_n(end, __ATOMIC_RELAXED); }

/* ---- copying ----
 *
 * One item a call: the line of one to come is asked for meanwhile, so that the fence that publishes this
 * one, or the get of that one, has not to wait for its line to come from the other core. Not of one that
 * is still the other side's as far as is known: both would fight for it. */

enum { ahead_in = 1024, ahead_out = 512 }; /* bytes */

/* The slot of an item, and how many there are from it to the last one. */
static char *slot_of(const struct weft__shared *s, uint64_t number, size_t *run)
{
    const uint64_t index = number & s->mask;
    *run = s->mask + 1 - index;
    return (char *)(uintptr_t)s->slots + index * s->queue.item_size;
}

static void copy_in(struct weft__shared *s, uint64_t number, const char *items, size_t n)
{
    size_t run;
    const size_t size = s->queue.item_size;
    char *const slot = slot_of(s, number, &run);
    if (n == 1) {
        weft__item_copy(slot, items, size);
        if (number + ahead_in / size - glance(&s->head_seen) < s->queue.capacity)
            weft__own(slot + ahead_in);
        return;
    }
    const size_t k = weft__at_most(n, run);
    memcpy(slot, items, k * size);
    memcpy(s->slots, items + k * size, (n - k) * size);
}

static void copy_out(const struct weft__shared *s, uint64_t number, char *items, size_t n)
{
    size_t run;
    const size_t size = s->queue.item_size;
    const char *const slot = slot_of(s, number, &run);
    if (n == 1) {
        weft__item_copy(items, slot, size);
        if (number + ahead_out / size < count_of(glance(&s->tail_seen)))
            __builtin_prefetch(slot + ahead_out);
        return;
    }
    const size_t k = weft__at_most(n, run);
    memcpy(items, slot, k * size);
    memcpy(items + k * size, s->slots, (n - k) * size);
}

/* ---- put ---- */

/* Without the lock: a glance, which may be wrong. */
static bool seems_full(const struct weft__shared *s)
{
    const uint64_t tail = glance(&s->tail), most = s->queue.capacity;
    return !is_closed(tail) && count_of(tail) - glance(&s->head_seen) >= most &&
           count_of(tail) - glance(&s->head) >= most;
}

/* With the lock held: how many items there is room for, n at most. */
static size_t room(struct weft__shared *s, uint64_t tail, size_t n)
{
    const size_t capacity = s->queue.capacity;
    size_t left = capacity - (count_of(tail) - glance(&s->head_seen));
    if (left < n) {
        const uint64_t head = look_at(&s->head);
        __atomic_store_n(&s->head_seen, head, __ATOMIC_RELAXED); /* glanced at */
        left = capacity - (count_of(tail) - head);
    }
    return weft__at_most(n, left);
}

/* With the lock held. */
static weft_status put_now(struct weft__shared *s, const char *items, size_t n, size_t *moved)
{
    uint64_t tail = look_at(&s->tail);
    if (is_closed(tail))
        return WEFT_CLOSED;
    const size_t k = room(s, tail, n);
    if (k == 0)
        return WEFT_TIMEOUT;
    copy_in(s, count_of(tail), items, k);
    /* publishes: pairs with look_at, and with weft__bell_waits, which comes after it */
    if (!__atomic_compare_exchange_n(&s->tail, &tail, tail + 2 * k, false, __ATOMIC_SEQ_CST,
                                     __ATOMIC_RELAXED))
        return WEFT_CLOSED; /* just now; nobody else changes it */
    *moved = k;
    return WEFT_OK;
}

static weft_status shared_put(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    struct weft__shared *const s = weft__shared_of(q);
    if (!sure && seems_full(s))
        return WEFT_TIMEOUT;
    weft_status status = weft__putters_lock(s, sure);
    if (status == WEFT_OK) {
        status = put_now(s, items, n, moved);
        weft__shared_unlock(&s->putters);
    }
    return status;
}

/* ---- get ---- */

/* Without the lock: a glance, which may be wrong. */
static bool seems_empty(const struct weft__shared *s)
{
    const uint64_t head = glance(&s->head);
    return count_of(glance(&s->tail_seen)) == head && count_of(glance(&s->tail)) == head;
}

/* With the lock held: how many items are there, n at most, with *tail where it was seen. */
static size_t stock(struct weft__shared *s, size_t n, uint64_t *tail)
{
    *tail = glance(&s->tail_seen);
    if (count_of(*tail) - s->head < n) {
        *tail = look_at(&s->tail);
        __atomic_store_n(&s->tail_seen, *tail, __ATOMIC_RELAXED); /* glanced at */
    }
    return weft__at_most(n, count_of(*tail) - s->head);
}

/* With the lock held. What is dropped counts as done, as far as it was not called done before. */
static weft_status drop_now(struct weft__shared *s, size_t k)
{
    const uint64_t done = glance(&s->queue.done), puts = count_of(look_at(&s->tail));
    const struct weft__step next = {
        .head = s->head + k,
        .done = done + weft__at_most(k, puts - done),
        .lost = s->lost,
        .taker = weft__nobody,
    };
    weft__takers_step(s, &next);
    return WEFT_OK;
}

static weft_status take_now(struct weft__shared *s, char *items, size_t k)
{
    const size_t taker = weft__takers_find(s);
    if (taker == weft__nobody)
        return weft__fail(WEFT_EOVERFLOW,
                          "weft_queue_get: %d processes take from this queue already: there is no "
                          "room for more",
                          weft__takers_most);
    copy_out(s, s->head, items, k);
    const struct weft__step next = {
        .head = s->head + k,
        .done = glance(&s->queue.done),
        .lost = s->lost,
        .taker = taker,
        .held = s->taker[taker].held + (int64_t)k,
    };
    weft__takers_step(s, &next);
    return WEFT_OK;
}

static weft_status get_now(struct weft__shared *s, char *items, size_t n, size_t *moved)
{
    uint64_t tail;
    const size_t k = stock(s, n, &tail);
    if (k == 0)
        return is_closed(tail) ? WEFT_CLOSED : WEFT_TIMEOUT;
    *moved = k;
    return items ? take_now(s, items, k) : drop_now(s, k);
}

static weft_status shared_get(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    struct weft__shared *const s = weft__shared_of(q);
    if (!sure && seems_empty(s))
        return WEFT_TIMEOUT;
    weft_status status = weft__takers_lock(s, sure);
    if (status == WEFT_OK) {
        status = get_now(s, items, n, moved);
        weft__shared_unlock(&s->takers);
    }
    return status;
}

/* ---- the rest ---- */

static size_t shared_len(const weft_queue *q)
{
    const struct weft__shared *const s = weft__shared_of(q);
    /* head first: items that are taken meanwhile may count, items that are there do */
    const uint64_t head = look_at(&s->head), n = count_of(look_at(&s->tail)) - head;
    return weft__at_most(n, q->capacity);
}

static uint64_t shared_puts(const weft_queue *q)
{
    return count_of(look_at(&weft__shared_of(q)->tail));
}

static void shared_close(weft_queue *q)
{
    __atomic_fetch_or(&weft__shared_of(q)->tail, 1, __ATOMIC_SEQ_CST); /* pairs with look_at */
}

/* Of this process. The locks are not ended: others may have them. */
static void shared_free(weft_queue *q) { (void)munmap(q, weft__shared_of(q)->bytes); }

static const struct weft__queue_kind kind = {
    .put = shared_put,
    .get = shared_get,
    .len = shared_len,
    .puts = shared_puts,
    .close = shared_close,
    .free = shared_free,
    .count_done = weft__takers_count_done,
    .lost = weft__takers_lost,
};

/* A power of two that is at least n; 0: there is none. */
static size_t slots_for(size_t n)
{
    size_t slots = 1;
    while (slots && slots < n)
        slots *= 2;
    return slots;
}

weft_queue *weft__queue_shared(size_t item_size, size_t capacity)
{
    const size_t slots = slots_for(capacity);
    if (slots == 0 || item_size > (SIZE_MAX / 2 - sizeof(struct weft__shared)) / slots)
        return NULL;
    const size_t bytes = sizeof(struct weft__shared) + slots * item_size;
    struct weft__shared *const s =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        return NULL;
    s->queue.kind = &kind;
    s->queue.items.shared = s->queue.room.shared = s->queue.finished.shared = true;
    s->bytes = bytes, s->mask = slots - 1;
    if (weft_lock_init(&s->putters, .shared = true) == WEFT_OK &&
        weft_lock_init(&s->takers, .shared = true) == WEFT_OK)
        return &s->queue;
    (void)munmap(s, bytes);
    return NULL;
}
