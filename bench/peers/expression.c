/* expression.c - a sum over an expression, written where it is used.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The expression is compiled with the user's flags. So weft's side is built twice, as it is and with
 * -ffast-math (expression_sums.c), and both must give the same bits. */
#include "peer.h"

#include <weft.h>

static double omp_simd_sum_of(const work *w)
{
    const double *x = w->x;
    double sum = 0;
#pragma omp parallel for simd reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i];
    return sum;
}

static double omp_simd_dot_of(const work *w)
{
    const double *x = w->x, *y = w->y;
    double sum = 0;
#pragma omp parallel for simd reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i] * y[i];
    return sum;
}

static double right_sum_of(const work *w)
{
    long double sum = 0;
    for (size_t i = 0; i < w->n; i++)
        sum += w->x[i];
    return (double)sum;
}

static double right_dot_of(const work *w)
{
    long double sum = 0;
    for (size_t i = 0; i < w->n; i++)
        sum += (long double)w->x[i] * w->y[i];
    return (double)sum;
}

static const contestant sums_of[] = {
    { "omp parallel for simd", omp_simd_sum_of, PEER },
    { "oneTBB reduce", tbb_sum, PEER },
    { "std::reduce par_unseq", pstl_sum, PEER },
    { "weft_sum_of", sum_of_plain, WEFT },
    { "weft_sum_of, -ffast-math", sum_of_fast, WEFT },
    { "read", limit_read, LIMIT, AVX2 },
    { 0 },
};

static const contestant dots_of[] = {
    { "omp parallel for simd", omp_simd_dot_of, PEER },    { "oneTBB reduce", tbb_dot, PEER },
    { "std::transform_reduce par_unseq", pstl_dot, PEER }, { "weft_sum_of", dot_of_plain, WEFT },
    { "weft_sum_of, -ffast-math", dot_of_fast, WEFT },     { 0 },
};

#define OF .goal = 0.9, .base = "omp parallel for simd", .same_bits = true, .right = value_is_near

static const figure figures[] = {
    { "weft_sum_of x[i]", 100 * 1000, sums_of, .bytes = 8, .expect = right_sum_of, OF },
    { "weft_sum_of x[i] * y[i]", 100 * 1000, dots_of, .bytes = 16, .reads_y = true,
      .expect = right_dot_of, OF },
    { 0 },
};

const topic expression_topic = { "expression", figures };
