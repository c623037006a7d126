/* sum.c - sum and dot product of f64, in cache and beyond.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * weft is asked for more than the others: the same bits on every number of threads. */
#include "peer.h"

#include <weft.h>

static double omp_sum(const work *w)
{
    const double *x = w->x;
    double sum = 0;
#pragma omp parallel for reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i];
    return sum;
}

static double omp_simd_sum(const work *w)
{
    const double *x = w->x;
    double sum = 0;
#pragma omp parallel for simd reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i];
    return sum;
}

static double weft_sum_job(const work *w) { return weft_sum(w->x, w->n); }

static double omp_dot(const work *w)
{
    const double *x = w->x, *y = w->y;
    double sum = 0;
#pragma omp parallel for reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i] * y[i];
    return sum;
}

static double omp_simd_dot(const work *w)
{
    const double *x = w->x, *y = w->y;
    double sum = 0;
#pragma omp parallel for simd reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i] * y[i];
    return sum;
}

static double weft_dot_job(const work *w) { return weft_dot(w->x, w->y, w->n); }

static double right_sum(const work *w)
{
    long double sum = 0;
#pragma omp parallel for reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += w->x[i];
    return (double)sum;
}

static double right_dot(const work *w)
{
    long double sum = 0;
#pragma omp parallel for reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += (long double)w->x[i] * w->y[i];
    return (double)sum;
}

static const contestant sums[] = {
    { "omp parallel for", omp_sum, PEER },
    { "omp parallel for simd", omp_simd_sum, PEER },
    { "AVX-512 by hand", hand512_sum, PEER, AVX512 },
    { "AVX2 by hand", hand256_sum, PEER, AVX2 },
    { "AVX-512 by hand, this thread alone", hand512_sum_inline, ASIDE, AVX512 },
    { "AVX2 by hand, this thread alone", hand256_sum_inline, ASIDE, AVX2 },
    { "oneTBB reduce", tbb_sum, PEER },
    { "oneTBB deterministic, grain 4096", tbb_sum_deterministic, PEER },
    { "std::reduce par_unseq", pstl_sum, PEER },
    { "gnu_parallel::accumulate", gnu_sum, PEER },
    { "OpenBLAS dasum", blas_sum, PEER },
    { "weft_sum", weft_sum_job, WEFT },
    { "read", limit_read, LIMIT, AVX2 },
    { 0 },
};

static const contestant dots[] = {
    { "omp parallel for", omp_dot, PEER },
    { "omp parallel for simd", omp_simd_dot, PEER },
    { "AVX-512 by hand", hand512_dot, PEER, AVX512 },
    { "AVX2 by hand", hand256_dot, PEER, AVX2 },
    { "oneTBB reduce", tbb_dot, PEER },
    { "std::transform_reduce par_unseq", pstl_dot, PEER },
    { "gnu_parallel::inner_product", gnu_dot, PEER },
    { "OpenBLAS ddot", blas_dot, PEER },
    { "weft_dot", weft_dot_job, WEFT },
    { 0 },
};

#define SUM .bytes = 8, .same_bits = true, .expect = right_sum, .right = value_is_near
#define DOT \
    .bytes = 16, .same_bits = true, .expect = right_dot, .right = value_is_near, .reads_y = true
#define HAND .base = "AVX-512 by hand", .spare = "AVX2 by hand"
#define SIMD .base = "omp parallel for simd"

static const figure figures[] = {
    { "weft_sum", 1000, sums, .at_most = 60e-9, SIMD, SUM },
    { "weft_sum", 100 * 1000, sums, .goal = 2, SIMD, SUM },
    { "weft_sum", 200 * 1000 * 1000, sums, .goal = 0.97, HAND, SUM },
    { "weft_dot", 100 * 1000, dots, HAND, DOT },
    { "weft_dot", 200 * 1000 * 1000, dots, .goal = 0.97, HAND, DOT },
    { 0 },
};

const topic sum_topic = { "sum", figures };
