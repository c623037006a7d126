/* deque.h - the tasks of one thread: it pushes and pops at the bottom, thieves take from the top.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *              top          split              bottom
 *     stolen    |   public    |     private      |    free
 *
 * What stands here is what every task passes through; deque.c says why it is right. */
#ifndef WEFT_TEAM_DEQUE_H
#define WEFT_TEAM_DEQUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "team/fence.h"

/* What to do, and who wants to know that it is done. */
struct weft__entry {
    int (*run)(void *arg);
    void *arg;
    uintptr_t owner;
};

enum {
    weft__ring_least = 128, /* entries */
    weft__together = 1,     /* bit of an owner whose entries may be stolen several at once */
};

struct weft__deque {
    /* The owner's. */
    size_t bottom;
    size_t limit;                     /* bottom may come up to here, as far as the owner knows */
    struct weft__entry *ring, *first; /* first: as it was given; NULL: there is never room */
    size_t mask;                      /* entries of the ring - 1 */
    char apart[88];

    /* The thieves'. */
    size_t top, split;
    uint32_t lock;
    bool wanted; /* somebody looks for work: the next push makes some public */
    char apart_too[107];
} __attribute__((aligned(128)));

/* Called for each stolen entry before its owner can find it gone. */
typedef void weft__on_theft(const struct weft__entry *entry, void *ctx);

/* first  weft__ring_least entries, to begin with */
void weft__deque_init(struct weft__deque *d, struct weft__entry *first);
void weft__deque_fini(struct weft__deque *d);

/* Takes the oldest public entry; of several with one owner that is marked weft__together up to half, and
 * `most` at most. Returns how many.
 *
 * seize  what is private too: without it the deque is asked to make some public */
size_t weft__deque_steal(struct weft__deque *d, bool seize, struct weft__entry *to, size_t most,
                         weft__on_theft *on_theft, void *ctx);

/* Makes the older half of what is private public. */
void weft__deque_publish(struct weft__deque *d);

/* Room for one more; false where there is no memory. */
bool weft__deque_grow(struct weft__deque *d);

/* Whether what is at the new bottom, which is public, is still there. */
bool weft__deque_take_back(struct weft__deque *d, size_t bottom);

/* By anybody, at a glance. */
static inline bool weft__deque_is_empty(const struct weft__deque *d)
{
    /* relaxed, both: who concludes anything from it has a fence before */
    const size_t top = __atomic_load_n(&d->top, __ATOMIC_RELAXED);
    return (ptrdiff_t)(__atomic_load_n(&d->bottom, __ATOMIC_RELAXED) - top) <= 0;
}

/* False: no room. */
static inline bool weft__deque_push(struct weft__deque *d, struct weft__entry e)
{
    const size_t at = d->bottom;
    if (__builtin_expect(at == d->limit, 0) && !weft__deque_grow(d))
        return false;
    d->ring[at & d->mask] = e;
    /* release: pairs with the acquire in seize() */
    __atomic_store_n(&d->bottom, at + 1, __ATOMIC_RELEASE);
    return true;
}

/* Whether a push should be told to others; after the push. */
static inline bool weft__deque_is_wanted(const struct weft__deque *d)
{
    weft__fence_light(); /* with the heavy one of who is about to sleep */
    return __atomic_load_n(&d->wanted, __ATOMIC_RELAXED); /* a flag, no data */
}

/* The youngest entry, whole until the next push, or NULL. */
static inline const struct weft__entry *weft__deque_pop(struct weft__deque *d)
{
    const size_t at = d->bottom - 1;
    /* release: who reads it sees what lies below; pairs with the acquire in seize() */
    __atomic_store_n(&d->bottom, at, __ATOMIC_RELEASE);
    weft__fence_light(); /* with the heavy one in seize() */
    /* relaxed: from split on all is ours, and we wrote it */
    const size_t split = __atomic_load_n(&d->split, __ATOMIC_RELAXED);
    if (__builtin_expect((ptrdiff_t)(at - split) < 0, 0) && !weft__deque_take_back(d, at))
        return NULL;
    return &d->ring[at & d->mask];
}

#endif
