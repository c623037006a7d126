/* loop.c - parallel loops: fork and join, equal shares, one iteration at a time.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "peer.h"

#include <weft.h>

static double omp_empty(const work *w)
{
    (void)w;
#pragma omp parallel num_threads(peer_threads)
    __asm__ volatile("");
    return 0;
}

static double weft_empty(const work *w)
{
    weft_for (i, w->n)
        __asm__ volatile("");
    return 0;
}

static double serial_loop(const work *w)
{
    for (size_t i = 0; i < w->n; i++)
        w->out[i] = 2 * w->x[i] + 1;
    return 0;
}

static double omp_loop(const work *w)
{
    const size_t n = w->n;
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < n; i++)
        y[i] = 2 * x[i] + 1;
    return 0;
}

static double weft_loop(const work *w)
{
    const size_t n = w->n;
    const double *x = w->x;
    double *y = w->out;
    weft_for (i, n)
        y[i] = 2 * x[i] + 1;
    return 0;
}

/* One element in 64 is negative and is written, the others are only looked at: dense writes would
 * time how the threads fight for cache lines, not how the iterations are handed out. */
static double omp_dynamic(const work *w)
{
    const size_t n = w->n;
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for num_threads(peer_threads) schedule(dynamic, 1)
    for (size_t i = 0; i < n; i++)
        if (x[i] < 0)
            y[i] = 2 * x[i] + 1;
    return 0;
}

static double weft_dynamic(const work *w)
{
    const size_t n = w->n;
    const double *x = w->x;
    double *y = w->out;
    weft_for_dynamic (i, n)
        if (x[i] < 0)
            y[i] = 2 * x[i] + 1;
    return 0;
}

static bool dynamic_is_right(const work *w, double value)
{
    (void)value;
    for (size_t i = 0; i < w->n; i++)
        if (w->out[i] != (w->x[i] < 0 ? 2 * w->x[i] + 1 : -7))
            return false;
    return true;
}

static bool nothing_to_check(const work *w, double value)
{
    (void)w, (void)value;
    return true;
}

enum { trips = 1000 }; /* that one run of limit_round_trip makes */

static const contestant empties[] = {
    { "omp parallel", omp_empty, PEER },
    { "weft_for", weft_empty, WEFT },
    { "cache line there and back", limit_round_trip, LIMIT, .calls = trips },
    { 0 },
};

static const contestant loops[] = {
    { "omp parallel for", omp_loop, PEER },
    { "oneTBB static", tbb_loop_static, PEER },
    { "oneTBB auto", tbb_loop_auto, PEER },
    { "pthreadpool", pthreadpool_loop, PEER },
    { "serial", serial_loop, ASIDE },
    { "weft_for", weft_loop, WEFT },
    { 0 },
};

static const contestant dynamics[] = {
    { "omp schedule(dynamic, 1)", omp_dynamic, PEER },
    { "oneTBB simple, grain 1", tbb_loop_dynamic, PEER },
    { "pthreadpool", pthreadpool_dynamic, PEER },
    { "weft_for_dynamic", weft_dynamic, WEFT },
    { 0 },
};

#define LOOP .base = "omp parallel for", .goal = 0.95, .writes = true, .right = map_is_right

static const figure figures[] = {
    { "fork and join, empty body", 2, empties, .right = nothing_to_check },
    { "weft_for y = 2x + 1", 1, loops, LOOP },
    { "weft_for y = 2x + 1", 1000, loops, LOOP },
    { "weft_for y = 2x + 1", 100 * 1000, loops, LOOP },
    { "weft_for_dynamic, tiny iterations", 100 * 1000, dynamics, .goal = 3, .writes = true,
      .base = "omp schedule(dynamic, 1)", .some_negative = true, .right = dynamic_is_right },
    { 0 },
};

const topic loop_topic = { "loop", figures };
