/* blocks.c - runs a callback on every block of a grid; weft_for_range and weft_for_range_until.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "algo/blocks.h"

#include <weft/clock.h>
#include <weft/loop.h>

#include "base/detail.h"
#include "team/member.h"
#include "team/rounding.h"
#include "team/team.h"

static const double worth_a_team = 2e-6; /* seconds; about what forking one costs */

enum { timed_most = 65536 }; /* indices; with more of them a team always pays */

struct job {
    struct weft__grid grid;
    weft__on_block *on_block;
    void *ctx;
    const weft_stop *stop; /* or NULL */
    size_t done;           /* blocks that the calling thread did before the team was forked */
    bool cut;              /* blocks were left out; relaxed: the join of the team publishes it */
};

static void run(const struct job *job, size_t block)
{
    job->on_block(block, weft__grid_block(job->grid, block), job->ctx);
}

static bool is_cut(struct job *job)
{
    if (!job->stop || !weft_stop_is_set(job->stop))
        return false;
    __atomic_store_n(&job->cut, true, __ATOMIC_RELAXED);
    return true;
}

static void run_some(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    while (weft_next_(worker) && !is_cut(job))
        run(job, job->done + worker->index - 1);
}

/* Seconds that the first block takes. To its callback all blocks look alike: nested calls are serial. */
static double run_first(struct job *job)
{
    const enum weft__alone before = weft__member.alone;
    const unsigned host = weft__rounding_begin();
    const double start = weft_now();
    weft__member.alone = before ? before : WEFT__IN_BLOCK;
    run(job, job->done++);
    weft__member.alone = before;
    const double seconds = weft_now() - start;
    weft__rounding_end(host);
    return seconds;
}

static void run_all(struct job *job)
{
    const struct weft__grid grid = job->grid;
    size_t threads = weft__threads();
    if (threads > 1 && grid.n > 0 && grid.n <= timed_most)
        if (run_first(job) * (double)(grid.blocks - 1) < worth_a_team)
            threads = 1;
    if (job->done == grid.blocks)
        return;
    weft_region_ region = weft__region(grid.blocks - job->done, threads, 1);
    weft__fork(&region, run_some, job);
}

void weft__blocks(struct weft__grid grid, weft__on_block *on_block, void *ctx)
{
    run_all(&(struct job){ .grid = grid, .on_block = on_block, .ctx = ctx });
}

struct range_call {
    weft_body *body;
    void *ctx;
};

static void call_body(size_t block, weft_range range, void *ctx)
{
    (void)block;
    const struct range_call *const call = ctx;
    call->body(range, call->ctx);
}

static void need(weft_body *body, const char *function)
{
    if (!body)
        weft__panic("%s: body is NULL: it must be a function", function);
}

void weft_for_range(size_t n, weft_body *body, void *ctx)
{
    need(body, "weft_for_range");
    struct range_call call = { body, ctx };
    weft__blocks(weft__grid_of(n, weft__blocks_most), call_body, &call);
}

weft_status weft_for_range_until(size_t n, weft_body *body, void *ctx, const weft_stop *stop)
{
    need(body, "weft_for_range_until");
    struct range_call call = { body, ctx };
    struct job job = { .grid = weft__grid_of(n, weft__blocks_most),
                       .on_block = call_body,
                       .ctx = &call,
                       .stop = stop };
    if (n > 0 && !is_cut(&job))
        run_all(&job);
    return job.cut ? WEFT_CANCELLED : WEFT_OK;
}
