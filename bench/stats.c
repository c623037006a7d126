/* stats.c - order statistics: nothing here assumes that times are normally distributed.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double stats_quantile(const double *sorted, size_t n, double q)
{
    if (n == 0)
        return NAN;
    const double at = q * (double)(n - 1);
    const size_t below = (size_t)at, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

summary stats_summary(double *x, size_t n)
{
    qsort(x, n, sizeof *x, compare);
    return (summary){
        .n = n,
        .min = stats_quantile(x, n, 0),
        .q1 = stats_quantile(x, n, 0.25),
        .median = stats_quantile(x, n, 0.5),
        .q3 = stats_quantile(x, n, 0.75),
        .max = stats_quantile(x, n, 1),
    };
}

double stats_spread(const summary *s) { return 0.5 * (s->q3 - s->q1) / s->median; }
