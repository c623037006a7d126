/* filter.c - keeps the half of f64 that is above 1/2, in order, or puts it in front.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes are what must move: 8 read and, of every second element, or of all, 8 written. */
#include "peer.h"

#include <weft.h>

static double branchless_filter(const work *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->n; i++) {
        w->out[kept] = w->x[i];
        kept += w->x[i] > 0.5;
    }
    return (double)kept;
}

static double weft_filter_job(const work *w)
{
    const double *x = w->x;
    return (double)weft_filter(w->out, i, w->n, x[i] > 0.5, x[i]);
}

static double right_count(const work *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->n; i++)
        kept += w->x[i] > 0.5;
    return (double)kept;
}

static bool filter_is_right(const work *w, double value)
{
    size_t kept = 0, wrong = 0;
    for (size_t i = 0; i < w->n; i++)
        if (w->x[i] > 0.5)
            wrong += w->out[kept++] != w->x[i];
    return wrong == 0 && value == w->expected;
}

static const contestant filters[] = {
    { "std::copy_if par_unseq", pstl_filter, PEER },
    { "std::copy_if, one thread", std_filter, PEER },
    { "serial, without a branch", branchless_filter, ASIDE },
    { "weft_filter", weft_filter_job, WEFT },
    { "read", limit_read, LIMIT, AVX2 },
    { 0 },
};

/* ---- partition ---- */

static void as_it_was(const work *w) { weft_copy(w->out, w->x, w->n); }

static double weft_partition_in_place(const work *w)
{
    double *x = w->out;
    return (double)weft_partition(x, i, w->n, x[i] > 0.5, x[i]);
}

static double weft_partition_job(const work *w)
{
    const double *x = w->x;
    return (double)weft_partition(w->out, i, w->n, x[i] > 0.5, x[i]);
}

static bool partition_is_right(const work *w, double value)
{
    size_t kept = 0, rest = (size_t)w->expected, wrong = 0;
    for (size_t i = 0; i < w->n; i++)
        wrong += w->out[w->x[i] > 0.5 ? kept++ : rest++] != w->x[i];
    return wrong == 0 && value == w->expected;
}

/* In place, but for those that say otherwise. */
static const contestant partitions[] = {
    { "std::stable_partition par_unseq", pstl_partition, PEER, .prepare = as_it_was },
    { "std::stable_partition, one thread", std_partition, PEER, .prepare = as_it_was },
    { "std::partition_copy par_unseq, apart", pstl_partition_copy, ASIDE },
    { "weft_partition", weft_partition_in_place, WEFT, .prepare = as_it_was },
    { "weft_partition, apart", weft_partition_job, WEFT },
    { "copy", limit_copy, LIMIT, AVX2 },
    { "copy, non-temporal stores", limit_copy_streamed, LIMIT, AVX2 },
    { 0 },
};

#define FILTER \
    .bytes = 12, .writes = true, .same_bits = true, .expect = right_count, .right = filter_is_right

#define PARTITION                                                        \
    .bytes = 16, .reads_y = true, .writes = true, .expect = right_count, \
    .base = "std::stable_partition par_unseq", .right = partition_is_right

static const figure figures[] = {
    { "weft_filter, half kept", 1000, filters, FILTER },
    { "weft_filter, half kept", 100 * 1000, filters, .goal = 5, FILTER },
    { "weft_filter, half kept", 100 * 1000 * 1000, filters, .goal = 5, FILTER },
    { "weft_partition, half in front", 100 * 1000, partitions, .goal = 5, PARTITION },
    { "weft_partition, half in front", 100 * 1000 * 1000, partitions, .goal = 5, PARTITION },
    { 0 },
};

const topic filter_topic = { "filter", figures };
