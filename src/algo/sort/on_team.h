/* on_team.h - units of a sort on the team.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_ON_TEAM_H
#define WEFT_ALGO_SORT_ON_TEAM_H

#include "team/team.h"

/* Hands out `units` units one by one: worker->index - 1 is the one at hand. */
static inline void weft__on_team(size_t units, size_t threads, weft__work *work, void *ctx)
{
    weft_region_ region = weft__region(units, threads, 1);
    weft__fork(&region, work, ctx);
}

#endif
