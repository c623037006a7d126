/* task_group.c - weft_group: tasks that are waited for together.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Outside a team nobody could take a task, so it is kept, with others, until a wait opens one. */
#include <weft/task.h>

#include <stdlib.h>

#include "base/assert.h"
#include "base/detail.h"
#include "base/options.h"
#include "team/group.h"

enum {
    kept_least = 32,
    kept_most = 4096, /* then they are run: what an open end of spawns costs is bounded */
};

struct job {
    weft_job *f;
    void *arg;
};

struct weft__kept {
    size_t count, room;
    struct job jobs[];
};

void weft_group_init_opts(weft_group *group, const weft_group_opts *opts)
{
    weft_group_opts o;
    weft__take_options(&o, opts);
    *group = (weft_group){ .stop_ = o.stop, .fail_fast_ = o.fail_fast };
}

bool weft_group_is_cancelled(const weft_group *g) { return weft__group_is_cancelled(g); }

static weft_status is_elsewhere(const char *function)
{
    return weft__fail(
        WEFT_ESTATE, "%s: another team is at work on the group: it serves one at a time", function);
}

/* ---- outside a team ---- */

static bool has_room(weft_group *g)
{
    const struct weft__kept *const k = g->kept_;
    if (k && k->count < k->room)
        return true;
    const size_t room = k ? 2 * k->room : kept_least;
    if (room > kept_most)
        return false;
    struct weft__kept *const more = realloc(g->kept_, sizeof *more + room * sizeof more->jobs[0]);
    if (!more)
        return false;
    more->count = k ? more->count : 0;
    more->room = room;
    g->kept_ = more;
    return true;
}

static void drop_kept(weft_group *g)
{
    free(g->kept_);
    g->kept_ = NULL;
}

/* The last that is pushed is the first that the thread itself takes; one that is alone runs each at
 * once. So that it sees them in order: */
static void push_all(struct weft__worker *w, weft_group *g, const struct weft__kept *k)
{
    for (size_t i = 0; i < k->count; i++) {
        const struct job *const job = &k->jobs[w == &weft__lone ? i : k->count - 1 - i];
        (void)weft__group_push(w, g, job->f, job->arg); /* the group is ours */
    }
}

static void run_kept(struct weft__worker *w, weft_group *g)
{
    struct weft__kept *const k = g->kept_;
    g->kept_ = NULL;
    push_all(w, g, k);
    free(k);
}

static bool is_own(const weft_group *g)
{
    for (const struct weft__task *t = weft__member.tasks; t; t = t->below)
        if (t->group == g)
            return true;
    return false;
}

static weft_status refuse_own(void)
{
    return weft__fail(WEFT_EDEADLK,
                      "weft_group_wait: a task of the group would wait for its own end");
}

/* Nothing of the group is left on this thread. */
static weft_status wait_for_others(struct weft__worker *w, weft_group *g)
{
    if (is_own(g))
        return refuse_own();
    if (weft__group_is_strange(w, g))
        return is_elsewhere("weft_group_wait");
    if (__atomic_exchange_n(&g->waited_for_, true, __ATOMIC_RELAXED)) /* a flag against misuse */
        return weft__fail(WEFT_ESTATE,
                          "weft_group_wait: another thread waits for the group already");
    weft__group_await(w, g);
    __atomic_store_n(&g->waited_for_, false, __ATOMIC_RELAXED);
    return WEFT_OK;
}

static weft_status wait_as_task(struct weft__worker *w, weft_group *g)
{
    if (w == &weft__lone && g->kept_)
        w = weft__lone_deque();
    if (w == &weft__lone && is_own(g)) /* tasks are not counted there */
        return refuse_own();
    if (g->kept_)
        run_kept(w, g);
    return weft__group_run_own(w, g) ? WEFT_OK : wait_for_others(w, g);
}

struct wait {
    weft_group *group;
    weft_status status;
};

static void run_wait(struct weft__worker *w, void *ctx)
{
    struct wait *const wait = ctx;
    wait->status = wait_as_task(w, wait->group);
}

/* Opens a team, if anything is left to be run there. */
static weft_status wait_outside(weft_group *g)
{
    struct wait wait = { .group = g };
    if (g->kept_ || !weft__group_is_done(g))
        weft__as_task(run_wait, &wait);
    return wait.status;
}

static weft_status keep(weft_group *g, weft_job *f, void *arg)
{
    if (g->kept_ && g->kept_->count == kept_most)
        (void)wait_outside(g); /* nobody else knows of it */
    if (has_room(g))
        g->kept_->jobs[g->kept_->count++] = (struct job){ f, arg };
    else
        weft__group_do(g, f, arg);
    return WEFT_OK;
}

/* ---- anywhere ---- */

struct spawn {
    weft_group *group;
    struct job job;
    bool done;
};

static void push_one(struct weft__worker *w, void *ctx)
{
    struct spawn *const s = ctx;
    s->done = weft__group_push(w, s->group, s->job.f, s->job.arg);
}

weft_status weft_group_spawn(weft_group *group, weft_job *f, void *arg)
{
    if (__builtin_expect(!group || !f, 0))
        return weft__fail(WEFT_EINVAL, "weft_group_spawn: %s is NULL: it must be a %s",
                          group ? "f" : "group", group ? "function" : "group");
    struct weft__worker *w = weft__member.worker;
    if (__builtin_expect(w == &weft__lone, 0))
        w = weft__lone_deque();
    if (__builtin_expect(w != NULL, 1))
        return weft__group_push(w, group, f, arg) ? WEFT_OK : is_elsewhere("weft_group_spawn");
    if (!weft__member.region)
        return weft__group_is_strange(&weft__lone, group) ? is_elsewhere("weft_group_spawn")
                                                          : keep(group, f, arg);
    struct spawn s = { group, { f, arg }, false };
    weft__as_task(push_one, &s);
    return s.done ? WEFT_OK : is_elsewhere("weft_group_spawn");
}

/* Nobody else is at work on it. */
static weft_status failure_of(weft_group *g)
{
    const uint32_t failed = g->failed_, skipped = g->skipped_;
    g->failed_ = g->skipped_ = 0;
    if (failed)
        return weft__fail(WEFT_EFAILED,
                          "weft_group_wait: %u task%s failed, the first returned %d: one that is "
                          "fine returns 0",
                          failed, failed == 1 ? "" : "s", g->failure_);
    return skipped ? WEFT_CANCELLED : WEFT_OK;
}

weft_status weft_group_wait(weft_group *group)
{
    if (!group)
        return weft__fail(WEFT_EINVAL, "weft_group_wait: group is NULL: it must be a group");
    struct weft__worker *const w = weft__member.worker;
    const weft_status s = w ? wait_as_task(w, group) : wait_outside(group);
    if (s)
        return s;
    return __builtin_expect(group->failed_ | group->skipped_, 0) ? failure_of(group) : WEFT_OK;
}

void weft_group_fini(weft_group *group)
{
    if (!group)
        return;
    drop_kept(group);
    if (weft__group_is_done(group))
        return;
#ifdef WEFT_DEBUG
    weft__panic("weft_group_fini: tasks of the group still run: it must be waited for");
#else
    (void)weft_group_wait(group);
#endif
}
