/* group.c - tasks that are counted, not named: what stands behind weft_group.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A group is done when as many tasks have finished as were spawned. Both numbers only grow. Who asks
 * reads what has finished first and what was spawned second: then equal numbers mean that between the
 * two readings nothing was left to run.
 *
 * They are kept twice. Most groups lie on the stack of the thread that spawns their tasks, runs most of
 * them and waits: that thread, and nobody else, finds the group between its stack pointer and where it
 * entered the crew, so it has two counts of its own and needs no atomic read-modify-write. All others
 * share two more, and hand in what they have finished once for a run of tasks of one group: at the latest
 * before they run anything else, for then somebody may wait.
 *
 * The last finished task may be the last that the group lives for. So nothing of the group is touched
 * after its count, and who waits for it is found through the crew. */
#include "team/group.h"

#include "base/assert.h"

static uint64_t crew_of(const struct weft__worker *w) { return w->name >> weft__self_bits; }

/* Whether it lies on the stack of this thread. */
static inline bool is_home(const struct weft__worker *w, const weft_group *g)
{
    return (uintptr_t)w->base - (uintptr_t)g <
           (uintptr_t)w->base - (uintptr_t)__builtin_frame_address(0);
}

bool weft__group_is_done(const weft_group *g)
{
    /* acquire: pairs with the releases in weft__group_settle_up() and finish() */
    const uint32_t finished = __atomic_load_n(&g->finished_, __ATOMIC_ACQUIRE) +
                              __atomic_load_n(&g->finished_elsewhere_, __ATOMIC_ACQUIRE);
    const uint32_t spawned = __atomic_load_n(&g->spawned_, __ATOMIC_RELAXED) +
                             __atomic_load_n(&g->spawned_elsewhere_, __ATOMIC_RELAXED);
    return finished == spawned;
}

/* relaxed: who takes a group over from a team that has ended comes after that team's end */
static uint64_t at_work_on(const weft_group *g)
{
    return __atomic_load_n(&g->crew_, __ATOMIC_RELAXED);
}

bool weft__group_is_strange(const struct weft__worker *w, const weft_group *g)
{
    const uint64_t crew = at_work_on(g);
    return crew && crew != crew_of(w) && !weft__group_is_done(g);
}

/* relaxed: the push publishes it, to whoever may finish the task */
static void count_spawned(const struct weft__worker *w, weft_group *g)
{
    if (is_home(w, g)) /* the one writer */
        __atomic_store_n(&g->spawned_, g->spawned_ + 1, __ATOMIC_RELAXED);
    else
        __atomic_fetch_add(&g->spawned_elsewhere_, 1, __ATOMIC_RELAXED);
}

/* The group may be gone when it returns. Release: pairs with the acquires in weft__group_is_done(). */
void weft__group_settle_up(struct weft__worker *w)
{
    weft_group *const g = w->creditor;
    w->creditor = NULL;
    __atomic_fetch_add(&g->finished_elsewhere_, w->owed, __ATOMIC_RELEASE);
    weft__tell(w->crew);
}

/* The same. */
static void finish(struct weft__worker *w, weft_group *g)
{
    if (is_home(w, g)) {
        __atomic_store_n(&g->finished_, g->finished_ + 1, __ATOMIC_RELEASE);
        weft__tell(w->crew);
    } else {
        w->owed = w->creditor ? w->owed + 1 : 1;
        w->creditor = g;
    }
}

static void note_failure(weft_group *g, int result)
{
    /* relaxed, both: who waits reads them after the counts; fail_fast needs a flag, no data */
    if (__atomic_fetch_add(&g->failed_, 1, __ATOMIC_RELAXED) == 0)
        g->failure_ = result;
}

void weft__group_do(weft_group *g, weft_job *f, void *arg)
{
    if (weft__group_is_cancelled(g)) {
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
    if (w->creditor && w->creditor != g)
        weft__group_settle_up(w);
    weft__group_do(g, e.run, e.arg);
    finish(w, g);
}

static inline void push(struct weft__worker *w, weft_group *g, weft_job *f, void *arg)
{
    count_spawned(w, g);
    const struct weft__entry e = { f, arg, (uintptr_t)g | weft__of_group };
    if (!weft__push(w, e))
        weft__group_run(w, e);
}

/* The first task of a group in this team. Out of line, since there are many after it. */
static __attribute__((noinline)) bool push_first(struct weft__worker *w, weft_group *g, weft_job *f,
                                                 void *arg)
{
    if (weft__group_is_strange(w, g))
        return false;
    if (w == &weft__lone) {
        weft__group_do(g, f, arg);
    } else {
        __atomic_store_n(&g->crew_, crew_of(w), __ATOMIC_RELAXED); /* all of the team store this */
        push(w, g, f, arg);
    }
    return true;
}

bool weft__group_push(struct weft__worker *w, weft_group *g, weft_job *f, void *arg)
{
    if (__builtin_expect(at_work_on(g) != crew_of(w), 0))
        return push_first(w, g, f, arg);
    push(w, g, f, arg);
    return true;
}

bool weft__group_run_own(struct weft__worker *w, const weft_group *g)
{
    struct weft__deque *const d = &w->deque;
    const struct weft__entry *e;
    while (!weft__group_is_done(g)) {
        if (weft__deque_is_empty(d) || !(e = weft__deque_pop(d))) {
            weft__settle_up(w);
            return weft__group_is_done(g);
        }
        if ((e->owner & weft__kinds) == weft__of_group)
            weft__group_run(w, *e);
        else
            weft__run_entry(w, *e);
    }
    weft__settle_up(w);
    return true;
}

static bool is_ready(const void *group) { return weft__group_is_done(group); }

void weft__group_await(struct weft__worker *w, const weft_group *g)
{
    weft__work_until(w, &(struct weft__wait){ .is_ready = is_ready, .what = g });
}
