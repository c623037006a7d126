/* bell.h - where threads sleep until a queue has room or items, or a pool something to do.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     waiter                                  who makes it possible
 *
 *     weft__bell_enter(b)                     change the queue
 *     do {                                    weft__bell_ring(b)
 *         heard = weft__bell_listen(b)
 *         look at the queue: good? leave
 *     } while (weft__bell_sleep(b, heard, deadline))
 *     weft__bell_leave(b)
 *     weft__bell_ring(b) if there is more
 *
 * state = 2 * (threads between enter and leave) + called. Ringing sets `called` and wakes one sleeper;
 * whoever listens clears it. While it is set nobody rings again: one thread is on its way and will
 * look after that, and when it leaves with what it came for it calls the next one. So a stream of puts
 * pays for one wake-up, not for one each.
 *
 * No ring is lost. Change, then read state; against that, write state, then look: all four are
 * sequentially consistent (for a queue under a lock the lock orders them), so either the ringer
 * sees the waiter, or the waiter sees the change. `rings` is what sleepers sleep on: a ring between listen and sleep
 * makes the sleep return at once. It is read before `called` is cleared: a thread that sleeps has
 * looked after the last ring that it did not hear.
 *
 * Asking costs a load of a line that nobody writes while nobody waits.
 *
 * Between processes a ringer or a waiter may be killed with `called` set and nobody woken: sleepers
 * wake up by themselves every 20 ms (base/futex.h), and the first that does clears it. A dead waiter
 * stays counted: that costs one system call that wakes nobody for each listening of another one. */
#ifndef WEFT_SYNC_BELL_H
#define WEFT_SYNC_BELL_H

#include "base/futex.h"

struct weft__bell {
    uint32_t rings;
    uint32_t state;
    bool shared; /* with other processes; never changes */
};

static inline bool weft__bell_waits(const struct weft__bell *b)
{
    /* pairs with enter and listen */
    const uint32_t s = __atomic_load_n(&b->state, __ATOMIC_SEQ_CST);
    return __builtin_expect(s >= 2 && s % 2 == 0, 0);
}

/* Wakes n of those who wait. */
void weft__bell_call(struct weft__bell *b, size_t n);

static inline void weft__bell_ring(struct weft__bell *b)
{
    if (weft__bell_waits(b))
        weft__bell_call(b, 1);
}

static inline void weft__bell_ring_all(struct weft__bell *b) { weft__bell_call(b, SIZE_MAX); }

static inline void weft__bell_enter(struct weft__bell *b)
{
    __atomic_fetch_add(&b->state, 2, __ATOMIC_SEQ_CST); /* pairs with weft__bell_waits */
}

static inline void weft__bell_leave(struct weft__bell *b)
{
    __atomic_fetch_sub(&b->state, 2, __ATOMIC_SEQ_CST); /* pairs with weft__bell_waits */
}

static inline uint32_t weft__bell_listen(struct weft__bell *b)
{
    const uint32_t heard = __atomic_load_n(&b->rings, __ATOMIC_ACQUIRE); /* with weft__bell_call */
    __atomic_fetch_and(&b->state, ~1u, __ATOMIC_SEQ_CST);                /* with weft__bell_waits */
    return heard;
}

/* False: the deadline is past. */
static inline bool weft__bell_sleep(struct weft__bell *b, uint32_t heard, double deadline)
{
    return weft__futex_wait(&b->rings, heard, deadline, b->shared);
}

#endif
