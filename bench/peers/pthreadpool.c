/* pthreadpool.c - the pool of the neural network libraries.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <pthreadpool.h>

static pthreadpool_t pool;

void pthreadpool_setup(int threads) { pool = pthreadpool_create((size_t)threads); }

static void loop_tile(void *ctx, size_t begin, size_t n)
{
    const work *w = ctx;
    const double *x = w->x;
    double *y = w->out;
    for (size_t i = begin; i < begin + n; i++)
        y[i] = 2 * x[i] + 1;
}

static void dynamic_item(void *ctx, size_t i)
{
    const work *w = ctx;
    if (w->x[i] < 0)
        w->out[i] = 2 * w->x[i] + 1;
}

double pthreadpool_loop(const work *w)
{
    const size_t tile = w->n / (size_t)peer_threads + 1;
    pthreadpool_parallelize_1d_tile_1d(pool, loop_tile, (void *)w, w->n, tile, 0);
    return 0;
}

double pthreadpool_dynamic(const work *w)
{
    pthreadpool_parallelize_1d(pool, dynamic_item, (void *)w, w->n, 0);
    return 0;
}
