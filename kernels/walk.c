/* walk.c - random walks: n walkers take normal steps along a line, as a particle in a fluid does.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Step k of walker w is the normal number w steps + k. A walker adds its steps up in order, so where it
 * ends has the same bits whoever walks it, and is compared with ==. The ends have mean 0 and variance
 * `steps`; the furthest point to the right has, by reflection, the mean root(2 steps / pi), less what
 * a path in steps misses of it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "digest.h"
#include "kernel.h"

enum { seed = 271828, steps = 512 };

typedef struct walker {
    double end, furthest;
} walker;

static void take(walker *w, double step)
{
    w->end += step;
    w->furthest = w->end > w->furthest ? w->end : w->furthest;
}

static walker walk(size_t who)
{
    const weft_random r = weft_random_seed(seed);
    walker w = { 0, 0 };
    double step[steps];
    weft_fill_normal(step, steps, &r, .first = who * steps);
    for (size_t k = 0; k < steps; k++)
        take(&w, step[k]);
    return w;
}

static bool walk_open(job *j)
{
    walker *crowd = j->data = weft_alloc(j->n * sizeof *crowd);
    if (!crowd)
        return complain("walk: %s", weft_detail());
    weft_for (i, j->n)
        crowd[i] = (walker){ 0, 0 };
    j->items = j->flops = (double)steps * (double)j->n;
    return true;
}

void walk_run(job *j)
{
    walker *crowd = j->data;
    weft_for (who, j->n)
        crowd[who] = walk(who);
}

void walk_omp_run(job *j)
{
    walker *crowd = j->data;
    const size_t n = j->n;
#pragma omp parallel for schedule(static) num_threads(weft_threads())
    for (size_t who = 0; who < n; who++)
        crowd[who] = walk(who);
}

/* By index, one step at a time. */
static walker walk_slowly(size_t who)
{
    const weft_random r = weft_random_seed(seed);
    walker w = { 0, 0 };
    for (size_t k = 0; k < steps; k++)
        take(&w, weft_normal(&r, who * steps + k));
    return w;
}

static bool walk_check(job *j)
{
    const walker *crowd = j->data;
    double squares = 0, furthest = 0;
    uint64_t digest = digest_of_nothing;
    for (size_t i = 0; i < j->n; i++) {
        const walker gold = walk_slowly(i);
        if (crowd[i].end != gold.end || crowd[i].furthest != gold.furthest)
            return complain(
                "walk: walker %zu ends at %.17g, %.17g at most: it must be %.17g, %.17g", i,
                crowd[i].end, crowd[i].furthest, gold.end, gold.furthest);
        squares += gold.end * gold.end, furthest += gold.furthest;
        digest = digest_f64(digest, &gold.end, 1);
    }
    printf("walk: %zu walkers of %d steps, mean square %.6f, mean furthest %.6f, digest %016llx\n",
           j->n, steps, squares / (double)j->n, furthest / (double)j->n,
           (unsigned long long)digest);
    return true;
}

/* 1: one walker ends a last bit off. 2: one is said to have been where it was not. */
static void walk_spoil(job *j, size_t way)
{
    walker *w = (walker *)j->data + j->n / 2;
    double *x = way == 1 ? &w->end : &w->furthest;
    *x = nextafter(*x, INFINITY);
}

static void walk_close(job *j) { weft_dealloc(j->data); }

const problem walk_problem = { .name = "walk",
                               .unit = "walkers",
                               .item = "steps",
                               .n = 1 << 14,
                               .each = sizeof(walker),
                               .open = walk_open,
                               .check = walk_check,
                               .spoil = walk_spoil,
                               .ways = 2,
                               .close = walk_close };
