/* gather.c - f64 at random indices, of an array in memory and of one in the last cache.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The indices, of 64 bits, stand in y. Bytes are what must move: an index is read, an element is read
 * in a line of 64, and an element is written. */
#include "peer.h"

#include <stdint.h>

#include <weft.h>

size_t gather_count; /* elements that are picked */

/* ---- indices: in y, made from its numbers in [0, 1) ---- */

static double choose(const work *w, size_t count, size_t from)
{
    uint64_t *const index = (uint64_t *)w->y;
    gather_count = count;
    for (size_t k = 0; k < count; k++)
        index[k] = (uint64_t)(w->y[k] * (double)from);
    return 0;
}

static double a_tenth_of_all(const work *w) { return choose(w, w->n / 10, w->n); }
static double all_of_a_tenth(const work *w) { return choose(w, w->n, w->n / 10); }

/* Each index once, in a random order, as a sort finds it. */
static double permutation(const work *w)
{
    gather_count = w->n;
    weft_argsort((const double *)w->y, w->n, (size_t *)w->out);
    weft_copy((uint64_t *)w->y, (const uint64_t *)w->out, w->n);
    return 0;
}

/* ---- gather ---- */

static double serial_gather(const work *w)
{
    const uint64_t *index = (const uint64_t *)w->y;
    for (size_t k = 0; k < gather_count; k++)
        w->out[k] = w->x[index[k]];
    return 0;
}

static double omp_gather(const work *w)
{
    const uint64_t *index = (const uint64_t *)w->y;
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t k = 0; k < gather_count; k++)
        y[k] = x[index[k]];
    return 0;
}

static double weft_gather_job(const work *w)
{
    weft_gather(w->out, w->x, (const uint64_t *)w->y, gather_count);
    return 0;
}

static bool gather_is_right(const work *w, double value)
{
    const uint64_t *index = (const uint64_t *)w->y;
    size_t wrong = 0;
    (void)value;
    for (size_t k = 0; k < gather_count; k++)
        wrong += w->out[k] != w->x[index[k]];
    return wrong == 0;
}

static const contestant gathers[] = {
    { "omp parallel for", omp_gather, PEER },          { "oneTBB static", tbb_gather, PEER },
    { "std::transform par_unseq", pstl_gather, PEER }, { "serial", serial_gather, ASIDE },
    { "weft_gather", weft_gather_job, WEFT },          { 0 },
};

/* ---- scatter ---- */

static double serial_scatter(const work *w)
{
    const uint64_t *index = (const uint64_t *)w->y;
    for (size_t k = 0; k < gather_count; k++)
        w->out[index[k]] = w->x[k];
    return 0;
}

static double omp_scatter(const work *w)
{
    const uint64_t *index = (const uint64_t *)w->y;
    const double *x = w->x;
    double *y = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t k = 0; k < gather_count; k++)
        y[index[k]] = x[k];
    return 0;
}

static double weft_scatter_job(const work *w)
{
    weft_scatter(w->out, w->x, (const uint64_t *)w->y, gather_count);
    return 0;
}

static bool scatter_is_right(const work *w, double value)
{
    const uint64_t *index = (const uint64_t *)w->y;
    size_t wrong = 0;
    (void)value;
    for (size_t k = 0; k < gather_count; k++)
        wrong += w->out[index[k]] != w->x[k];
    return wrong == 0;
}

static const contestant scatters[] = {
    { "omp parallel for", omp_scatter, PEER },
    { "serial", serial_scatter, PEER },
    { "weft_scatter", weft_scatter_job, WEFT },
    { 0 },
};

#define GATHER  .reads_y = true, .writes = true, .right = gather_is_right
#define SCATTER .reads_y = true, .writes = true, .expect = permutation, .right = scatter_is_right

static const figure figures[] = {
    { "weft_gather, all of 1e4", 100 * 1000, gathers, .goal = 1, .expect = all_of_a_tenth, GATHER },
    { "weft_gather, all of 1e6", 10 * 1000 * 1000, gathers, .goal = 1, .expect = all_of_a_tenth,
      GATHER },
    { "weft_gather, a tenth of 1e8", 100 * 1000 * 1000, gathers, .goal = 1,
      .expect = a_tenth_of_all, GATHER },
    { "weft_scatter", 10 * 1000, scatters, .goal = 1, SCATTER },
    { "weft_scatter", 100 * 1000, scatters, .goal = 1, SCATTER },
    { "weft_scatter", 1000 * 1000, scatters, .goal = 1, SCATTER },
    { "weft_scatter", 20 * 1000 * 1000, scatters, .goal = 1, SCATTER },
    { 0 },
};

const topic gather_topic = { "gather", figures };
