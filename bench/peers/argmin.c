/* argmin.c - the index of the smallest f64.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * OpenMP has no such reduction; a user writes one, as here. */
#include "peer.h"

#include <weft.h>

typedef struct best {
    double value;
    size_t index;
} best;

static inline best smaller(best a, best b)
{
    return b.value < a.value || (b.value == a.value && b.index < a.index) ? b : a;
}

#pragma omp declare reduction(smallest:best                         \
                              : omp_out = smaller(omp_out, omp_in)) \
    initializer(omp_priv = omp_orig)

static double omp_argmin(const work *w)
{
    const double *x = w->x;
    best b = { x[0], 0 };
#pragma omp parallel for reduction(smallest : b) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        if (x[i] < b.value)
            b = (best){ x[i], i };
    return (double)b.index;
}

static double weft_argmin_job(const work *w) { return (double)weft_argmin(w->x, w->n); }

static double right_argmin(const work *w)
{
    size_t at = 0;
    for (size_t i = 1; i < w->n; i++)
        if (w->x[i] < w->x[at])
            at = i;
    return (double)at;
}

static bool is_index(const work *w, double value) { return value == w->expected; }

static const contestant argmins[] = {
    { "omp reduction of the user's", omp_argmin, PEER },
    { "std::min_element par_unseq", pstl_argmin, PEER },
    { "oneTBB reduce", tbb_argmin, PEER },
    { "gnu_parallel::min_element", gnu_argmin, PEER },
    { "OpenBLAS idamin", blas_argmin, PEER },
    { "weft_argmin", weft_argmin_job, WEFT },
    { "read", limit_read, LIMIT, AVX2 },
    { 0 },
};

#define ARGMIN                                                                                    \
    .bytes = 8, .same_bits = true, .base = "omp reduction of the user's", .expect = right_argmin, \
    .right = is_index

static const figure figures[] = {
    { "weft_argmin", 100 * 1000, argmins, ARGMIN },
    { "weft_argmin", 200 * 1000 * 1000, argmins, .goal = 3, ARGMIN },
    { 0 },
};

const topic argmin_topic = { "argmin", figures };
