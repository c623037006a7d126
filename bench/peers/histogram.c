/* histogram.c - bins of equal width over [0, 1), beside private tables, atomics and reductions.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The numbers of bins are powers of two: then a product rounds to the same bin as an edge, and all
 * contestants must have the same counts. */
#include "peer.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

enum { few = 256, some = 1 << 20, many = 1 << 23 };

const double *peer_numbers; /* what is counted */
size_t *peer_counts;

static size_t *expected; /* the counts of a serial loop */
static double *numbers;

/* ---- what is counted ---- */

static double uniform_at(double x, size_t bins) { return (void)bins, x; }
static double zipf_at(double x, size_t bins)
{
    return (exp(x * log((double)bins)) - 1) / (double)bins;
}
static double equal_at(double x, size_t bins) { return (void)x, (void)bins, 0.3; }

static double make(const work *w, double at(double x, size_t bins), size_t bins)
{
    weft_dealloc(numbers), free(expected), free(peer_counts);
    numbers = weft_alloc(w->n * sizeof *numbers);
    expected = calloc(bins, sizeof *expected);
    peer_counts = malloc(bins * sizeof *peer_counts);
    if (!numbers || !expected || !peer_counts)
        abort();
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        numbers[i] = at(w->x[i], bins);
    for (size_t i = 0; i < w->n; i++)
        expected[(size_t)(numbers[i] * (double)bins)]++;
    peer_numbers = numbers;
    return (double)expected[bins / 3];
}

/* The whole table, and the one count that a job returns. */
static bool counts_are(const work *w, double value, size_t bins)
{
    const bool right = memcmp(peer_counts, expected, bins * sizeof *expected) == 0;
    memset(peer_counts, 0, bins * sizeof *peer_counts);
    return right && value == w->expected;
}

/* ---- OpenMP, and weft ---- */

static double omp_reduction_few(const work *w)
{
    const double *x = peer_numbers;
    size_t h[few] = { 0 };
#pragma omp parallel for reduction(+ : h[:few]) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        h[(size_t)(x[i] * few)]++;
    memcpy(peer_counts, h, sizeof h);
    return (double)peer_counts[few / 3];
}

static double omp_atomic(const work *w, size_t bins)
{
    const double *x = peer_numbers;
    size_t *const h = peer_counts;
    memset(h, 0, bins * sizeof *h);
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++) {
#pragma omp atomic
        h[(size_t)(x[i] * (double)bins)]++;
    }
    return (double)h[bins / 3];
}

/* What omp reduction does, with tables on the heap: those on the stack are too large for it. */
static double omp_private(const work *w, size_t bins)
{
    const double *x = peer_numbers;
    const size_t threads = (size_t)peer_threads;
    uint32_t *const table = calloc(threads * bins, sizeof *table);
    if (!table)
        return 0;
#pragma omp parallel num_threads(peer_threads)
    {
        uint32_t *mine = NULL;
#pragma omp for schedule(static, 1)
        for (size_t t = 0; t < threads; t++)
            mine = table + t * bins;
#pragma omp for
        for (size_t i = 0; i < w->n; i++)
            mine[(size_t)(x[i] * (double)bins)]++;
#pragma omp for
        for (size_t b = 0; b < bins; b++) {
            size_t sum = 0;
            for (size_t t = 0; t < threads; t++)
                sum += table[t * bins + b];
            peer_counts[b] = sum;
        }
    }
    free(table);
    return (double)peer_counts[bins / 3];
}

static double weft_equal(const work *w, size_t bins)
{
    (void)weft_histogram(peer_numbers, w->n, 0.0, 1.0, peer_counts, bins);
    return (double)peer_counts[bins / 3];
}

static double weft_of(const work *w, size_t bins)
{
    const double *x = peer_numbers, scale = (double)bins;
    (void)weft_histogram_of(peer_counts, bins, i, w->n, (size_t)(x[i] * scale));
    return (double)peer_counts[bins / 3];
}

static double serial(const work *w, size_t bins)
{
    memset(peer_counts, 0, bins * sizeof *peer_counts);
    for (size_t i = 0; i < w->n; i++)
        peer_counts[(size_t)(peer_numbers[i] * (double)bins)]++;
    return (double)peer_counts[bins / 3];
}

/* ---- the figures ---- */

#define OF(bins)                                                                      \
    static double private_##bins(const work *w) { return omp_private(w, bins); }      \
    static double atomic_##bins(const work *w) { return omp_atomic(w, bins); }        \
    static double weft_equal_##bins(const work *w) { return weft_equal(w, bins); }    \
    static double weft_of_##bins(const work *w) { return weft_of(w, bins); }          \
    static double serial_##bins(const work *w) { return serial(w, bins); }            \
    static double uniform_##bins(const work *w) { return make(w, uniform_at, bins); } \
    static double zipf_##bins(const work *w) { return make(w, zipf_at, bins); }       \
    static bool right_##bins(const work *w, double value) { return counts_are(w, value, bins); }
OF(few)
static double equal_few(const work *w) { return make(w, equal_at, few); }
OF(some)
OF(many)

#define CONTESTANTS(bins)                                                                   \
    { "oneTBB, tables of threads", tbb_histogram_##bins, PEER },                            \
        { "omp, tables of threads", private_##bins, PEER },                                 \
        { "omp atomic", atomic_##bins, ASIDE }, { "serial loop", serial_##bins, ASIDE },    \
        { "weft_histogram", weft_equal_##bins, WEFT },                                      \
        { "weft_histogram_of", weft_of_##bins, WEFT }, { "read", limit_read, LIMIT, AVX2 }, \
    {                                                                                       \
        0                                                                                   \
    }

static const contestant of_few[] = { { "omp reduction(+:h[:256])", omp_reduction_few, PEER },
                                     CONTESTANTS(few) };
static const contestant of_some[] = { CONTESTANTS(some) };
static const contestant of_many[] = { CONTESTANTS(many) };

#define FIGURE(bins, input) \
    .bytes = 8, .same_bits = true, .expect = input##_##bins, .right = right_##bins

static const figure figures[] = {
    { "weft_histogram, 256 bins", 1000, of_few, FIGURE(few, uniform) },
    { "weft_histogram, 256 bins", 100 * 1000 * 1000, of_few, .goal = 1, FIGURE(few, uniform) },
    { "weft_histogram, 256 bins, Zipf", 100 * 1000 * 1000, of_few, .goal = 1, FIGURE(few, zipf) },
    { "weft_histogram, 256 bins, equal", 100 * 1000 * 1000, of_few, .goal = 1, FIGURE(few, equal) },
    { "weft_histogram, 2^20 bins", 100 * 1000 * 1000, of_some, .goal = 1, FIGURE(some, uniform) },
    { "weft_histogram, 2^20 bins, Zipf", 100 * 1000 * 1000, of_some, .goal = 1,
      FIGURE(some, zipf) },
    { "weft_histogram, 2^23 bins", 100 * 1000 * 1000, of_many, .goal = 2, FIGURE(many, uniform) },
    { "weft_histogram, 2^23 bins, Zipf", 100 * 1000 * 1000, of_many, FIGURE(many, zipf) },
    { 0 },
};

const topic histogram_topic = { "histogram", figures };
