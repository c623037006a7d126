/* fork.c - runs work on a team; the library's one parallel region.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "team/team.h"

#include "team/crew.h"
#include "team/share.h"

static void run(weft_region_ *region, weft__work *work, void *ctx)
{
    weft_worker_ me = weft_enter_(region);
    work(&me, ctx);
    weft_leave_(&me);
}

/* Tasks that the work makes find the crew by the region. */
static void run_member(weft_region_ *region, weft__work *work, void *ctx)
{
    struct weft__member *const member = &weft__member;
    weft_worker_ me = weft_enter_(region);
    member->region = region;
    member->self = me.self;
    work(&me, ctx);
    weft__crew_leave(region, me.self);
    member->region = NULL;
    weft_leave_(&me);
}

void weft__fork(weft_region_ *region, weft__work *work, void *ctx)
{
    if (region->threads <= 1) {
        run(region, work, ctx);
    } else if (weft__member.worker) {
        weft__share(weft__member.worker, region, work, ctx);
    } else {
#pragma omp parallel num_threads(region->threads)
        run_member(region, work, ctx);
        weft__crew_free(region);
    }
    weft_region_end_(region);
}
