/* group.h - tasks that are counted, not named: what stands behind weft_group.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_GROUP_H
#define WEFT_TEAM_GROUP_H

#include <weft/task.h>

#include "team/crew.h"

/* A task of a group while it runs, on the stack. */
struct weft__task {
    const weft_group *group;
    const struct weft__task *below; /* on the same thread */
};

static inline bool weft__group_is_cancelled(const weft_group *g)
{
    /* relaxed: a flag; what failed is read by who waits */
    return (g->stop_ && weft_stop_is_set(g->stop_)) ||
           (g->fail_fast_ && __atomic_load_n(&g->failed_, __ATOMIC_RELAXED));
}

/* Pushes a task, or runs it where there is no room. False: another team is at work on the group. */
bool weft__group_push(struct weft__worker *w, weft_group *group, weft_job *f, void *arg);

/* Runs a task, or skips it where the group is cancelled. */
void weft__group_do(weft_group *group, weft_job *f, void *arg);

/* Runs an entry of a group and counts it, perhaps later. */
void weft__group_run(struct weft__worker *w, struct weft__entry e);

bool weft__group_is_done(const weft_group *group);

/* Whether another team is at work on it. */
bool weft__group_is_strange(const struct weft__worker *w, const weft_group *group);

/* Runs what the thread itself has until the group is done; false when it is not and there is no more. */
bool weft__group_run_own(struct weft__worker *w, const weft_group *group);

/* Waits until it is done, and takes from others meanwhile. */
void weft__group_await(struct weft__worker *w, const weft_group *group);

#endif
