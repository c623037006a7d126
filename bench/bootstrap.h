/* bootstrap.h - intervals of what is computed from the medians of several points.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Rounds are redrawn, not samples: a draw takes n of the n rounds, with repetition, and with a round
 * all of its points. What disturbed a whole round is so in both terms of a ratio, as it was when that
 * was measured. An interval holds the middle 95 % of a statistic over all draws (percentile method:
 * Efron and Tibshirani, "An Introduction to the Bootstrap", chapter 13). */
#ifndef BENCH_BOOTSTRAP_H
#define BENCH_BOOTSTRAP_H

#include "stats.h"

enum { bootstrap_draws = 1999 };

/* median[draw * count + point]; NULL where there are too few rounds for an interval (6, as for that of
 * a median). */
typedef struct bootstrap {
    size_t count;
    double *median;
} bootstrap;

/* bootstrap_of - redraws x[point][round], point < count, round < rounds. bootstrap_free frees it. */
bootstrap bootstrap_of(const double *const *x, size_t count, size_t rounds);
void bootstrap_free(bootstrap *b);

/* bootstrap_interval - that of a statistic of the medians of one draw; NaN where there is none. */
typedef double bootstrap_statistic(const double *medians, const void *context);
interval bootstrap_interval(const bootstrap *b, bootstrap_statistic *of, const void *context);

#endif
