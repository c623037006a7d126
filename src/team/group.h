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

/* False: another team is at work on it. Else the task was pushed, or run where there is no room. */
bool weft__group_push(struct weft__worker *w, weft_group *group, weft_job *f, void *arg);

/* Runs a task, or skips it where the group is cancelled. */
void weft__group_do(weft_group *group, weft_job *f, void *arg);

/* Runs an entry of a group and counts it. */
void weft__group_run(struct weft__worker *w, struct weft__entry e);

bool weft__group_is_done(const weft_group *group);
bool weft__group_is_strange(const struct weft__worker *w, const weft_group *group);

void weft__group_await(struct weft__worker *w, const weft_group *group);

#endif
