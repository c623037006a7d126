/* fork.c - runs work on a team; the library's one parallel region.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "team/team.h"

static void run(weft_region_ *region, weft__work *work, void *ctx)
{
    weft_worker_ me = weft_enter_(region);
    work(&me, ctx);
    weft_leave_(&me);
}

void weft__fork(weft_region_ *region, weft__work *work, void *ctx)
{
    if (region->threads > 1) {
#pragma omp parallel num_threads(region->threads)
        run(region, work, ctx);
    } else {
        run(region, work, ctx);
    }
    weft_region_end_(region);
}
