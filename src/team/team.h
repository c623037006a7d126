/* team.h - what the team offers to the algorithms.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_TEAM_H
#define WEFT_TEAM_TEAM_H

#include <weft/region.h>

/* Work for one member of a team. */
typedef void weft__work(weft_worker_ *worker, void *ctx);

/* Opens a region for n indices. `units`: they are handed out one by one by weft_next_(), in units of
 * that many indices; 0: not at all. */
weft_region_ weft__region(size_t n, size_t threads, size_t units);

/* Runs work on every member of the team of the region, the calling thread among them, and closes
 * the region. In a task the members are tasks: then one may be left out, and a thread that waits in its
 * work may run another one's. */
void weft__fork(weft_region_ *region, weft__work *work, void *ctx);

/* Makes the calling thread's team `threads` strong, without ever letting the runtime fail: libgomp
 * ends the program when it cannot create a thread. Returns how many there can be, at least 1. */
size_t weft__ready(size_t threads);

/* Threads for a call that goes through weft__fork(): as weft_threads(), but in a task, whose weft_threads()
 * is 1, those of the crew. */
size_t weft__threads(void);

/* Threads of a team that would be opened here, were there no call of ours around. */
size_t weft__threads_of_a_team(void);

#endif
