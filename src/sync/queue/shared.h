/* shared.h - the queue between processes: what lies in the memory that they share.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     shared.c         the ring: put, get, close
 *     shared_takers.c  who took how much, and what becomes of the work of the dead */
#ifndef WEFT_SYNC_QUEUE_SHARED_H
#define WEFT_SYNC_QUEUE_SHARED_H

#include <weft/lock.h>

#include "sync/queue/queue.h"

enum { weft__takers_most = 1024, weft__nobody = 0 }; /* nobody: takes what is dropped */

/* A process, and how many items it took more than it called done; less than 0 where it called those
 * of others done. `life` is 0 or a process' number (life.c), and never 0 again. */
struct weft__taker {
    uint64_t life;
    int64_t held;
};

/* What getting and calling done change, all of it under `takers`. */
struct weft__step {
    uint64_t head, done, lost;
    size_t taker;
    int64_t held; /* by that one */
};

struct weft__shared {
    struct weft_queue queue;
    size_t bytes; /* of all this */
    uint64_t mask;

    weft__apart weft_lock putters;
    uint64_t head_seen; /* head of some time ago */

    weft__apart uint64_t tail; /* items put, * 2, + 1 once closed */

    weft__apart weft_lock takers;
    uint64_t tail_seen;     /* tail of some time ago */
    uint64_t lost;          /* items whose takers died before they called them done */
    uint32_t decided;       /* whether `next` is to be done, if need be by another process */
    struct weft__step next; /* what comes next */

    weft__apart uint64_t head; /* items taken or dropped */
    struct weft__taker taker[1 + weft__takers_most];

    weft__apart char slots[];
};

static inline struct weft__shared *weft__shared_of(const weft_queue *q)
{
    return (struct weft__shared *)(uintptr_t)q;
}

/* Takes the lock of the putters or takers: WEFT_OK, WEFT_TIMEOUT when somebody has it for longer than
 * a moment, which is longer when `sure`, or what is wrong with it, with a line of detail. That its holder
 * died is nobody's concern: what it left is good for putters, and finished here for takers.
 *
 * weft__takers_lock_surely - the same, however long it takes. */
weft_status weft__putters_lock(struct weft__shared *s, bool sure);
weft_status weft__takers_lock(struct weft__shared *s, bool sure);
weft_status weft__takers_lock_surely(struct weft__shared *s);
void weft__shared_unlock(weft_lock *lock);

/* The rest with the lock of the takers held, but for weft__takers_lost.
 *
 * weft__takers_find - where the calling process is in the table; weft__nobody: all places are taken by
 * processes that live.
 *
 * weft__takers_step - makes `head`, `done`, `lost` and the taker's `held` what `next` says: all of
 * them or, if killed on the way, none or, by whoever has the lock next, all. */
size_t weft__takers_find(struct weft__shared *s);
void weft__takers_step(struct weft__shared *s, const struct weft__step *next);

/* kind->count_done, kind->lost */
size_t weft__takers_count_done(weft_queue *q, size_t n);
uint64_t weft__takers_lost(weft_queue *q);

#endif
