/* crew.h - the threads of a team that share tasks: each has a deque, and takes from the others' when its
 * own is empty.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_CREW_H
#define WEFT_TEAM_CREW_H

#include <weft/region.h>

#include "team/deque.h"
#include "team/doze.h"
#include "team/member.h"

enum { weft__self_bits = 16 }; /* of a worker's name */

/* One thread of a crew. */
struct weft__worker {
    struct weft__deque deque;
    struct weft__crew *crew;
    size_t self;
    uint64_t name; /* that no other worker of this process ever has: its crew's, and self */
    char *base;    /* of its stack, where it entered */
    bool joined;   /* it has made tasks in this region */
    bool alone;    /* nobody is there to take anything */
    size_t victim; /* whom to rob next */
    struct weft_group *creditor; /* whose tasks it has finished and not counted yet, or NULL, */
    uint32_t owed;               /* and how many */
    struct weft__bed bed __attribute__((aligned(128)));
};

struct weft__crew {
    size_t threads;
    size_t open;  /* of them, those that have made tasks and are not through */
    bool crowded; /* more threads than CPUs */
    struct weft__doze doze __attribute__((aligned(128)));
    struct weft__worker workers[] __attribute__((aligned(128)));
};

/* The kinds of owners, in the low bits of weft__entry.owner. */
enum { weft__of_join = 0, weft__of_group = weft__together, weft__of_share = 2, weft__kinds = 3 };

/* A task on the stack of who forked it. */
struct weft__join {
    uint32_t done;
    int result;
    struct weft__worker *thief; /* who has it */
};

/* ---- where the calling thread is ---- */

/* Of all threads that are serial: it has no deque, so what is forked is run in place.
 *
 * weft__lone_deque - for one that needs a deque all the same: a worker of its own until the root ends, or
 * weft__lone where there is no memory. */
extern struct weft__worker weft__lone;
struct weft__worker *weft__lone_deque(void);

/* Runs root as a task: in the crew that the thread belongs to, in one that is opened for it, or
 * alone. */
typedef void weft__root(struct weft__worker *w, void *ctx);
void weft__as_task(weft__root *root, void *ctx);

/* For a thread that is through with its part of a region: runs tasks until there are no more. */
void weft__crew_leave(weft_region_ *region, size_t self);
void weft__crew_free(weft_region_ *region);

/* ---- tasks ---- */

/* Runs an entry and tells its owner. */
void weft__run_entry(struct weft__worker *w, struct weft__entry e);

/* Runs what the thread itself has, takes from others, sleeps: until what it waits for is ready. */
void weft__work_until(struct weft__worker *w, const struct weft__wait *wait);

/* The result of a task that was stolen. Meanwhile the thread helps its thief first. */
int weft__await(struct weft__worker *w, struct weft__join *join);

/* After something was made ready that a thread of the crew may wait for. */
static inline void weft__tell(struct weft__crew *crew)
{
    weft__fence_light(); /* with the heavy one in weft__doze() */
    if (__builtin_expect(__atomic_load_n(&crew->doze.waiting, __ATOMIC_RELAXED) > 0, 0))
        weft__doze_wake(crew);
}

/* False: no room. */
static inline bool weft__push(struct weft__worker *w, struct weft__entry e)
{
    if (!weft__deque_push(&w->deque, e))
        return false;
    if (__builtin_expect(weft__deque_is_wanted(&w->deque), 0))
        weft__doze_push(w);
    return true;
}

/* Counts what the thread has finished, before anything else is done. */
void weft__group_settle_up(struct weft__worker *w);
static inline void weft__settle_up(struct weft__worker *w)
{
    if (w->creditor)
        weft__group_settle_up(w);
}

/* Whether the task that was pushed with this owner is still ours. What lies above it, tasks of groups
 * that somebody else will wait for, is run. */
static inline bool weft__retract(struct weft__worker *w, const struct weft__join *join)
{
    for (const struct weft__entry *e; (e = weft__deque_pop(&w->deque));) {
        if (__builtin_expect(e->owner == (uintptr_t)join, 1))
            return true;
        weft__run_entry(w, *e);
        weft__settle_up(w);
    }
    return false;
}

/* f and g at the same time; what they returned. */
static inline void weft__fork2(struct weft__worker *w, int (*f)(void *), void *a, int (*g)(void *),
                               void *b, int result[2])
{
    struct weft__join join = { .done = 0 };
    const bool pushed = !w->alone && weft__push(w, (struct weft__entry){ g, b, (uintptr_t)&join });
    result[0] = f(a);
    result[1] = !pushed || weft__retract(w, &join) ? g(b) : weft__await(w, &join);
}

#endif
