/* share.h - a region inside a task: its members are tasks that idle threads may take.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_SHARE_H
#define WEFT_TEAM_SHARE_H

#include "team/crew.h"
#include "team/team.h"

/* Runs the calling thread's part of the work, and on each idle thread that comes by one more. A member
 * that nobody has taken is left out: what it would have done the others do. */
void weft__share(struct weft__worker *w, weft_region_ *region, weft__work *work, void *ctx);

/* Runs an entry of such a member. */
void weft__share_run(struct weft__worker *w, struct weft__entry e);

#endif
