/* histogram.c - weft_histogram and weft_histogram_edges over arrays.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A thread takes tiles of 512 elements: the leaf finds their bins, the counter counts them. */
#include <weft/histogram.h>

#include <float.h>
#include <math.h>

#include <weft/team.h>

#include "algo/histogram/axis.h"
#include "algo/histogram/counter.h"
#include "algo/leaf.h"
#include "algo/sort/on_team.h"
#include "algo/types.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/rounding.h"

enum {
    tile = 512,       /* elements */
    unit = 32 * 1024, /* elements that a thread takes at once */
};

struct job {
    const char *x;
    size_t n, size;
    weft_type_ type;
    const struct weft__histogram_leaves *leaf;
    struct weft__axis axis;
    const void *edges; /* NULL: of equal width */
    struct weft__counter counter;
    size_t begin, end; /* of the batch */
};

/* ---- bins of equal width ---- */

/* A bound of what rounding does to (x - low) * scale and to an edge, in bins. */
static bool is_coarse(const struct weft__axis *a)
{
    const double greatest = fmax(fabs(a->low), fabs(a->high));
    const double off = (16 * (double)a->bins + 4 * greatest * a->scale) * (DBL_EPSILON / 2);
    return off < 0.25 && a->width > DBL_MIN / DBL_EPSILON && a->scale > DBL_MIN / DBL_EPSILON;
}

static struct weft__axis axis_of(double low, double high, size_t bins)
{
    const unsigned host = weft__rounding_begin();
    struct weft__axis a = { .low = low, .high = high, .bins = bins };
    a.width = (high - low) / (double)bins;
    a.scale = (double)bins / (high - low);
    a.coarse = is_coarse(&a);
    weft__rounding_end(host);
    return a;
}

/* Where bins are so fine that a guess is of no use. */
static uint32_t search(const struct weft__axis *a, double x)
{
    size_t k = 0, above = a->bins;
    if (!(x >= a->low && x <= a->high))
        return (uint32_t)a->bins;
    if (x == a->high)
        return (uint32_t)a->bins - 1;
    while (above - k > 1) {
        const size_t middle = k + (above - k) / 2;
        if (a->low + (double)middle * a->width <= x)
            k = middle;
        else
            above = middle;
    }
    return (uint32_t)k;
}

static void find_equal(const struct job *job, const void *x, size_t n, uint32_t *bin)
{
    double room[tile];
    const double *const v = job->leaf->widen[job->type](x, n, room);
    if (job->axis.coarse)
        job->leaf->equal(&job->axis, v, n, bin);
    else
        for (size_t i = 0; i < n; i++)
            bin[i] = search(&job->axis, v[i]);
}

/* ---- all elements ---- */

static void count(struct job *job, size_t thread, size_t begin, size_t end)
{
    uint32_t bin[tile];
    for (size_t i = begin; i < end; i += tile) {
        const size_t n = weft__at_most(tile, end - i);
        const char *const x = job->x + i * job->size;
        if (job->edges)
            job->leaf->between[job->type](job->edges, job->axis.bins, x, n, bin);
        else
            find_equal(job, x, n, bin);
        weft__counter_add(&job->counter, thread, bin, n);
    }
}

static void count_units(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    while (weft_next_(worker)) {
        const size_t begin = job->begin + (worker->index - 1) * unit;
        count(job, worker->self, begin, weft__at_most(begin + unit, job->end));
    }
    weft__counter_leave(&job->counter, worker->self);
}

static size_t count_all(struct job *job, size_t *counts)
{
    struct weft__counter *const c = &job->counter;
    const size_t threads = weft__counter_wants(job->axis.bins, job->n) ? weft_threads() : 1;
    weft__counts_clear(counts, job->axis.bins, threads);
    weft__counter_open(c, counts, job->axis.bins, job->n, threads);
    const size_t batch = weft__counter_batch(c);
    for (; job->begin < job->n; job->begin = job->end) {
        job->end = job->begin + weft__at_most(batch, job->n - job->begin);
        weft__on_team((job->end - job->begin - 1) / unit + 1, c->threads, count_units, job);
        weft__counter_flush(c);
    }
    return weft__counter_close(c);
}

/* ---- the calls ---- */

static void check_bins(const char *function, const size_t *counts, size_t bins)
{
    if (!counts && bins)
        weft__panic("%s: counts is NULL with bins = %zu: it must point to bins counts", function,
                    bins);
    if (bins > INT32_MAX)
        weft__panic("%s: bins is %zu: it must be below 2^31", function, bins);
}

static void check_edges(const struct job *job)
{
    const size_t bins = job->axis.bins;
    if (!job->edges)
        weft__panic(
            "weft_histogram_edges: edges is NULL with bins = %zu: it must point to bins + 1 "
            "edges",
            bins);
    const unsigned host = weft__rounding_begin();
    const size_t risen = job->leaf->rise[job->type](job->edges, bins);
    weft__rounding_end(host);
    if (risen < bins)
        weft__panic("weft_histogram_edges: edges[%zu] is below edges[%zu], or one is NaN: they "
                    "must rise",
                    risen + 1, risen);
}

static size_t histogram(weft_type_ type, const void *x, size_t n, double low, double high,
                        size_t *counts, size_t bins)
{
    check_bins("weft_histogram", counts, bins);
    if (!(low < high) || !(high - low <= DBL_MAX))
        weft__panic("weft_histogram: low is %g, high is %g: low must be below high, and their "
                    "difference finite",
                    low, high);
    if (bins == 0)
        return n;
    struct job job = { .x = x,
                       .n = n,
                       .size = weft__size_of(type),
                       .type = type,
                       .leaf = weft__leaves()->histogram,
                       .axis = axis_of(low, high, bins) };
    return count_all(&job, counts);
}

static size_t histogram_edges(weft_type_ type, const void *x, size_t n, const void *edges,
                              size_t bins, size_t *counts)
{
    check_bins("weft_histogram_edges", counts, bins);
    struct job job = { .x = x,
                       .n = n,
                       .size = weft__size_of(type),
                       .type = type,
                       .leaf = weft__leaves()->histogram,
                       .axis = { .bins = bins },
                       .edges = edges };
    if (bins == 0)
        return n;
    check_edges(&job);
    return count_all(&job, counts);
}

#define DEFINE_TYPE(t, CODE, T)                                                              \
    size_t weft_histogram_##t(const T *x, size_t n, double low, double high, size_t *counts, \
                              size_t bins)                                                   \
    {                                                                                        \
        weft__need(x, n, "weft_histogram", "x");                                             \
        return histogram(CODE, x, n, low, high, counts, bins);                               \
    }                                                                                        \
    size_t weft_histogram_edges_##t(const T *x, size_t n, const T *edges, size_t bins,       \
                                    size_t *counts)                                          \
    {                                                                                        \
        weft__need(x, n, "weft_histogram_edges", "x");                                       \
        return histogram_edges(CODE, x, n, edges, bins, counts);                             \
    }

WEFT__TYPES(DEFINE_TYPE)
