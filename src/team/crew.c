/* crew.c - the threads of a team that share tasks: each has a deque, and takes from the others' when its
 * own is empty.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A thread that waits for a task which another one has taken runs something else meanwhile: what it has
 * itself, then what the thief has, which is part of what it waits for, then anything. Anything lies on top
 * of the wait on its stack, and may wait in turn; so beyond a part of the stack it leaves strangers'
 * work alone (D. Wagner and B. Calder, Leapfrogging, 1993). That stops nobody: a stolen task has begun,
 * what it waits for has begun later, and the youngest of these waits for nothing, or for tasks of a group
 * that have yet to begin; who waits for a group takes strangers' work as deep as may be, when nothing
 * else has come for a while.
 *
 * Every deque is empty when its thread leaves the region, for only its owner pushes there. */
#include "team/crew.h"

#include <stdlib.h>

#include <sched.h>

#include <weft/clock.h>
#include <weft/machine.h>

#include "base/assert.h"
#include "base/pause.h"
#include "team/group.h"
#include "team/share.h"

/* About one wake-up of a thread on another core: to spin for that long and then sleep never costs more
 * than twice the best choice. Where there are more threads than CPUs somebody needs ours. */
static const double patience = 40e-6, patience_in_a_crowd = 4e-6; /* seconds */

enum {
    shallow = 256 * 1024, /* bytes of stack in which strangers' tasks are welcome */
    loot_most = 16,       /* tasks stolen at once */
    polite_turns = 3,     /* in which a deque is asked before it is robbed */
    timed_from = 6,       /* turns before the first look at the clock */
};

/* A search for work. */
struct hunt {
    struct weft__worker *w;
    const struct weft__wait *wait;
    unsigned turns; /* in vain; 0: it has not begun */
    double start;
    bool long_in_vain;
};

/* ---- entries ---- */

static void run_join(struct weft__worker *w, struct weft__entry e)
{
    struct weft__join *const join = (struct weft__join *)e.owner;
    join->result = e.run(e.arg);
    /* The join may be gone after this. Release: pairs with the acquire in is_done(). */
    __atomic_store_n(&join->done, 1, __ATOMIC_RELEASE);
    weft__tell(w->crew);
}

void weft__run_entry(struct weft__worker *w, struct weft__entry e)
{
    switch (e.owner & weft__kinds) {
    case weft__of_group:
        weft__group_run(w, e);
        break;
    case weft__of_share:
        weft__settle_up(w);
        weft__share_run(w, e);
        break;
    default:
        weft__settle_up(w);
        run_join(w, e);
    }
}

/* The victim's lock is held. */
static void note_theft(const struct weft__entry *e, void *thief)
{
    if ((e->owner & weft__kinds) == weft__of_join)
        ((struct weft__join *)e->owner)->thief = thief;
}

/* ---- the hunt ---- */

static void begin(struct hunt *h)
{
    if (h->turns++ == 0)
        weft__search_begin(h->w);
}

static void end(struct hunt *h)
{
    if (h->turns > 0)
        weft__search_end(h->w);
    h->turns = 0;
    h->long_in_vain = false;
}

static bool run_own(struct hunt *h)
{
    struct weft__deque *const d = &h->w->deque;
    const struct weft__entry *const own = weft__deque_is_empty(d) ? NULL : weft__deque_pop(d);
    if (!own)
        return false;
    const struct weft__entry e = *own;
    end(h);
    weft__run_entry(h->w, e);
    return true;
}

/* The oldest is run, the others can be stolen from us. */
static void run_loot(struct weft__worker *w, const struct weft__entry *loot, size_t n)
{
    for (size_t k = n; k-- > 1;)
        if (!weft__push(w, loot[k]))
            weft__run_entry(w, loot[k]);
    weft__run_entry(w, loot[0]);
}

static bool rob(struct hunt *h, struct weft__worker *victim)
{
    struct weft__entry loot[loot_most];
    const size_t n = weft__deque_steal(&victim->deque, h->turns > polite_turns, loot, loot_most,
                                       note_theft, h->w);
    if (n == 0)
        return false;
    end(h);
    run_loot(h->w, loot, n);
    return true;
}

static bool rob_anybody(struct hunt *h)
{
    struct weft__worker *const w = h->w;
    struct weft__crew *const crew = w->crew;
    for (size_t k = 0; k < crew->threads; k++) {
        const size_t v = w->victim;
        if (v != w->self && rob(h, &crew->workers[v]))
            return true;
        w->victim = v + 1 < crew->threads ? v + 1 : 0;
    }
    return false;
}

/* Whether a stranger's task may lie on top of this wait. */
static bool has_room_for_strangers(const struct hunt *h)
{
    const size_t used = (size_t)(h->w->base - (char *)__builtin_frame_address(0));
    return used < shallow || (h->long_in_vain && !h->wait->begun);
}

static bool work(struct hunt *h)
{
    if (run_own(h))
        return true;
    weft__settle_up(h->w);
    if (h->wait->thief && rob(h, h->wait->thief))
        return true;
    return has_room_for_strangers(h) && rob_anybody(h);
}

/* False: long enough. */
static bool rest(struct hunt *h)
{
    enum { doublings = 5 };
    const bool crowded = h->w->crew->crowded;
    begin(h);
    if (crowded && h->turns > 1)
        sched_yield();
    else
        for (unsigned k = 1u << (h->turns < doublings ? h->turns : doublings); k > 0; k--)
            weft__pause();
    if (h->turns == timed_from)
        h->start = weft_now();
    return h->turns <= timed_from ||
           weft_now() - h->start < (crowded ? patience_in_a_crowd : patience);
}

/* Out of line: it is long, and who calls it waits anyway. */
__attribute__((noinline)) void weft__work_until(struct weft__worker *w,
                                                const struct weft__wait *wait)
{
    struct hunt h = { .w = w, .wait = wait };
    while (!wait->is_ready(wait->what)) {
        if (work(&h) || rest(&h))
            continue;
        if (h.long_in_vain || wait->begun || has_room_for_strangers(&h))
            weft__doze(w, wait, has_room_for_strangers(&h));
        h.long_in_vain = true;
        h.turns = 1;
    }
    weft__settle_up(w);
    end(&h);
}

static bool is_done(const void *join)
{
    /* acquire: pairs with the release in run_join() */
    return __atomic_load_n(&((const struct weft__join *)join)->done, __ATOMIC_ACQUIRE);
}

__attribute__((noinline)) int weft__await(struct weft__worker *w, struct weft__join *join)
{
    weft__work_until(w,
                     &(struct weft__wait){
                         .is_ready = is_done, .what = join, .thief = join->thief, .begun = true });
    return join->result;
}
