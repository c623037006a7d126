/* deque.c - the tasks of one thread: it pushes and pops at the bottom, thieves take from the top.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A ring of entries, and three indices that name them:
 *
 *              top          split              bottom        all of them count up; the ring is indexed
 *     stolen    |   public    |     private      |    free   by their low bits
 *
 * Thieves take public entries, one thief at a time, under the lock. The owner pushes and pops at the bottom
 * without it, as long as it stays in the private part: a store, no fence, no atomic read-modify-write.
 * Entries become public in one of two ways:
 *
 *     asked    a thief that finds nothing public sets `wanted`, and the owner's next push moves split up
 *     seized   the owner is busy and pushes nothing: the thief moves split up itself
 *
 * and private again in one: the owner pops into the public part, takes the lock and moves split down. (The
 * split is that of K. Faxen, Wool, 2008, and T. van Dijk and J. van de Pol, Lace, 2014; the lock
 * that only the slow side takes, and the order of steps below, those of M. Frigo, C. Leiserson and K.
 * Randall's Cilk-5, 1998, with the fence of the fast side left out as by E. Ladan-Mozes, I. Lee and D.
 * Vyukov, 2011.)
 *
 * Only a seizure and a pop can meet without a lock between them:
 *
 *     owner    bottom = b;   light fence;   if (b < split) take the lock, look again
 *     thief    lock;   split = s;   heavy fence;   if (bottom < s) split = bottom
 *
 * If the owner's load misses s, the thief's load sees b, or what came later, and gives back what lies
 * from there on. If it does not, the owner waits for the lock, and then finds split and top as they
 * are. Either way an entry is taken once. model/deque.pml checks the steps.
 *
 * What an entry points to was written before the push. A thief reads the entry after it has read, with
 * acquire, a `split` that the owner moved under the lock, or a `bottom` that the owner wrote with
 * release; each store to bottom is one, since a pop may be the last store that the thief sees. The owner
 * writes a slot again only after it has learned, under the lock, that top has passed it. */
#include "team/deque.h"

#include <stdlib.h>
#include <string.h>

#include <sched.h>

#include "base/assert.h"
#include "base/pause.h"

static bool try_lock(struct weft__deque *d)
{
    /* acquire: pairs with the release in unlock() */
    return !__atomic_load_n(&d->lock, __ATOMIC_RELAXED) &&
           !__atomic_exchange_n(&d->lock, 1, __ATOMIC_ACQUIRE);
}

/* Who holds it copies a few entries, unless it was stopped: then it needs our CPU more than we do. */
static void lock(struct weft__deque *d)
{
    enum { turns = 1000 };
    for (int k = 0; !try_lock(d); k++)
        if (k < turns)
            weft__pause();
        else
            sched_yield();
}

static void unlock(struct weft__deque *d) { __atomic_store_n(&d->lock, 0, __ATOMIC_RELEASE); }

static size_t load(const size_t *index) { return __atomic_load_n(index, __ATOMIC_RELAXED); }
static void store(size_t *index, size_t value) { __atomic_store_n(index, value, __ATOMIC_RELAXED); }
static ptrdiff_t distance(size_t from, size_t to) { return (ptrdiff_t)(to - from); }

static size_t capacity(const struct weft__deque *d) { return d->mask + 1; }

void weft__deque_init(struct weft__deque *d, struct weft__entry *first)
{
    d->bottom = d->top = d->split = 0;
    d->ring = d->first = first;
    d->mask = weft__ring_least - 1;
    d->limit = weft__ring_least;
    d->lock = 0;
    d->wanted = false;
}

void weft__deque_fini(struct weft__deque *d)
{
    weft_assert(weft__deque_is_empty(d));
    if (d->ring != d->first)
        free(d->ring);
}

/* The lock is held. */
static bool enlarge(struct weft__deque *d)
{
    const size_t old = capacity(d), mask = 2 * old - 1;
    struct weft__entry *const ring = malloc((mask + 1) * sizeof *ring);
    if (!ring)
        return false;
    for (size_t k = d->top; k != d->bottom; k++)
        ring[k & mask] = d->ring[k & d->mask];
    if (d->ring != d->first)
        free(d->ring);
    d->ring = ring;
    d->mask = mask;
    return true;
}

bool weft__deque_grow(struct weft__deque *d)
{
    if (!d->ring)
        return false;
    lock(d);
    const bool room = distance(d->top, d->bottom) < (ptrdiff_t)capacity(d) || enlarge(d);
    d->limit = d->top + capacity(d);
    unlock(d);
    return room;
}

/* A thief that holds the lock is about to have what it wanted. */
void weft__deque_publish(struct weft__deque *d)
{
    if (!try_lock(d))
        return;
    const size_t split = load(&d->split);
    __atomic_store_n(&d->wanted, false, __ATOMIC_RELAXED);
    store(&d->split, split + (d->bottom - split + 1) / 2);
    unlock(d);
}

bool weft__deque_take_back(struct weft__deque *d, size_t bottom)
{
    lock(d);
    const size_t top = load(&d->top);
    const bool there = distance(top, bottom) >= 0;
    if (there)
        store(&d->split, top + (bottom - top) / 2);
    else
        __atomic_store_n(&d->bottom, top, __ATOMIC_RELEASE); /* as in weft__deque_pop() */
    d->limit = top + capacity(d);
    unlock(d);
    return there;
}

/* The lock is held, and nothing is public. */
static void seize(struct weft__deque *d)
{
    /* acquire, both: pairs with the releases in weft__deque_push() and weft__deque_pop() */
    const size_t split = load(&d->split), bottom = __atomic_load_n(&d->bottom, __ATOMIC_ACQUIRE);
    if (distance(split, bottom) <= 0)
        return;
    const size_t wish = split + (bottom - split + 1) / 2;
    store(&d->split, wish);
    const bool sure = weft__fence_heavy(); /* with the light one in weft__deque_pop() */
    const size_t now = sure ? __atomic_load_n(&d->bottom, __ATOMIC_ACQUIRE) : split;
    if (distance(now, wish) > 0)
        store(&d->split, distance(split, now) > 0 ? now : split);
}

/* The lock is held: how many of the public entries go together. */
static size_t alike(const struct weft__deque *d, size_t most)
{
    const size_t top = d->top, half = (d->split - top + 1) / 2;
    const uintptr_t owner = d->ring[top & d->mask].owner;
    size_t n = 1;
    while (n < half && n < most && owner & weft__together &&
           d->ring[(top + n) & d->mask].owner == owner)
        n++;
    return n;
}

/* The lock is held. */
static size_t take(struct weft__deque *d, struct weft__entry *to, size_t most,
                   weft__on_theft *on_theft, void *ctx)
{
    const size_t n = alike(d, most);
    for (size_t k = 0; k < n; k++) {
        to[k] = d->ring[(d->top + k) & d->mask];
        on_theft(&to[k], ctx);
    }
    store(&d->top, d->top + n);
    return n;
}

static void ask(struct weft__deque *d)
{
    if (!__atomic_load_n(&d->wanted, __ATOMIC_RELAXED))
        __atomic_store_n(&d->wanted, true, __ATOMIC_RELAXED);
}

size_t weft__deque_steal(struct weft__deque *d, bool seizes, struct weft__entry *to, size_t most,
                         weft__on_theft *on_theft, void *ctx)
{
    const bool some_public = distance(load(&d->top), load(&d->split)) > 0;
    if (!some_public)
        ask(d);
    if (!(some_public || (seizes && !weft__deque_is_empty(d))) || !try_lock(d))
        return 0;
    if (d->top == d->split && seizes)
        seize(d);
    const size_t n = d->top == d->split ? 0 : take(d, to, most, on_theft, ctx);
    unlock(d);
    return n;
}
