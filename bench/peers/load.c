/* load.c - the arrays a figure works on, and whether a result is right.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every contestant gets the same arrays, from weft_alloc: huge pages and first touch are alike for
 * all. Elements are random in [0, 1), the same in every run. */
#include "peer.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

static double random_at(size_t i)
{
    uint64_t z = (i + 1) * UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (double)((z ^ z >> 31) >> 11) * 0x1p-53;
}

static double *filled(size_t n, size_t seed, bool some_negative)
{
    double *x = weft_alloc(n * sizeof *x);
    if (!x) {
        fprintf(stderr, "peers: no memory for %zu elements\n", n);
        exit(2);
    }
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < n; i++) {
        const double r = random_at(i + seed);
        x[i] = some_negative && i % 64 == 0 ? -1 - r : r;
    }
    return x;
}

work load_new(const figure *f, size_t n)
{
    work w = { .n = n, .x = filled(n, 0, f->some_negative) };
    if (f->reads_y)
        w.y = filled(n, (size_t)1 << 40, false);
    if (f->writes)
        w.out = filled(n, 0, false);
    if (f->expect)
        w.expected = f->expect(&w);
    return w;
}

void load_free(work *w)
{
    weft_dealloc((void *)w->x);
    weft_dealloc((void *)w->y);
    weft_dealloc(w->out);
}

/* So that no contestant is right by what the one before it left behind. */
void load_clear(const work *w)
{
    if (!w->out)
        return;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        w->out[i] = -7;
}

bool map_is_right(const work *w, double value)
{
    size_t wrong = 0;
    (void)value;
#pragma omp parallel for reduction(+ : wrong) num_threads(peer_threads)
    for (size_t i = 0; i < w->n; i++)
        wrong += w->out[i] != 2 * w->x[i] + 1;
    return wrong == 0;
}

/* A plain sum of 1e8 elements is off by 1e-12 or so; one element that is lost shows up to 1e9. */
bool value_is_near(const work *w, double value)
{
    return fabs(value - w->expected) <= 1e-10 * fabs(w->expected);
}
