/* stats.h - order statistics of a few samples.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_STATS_H
#define BENCH_STATS_H

#include <stddef.h>

/* Both NaN where there are too few samples for one. */
typedef struct interval {
    double low, high;
} interval;

typedef struct summary {
    size_t n;
    double min, p5, q1, median, q3, p95, max;
    double mean;
    double mad;  /* median of the distances from the median */
    interval ci; /* of the median, see stats_interval */
} summary;

/* stats_quantile - the q-quantile of sorted values, by linear interpolation between neighbours
 * (R's type 7). NaN for n = 0. */
double stats_quantile(const double *sorted, size_t n, double q);

/* stats_interval - a 95 % confidence interval of the median of what the values are samples of:
 *
 *     [ sorted[k-1], sorted[n-k] ]    with the greatest k that has 2 P(B < k) <= 0.05
 *
 * where B counts the heads of n coins. It assumes nothing about the distribution, is exact or wider
 * (n = 10: 97.9 %), and needs 6 values: fewer have none. */
interval stats_interval(const double *sorted, size_t n);

/* stats_summary - sorts x in place. */
summary stats_summary(double *x, size_t n);

/* stats_spread - half the interquartile range as a share of the median.
 *
 * stats_precision - the longer side of the median's interval as a share of the median; NaN where
 * there is none. */
double stats_spread(const summary *s);
double stats_precision(const summary *s);

/* stats_trend - the p-value of Mann and Kendall's test, two-sided: small where the values, in their
 * order, rise or fall more than chance would have them. Normal approximation with ties; NaN for fewer
 * than 8 values. */
double stats_trend(const double *x, size_t n);

#endif
