/* pass.c - one pass over an array: how many elements lie where, and those between some bounds.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each thread counts for itself and adds its counts to all at the end. What it keeps of a block goes to
 * the next free place, so its order depends on the schedule, but what is there does not. */
#include "algo/quantile/pass.h"

#include <string.h>

#include <weft/team.h>

#include "base/at_most.h"
#include "team/team.h"

enum { unit_blocks = 8 }; /* that a thread takes at once */

/* Below so many bytes one core is done before a second one could begin. */
static const size_t worth_a_team = 192 * 1024;

/* Atomics are relaxed: the join of the team publishes counts and room, and each place in room has one
 * writer. */
static void keep(struct weft__pass *p, const char *out, size_t kept)
{
    if (kept == 0)
        return;
    const size_t at = __atomic_fetch_add(&p->kept, kept, __ATOMIC_RELAXED);
    if (p->room && at <= p->capacity && kept <= p->capacity - at)
        memcpy(p->room + at * p->size, out, kept * p->size);
}

static void run_some(weft_worker_ *worker, void *ctx)
{
    struct weft__pass *const p = ctx;
    weft__among *const among = weft__leaves()->among->type[p->type];
    size_t count[weft__counts_most] = { 0 };
    char out[weft__block * 8] __attribute__((aligned(64)));
    while (weft_next_(worker)) {
        const size_t unit = (worker->index - 1) * unit_blocks * weft__block;
        const size_t end = unit + weft__at_most(p->n - unit, unit_blocks * weft__block);
        for (size_t k = unit; k < end; k += weft__block)
            keep(p, out,
                 among(p->x + k * p->size, weft__at_most(end - k, weft__block), p->bounds, p->m,
                       count, p->room ? out : NULL));
    }
    for (size_t k = 0; k < 2 * p->m + 1; k++)
        if (count[k])
            __atomic_fetch_add(&p->count[k], count[k], __ATOMIC_RELAXED);
}

void weft__pass_run(struct weft__pass *p)
{
    const size_t length = (size_t)unit_blocks * weft__block;
    const size_t units = p->n / length + (p->n % length != 0);
    const size_t threads = p->n * p->size < worth_a_team ? 1 : weft_threads();
    memset(p->count, 0, sizeof p->count);
    p->kept = 0;
    weft_region_ region = weft__region(units, threads, 1);
    weft__fork(&region, run_some, p);
}
