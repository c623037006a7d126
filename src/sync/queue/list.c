/* list.c - first in first out, without a capacity: a list of blocks of slots.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     head --> [ x x 3 4 5 6 ]--> [ 7 8 9 . . . ] <-- tail
 *
 *     tail, head   2 * (block number * span + slot) + closed     of the next put and the next get
 *
 * span is a power of two and a block has span - 1 slots; slot number span - 1 means that whoever
 * claimed the last slot is just linking the next block in, and others wait for that. Positions are
 * claimed by moving tail (head) on; after that slot and block belong to who claimed, until the slot
 * is filled (taken). The one whose slot completes `taken` frees the block: so memory is there for
 * what is queued, and a block at either end. Nobody touches a block through which it holds no claim.
 * (As S. Glavina's crossbeam has it; but a block is freed by count, and a full slot is one store.)
 *
 * A get claims only what a put has claimed before, and then waits until it is filled: the put has
 * nothing else left to do.
 *
 * `closed` is a bit of tail; see ring.c for why, and for the order of memory. */
#include "sync/queue/queue.h"

#include <stdlib.h>

struct slot {
    uint64_t full;
    char item[];
};

struct block {
    struct block *next;
    size_t taken; /* slots that nobody needs any more */
    char slots[];
};

struct end {
    uint64_t at;
    struct block *block; /* that `at` is in; changes while at says that it does */
};

struct list {
    struct weft_queue queue;
    size_t stride, span;

    weft__apart struct end tail;
    weft__apart struct end head;
    uint64_t seen; /* where tail was at least, so that gets need not look there each time */
};

enum { closed = 1, one = 2 };

static const size_t block_size = 4096; /* bytes, or what one item takes */

static struct list *list_of(const weft_queue *q) { return (struct list *)(uintptr_t)q; }

static size_t slot_number(const struct list *l, uint64_t at) { return (at / one) & (l->span - 1); }

static struct slot *slot_of(const struct list *l, struct block *b, size_t k)
{
    return (struct slot *)(b->slots + k * l->stride);
}

static struct block *new_block(const struct list *l)
{
    return calloc(1, sizeof(struct block) + (l->span - 1) * l->stride);
}

/* pairs with move_on */
static uint64_t position(const struct end *e) { return __atomic_load_n(&e->at, __ATOMIC_SEQ_CST); }

/* Right for a position that was read before and is claimed after: pairs with the release of it, the
 * position that follows. */
static struct block *block_of(const struct end *e)
{
    return __atomic_load_n(&e->block, __ATOMIC_RELAXED);
}

/* seq_cst: pairs with position() and weft__bell_waits. */
static bool claim(struct end *e, uint64_t *at, size_t k)
{
    return __atomic_compare_exchange_n(&e->at, at, *at + k * one, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_RELAXED);
}

/* Of who claimed the last slot of a block. */
static void move_on(struct end *e, struct block *next)
{
    __atomic_store_n(&e->block, next, __ATOMIC_RELAXED); /* published by the next line */
    __atomic_fetch_add(&e->at, one, __ATOMIC_SEQ_CST);   /* keeps `closed`; pairs with position() */
}

static void fill(const struct list *l, struct block *b, size_t first, const char *items, size_t n)
{
    const size_t size = l->queue.item_size;
    for (size_t i = 0; i < n; i++) {
        struct slot *const s = slot_of(l, b, first + i);
        weft__item_copy(s->item, items + i * size, size);
        __atomic_store_n(&s->full, 1, __ATOMIC_RELEASE); /* pairs with take */
    }
}

/* Never full, so there is nothing to be sure of. */
static weft_status list_put(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    (void)sure;
    struct list *const l = list_of(q);
    const size_t last = l->span - 1;
    struct block *next = NULL;
    weft_status s = WEFT_OK;
    uint64_t at = position(&l->tail);
    for (unsigned turn = 0;;) {
        const size_t k = slot_number(l, at), run = n < last - k ? n : last - k;
        if (at & closed) {
            s = WEFT_CLOSED;
            break;
        }
        if (k == last) {
            weft__moment(turn++);
            at = position(&l->tail);
            continue;
        }
        if (k + run == last && !next && !(next = new_block(l))) {
            s = WEFT_ENOMEM;
            break;
        }
        struct block *const b = block_of(&l->tail);
        if (!claim(&l->tail, &at, run))
            continue;
        if (k + run == last) {
            move_on(&l->tail, next);
            __atomic_store_n(&b->next, next, __ATOMIC_RELEASE); /* pairs with next_of */
            next = NULL;
        }
        fill(l, b, k, items, *moved = run);
        break;
    }
    free(next); /* made for nothing: another put was first */
    return s;
}

static struct block *next_of(struct block *b)
{
    struct block *next;
    /* pairs with list_put: what is in the new block, zeros so far */
    for (unsigned turn = 0; !(next = __atomic_load_n(&b->next, __ATOMIC_ACQUIRE)); turn++)
        weft__moment(turn);
    return next;
}

static void take(const struct list *l, struct block *b, size_t first, char *items, size_t n)
{
    const size_t size = l->queue.item_size;
    for (size_t i = 0; i < n; i++) {
        struct slot *const s = slot_of(l, b, first + i);
        /* pairs with fill */
        for (unsigned turn = 0; !__atomic_load_n(&s->full, __ATOMIC_ACQUIRE); turn++)
            weft__moment(turn);
        if (items)
            weft__item_copy(items + i * size, s->item, size);
    }
    /* release: we are done with the block; acquire: so are the others, it may be freed */
    if (__atomic_add_fetch(&b->taken, n, __ATOMIC_ACQ_REL) == l->span - 1)
        free(b);
}

/* How many positions behind `at` puts have claimed, seen so far; looks at tail if it must. */
static size_t claimed(struct list *l, uint64_t at, bool *is_closed)
{
    /* Relaxed: any value that tail ever had will do. */
    uint64_t seen = __atomic_load_n(&l->seen, __ATOMIC_RELAXED);
    if ((int64_t)(seen - at) <= 0) {
        const uint64_t tail = position(&l->tail);
        *is_closed = tail & closed;
        seen = tail - *is_closed;
        __atomic_store_n(&l->seen, seen, __ATOMIC_RELAXED);
    }
    return (int64_t)(seen - at) > 0 ? (seen - at) / one : 0;
}

/* Always sure: `seen` keeps most looks away from tail. */
static weft_status list_get(weft_queue *q, char *items, size_t n, size_t *moved, bool sure)
{
    (void)sure;
    struct list *const l = list_of(q);
    const size_t last = l->span - 1;
    uint64_t at = position(&l->head);
    for (unsigned turn = 0;;) {
        const size_t k = slot_number(l, at);
        if (k == last) {
            weft__moment(turn++);
            at = position(&l->head);
            continue;
        }
        bool is_closed = false;
        size_t run = claimed(l, at, &is_closed);
        if (run == 0) /* head never passes tail, so tail was here when it was read, and head too */
            return is_closed ? WEFT_CLOSED : WEFT_TIMEOUT;
        run = run < n ? run : n;
        run = run < last - k ? run : last - k;
        struct block *const b = block_of(&l->head);
        if (!claim(&l->head, &at, run))
            continue;
        if (k + run == last)
            move_on(&l->head, next_of(b));
        take(l, b, k, items, *moved = run);
        return WEFT_OK;
    }
}

/* Positions as a count since the start, mod 2^64; between two blocks counts as the second's start. */
static uint64_t count_of(const struct list *l, uint64_t at)
{
    return at / one / l->span * (l->span - 1) + slot_number(l, at);
}

static size_t list_len(const weft_queue *q)
{
    const struct list *const l = list_of(q);
    const uint64_t head = position(&l->head), tail = position(&l->tail);
    return count_of(l, tail) - count_of(l, head);
}

static uint64_t list_puts(const weft_queue *q)
{
    const struct list *const l = list_of(q);
    return count_of(l, position(&l->tail));
}

static void list_close(weft_queue *q)
{
    /* pairs with position() and claim */
    __atomic_fetch_or(&list_of(q)->tail.at, closed, __ATOMIC_SEQ_CST);
}

static void list_free(weft_queue *q)
{
    for (struct block *b = list_of(q)->head.block, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(q);
}

static const struct weft__queue_kind kind = {
    .put = list_put,
    .get = list_get,
    .len = list_len,
    .puts = list_puts,
    .close = list_close,
    .free = list_free,
};

weft_queue *weft__queue_list(size_t item_size)
{
    const size_t unit = sizeof(uint64_t);
    if (item_size > SIZE_MAX / 4)
        return NULL;
    struct list *const l = weft__queue_alloc(sizeof *l);
    if (!l)
        return NULL;
    *l = (struct list){ .queue.kind = &kind, .span = 2 };
    l->stride = sizeof(struct slot) + (item_size + unit - 1) / unit * unit;
    while (sizeof(struct block) + (2 * l->span - 1) * l->stride <= block_size)
        l->span *= 2;
    l->tail.block = l->head.block = new_block(l);
    if (l->head.block)
        return &l->queue;
    free(l);
    return NULL;
}
