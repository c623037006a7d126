/* triad.c - a = b + 3c, the loop of STREAM.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * STREAM's own loop, arrays of 1 GiB, compiled with the flags of everything here. */
#include "peer.h"

#include <weft.h>

static double stream_triad(const work *w)
{
    const size_t n = w->n;
    const double *b = w->x, *c = w->y, scalar = 3;
    double *a = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t j = 0; j < n; j++)
        a[j] = b[j] + scalar * c[j];
    return 0;
}

static double weft_triad(const work *w)
{
    const double *b = w->x, *c = w->y;
    double *a = w->out;
    weft_map(a, i, w->n, b[i] + 3 * c[i]);
    return 0;
}

static bool triad_is_right(const work *w, double value)
{
    size_t wrong = 0;
    (void)value;
#pragma omp parallel for reduction(+ : wrong) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        wrong += w->out[i] != w->x[i] + 3 * w->y[i];
    return wrong == 0;
}

static const contestant triads[] = {
    { "STREAM", stream_triad, PEER },
    { "oneTBB static", tbb_triad, PEER },
    { "std::transform par_unseq", pstl_triad, PEER },
    { "gnu_parallel::transform", gnu_triad, PEER },
    { "weft_map", weft_triad, WEFT },
    { "non-temporal stores by hand", hand_triad_streamed, LIMIT, AVX2 },
    { 0 },
};

static const figure figures[] = {
    { "triad a = b + 3c", (size_t)1 << 27, triads, .bytes = 24, .base = "STREAM", .goal = 1.5,
      .reads_y = true, .writes = true, .right = triad_is_right },
    { 0 },
};

const topic triad_topic = { "triad", figures };
