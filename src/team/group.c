/* group.c - tasks that are counted, not named: what stands behind weft_group.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A group is done when as many tasks have finished as were spawned. Both numbers only grow. They are
 * kept twice: for the worker that spawned first, the group's home, which most often spawns all and waits, and
 * which is the only one to write its two, so it needs no atomic read-modify-write; and for all others
 * together. Who asks reads what has finished first and what was spawned second: then equal numbers
 * mean that between the two readings nothing was left to run.
 *
 * The last finished task may be the last that the group lives for. So nothing of the group is touched
 * after its count, and who waits for it is found through the crew. */
#include "team/group.h"

#include "base/assert.h"

static bool in_one_crew(uint64_t a, uint64_t b)
{
    return a >> weft__self_bits == b >> weft__self_bits;
}

/* relaxed: the name only says which of the counts is ours; who takes a group over from a team that has
 * ended comes after that team's end */
static uint64_t home_of(const weft_group *g)
{
    return __atomic_load_n(&g->home_, __ATOMIC_RELAXED);
}

bool weft__group_is_done(const weft_group *g)
{
    /* acquire: pairs with the releases in finish() */
    const size_t finished = __atomic_load_n(&g->finished_, __ATOMIC_ACQUIRE) +
                            __atomic_load_n(&g->finished_elsewhere_, __ATOMIC_ACQUIRE);
    const size_t spawned = __atomic_load_n(&g->spawned_, __ATOMIC_RELAXED) +
                           __atomic_load_n(&g->spawned_elsewhere_, __ATOMIC_RELAXED);
    return finished == spawned;
}

bool weft__group_is_strange(const struct weft__worker *w, const weft_group *g)
{
    const uint64_t home = home_of(g);
    return home && !in_one_crew(home, w->name) && !weft__group_is_done(g);
}

/* Makes the calling worker the home of a group that has none in this crew. */
static bool settle(const struct weft__worker *w, weft_group *g)
{
    uint64_t home = home_of(g);
    while (home != w->name) {
        if (home && in_one_crew(home, w->name))
            return true;
        if (home && !weft__group_is_done(g))
            return false;
        if (__atomic_compare_exchange_n(&g->home_, &home, w->name, false, __ATOMIC_RELAXED,
                                        __ATOMIC_RELAXED))
            return true;
    }
    return true;
}

/* The one writer of a count. */
static void add_one(size_t *count, int order)
{
    const size_t next = __atomic_load_n(count, __ATOMIC_RELAXED) + 1;
    if (order == __ATOMIC_RELEASE)
        __atomic_store_n(count, next, __ATOMIC_RELEASE);
    else
        __atomic_store_n(count, next, __ATOMIC_RELAXED);
}

/* relaxed: the push publishes it, to whoever may finish the task */
static void count_spawned(const struct weft__worker *w, weft_group *g)
{
    if (home_of(g) == w->name)
        add_one(&g->spawned_, __ATOMIC_RELAXED);
    else
        __atomic_fetch_add(&g->spawned_elsewhere_, 1, __ATOMIC_RELAXED);
}

/* The group may be gone when it returns. Release: pairs with the acquires in weft__group_is_done(). */
static void finish(const struct weft__worker *w, weft_group *g)
{
    if (home_of(g) == w->name)
        add_one(&g->finished_, __ATOMIC_RELEASE);
    else
        __atomic_fetch_add(&g->finished_elsewhere_, 1, __ATOMIC_RELEASE);
    weft__tell(w->crew);
}

static void note_failure(weft_group *g, int result)
{
    /* relaxed, both: who waits reads them after the counts; fail_fast needs a flag, no data */
    if (__atomic_fetch_add(&g->failed_, 1, __ATOMIC_RELAXED) == 0)
        g->failure_ = result;
}

void weft__group_do(weft_group *g, weft_job *f, void *arg)
{
    if (weft_group_is_cancelled(g)) {
        __atomic_fetch_add(&g->skipped_, 1, __ATOMIC_RELAXED); /* read after the counts */
        return;
    }
    struct weft__member *const me = &weft__member;
    const struct weft__task task = { g, me->tasks };
    me->tasks = &task;
    const int result = f(arg);
    me->tasks = task.below;
    if (result)
        note_failure(g, result);
}

void weft__group_run(struct weft__worker *w, struct weft__entry e)
{
    weft_group *const g = (weft_group *)(e.owner & ~(uintptr_t)weft__kinds);
    weft__group_do(g, e.run, e.arg);
    finish(w, g);
}

bool weft__group_push(struct weft__worker *w, weft_group *g, weft_job *f, void *arg)
{
    if (__builtin_expect(home_of(g) != w->name, 0) && !settle(w, g))
        return false;
    count_spawned(w, g);
    const struct weft__entry e = { f, arg, (uintptr_t)g | weft__of_group };
    if (!weft__push(w, e))
        weft__group_run(w, e);
    return true;
}

static bool is_ready(const void *group) { return weft__group_is_done(group); }

void weft__group_await(struct weft__worker *w, const weft_group *g)
{
    if (!weft__group_is_done(g))
        weft__work_until(w, &(struct weft__wait){ .is_ready = is_ready, .what = g });
}
