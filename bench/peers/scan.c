/* scan.c - inclusive prefix sum of f64, in cache and beyond.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes are what must move: 8 read and 8 written an element. weft is asked for more than the others: the
 * same bits on every number of threads. */
#include "peer.h"

#include <math.h>

#include <weft.h>

static double serial_scan(const work *w)
{
    double sum = 0;
    for (size_t i = 0; i < w->n; i++)
        w->out[i] = sum += w->x[i];
    return sum;
}

/* gcc takes its own copy of the sum for uninitialised. */
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#if !defined __clang__ /* libomp keeps as many elements on the stack */
static double omp_scan(const work *w)
{
    const size_t n = w->n;
    const double *x = w->x;
    double *out = w->out, sum = 0;
#pragma omp parallel for reduction(inscan, + : sum) num_threads(peer_threads)
    for (size_t i = 0; i < n; i++) {
        sum += x[i];
#pragma omp scan inclusive(sum)
        out[i] = sum;
    }
    return sum;
}
#else
static job *const omp_scan = NULL;
#endif

static double weft_scan_job(const work *w) { return weft_scan_inclusive(w->x, w->out, w->n); }

static double weft_scan_of_job(const work *w)
{
    return weft_scan_inclusive_of(w->out, i, w->n, w->x[i]);
}

static double right_total(const work *w)
{
    long double sum = 0;
    for (size_t i = 0; i < w->n; i++)
        sum += w->x[i];
    return (double)sum;
}

static bool scan_is_right(const work *w, double value)
{
    long double sum = 0;
    size_t wrong = 0;
    for (size_t i = 0; i < w->n; i++) {
        sum += w->x[i];
        wrong += !(fabsl(w->out[i] - sum) <= 1e-10L * sum);
    }
    return wrong == 0 && value == w->out[w->n - 1];
}

static const contestant scans[] = {
    { "omp parallel for, inscan", omp_scan, PEER },
    { "oneTBB parallel_scan", tbb_scan, PEER },
    { "std::inclusive_scan par_unseq", pstl_scan, PEER },
    { "gnu_parallel::partial_sum", gnu_scan, PEER },
    { "serial", serial_scan, ASIDE },
    { "weft_scan_inclusive", weft_scan_job, WEFT },
    { "weft_scan_inclusive_of", weft_scan_of_job, WEFT },
    { "copy", limit_copy, LIMIT, AVX2 },
    { "copy, non-temporal stores", limit_copy_streamed, LIMIT, AVX2 },
    { 0 },
};

#define SCAN \
    .bytes = 16, .writes = true, .same_bits = true, .expect = right_total, .right = scan_is_right

static const figure figures[] = {
    { "weft_scan_inclusive", 1000, scans, SCAN },
    { "weft_scan_inclusive", 100 * 1000, scans, .goal = 2.5, SCAN },
    { "weft_scan_inclusive", 10 * 1000 * 1000, scans, .goal = 2, SCAN },
    { "weft_scan_inclusive", 200 * 1000 * 1000, scans, .goal = 2, SCAN },
    { 0 },
};

const topic scan_topic = { "scan", figures };
