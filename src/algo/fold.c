/* fold.c - folds arrays block by block, runs of blocks on a team.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     n elements = runs (at most 1024)          one partial value each, on the caller's stack
 *                = blocks of 2048, 2^k a run    joined in a fixed tree as they come (tree.h)
 *                = lanes                        the leaf (leaf/floats.h)
 *
 * Runs go to the threads one by one, so a slow core does fewer. Who folds a run, and when, leaves no
 * trace in the answer. */
#include "algo/fold.h"

#include <math.h>

#include "algo/tree.h"
#include "base/at_most.h"
#include "team/rounding.h"
#include "team/team.h"

/* Below so many bytes one core is done before a second one could begin. */
static const size_t worth_a_team = 192 * 1024;

struct job {
    const struct weft__input *in;
    struct weft__runs runs;
    weft_value_ *partial;
};

static weft_value_ one_block(const struct weft__input *in, size_t begin, size_t end)
{
    weft_value_ v;
    const char *const y = in->y ? in->y + begin * in->size : NULL;
    in->leaf->block(in->x + begin * in->size, y, end - begin, begin, &v);
    return v;
}

struct weft__runs weft__runs_of(size_t n)
{
    struct weft__runs r = { .length = weft__block };
    while (n / r.length >= weft__runs_most)
        r.length *= 2;
    r.count = n / r.length + (n % r.length != 0);
    return r;
}

weft_value_ weft__fold_serial(const struct weft__input *in, size_t begin, size_t end)
{
    if (end - begin <= weft__block)
        return one_block(in, begin, end);
    weft_value_ level[weft_levels_];
    struct weft__tree tree = { .leaf = in->leaf, .value = level };
    for (size_t b = begin; b < end; b += weft__block)
        weft__tree_add(&tree, one_block(in, b, weft__at_most(b + weft__block, end)));
    return weft__tree_root(&tree);
}

weft_value_ weft__fold_runs(const struct weft__leaf *leaf, const weft_value_ *partial, size_t n)
{
    weft_value_ level[weft_levels_];
    struct weft__tree tree = { .leaf = leaf, .value = level };
    for (size_t k = 0; k < n; k++)
        weft__tree_add(&tree, partial[k]);
    return weft__tree_root(&tree);
}

static void fold_runs(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    const size_t length = job->runs.length;
    while (weft_next_(worker)) {
        const size_t run = worker->index - 1, begin = run * length;
        job->partial[run] =
            weft__fold_serial(job->in, begin, weft__at_most(begin + length, job->in->n));
    }
}

static size_t threads_for(const struct weft__input *in)
{
    const size_t bytes = in->n * in->size * (in->y ? 2 : 1);
    return bytes < worth_a_team ? 1 : weft__threads();
}

static void fold_apart(const struct weft__input *in, size_t threads, weft_value_ *partial)
{
    struct job job = { in, weft__runs_of(in->n), partial };
    weft_region_ region = weft__region(job.runs.count, threads, 1);
    weft__fork(&region, fold_runs, &job);
}

void weft__fold_apart(const struct weft__input *in, weft_value_ *partial)
{
    fold_apart(in, threads_for(in), partial);
}

static weft_value_ fold_by_team(const struct weft__input *in, size_t threads)
{
    weft_value_ partial[weft__runs_most];
    fold_apart(in, threads, partial);
    return weft__fold_runs(in->leaf, partial, weft__runs_of(in->n).count);
}

weft_value_ weft__fold_all(const struct weft__input *in)
{
    const size_t threads = threads_for(in);
    const unsigned host = weft__rounding_begin();
    const weft_value_ v = threads > 1 ? fold_by_team(in, threads) : weft__fold_serial(in, 0, in->n);
    weft__rounding_end(host);
    return v;
}

weft_value_ weft__one_nan(weft_value_ v, weft_op_ op, weft_type_ type)
{
    if (op != WEFT_OP_SUM_ && op != WEFT_OP_DOT_)
        return v;
    if (type == WEFT_TYPE_F64_ && isnan(v.is.f64))
        v.is.f64 = (double)NAN;
    if (type == WEFT_TYPE_F32_ && isnan(v.is.f32))
        v.is.f32 = NAN;
    return v;
}
