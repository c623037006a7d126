/* pi.c - pi by Monte Carlo: how many random points of a square lie in a quarter of a circle.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Point i is the 64 bits of item i: x above, y below. It is inside when x x + y y < 2^64, in whole
 * numbers, so the answer is compared with ==. Points are drawn a tile at a time: eight blocks of Philox
 * go through the vectors at once, where calls by index make one. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"

enum { seed = 314159, tile = 2048 };

static bool is_inside(uint64_t point)
{
    const uint64_t x = point >> 32, y = point & 0xffffffff;
    return !__builtin_add_overflow(x * x, y * y, &(uint64_t){ 0 });
}

/* Of the points begin to end - 1, at most a tile. */
static size_t hits_of(size_t begin, size_t end)
{
    const weft_random r = weft_random_seed(seed);
    uint64_t point[tile];
    size_t hits = 0;
    weft_fill_random(point, end - begin, &r, .first = begin);
    for (size_t k = 0; k < end - begin; k++)
        hits += is_inside(point[k]);
    return hits;
}

static size_t tile_end(size_t begin, size_t n) { return n - begin < tile ? n : begin + tile; }

static bool pi_open(job *j)
{
    j->data = calloc(1, sizeof(size_t));
    return j->data || complain("pi: no memory for one number");
}

static void fold_hits(void *acc, weft_range range, void *ctx)
{
    (void)ctx;
    for (size_t i = range.begin; i < range.end; i = tile_end(i, range.end))
        *(size_t *)acc += hits_of(i, tile_end(i, range.end));
}

static void merge_hits(void *into, const void *from) { *(size_t *)into += *(const size_t *)from; }

void pi_run(job *j)
{
    size_t *hits = j->data;
    *hits = 0;
    weft_reduce(j->n, hits, sizeof *hits, fold_hits, merge_hits, NULL);
}

void pi_omp_run(job *j)
{
    const size_t n = j->n;
    size_t hits = 0;
#pragma omp parallel for schedule(static) reduction(+ : hits) num_threads(weft_threads())
    for (size_t i = 0; i < n; i += tile)
        hits += hits_of(i, tile_end(i, n));
    *(size_t *)j->data = hits;
}

/* By index, one point at a time. */
static bool pi_check(job *j)
{
    const weft_random r = weft_random_seed(seed);
    size_t gold = 0, hits = *(size_t *)j->data;
    for (size_t i = 0; i < j->n; i++)
        gold += is_inside(weft_random_u64(&r, i));
    if (hits != gold)
        return complain("pi: %zu points lie inside: it must be %zu", hits, gold);
    const double share = (double)hits / (double)j->n;
    printf("pi: of %zu points %zu lie inside, pi is %.6f +- %.6f\n", j->n, hits, 4 * share,
           4 * sqrt(share * (1 - share) / (double)j->n));
    return true;
}

/* Loses a point, or counts one that is outside. */
static void pi_spoil(job *j, size_t way)
{
    (void)way;
    *(size_t *)j->data ^= 1;
}

static void pi_close(job *j) { free(j->data); }

const problem pi_problem = { .name = "pi",
                             .unit = "points",
                             .item = "points",
                             .n = 1 << 24,
                             .open = pi_open,
                             .check = pi_check,
                             .spoil = pi_spoil,
                             .ways = 1,
                             .close = pi_close };
