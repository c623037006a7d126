/* stats.h - order statistics of a few samples.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <stddef.h>

typedef struct summary {
    size_t n;
    double min, q1, median, q3, max;
} summary;

/* stats_quantile - the q-quantile of sorted values, by linear interpolation between neighbours
 * (R's type 7). NaN for n = 0. */
double stats_quantile(const double *sorted, size_t n, double q);

/* stats_summary - sorts x in place. */
summary stats_summary(double *x, size_t n);

/* stats_spread - half the interquartile range as a share of the median. */
double stats_spread(const summary *s);

#endif
