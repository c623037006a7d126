/* ring.c - first in first out, with a capacity: a ring of slots that say whose turn it is.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     tail, head    lap | closed | index     of the next put and the next get; 0 <= index < capacity
 *     slot[index]   turn = lap               free for the put of that lap
 *                   turn = lap | 1           holds its item
 *                   turn = the next lap      free again
 *
 * A thread that finds the slot at tail (head) ready for it claims the position by moving tail (head)
 * on, then owns the slot until it sets the next turn. Producers do not look at head, nor consumers at
 * tail, but to tell a full or empty ring from one whose next slot is in another thread's hands. (D.
 * Vyukov, Bounded MPMC queue, 2010; laps beside indices, so that any capacity is exact, 1 included,
 * as in S. Glavina's crossbeam.)
 *
 * A run of slots that are all ready, up to the end of a lap, is claimed at once: what is ready stays
 * so until tail (head) moves. Who is about to write a slot says so to the cache before it reads it.
 *
 * `closed` is a bit of tail: a put that has not claimed when it is set never will, so who finds the
 * ring closed and empty knows that nothing more comes.
 *
 * Order. What a slot holds is handed over by its turn: release when it is set, acquire when it is
 * read. Claims, and the looks at head and tail that follow a failed try, are sequentially consistent
 * for the sake of bell.h: who claims looks for waiters afterwards, who waits looks for claims.
 * A position comes again after 2^63 items. */
#include "sync/queue/queue.h"

#include <stdlib.h>

struct slot {
    uint64_t turn;
    char item[];
};

struct ring {
    struct weft_queue queue;
    char *slots;
    size_t stride;   /* bytes a slot */
    uint64_t closed; /* the bit; above every index */
    uint64_t lap;    /* one lap: twice that */

    weft__apart uint64_t tail;
    weft__apart uint64_t head;
};

static struct ring *ring_of(const weft_queue *q) { return (struct ring *)(uintptr_t)q; }

static size_t index_of(const struct ring *r, uint64_t at) { return at & (r->closed - 1); }
static uint64_t lap_of(const struct ring *r, uint64_t at) { return at & ~(r->lap - 1); }

/* The position k behind, which is in the same lap or the first of the next. */
static uint64_t advance(const struct ring *r, uint64_t at, size_t k)
{
    const size_t capacity = r->queue.capacity;
    return index_of(r, at) + k < capacity ? at + k : at + k - capacity + r->lap;
}

static struct slot *slot_at(const struct ring *r, uint64_t at)
{
    return (struct slot *)(r->slots + index_of(r, at) * r->stride);
}

static uint64_t turn_of(const struct slot *s)
{
    return __atomic_load_n(&s->turn, __ATOMIC_ACQUIRE); /* pairs with set_turn */
}

static void set_turn(struct slot *s, uint64_t turn)
{
    __atomic_store_n(&s->turn, turn, __ATOMIC_RELEASE); /* pairs with turn_of */
}

/* How many slots from `at` on, n at most, have that turn, given that the first has; up to the end of
 * the lap. */
static size_t run_length(const struct ring *r, uint64_t at, size_t n, uint64_t turn)
{
    enum { line = 64 };
    const char *const first = (const char *)slot_at(r, at);
    const size_t rest = r->queue.capacity - index_of(r, at), most = n < rest ? n : rest;
    for (size_t k = line; k < most * r->stride; k += line)
        weft__own(first + k);
    size_t k = 1;
    while (k < most && turn_of((const struct slot *)(first + k * r->stride)) == turn)
        k++;
    return k;
}

/* Claims k positions for the caller; *at is where tail or head is seen to be. */
static bool claim(const struct ring *r, uint64_t *end, uint64_t *at, size_t k)
{
    /* seq_cst: pairs with weft__bell_waits, which comes after it, and with the looks at the ends in
     * ring_put, ring_get and ring_len. What the slots hold is ordered by their turns. */
    return __atomic_compare_exchange_n(end, at, advance(r, *at, k), false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_RELAXED);
}

/* Relaxed is enough to begin with: an old position fails at its slot or in claim. */
static uint64_t glance(const uint64_t *end) { return __atomic_load_n(end, __ATOMIC_RELAXED); }

/* pairs with claim and ring_close */
static uint64_t look_at(const uint64_t *end) { return __atomic_load_n(end, __ATOMIC_SEQ_CST); }

/* From the last to the first: who waits for the first then finds all of them, and does not follow from
 * slot to slot on the heels of who fills or frees them, for the lines of which both would fight. */
static void fill(struct ring *r, uint64_t at, const char *items, size_t k)
{
    const size_t size = r->queue.item_size;
    const uint64_t turn = lap_of(r, at) | 1;
    char *const first = (char *)slot_at(r, at);
    while (k-- > 0) {
        struct slot *const s = (struct slot *)(first + k * r->stride);
        weft__item_copy(s->item, items + k * size, size);
        set_turn(s, turn);
    }
}

static void empty(struct ring *r, uint64_t at, char *items, size_t k)
{
    const size_t size = r->queue.item_size;
    const uint64_t turn = lap_of(r, at) + r->lap;
    char *const first = (char *)slot_at(r, at);
    while (k-- > 0) {
        struct slot *const s = (struct slot *)(first + k * r->stride);
        if (items)
            weft__item_copy(items + k * size, s->item, size);
        set_turn(s, turn);
    }
}

static weft_status ring_put(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    struct ring *const r = ring_of(q);
    uint64_t at = glance(&r->tail);
    for (unsigned turn = 0;;) {
        if (at & r->closed)
            return WEFT_CLOSED;
        struct slot *const s = slot_at(r, at);
        weft__own(s);
        const int64_t ahead = (int64_t)(turn_of(s) - lap_of(r, at));
        if (ahead == 0) {
            const size_t k = n == 1 ? 1 : run_length(r, at, n, lap_of(r, at));
            if (claim(r, &r->tail, &at, k)) {
                fill(r, at, items, *moved = k);
                return WEFT_OK;
            }
            continue;
        }
        if (ahead > 0) { /* the slot: others have put here since we read tail */
            at = glance(&r->tail);
            continue;
        }
        if (!sure)
            return WEFT_TIMEOUT;
        /* One lap behind is as far as head can be; if it is, it was while tail was here. */
        if (look_at(&r->head) == at - r->lap)
            return WEFT_TIMEOUT;
        const uint64_t now = look_at(&r->tail);
        if (now == at)
            weft__moment(turn++); /* a get has claimed the slot and is about to free it */
        at = now;
    }
}

static weft_status ring_get(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    struct ring *const r = ring_of(q);
    uint64_t at = glance(&r->head);
    for (unsigned turn = 0;;) {
        struct slot *const s = slot_at(r, at);
        const int64_t ahead = (int64_t)(turn_of(s) - (lap_of(r, at) | 1));
        if (ahead == 0) {
            weft__own(s); /* not before: who spins here would take it from who fills it */
            const size_t k = n == 1 ? 1 : run_length(r, at, n, lap_of(r, at) | 1);
            if (claim(r, &r->head, &at, k)) {
                empty(r, at, items, *moved = k);
                return WEFT_OK;
            }
            continue;
        }
        if (ahead > 0) { /* the slot: others have taken it since we read head */
            at = glance(&r->head);
            continue;
        }
        if (!sure)
            return WEFT_TIMEOUT;
        /* Head never passes tail; if it is where tail is, it was when tail was read. */
        const uint64_t tail = look_at(&r->tail);
        if ((tail & ~r->closed) == at)
            return tail & r->closed ? WEFT_CLOSED : WEFT_TIMEOUT;
        const uint64_t now = look_at(&r->head);
        if (now == at)
            weft__moment(turn++); /* a put has claimed the slot and is about to fill it */
        at = now;
    }
}

/* Positions as a count since the start, mod 2^64. */
static uint64_t count_of(const struct ring *r, uint64_t at)
{
    return at / r->lap * r->queue.capacity + index_of(r, at);
}

static size_t ring_len(const weft_queue *q)
{
    const struct ring *const r = ring_of(q);
    /* head first: items that are taken meanwhile may count, items that are there do */
    const uint64_t head = look_at(&r->head), tail = look_at(&r->tail);
    const uint64_t n = count_of(r, tail) - count_of(r, head);
    return n < q->capacity ? n : q->capacity;
}

static uint64_t ring_puts(const weft_queue *q)
{
    const struct ring *const r = ring_of(q);
    return count_of(r, look_at(&r->tail));
}

static void ring_close(weft_queue *q)
{
    struct ring *const r = ring_of(q);
    __atomic_fetch_or(&r->tail, r->closed, __ATOMIC_SEQ_CST); /* pairs with look_at and claim */
}

static void ring_free(weft_queue *q)
{
    free(ring_of(q)->slots);
    free(q);
}

static const struct weft__queue_kind kind = {
    .put = ring_put,
    .get = ring_get,
    .len = ring_len,
    .puts = ring_puts,
    .close = ring_close,
    .free = ring_free,
};

/* 0: there is no such size. */
static size_t stride_of(size_t item_size)
{
    const size_t unit = sizeof(uint64_t);
    if (item_size > SIZE_MAX / 2)
        return 0;
    return sizeof(struct slot) + (item_size + unit - 1) / unit * unit;
}

weft_queue *weft__queue_ring(size_t item_size, size_t capacity)
{
    const size_t stride = stride_of(item_size);
    if (stride == 0 || capacity > SIZE_MAX / stride)
        return NULL;
    struct ring *const r = weft__queue_alloc(sizeof *r);
    if (!r)
        return NULL;
    *r = (struct ring){ .queue.kind = &kind, .stride = stride, .closed = 1 };
    while (r->closed < capacity)
        r->closed *= 2;
    r->lap = r->closed * 2;
    r->slots = calloc(capacity, stride); /* all of lap 0, and untouched where there are many */
    if (r->slots)
        return &r->queue;
    free(r);
    return NULL;
}
