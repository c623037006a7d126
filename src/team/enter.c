/* enter.c - how a thread comes to have tasks, and how it leaves the region in which it had them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     outside       a region is opened whose one member runs the root, while the others take tasks
 *     in a member   of one of our regions: its crew is made by the first member that needs one, and
 *                   a member that has done its part stays while others have tasks. A region without
 *                   tasks pays for this with one load a member
 *     else          the thread is alone: what it would push it runs */
#include "team/crew.h"

#include <stdlib.h>

#include <weft/machine.h>

#include "team/rounding.h"
#include "team/team.h"

static struct weft__crew nobody = { .threads = 1 };
struct weft__worker weft__lone = { .crew = &nobody, .name = UINT64_MAX, .alone = true };

/* ---- crews ---- */

static struct weft__entry *rings_of(struct weft__crew *crew)
{
    return (struct weft__entry *)&crew->workers[crew->threads];
}

static uint64_t next_crew(void)
{
    static uint64_t last; /* relaxed: a number, no data */
    return __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
}

static void make_worker(struct weft__crew *crew, size_t self, uint64_t name)
{
    struct weft__worker *const w = &crew->workers[self];
    *w = (struct weft__worker){
        .crew = crew, .self = self, .name = name << weft__self_bits | self, .victim = self
    };
    weft__deque_init(&w->deque, rings_of(crew) + self * weft__ring_least);
}

/* NULL where there is no memory. */
static struct weft__crew *crew_new(size_t threads)
{
    const size_t each = sizeof(struct weft__worker) + weft__ring_least * sizeof(struct weft__entry);
    struct weft__crew *const crew = aligned_alloc(128, sizeof *crew + threads * each);
    if (!crew)
        return NULL;
    weft__fence_init();
    *crew = (struct weft__crew){
        .threads = threads,
        .crowded = threads > weft_machine_limits(weft_machine_this())->threads,
    };
    const uint64_t name = next_crew();
    for (size_t k = 0; k < threads; k++)
        make_worker(crew, k, name);
    return crew;
}

static void crew_drop(struct weft__crew *crew)
{
    for (size_t k = 0; crew && k < crew->threads; k++)
        weft__deque_fini(&crew->workers[k].deque);
    free(crew);
}

void weft__crew_free(weft_region_ *region)
{
    crew_drop(region->crew);
    region->crew = NULL;
}

/* The first who needs it makes it. */
static struct weft__crew *crew_of(weft_region_ *region)
{
    void *crew = __atomic_load_n(&region->crew, __ATOMIC_ACQUIRE);
    if (crew)
        return crew;
    struct weft__crew *const mine = crew_new((size_t)region->threads);
    /* release: pairs with the acquires here and in weft__crew_leave() */
    if (__atomic_compare_exchange_n(&region->crew, &crew, mine, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE))
        return mine;
    crew_drop(mine);
    return crew;
}

/* ---- in a region ---- */

static void enter(struct weft__worker *w)
{
    w->base = __builtin_frame_address(0);
    weft__member.worker = w;
}

static void leave(void) { weft__member.worker = NULL; }

static void join_in(struct weft__worker *w)
{
    if (!w->joined)
        __atomic_fetch_add(&w->crew->open, 1, __ATOMIC_RELAXED); /* who misses it leaves early */
    w->joined = true;
}

static bool is_drained(const void *worker)
{
    return weft__deque_is_empty(&((const struct weft__worker *)worker)->deque);
}

/* What it has stolen and not begun is its own, too. */
static bool is_over(const void *worker)
{
    const struct weft__crew *const crew = ((const struct weft__worker *)worker)->crew;
    return __atomic_load_n(&crew->open, __ATOMIC_RELAXED) == 0 && is_drained(worker);
}

/* Its own tasks first: they are why the others stay. */
static void finish_own(struct weft__worker *w)
{
    weft__work_until(w, &(struct weft__wait){ .is_ready = is_drained, .what = w });
    if (w->joined && __atomic_sub_fetch(&w->crew->open, 1, __ATOMIC_RELAXED) == 0)
        weft__doze_wake(w->crew);
    w->joined = false;
}

void weft__crew_leave(weft_region_ *region, size_t self)
{
    struct weft__crew *const crew = __atomic_load_n(&region->crew, __ATOMIC_ACQUIRE);
    if (!crew)
        return;
    struct weft__worker *const w = &crew->workers[self];
    enter(w);
    finish_own(w);
    weft__work_until(w, &(struct weft__wait){ .is_ready = is_over, .what = w, .idle = true });
    leave();
}

static bool in_member(weft__root *root, void *ctx)
{
    weft_region_ *const region = weft__member.region;
    struct weft__crew *const crew = region ? crew_of(region) : NULL;
    if (!crew)
        return false;
    struct weft__worker *const w = &crew->workers[weft__member.self];
    join_in(w);
    enter(w);
    root(w, ctx);
    leave();
    return true;
}

/* ---- outside ---- */

struct call {
    weft__root *root;
    void *ctx;
};

static void run_root(weft_worker_ *worker, void *ctx)
{
    struct call *const call = ctx;
    if (worker->self == 0)
        in_member(call->root, call->ctx);
}

static bool in_team(weft__root *root, void *ctx, size_t threads)
{
    weft_region_ region = weft__region(threads, threads, 0);
    struct weft__crew *const crew = region.threads > 1 ? crew_new((size_t)region.threads) : NULL;
    if (!crew) {
        weft_region_end_(&region);
        return false;
    }
    region.crew = crew;
    join_in(&crew->workers[0]);
    weft__fork(&region, run_root, &(struct call){ root, ctx });
    return true;
}

/* All groups on the stack are this thread's. */
struct weft__worker *weft__lone_deque(void)
{
    struct weft__crew *const crew = crew_new(1);
    if (!crew)
        return &weft__lone;
    crew->workers[0].alone = true;
    crew->workers[0].base = (char *)UINTPTR_MAX;
    return weft__member.worker = &crew->workers[0];
}

static void drop_lone_deque(struct weft__worker *w)
{
    if (w == &weft__lone)
        return;
    finish_own(w);
    crew_drop(w->crew);
}

static void alone(weft__root *root, void *ctx)
{
    const unsigned host = weft__rounding_begin();
    weft__member.worker = &weft__lone;
    root(&weft__lone, ctx);
    drop_lone_deque(weft__member.worker);
    leave();
    weft__rounding_end(host);
}

void weft__as_task(weft__root *root, void *ctx)
{
    const struct weft__member *const me = &weft__member;
    const bool serial = me->alone == WEFT__IN_EXPRESSION;
    if (me->worker)
        root(me->worker, ctx);
    else if (serial ||
             !(me->region ? in_member(root, ctx) : in_team(root, ctx, weft__threads_of_a_team())))
        alone(root, ctx);
}
