/* mean.h - means to twice the precision of a double, and how two of them become one.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_STATISTICS_MEAN_H
#define WEFT_ALGO_STATISTICS_MEAN_H

#include <math.h>
#include <stdbool.h>

#include "algo/leaf.h"
#include "algo/statistics/sums.h"
#include "base/at_most.h"

struct weft__mean {
    double mean, rest;
};

/* a + b, without error (D. Knuth, The Art of Computer Programming, vol. 2, section 4.2.2). */
static inline struct weft__mean weft__mean_add(double a, double b)
{
    const double s = a + b, t = s - a;
    return (struct weft__mean){ s, (a - (s - t)) + (b - t) };
}

/* a joined with b, of na and nb elements; returns the difference of the means, which is not finite
 * where it overflows or one of them is not. */
static inline double weft__mean_join(struct weft__mean *a, struct weft__mean b, double na,
                                     double nb)
{
    const double apart = (b.mean - a->mean) + (b.rest - a->rest), n = na + nb;
    if (isfinite(apart))
        *a = weft__mean_add(a->mean, a->rest + apart * (nb / n));
    else
        *a = (struct weft__mean){ a->mean * (na / n) + b.mean * (nb / n), 0 };
    return apart;
}

/* A centre for the sums of a block: the mean of its first 16 elements, exactly that where all are
 * equal. It need not be near the mean of the block, see weft__centre_is_far. */
static inline double weft__centre(const struct weft__sums_leaf *leaf, const void *x, size_t n)
{
    enum { most = 16 };
    double first[most] = { 0 };
    const size_t count = weft__at_most(n, most);
    leaf->widen(x, count, first);
    const double base = first[0];
    for (size_t k = 0; k < most; k++)
        first[k] = k < count ? first[k] - base : 0;
    for (size_t w = most / 2; w > 0; w /= 2)
        for (size_t k = 0; k < w; k++)
            first[k] += first[k + w];
    return base + first[0] / (double)(count ? count : 1);
}

/* Whether most of the sum of squares comes from a centre that is not the mean: then the sums are taken
 * once more, around the mean. */
static inline bool weft__centre_is_far(double d, double squares, double n)
{
    return d * (d / n) > squares / 2;
}

/* The mean of a block in which something is not finite, or sums overflow. */
static inline double weft__careful_mean(const struct weft__sums_leaf *leaf, const void *x, size_t n)
{
    double all[weft__block], sum = 0;
    leaf->widen(x, n, all);
    for (size_t k = 0; k < n; k++)
        sum += all[k] * 0x1p-12;
    return sum / (double)n * 0x1p12;
}

/* What squared deviations amount to there. */
static inline double weft__careless_m2(double mean)
{
    return isfinite(mean) ? (double)INFINITY : (double)NAN;
}

/* For what is computed between weft__rounding_begin and weft__rounding_end: inlined there, its last
 * operations could move to where the host's mode is back. */
#define weft__in_one_mode __attribute__((noinline))

static inline double weft__a_nan(double x) { return isnan(x) ? (double)NAN : x; }

#endif
