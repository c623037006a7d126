/* copy.c - copies and fills f64, in cache and far beyond it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes are what must move: 16 an element of a copy, 8 of a fill. */
#include "peer.h"

#include <string.h>

#include <weft.h>

/* ---- copy ---- */

static double memcpy_job(const work *w)
{
    memcpy(w->out, w->x, w->n * sizeof *w->x);
    return 0;
}

static double omp_copy(const work *w)
{
    const size_t n = w->n;
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < n; i++)
        y[i] = x[i];
    return 0;
}

static double weft_copy_job(const work *w)
{
    weft_copy(w->out, w->x, w->n);
    return 0;
}

static bool copy_is_right(const work *w, double value)
{
    (void)value;
    return memcmp(w->out, w->x, w->n * sizeof *w->x) == 0;
}

static const contestant copies[] = {
    { "memcpy, one thread", memcpy_job, PEER },
    { "omp parallel for", omp_copy, PEER },
    { "oneTBB static", tbb_copy, PEER },
    { "std::copy par_unseq", pstl_copy, PEER },
    { "weft_copy", weft_copy_job, WEFT },
    { "copy", limit_copy, LIMIT, AVX2 },
    { "copy, non-temporal stores", limit_copy_streamed, LIMIT, AVX2 },
    { 0 },
};

/* ---- fill ---- */

static const double filling = 2.5;

static double serial_fill(const work *w)
{
    double *y = w->out;
    for (size_t i = 0; i < w->n; i++)
        y[i] = filling;
    return 0;
}

static double omp_fill(const work *w)
{
    const size_t n = w->n;
    double *y = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < n; i++)
        y[i] = filling;
    return 0;
}

static double weft_fill_job(const work *w)
{
    weft_fill(w->out, w->n, filling);
    return 0;
}

static bool fill_is_right(const work *w, double value)
{
    (void)value;
    size_t wrong = 0;
    for (size_t i = 0; i < w->n; i++)
        wrong += w->out[i] != filling;
    return wrong == 0;
}

static const contestant fills[] = {
    { "serial", serial_fill, PEER },
    { "omp parallel for", omp_fill, PEER },
    { "oneTBB static", tbb_fill, PEER },
    { "std::fill par_unseq", pstl_fill, PEER },
    { "weft_fill", weft_fill_job, WEFT },
    { "fill, non-temporal stores", limit_fill_streamed, LIMIT, AVX2 },
    { 0 },
};

#define COPY .bytes = 16, .writes = true, .right = copy_is_right
#define FILL .bytes = 8, .writes = true, .right = fill_is_right

static const figure figures[] = {
    { "weft_copy", 1000, copies, COPY },
    { "weft_copy", 100 * 1000, copies, .base = "memcpy, one thread", .goal = 1, COPY },
    { "weft_copy", 100 * 1000 * 1000, copies, .base = "omp parallel for", .goal = 1.5, COPY },
    { "weft_fill", 1000, fills, FILL },
    { "weft_fill", 100 * 1000, fills, .base = "serial", .goal = 1, FILL },
    { "weft_fill", 100 * 1000 * 1000, fills, .base = "omp parallel for", .goal = 1.5, FILL },
    { 0 },
};

const topic copy_topic = { "copy", figures };
