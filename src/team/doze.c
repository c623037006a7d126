/* doze.c - threads of a crew that have looked for work long enough: they sleep until there is some.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A thread of a crew works, searches or sleeps. Those who search need no call: they look everywhere. Only
 * when nobody searches and somebody sleeps does a push have to wake one, who then searches; and one
 * who has found something sees to it that the next one is called if there is more. So a burst of pushes
 * wakes threads one after the other, as long as each finds work, and a lone push wakes one.
 *
 * A push must not pay for this when nobody sleeps. It looks at one flag, `wanted` of its own deque, which
 * who goes to sleep sets in all deques:
 *
 *     push      bottom++;   light fence;    if (wanted) publish, wake one
 *     sleeper   asleep++;   wanted = true in every deque;   heavy fence;   all empty? then sleep
 *
 * Either the push sees the flag or the sleeper sees the entry. In the same way who makes something ready
 * looks at `waiting` behind a light fence, and who sleeps looks once more behind the heavy one.
 *
 * Each thread sleeps on a bell of its own. Who wakes it takes it off the list first, under the lock: so what
 * the sleeper waits for, which may be on its stack, can be looked at under the lock, and only there. */
#include "team/doze.h"

#include <sched.h>

#include "base/futex.h"
#include "base/pause.h"
#include "team/crew.h"

static void lock(struct weft__doze *d)
{
    enum { turns = 1000 };
    /* acquire: pairs with the release in unlock() */
    for (int k = 0; __atomic_exchange_n(&d->lock, 1, __ATOMIC_ACQUIRE); k++)
        if (k < turns)
            weft__pause();
        else
            sched_yield();
}

static void unlock(struct weft__doze *d) { __atomic_store_n(&d->lock, 0, __ATOMIC_RELEASE); }

/* Both counts are written under the lock and looked at without it, behind a fence. */
static uint32_t count(const uint32_t *n) { return __atomic_load_n(n, __ATOMIC_RELAXED); }
static void add(uint32_t *n, uint32_t k) { __atomic_store_n(n, *n + k, __ATOMIC_RELAXED); }

/* The lock is held. */
static void get_up(struct weft__doze *d, struct weft__bed *bed)
{
    bed->asleep = false;
    add(&d->asleep, -1u);
    add(&d->waiting, bed->wait->idle ? 0 : -1u);
    add(&d->searching, 1);
}

static void ring(struct weft__bed *bed)
{
    /* release: pairs with the acquire in sleep_in() */
    __atomic_fetch_add(&bed->bell, 1, __ATOMIC_RELEASE);
    weft__futex_wake(&bed->bell, 1, false);
}

static bool is_called_for(const struct weft__bed *bed, bool ready)
{
    return bed->asleep && (!ready || bed->wait->is_ready(bed->wait->what));
}

/* Wakes one that sleeps, of those whose wait is over if `ready` is set. */
static bool wake_one(struct weft__crew *crew, bool ready)
{
    struct weft__bed *found = NULL;
    lock(&crew->doze);
    for (size_t k = 0; k < crew->threads && !found; k++)
        if (is_called_for(&crew->workers[k].bed, ready))
            get_up(&crew->doze, found = &crew->workers[k].bed);
    unlock(&crew->doze);
    if (found)
        ring(found);
    return found;
}

static void want_from_all(struct weft__crew *crew)
{
    for (size_t k = 0; k < crew->threads; k++)
        __atomic_store_n(&crew->workers[k].deque.wanted, true, __ATOMIC_RELAXED);
}

static bool all_are_empty(const struct weft__crew *crew)
{
    for (size_t k = 0; k < crew->threads; k++)
        if (!weft__deque_is_empty(&crew->workers[k].deque))
            return false;
    return true;
}

void weft__search_begin(struct weft__worker *w)
{
    struct weft__doze *const d = &w->crew->doze;
    lock(d);
    add(&d->searching, 1);
    unlock(d);
}

void weft__search_end(struct weft__worker *w)
{
    struct weft__doze *const d = &w->crew->doze;
    lock(d);
    add(&d->searching, -1u);
    const bool call = count(&d->searching) == 0 && count(&d->asleep) > 0;
    unlock(d);
    if (!call)
        return;
    want_from_all(w->crew);
    weft__fence_heavy(); /* where it fails, a push to come calls */
    if (!all_are_empty(w->crew))
        wake_one(w->crew, false);
}

static void go_to_bed(struct weft__worker *w, const struct weft__wait *wait)
{
    struct weft__doze *const d = &w->crew->doze;
    lock(d);
    w->bed.wait = wait;
    w->bed.asleep = true;
    add(&d->asleep, 1);
    add(&d->waiting, !wait->idle);
    add(&d->searching, -1u);
    unlock(d);
}

static void sleep_in(struct weft__bed *bed, uint32_t bell)
{
    /* acquire: pairs with the release in ring() */
    while (__atomic_load_n(&bed->bell, __ATOMIC_ACQUIRE) == bell)
        weft__futex_wait(&bed->bell, bell, WEFT_FOREVER, false);
}

/* Whoever has taken us off the list in the meantime rings: then the bell tells. */
static void stay_up(struct weft__worker *w, uint32_t bell)
{
    struct weft__doze *const d = &w->crew->doze;
    lock(d);
    const bool called = !w->bed.asleep;
    if (!called)
        get_up(d, &w->bed);
    unlock(d);
    if (called)
        sleep_in(&w->bed, bell);
}

void weft__doze(struct weft__worker *w, const struct weft__wait *wait, bool strangers)
{
    const uint32_t bell = __atomic_load_n(&w->bed.bell, __ATOMIC_RELAXED); /* ours to read */
    go_to_bed(w, wait);
    want_from_all(w->crew);
    const bool sure = weft__fence_heavy();
    if (sure && !wait->is_ready(wait->what) && (!strangers || all_are_empty(w->crew)))
        sleep_in(&w->bed, bell);
    else
        stay_up(w, bell);
    if (!sure)
        sched_yield();
}

void weft__doze_push(struct weft__worker *w)
{
    struct weft__doze *const d = &w->crew->doze;
    weft__deque_publish(&w->deque);
    weft__fence_full(); /* the flag is taken back before we look who sleeps */
    if (count(&d->asleep) > 0 && count(&d->searching) == 0)
        wake_one(w->crew, false);
}

void weft__doze_wake(struct weft__crew *crew)
{
    while (wake_one(crew, true))
        ;
}
