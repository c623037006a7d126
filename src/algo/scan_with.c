/* scan_with.c - weft_scan_with: scans by functions of the user's.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One accumulator for each block of a grid, and one to merge in:
 *
 *     fold    accumulator b+1 = what block b amounts to       on the team
 *     merge   accumulator b   = what precedes block b         in order
 *     walk    block b, from accumulator b                     on the team
 *
 * The last block needs no fold. On one thread the steps are the same, and with them the bits. */
#include <weft/scan.h>

#include <stdlib.h>
#include <string.h>

#include "algo/blocks.h"
#include "base/detail.h"
#include "team/member.h"
#include "team/rounding.h"

static const size_t memory_most = 64 << 20; /* bytes for all accumulators together */

struct job {
    char *accumulators;
    size_t size, stride, blocks;
    const void *identity;
    weft_fold *fold;
    weft_walk *walk;
    void *ctx;
};

static void *accumulator(const struct job *job, size_t k)
{
    return job->accumulators + k * job->stride;
}

static void fold_block(size_t block, weft_range range, void *ctx)
{
    const struct job *const job = ctx;
    void *const acc = accumulator(job, block + 1);
    if (block + 1 == job->blocks)
        return;
    memcpy(acc, job->identity, job->size);
    job->fold(acc, range, job->ctx);
}

static void walk_block(size_t block, weft_range range, void *ctx)
{
    const struct job *const job = ctx;
    job->walk(accumulator(job, block), range, job->ctx);
}

static void merge_all(const struct job *job, weft_merge *merge)
{
    const unsigned host = weft__rounding_begin();
    void *const running = accumulator(job, job->blocks);
    memcpy(accumulator(job, 0), job->identity, job->size);
    memcpy(running, job->identity, job->size);
    for (size_t b = 1; b < job->blocks; b++) {
        merge(running, accumulator(job, b));
        memcpy(accumulator(job, b), running, job->size);
    }
    weft__rounding_end(host);
}

/* Accumulators of two threads never share a cache line. */
static size_t stride_of(size_t size) { return (size + 127) / 128 * 128; }

static size_t blocks_most(size_t stride)
{
    const size_t fit = memory_most / stride;
    return fit < 1 ? 1 : fit < weft__blocks_most ? fit : weft__blocks_most;
}

static void walk_alone(size_t n, void *acc, weft_walk *walk, void *ctx)
{
    const enum weft__alone before = weft__member.alone;
    const unsigned host = weft__rounding_begin();
    weft__member.alone = before ? before : WEFT__IN_BLOCK;
    walk(acc, (weft_range){ 0, n }, ctx);
    weft__member.alone = before;
    weft__rounding_end(host);
}

static void check(const void *acc, size_t size, weft_fold *fold, weft_merge *merge, weft_walk *walk)
{
    if (!acc || !size)
        weft__panic("weft_scan_with: acc is %s of %zu bytes: it must hold an accumulator",
                    acc ? "memory" : "NULL", size);
    if (!fold || !merge || !walk)
        weft__panic("weft_scan_with: %s is NULL: it must be a function", !fold    ? "fold"
                                                                         : !merge ? "merge"
                                                                                  : "walk");
}

void weft_scan_with(size_t n, void *acc, size_t size, weft_fold *fold, weft_merge *merge,
                    weft_walk *walk, void *ctx)
{
    check(acc, size, fold, merge, walk);
    const size_t stride = stride_of(size);
    const struct weft__grid grid = weft__grid_of(n, blocks_most(stride));
    struct job job = {
        .size = size,
        .stride = stride,
        .blocks = grid.blocks,
        .identity = acc,
        .fold = fold,
        .walk = walk,
        .ctx = ctx,
    };
    if (grid.blocks > 1)
        job.accumulators = aligned_alloc(128, (grid.blocks + 1) * stride);
    if (job.accumulators) {
        weft__blocks(grid, fold_block, &job);
        merge_all(&job, merge);
        weft__blocks(grid, walk_block, &job);
        memcpy(acc, accumulator(&job, grid.blocks - 1), size);
        free(job.accumulators);
    } else if (n > 0) {
        walk_alone(n, acc, walk, ctx);
    }
}
