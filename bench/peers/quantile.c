/* quantile.c - the median and nine deciles of f64, beside selection in C++.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * std::nth_element moves elements, so that it works on a fresh copy, made before its time begins;
 * weft reads x. */
#include "peer.h"

#include <math.h>
#include <string.h>

#include <weft.h>

static void copy_of_x(const work *w) { memcpy(w->out, w->x, w->n * sizeof *w->x); }

static double weft_median_job(const work *w) { return weft_median(w->x, w->n); }

static double weft_deciles_job(const work *w)
{
    static const double p[] = { 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9 };
    double out[9];
    weft_quantiles(w->x, w->n, p, 9, out);
    return out[4];
}

static double weft_sort_job(const work *w)
{
    weft_sort(w->out, w->n);
    return (w->out[(w->n - 1) / 2] + w->out[w->n / 2]) / 2;
}

static double weft_sum_job(const work *w) { return weft_sum(w->x, w->n); }

static double right_median(const work *w)
{
    copy_of_x(w);
    return weft_sort_job(w);
}

static bool is_median(const work *w, double value) { return fabs(value - w->expected) <= 1e-15; }

#define PEERS                                                                              \
    { "gnu_parallel::nth_element", gnu_median, PEER, .prepare = copy_of_x },               \
        { "std::nth_element, this thread alone", std_median, PEER, .prepare = copy_of_x }, \
        { "std::nth_element par_unseq", pstl_median, PEER, .prepare = copy_of_x },         \
        { "weft_sort", weft_sort_job, ASIDE, .prepare = copy_of_x },                       \
    {                                                                                      \
        "weft_sum", weft_sum_job, ASIDE                                                    \
    }

static const contestant medians[] = {
    PEERS,
    { "weft_median", weft_median_job, WEFT },
    { "read", limit_read, LIMIT, AVX2 },
    { 0 },
};

static const contestant deciles[] = {
    PEERS,
    { "weft_quantiles, 9", weft_deciles_job, WEFT },
    { "read", limit_read, LIMIT, AVX2 },
    { 0 },
};

#define MEDIAN .bytes = 8, .writes = true, .expect = right_median, .right = is_median

static const figure figures[] = {
    { "weft_median", 100 * 1000, medians, MEDIAN },
    { "weft_median", 20 * 1000 * 1000, medians, MEDIAN },
    { "weft_quantiles, 9", 20 * 1000 * 1000, deciles, MEDIAN },
    { 0 },
};

const topic quantile_topic = { "quantile", figures };
