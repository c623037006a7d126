/* statistics.c - variance, moments, extent, norm and covariance of f64, beside loops in OpenMP.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The loops take what a user would write first: sums of x and x^2, in any order, wrong with a large
 * mean; or two passes. */
#include "peer.h"

#include <math.h>

#include <weft.h>

static double omp_two_sums(const work *w)
{
    const double *x = w->x, n = (double)w->n;
    double sum = 0, squares = 0;
#pragma omp parallel for simd reduction(+ : sum, squares) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i], squares += x[i] * x[i];
    return (squares - sum * sum / n) / n;
}

static double omp_two_passes(const work *w)
{
    const double *x = w->x, n = (double)w->n;
    double sum = 0, m2 = 0;
#pragma omp parallel for simd reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i];
    const double mean = sum / n;
#pragma omp parallel for simd reduction(+ : m2) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        m2 += (x[i] - mean) * (x[i] - mean);
    return m2 / n;
}

static double omp_extent(const work *w)
{
    const double *x = w->x;
    double min = INFINITY, max = -INFINITY;
#pragma omp parallel for simd reduction(min : min) reduction(max : max) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++) {
        min = x[i] < min ? x[i] : min;
        max = x[i] > max ? x[i] : max;
    }
    return max - min;
}

static double omp_norm(const work *w)
{
    const double *x = w->x;
    double squares = 0;
#pragma omp parallel for simd reduction(+ : squares) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        squares += x[i] * x[i];
    return sqrt(squares);
}

static double omp_covariance(const work *w)
{
    const double *x = w->x, *y = w->y, n = (double)w->n;
    double sum = 0, other = 0, products = 0;
#pragma omp parallel for simd reduction(+ : sum, other, products) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i], other += y[i], products += x[i] * y[i];
    return (products - sum * other / n) / n;
}

static double weft_sum_job(const work *w) { return weft_sum(w->x, w->n); }
static double weft_dot_job(const work *w) { return weft_dot(w->x, w->y, w->n); }
static double weft_variance_job(const work *w) { return weft_variance(w->x, w->n); }
static double weft_norm_job(const work *w) { return weft_norm2(w->x, w->n); }
static double weft_covariance_job(const work *w) { return weft_covariance(w->x, w->y, w->n); }

static double weft_moments_job(const work *w)
{
    const weft_moments m = weft_statistics(w->x, w->n);
    return weft_moments_variance(&m);
}

static double weft_extent_job(const work *w)
{
    const weft_interval_f64 e = weft_extent(w->x, w->n);
    return e.max - e.min;
}

#define READ                            \
    {                                   \
        "read", limit_read, LIMIT, AVX2 \
    }

static const contestant variances[] = {
    { "omp, two sums (inaccurate)", omp_two_sums, PEER },
    { "omp, two passes", omp_two_passes, PEER },
    { "weft_sum", weft_sum_job, ASIDE },
    { "weft_variance", weft_variance_job, WEFT },
    READ,
    { 0 },
};

static const contestant moments[] = {
    { "omp, two sums (inaccurate)", omp_two_sums, PEER },
    { "weft_sum", weft_sum_job, ASIDE },
    { "weft_statistics", weft_moments_job, WEFT },
    READ,
    { 0 },
};

static const contestant extents[] = {
    { "omp parallel for simd", omp_extent, PEER },
    { "weft_sum", weft_sum_job, ASIDE },
    { "weft_extent", weft_extent_job, WEFT },
    READ,
    { 0 },
};

static const contestant norms[] = {
    { "omp parallel for simd (overflows)", omp_norm, PEER },
    { "OpenBLAS dnrm2", blas_norm2, PEER },
    { "weft_sum", weft_sum_job, ASIDE },
    { "weft_norm2", weft_norm_job, WEFT },
    READ,
    { 0 },
};

static const contestant covariances[] = {
    { "omp, three sums (inaccurate)", omp_covariance, PEER },
    { "weft_dot", weft_dot_job, ASIDE },
    { "weft_covariance", weft_covariance_job, WEFT },
    { 0 },
};

static bool nearly(const work *w, double value)
{
    return fabs(value - w->expected) <= 1e-9 * fabs(w->expected);
}

/* The covariance of independent elements is noise around 0. */
static bool nearly_0(const work *w, double value) { return fabs(value - w->expected) <= 1e-12; }

#define ARRAY        .bytes = 8, .same_bits = true, .right = nearly
#define BESIDE(name) .goal = 0.95, .base = name
enum { in_cache = 100 * 1000, in_memory = 200 * 1000 * 1000 };

static const figure figures[] = {
    { "weft_variance", in_cache, variances, ARRAY, .expect = omp_two_passes },
    { "weft_variance", in_memory, variances, BESIDE("weft_sum"), ARRAY, .expect = omp_two_passes },
    { "weft_statistics", in_cache, moments, ARRAY, .expect = omp_two_passes },
    { "weft_statistics", in_memory, moments, BESIDE("weft_sum"), ARRAY, .expect = omp_two_passes },
    { "weft_extent", in_memory, extents, BESIDE("weft_sum"), ARRAY, .expect = omp_extent },
    { "weft_norm2", in_memory, norms, BESIDE("weft_sum"), ARRAY, .expect = omp_norm },
    { "weft_covariance", in_memory, covariances, BESIDE("weft_dot"), .bytes = 16, .same_bits = true,
      .reads_y = true, .expect = omp_covariance, .right = nearly_0 },
    { 0 },
};

const topic statistics_topic = { "statistics", figures };
