/* exact.c - the correctly rounded sum and dot product, beside the plain ones.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * No peer of the table rounds correctly; long double is what users take instead, and is not exact. */
#include "peer.h"

#include <weft.h>

static double long_double_sum(const work *w)
{
    const double *x = w->x;
    long double sum = 0;
#pragma omp parallel for reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += x[i];
    return (double)sum;
}

static double plain_sum(const work *w) { return weft_sum(w->x, w->n); }
static double exact_sum(const work *w) { return weft_sum_exact(w->x, w->n); }

/* Elements are multiples of 2^-53 below 1: whole numbers hold their sum. */
static double right_exact(const work *w)
{
    unsigned __int128 sum = 0;
    for (size_t i = 0; i < w->n; i++)
        sum += (unsigned __int128)(w->x[i] * 0x1p53);
    return (double)sum * 0x1p-53;
}

static double long_double_dot(const work *w)
{
    const double *x = w->x, *y = w->y;
    long double sum = 0;
#pragma omp parallel for reduction(+ : sum) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        sum += (long double)x[i] * y[i];
    return (double)sum;
}

static double plain_dot(const work *w) { return weft_dot(w->x, w->y, w->n); }
static double exact_dot(const work *w) { return weft_dot_exact(w->x, w->y, w->n); }

/* Their products are multiples of 2^-106: the whole and the fraction of 2^-53 are summed apart. */
static double right_exact_dot(const work *w)
{
    unsigned __int128 above = 0, below = 0;
    for (size_t i = 0; i < w->n; i++) {
        const unsigned __int128 p =
            (unsigned __int128)(w->x[i] * 0x1p53) * (unsigned __int128)(w->y[i] * 0x1p53);
        above += p >> 53, below += p & ((UINT64_C(1) << 53) - 1);
    }
    above += below >> 53, below &= (UINT64_C(1) << 53) - 1;
    return (double)((above << 1) + (below != 0)) * 0x1p-54; /* one sticky bit */
}

static const contestant sums[] = {
    { "omp, long double", long_double_sum, PEER },
    { "weft_sum, not exact", plain_sum, ASIDE },
    { "weft_sum_exact", exact_sum, WEFT },
    { "read", limit_read, LIMIT, AVX2 },
    { 0 },
};

static const contestant dots[] = {
    { "omp, long double", long_double_dot, PEER },
    { "weft_dot, not exact", plain_dot, ASIDE },
    { "weft_dot_exact", exact_dot, WEFT },
    { 0 },
};

static bool nearly(const work *w, double value)
{
    const double error = value - w->expected; /* long double may be off by its last bits */
    return error <= 1e-15 * w->expected && -error <= 1e-15 * w->expected;
}

#define EXACT .bytes = 8, .same_bits = true, .expect = right_exact, .right = nearly
#define EXACT_DOT \
    .bytes = 16, .same_bits = true, .expect = right_exact_dot, .right = nearly, .reads_y = true

static const figure figures[] = {
    { "weft_sum_exact", 100 * 1000, sums, EXACT },
    { "weft_sum_exact", 200 * 1000 * 1000, sums, .goal = 0.5, .base = "weft_sum, not exact",
      EXACT },
    { "weft_dot_exact", 100 * 1000, dots, EXACT_DOT },
    { "weft_dot_exact", 200 * 1000 * 1000, dots, .goal = 0.5, .base = "weft_dot, not exact",
      EXACT_DOT },
    { 0 },
};

const topic exact_topic = { "exact", figures };
