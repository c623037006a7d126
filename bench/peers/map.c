/* map.c - y = 2x + 1, in cache and far beyond it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes are what must move: 8 read and 8 written an element. A store that is not streamed past the
 * cache reads its line first, 24 in all: that is where everybody loses a third. */
#include "peer.h"

#include <weft.h>

static double serial_map(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        w->out[i] = 2 * w->x[i] + 1;
    return 0;
}

static double omp_map(const work *w)
{
    const size_t n = w->n;
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < n; i++)
        y[i] = 2 * x[i] + 1;
    return 0;
}

static double weft_map_job(const work *w)
{
    const double *x = w->x;
    double *y = w->out;
    weft_map(y, i, w->n, 2 * x[i] + 1);
    return 0;
}

static const contestant maps[] = {
    { "omp parallel for", omp_map, PEER },
    { "oneTBB static", tbb_loop_static, PEER },
    { "oneTBB auto", tbb_loop_auto, PEER },
    { "std::transform par_unseq", pstl_map, PEER },
    { "gnu_parallel::transform", gnu_map, PEER },
    { "non-temporal stores by hand", hand_map_streamed, ASIDE, AVX2 },
    { "serial", serial_map, ASIDE },
    { "weft_map", weft_map_job, WEFT },
    { "copy", limit_copy, LIMIT, AVX2 },
    { "copy, non-temporal stores", limit_copy_streamed, LIMIT, AVX2 },
    { 0 },
};

#define MAP .bytes = 16, .writes = true, .right = map_is_right

static const figure figures[] = {
    { "weft_map y = 2x + 1", 1000, maps, .goal = 1, MAP },
    { "weft_map y = 2x + 1", 100 * 1000, maps, .goal = 1, MAP },
    { "weft_map y = 2x + 1", 4 * 1000 * 1000, maps, .goal = 2, MAP },
    { "weft_map y = 2x + 1", 100 * 1000 * 1000, maps, .goal = 1.3, MAP },
    { 0 },
};

const topic map_topic = { "map", figures };
