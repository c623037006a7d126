/* loop2.c - loops over two indices: a transpose, and a stencil of five points.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes are what must move: every element is read once and written once. The arrays are squares. */
#include "peer.h"

#include <math.h>

#include <weft.h>

static size_t side_of(const work *w) { return (size_t)sqrt((double)w->n); }

/* ---- transpose ---- */

#define TRANSPOSE y[j * m + i] = x[i * m + j]

static double serial_transpose(const work *w)
{
    const size_t m = side_of(w);
    const double *x = w->x;
    double *y = w->out;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            TRANSPOSE;
    return 0;
}

static double omp_transpose(const work *w)
{
    const size_t m = side_of(w);
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for collapse(2) num_threads(peer_threads)
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            TRANSPOSE;
    return 0;
}

static double rows_transpose(const work *w)
{
    const size_t m = side_of(w);
    const double *x = w->x;
    double *y = w->out;
    weft_for (i, m)
        for (size_t j = 0; j < m; j++)
            TRANSPOSE;
    return 0;
}

static double weft_transpose(const work *w)
{
    const size_t m = side_of(w);
    const double *x = w->x;
    double *y = w->out;
    weft_for2 (i, m, j, m)
        TRANSPOSE;
    return 0;
}

static bool transpose_is_right(const work *w, double value)
{
    const size_t m = side_of(w);
    size_t wrong = 0;
    (void)value;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            wrong += w->out[i * m + j] != w->x[j * m + i];
    return wrong == 0;
}

static const contestant transposes[] = {
    { "omp for collapse(2)", omp_transpose, PEER },
    { "oneTBB blocked_range2d", tbb_transpose, PEER },
    { "weft_for over rows", rows_transpose, ASIDE },
    { "serial", serial_transpose, ASIDE },
    { "weft_for2", weft_transpose, WEFT },
    { "copy", limit_copy, LIMIT, AVX2 },
    { "copy, non-temporal stores", limit_copy_streamed, LIMIT, AVX2 },
    { 0 },
};

/* ---- stencil ---- */

/* A half of the point itself, an eighth of each neighbour. */
static inline double point(const double *p, size_t m)
{
    return 0.5 * p[0] + 0.125 * (p[-(ptrdiff_t)m] + p[m] + p[-1] + p[1]);
}

static double omp_stencil(const work *w)
{
    const size_t m = side_of(w);
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for collapse(2) num_threads(peer_threads)
    for (size_t i = 1; i < m - 1; i++)
        for (size_t j = 1; j < m - 1; j++)
            y[i * m + j] = point(x + i * m + j, m);
    return 0;
}

static double omp_rows_stencil(const work *w)
{
    const size_t m = side_of(w);
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 1; i < m - 1; i++)
        for (size_t j = 1; j < m - 1; j++)
            y[i * m + j] = point(x + i * m + j, m);
    return 0;
}

static double rows_stencil(const work *w)
{
    const size_t m = side_of(w);
    const double *x = w->x;
    double *y = w->out;
    weft_for (k, m - 2)
        for (size_t j = 1; j < m - 1; j++)
            y[(k + 1) * m + j] = point(x + (k + 1) * m + j, m);
    return 0;
}

static double weft_stencil(const work *w)
{
    const size_t m = side_of(w);
    const double *x = w->x + m + 1;
    double *y = w->out + m + 1;
    weft_for2 (i, m - 2, j, m - 2)
        y[i * m + j] = point(x + i * m + j, m);
    return 0;
}

static bool stencil_is_right(const work *w, double value)
{
    const size_t m = side_of(w);
    size_t wrong = 0;
    (void)value;
    for (size_t i = 1; i < m - 1; i++)
        for (size_t j = 1; j < m - 1; j++)
            wrong += w->out[i * m + j] != point(w->x + i * m + j, m);
    return wrong == 0;
}

static const contestant stencils[] = {
    { "omp for collapse(2)", omp_stencil, PEER },
    { "omp for over rows", omp_rows_stencil, ASIDE },
    { "oneTBB blocked_range2d", tbb_stencil, PEER },
    { "weft_for over rows", rows_stencil, ASIDE },
    { "weft_for2", weft_stencil, WEFT },
    { "copy", limit_copy, LIMIT, AVX2 },
    { "copy, non-temporal stores", limit_copy_streamed, LIMIT, AVX2 },
    { 0 },
};

#define LOOP2 .bytes = 16, .goal = 1, .base = "omp for collapse(2)", .writes = true

static const figure figures[] = {
    { "transpose, 500 x 500", 500 * 500, transposes, LOOP2, .right = transpose_is_right },
    { "transpose, 4096 x 4096", 4096 * 4096, transposes, LOOP2, .right = transpose_is_right },
    { "stencil, 500 x 500", 500 * 500, stencils, LOOP2, .right = stencil_is_right },
    { "stencil, 4096 x 4096", 4096 * 4096, stencils, LOOP2, .right = stencil_is_right },
    { 0 },
};

const topic loop2_topic = { "loop2", figures };
