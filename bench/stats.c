/* stats.c - order statistics: nothing here assumes that times are normally distributed.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "stats.h"

#include <math.h>
#include <stdlib.h>

enum { trend_least = 8, trend_most = 2000 };

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double mean_of(const double *x, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += x[k];
    return sum / (double)n;
}

static double mad_of(const double *sorted, size_t n, double median)
{
    double *far = malloc((n + 1) * sizeof *far);
    if (!far)
        abort();
    for (size_t k = 0; k < n; k++)
        far[k] = fabs(sorted[k] - median);
    qsort(far, n, sizeof *far, compare);
    const double mad = stats_quantile(far, n, 0.5);
    free(far);
    return mad;
}

/* The greatest k with P(B < k) <= 0.025, B ~ binomial(n, 1/2). */
static size_t interval_rank(size_t n)
{
    const double m = (double)n;
    double below = 0;
    size_t k = 0;
    for (; k < n / 2; k++) {
        const double heads = (double)k;
        below += exp(lgamma(m + 1) - lgamma(heads + 1) - lgamma(m - heads + 1) - m * M_LN2);
        if (below > 0.025)
            break;
    }
    return k;
}

double stats_quantile(const double *sorted, size_t n, double q)
{
    if (n == 0)
        return NAN;
    const double at = q * (double)(n - 1);
    const size_t below = (size_t)at, above = below + 1 < n ? below + 1 : below;
    return sorted[below] + (at - (double)below) * (sorted[above] - sorted[below]);
}

interval stats_interval(const double *sorted, size_t n)
{
    const size_t k = interval_rank(n);
    return k ? (interval){ sorted[k - 1], sorted[n - k] } : (interval){ NAN, NAN };
}

summary stats_summary(double *x, size_t n)
{
    qsort(x, n, sizeof *x, compare);
    summary s = {
        .n = n,
        .min = stats_quantile(x, n, 0),
        .p5 = stats_quantile(x, n, 0.05),
        .q1 = stats_quantile(x, n, 0.25),
        .median = stats_quantile(x, n, 0.5),
        .q3 = stats_quantile(x, n, 0.75),
        .p95 = stats_quantile(x, n, 0.95),
        .max = stats_quantile(x, n, 1),
        .mean = mean_of(x, n),
        .ci = stats_interval(x, n),
    };
    s.mad = mad_of(x, n, s.median);
    return s;
}

double stats_spread(const summary *s) { return 0.5 * (s->q3 - s->q1) / s->median; }

double stats_precision(const summary *s)
{
    const double below = s->median - s->ci.low, above = s->ci.high - s->median;
    return (below > above ? below : above) / s->median;
}

/* ---- trend ---- */

/* How many later values are above, less how many are below. */
static double kendall_score(const double *x, size_t n)
{
    double score = 0;
    for (size_t k = 0; k < n; k++)
        for (size_t later = k + 1; later < n; later++)
            score += (x[later] > x[k]) - (x[later] < x[k]);
    return score;
}

/* The variance of that score where order is chance; sorts x. */
static double kendall_variance(double *x, size_t n)
{
    const double m = (double)n;
    double sum = m * (m - 1) * (2 * m + 5);
    qsort(x, n, sizeof *x, compare);
    for (size_t k = 0, tie; k < n; k += tie) {
        for (tie = 1; k + tie < n && x[k + tie] == x[k]; tie++)
            ;
        const double t = (double)tie;
        sum -= t * (t - 1) * (2 * t + 5);
    }
    return sum / 18;
}

/* Of very many values every `step`th will do: pairs are n squared. */
double stats_trend(const double *x, size_t n)
{
    const size_t step = n / trend_most + 1, taken = n / step;
    if (taken < trend_least)
        return NAN;
    double *thin = malloc(taken * sizeof *thin);
    if (!thin)
        abort();
    for (size_t k = 0; k < taken; k++)
        thin[k] = x[k * step];
    const double score = kendall_score(thin, taken), variance = kendall_variance(thin, taken);
    free(thin);
    const double beyond = fabs(score) - 1; /* continuity: scores are two apart */
    return beyond > 0 && variance > 0 ? erfc(beyond / sqrt(2 * variance)) : 1;
}
