/* accumulate.c - weft_reduce: folds ranges into accumulators of the user's and merges them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * One accumulator for each block of a grid, each begun as a copy of the identity; then neighbours are
 * merged, then neighbouring pairs, and so on, the odd one out waiting: the tree of tree.h. */
#include <weft/reduce.h>

#include <stdlib.h>
#include <string.h>

#include "algo/blocks.h"
#include "base/detail.h"
#include "team/member.h"
#include "team/rounding.h"

static const size_t memory_most = 64 << 20; /* bytes for all accumulators together */

struct job {
    char *accumulators;
    size_t size, stride;
    const void *identity;
    weft_fold *fold;
    void *ctx;
};

static void *accumulator(const struct job *job, size_t block)
{
    return job->accumulators + block * job->stride;
}

static void fold_block(size_t block, weft_range range, void *ctx)
{
    const struct job *const job = ctx;
    void *const acc = accumulator(job, block);
    memcpy(acc, job->identity, job->size);
    job->fold(acc, range, job->ctx);
}

static void merge_all(const struct job *job, size_t blocks, weft_merge *merge)
{
    for (size_t step = 1; step < blocks; step *= 2)
        for (size_t b = 0; b + step < blocks; b += 2 * step)
            merge(accumulator(job, b), accumulator(job, b + step));
}

/* Accumulators of two threads never share a cache line. */
static size_t stride_of(size_t size) { return (size + 127) / 128 * 128; }

static size_t blocks_most(size_t stride)
{
    const size_t fit = memory_most / stride;
    return fit < 1 ? 1 : fit < weft__blocks_most ? fit : weft__blocks_most;
}

static void fold_alone(size_t n, void *acc, weft_fold *fold, void *ctx)
{
    const enum weft__alone before = weft__member.alone;
    const unsigned host = weft__rounding_begin();
    weft__member.alone = before ? before : WEFT__IN_BLOCK;
    fold(acc, (weft_range){ 0, n }, ctx);
    weft__member.alone = before;
    weft__rounding_end(host);
}

static void check(const void *acc, size_t size, weft_fold *fold, weft_merge *merge)
{
    if (!acc || !size)
        weft__panic("weft_reduce: acc is %s of %zu bytes: it must hold an accumulator",
                    acc ? "memory" : "NULL", size);
    if (!fold || !merge)
        weft__panic("weft_reduce: %s is NULL: it must be a function", fold ? "merge" : "fold");
}

void weft_reduce(size_t n, void *acc, size_t size, weft_fold *fold, weft_merge *merge, void *ctx)
{
    check(acc, size, fold, merge);
    struct job job = {
        .size = size, .stride = stride_of(size), .identity = acc, .fold = fold, .ctx = ctx
    };
    const struct weft__grid grid = weft__grid_of(n, blocks_most(job.stride));
    if (grid.blocks > 1)
        job.accumulators = aligned_alloc(128, grid.blocks * job.stride);
    if (job.accumulators) {
        weft__blocks(grid, fold_block, &job);
        const unsigned host = weft__rounding_begin();
        merge_all(&job, grid.blocks, merge);
        weft__rounding_end(host);
        memcpy(acc, job.accumulators, size);
        free(job.accumulators);
    } else if (n > 0) {
        fold_alone(n, acc, fold, ctx);
    }
}
