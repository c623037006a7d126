/* bootstrap.c - intervals of what is computed from the medians of several points.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each point is sorted once. A draw is how often each round was taken; the median is then found by
 * walking along the sorted samples and counting. */
#include "bootstrap.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "draw.h"

enum { rounds_least = 6 };

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

typedef struct entry {
    double x;
    size_t round;
} entry;

static int compare(const void *a, const void *b)
{
    const double x = ((const entry *)a)->x, y = ((const entry *)b)->x;
    return (x > y) - (x < y);
}

static entry *sort_points(const double *const *x, size_t count, size_t rounds)
{
    entry *sorted = must(malloc(count * rounds * sizeof *sorted));
    for (size_t p = 0; p < count; p++) {
        for (size_t r = 0; r < rounds; r++)
            sorted[p * rounds + r] = (entry){ x[p][r], r };
        qsort(sorted + p * rounds, rounds, sizeof *sorted, compare);
    }
    return sorted;
}

static void redraw(size_t *taken, size_t rounds, uint64_t *state)
{
    for (size_t r = 0; r < rounds; r++)
        taken[r] = 0;
    for (size_t r = 0; r < rounds; r++)
        taken[draw_next(state) % rounds]++;
}

/* The value at a position of the sorted draw. */
static double value_at(const entry *sorted, const size_t *taken, size_t position)
{
    size_t k = 0;
    for (size_t passed = taken[sorted[0].round]; passed <= position;)
        passed += taken[sorted[++k].round];
    return sorted[k].x;
}

static double median_of(const entry *sorted, const size_t *taken, size_t rounds)
{
    const double low = value_at(sorted, taken, (rounds - 1) / 2);
    return rounds % 2 ? low : 0.5 * (low + value_at(sorted, taken, rounds / 2));
}

bootstrap bootstrap_of(const double *const *x, size_t count, size_t rounds)
{
    bootstrap b = { .count = count };
    if (rounds < rounds_least)
        return b;
    uint64_t state = 1; /* fixed: the same samples give the same interval */
    entry *sorted = sort_points(x, count, rounds);
    size_t *taken = must(malloc(rounds * sizeof *taken));
    b.median = must(malloc(bootstrap_draws * count * sizeof *b.median));
    for (size_t d = 0; d < bootstrap_draws; d++) {
        redraw(taken, rounds, &state);
        for (size_t p = 0; p < count; p++)
            b.median[d * count + p] = median_of(sorted + p * rounds, taken, rounds);
    }
    free(sorted), free(taken);
    return b;
}

void bootstrap_free(bootstrap *b)
{
    free(b->median);
    *b = (bootstrap){ 0 };
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

interval bootstrap_interval(const bootstrap *b, bootstrap_statistic *of, const void *context)
{
    double value[bootstrap_draws];
    if (!b->median)
        return (interval){ NAN, NAN };
    for (size_t d = 0; d < bootstrap_draws; d++)
        value[d] = of(b->median + d * b->count, context);
    qsort(value, bootstrap_draws, sizeof *value, ascending);
    return (interval){ stats_quantile(value, bootstrap_draws, 0.025),
                       stats_quantile(value, bootstrap_draws, 0.975) };
}
