/* moments.c - mean, variance and higher moments: sums of a block into its moments, moments into one.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * With e the mean of d = x - c over a block, its moments are those of d around e:
 *
 *     m2 = S2 - S1 e      m3 = S3 - 3 e S2 + 2 e^2 S1      m4 = S4 - 4 e S3 + 6 e^2 S2 - 3 e^3 S1
 *
 * where Sk is the sum of d^k. With D the difference of the means of two parts, m2 = m2a + m2b +
 * D^2 na nb / n; weft_moments_merge has the others. */
#include <weft/statistics.h>

#include "algo/statistics/mean.h"
#include "algo/statistics/parts.h"
#include "algo/types.h"
#include "base/detail.h"
#include "team/rounding.h"

_Static_assert(sizeof(weft_moments) <= weft__part_most, "moments are a part");

struct input {
    const char *x;
    weft_type_ type;
    size_t size;
};

static const struct weft__sums_leaf *leaf_of(weft_type_ type)
{
    return &weft__leaves()->sums->type[type];
}

static weft_moments moments_of_nothing(void)
{
    return (weft_moments){ .mean = 0, .min = (double)INFINITY, .max = -(double)INFINITY };
}

static weft_moments from_sums(const double s[4], double centre, size_t n)
{
    weft_moments m = moments_of_nothing();
    const double e = s[0] / (double)n, m2 = s[1] - s[0] * e;
    const struct weft__mean mean = weft__mean_add(centre, e);
    m.n = n, m.mean = mean.mean, m.rest = mean.rest;
    m.m2 = m2 > 0 || isnan(m2) ? m2 : 0;
    m.m3 = s[2] - 3 * e * s[1] + 2 * e * e * s[0];
    m.m4 = s[3] - 4 * e * s[2] + 6 * e * e * s[1] - 3 * e * e * e * s[0];
    return m;
}

static weft_moments careful_moments(const struct weft__sums_leaf *leaf, const void *x, size_t n)
{
    weft_moments m = moments_of_nothing();
    m.n = n, m.mean = weft__careful_mean(leaf, x, n);
    m.m2 = m.m4 = weft__careless_m2(m.mean), m.m3 = (double)NAN;
    return m;
}

static weft_moments block_moments(const struct weft__sums_leaf *leaf, enum weft__sums kind,
                                  const void *x, size_t n)
{
    double centre = weft__centre(leaf, x, n), s[4] = { 0 };
    leaf->sums[kind](x, n, centre, s);
    if (weft__centre_is_far(s[0], s[1], (double)n)) {
        centre += s[0] / (double)n;
        leaf->sums[kind](x, n, centre, s);
    }
    return isfinite(s[0]) ? from_sums(s, centre, n) : careful_moments(leaf, x, n);
}

static void second_block(void *part, size_t begin, size_t end, const void *ctx)
{
    const struct input *const in = ctx;
    weft_moments *const m = part;
    *m = end > begin
             ? block_moments(leaf_of(in->type), WEFT__SECOND, in->x + begin * in->size, end - begin)
             : moments_of_nothing();
}

static double as_double(weft_value_ v, weft_type_ type)
{
    double d;
    leaf_of(type)->widen(&v.is, 1, &d);
    return d;
}

static double extreme(weft_op_ op, const struct input *in, size_t begin, size_t end)
{
    weft_value_ v;
    weft__leaves()->op[op][in->type].block(in->x + begin * in->size, NULL, end - begin, 0, &v);
    return as_double(v, in->type);
}

static void fourth_block(void *part, size_t begin, size_t end, const void *ctx)
{
    const struct input *const in = ctx;
    weft_moments *const m = part;
    *m = moments_of_nothing();
    if (end == begin)
        return;
    *m = block_moments(leaf_of(in->type), WEFT__FOURTH, in->x + begin * in->size, end - begin);
    m->min = extreme(WEFT_OP_MIN_, in, begin, end);
    m->max = extreme(WEFT_OP_MAX_, in, begin, end);
}

/* The m2, m3 and m4 of a, joined with those of b, whose mean is `apart` from that of a. */
static void join_powers(weft_moments *a, const weft_moments *b, double apart)
{
    const double na = (double)a->n, nb = (double)b->n, n = na + nb;
    const double fa = na / n, fb = nb / n, square = apart * apart;
    a->m4 += b->m4 + square * square * na * fb * (fa * fa - fa * fb + fb * fb) +
             6 * square * (fa * fa * b->m2 + fb * fb * a->m2) +
             4 * apart * (fa * b->m3 - fb * a->m3);
    a->m3 += b->m3 + square * apart * na * fb * (fa - fb) + 3 * apart * (fa * b->m2 - fb * a->m2);
    a->m2 += b->m2 + square * na * fb;
}

static void join(void *left, const void *right)
{
    weft_moments *const a = left;
    const weft_moments *const b = right;
    if (b->n == 0)
        return;
    if (a->n == 0) {
        *a = *b;
        return;
    }
    struct weft__mean mean = { a->mean, a->rest };
    const double apart =
        weft__mean_join(&mean, (struct weft__mean){ b->mean, b->rest }, (double)a->n, (double)b->n);
    if (isfinite(apart)) {
        join_powers(a, b, apart);
    } else {
        const bool finite = isfinite(a->mean) && isfinite(b->mean);
        a->m2 = a->m4 = finite ? (double)INFINITY : (double)NAN;
        a->m3 = (double)NAN;
    }
    a->n += b->n, a->mean = mean.mean, a->rest = mean.rest;
    a->min = b->min < a->min ? b->min : a->min;
    a->max = b->max > a->max ? b->max : a->max;
}

/* With one bit pattern for NaN. */
static weft_moments made_plain(weft_moments m)
{
    m.mean = m.n ? weft__a_nan(m.mean) : (double)NAN;
    m.rest = isfinite(m.rest) ? m.rest : 0;
    m.m2 = weft__a_nan(m.m2), m.m3 = weft__a_nan(m.m3), m.m4 = weft__a_nan(m.m4);
    return m;
}

static weft__in_one_mode void merge(weft_moments *into, const weft_moments *from)
{
    join(into, from);
    *into = made_plain(*into);
}

void weft_moments_merge(weft_moments *into, const weft_moments *from)
{
    const unsigned host = weft__rounding_begin();
    merge(into, from);
    weft__rounding_end(host);
}

/* Moments of x, the higher ones only in a fourth_block. */
static weft__in_one_mode weft_moments fold(void (*block)(void *part, size_t begin, size_t end,
                                                         const void *ctx),
                                           weft_type_ type, const void *x, size_t n)
{
    const struct input in = { x, type, weft__size_of(type) };
    weft_moments m;
    weft__parts_fold(&(struct weft__parts){ n, in.size, sizeof m, &in, block, join }, &m);
    return made_plain(m);
}

/* ---- what is made of them ---- */

static double variance(const weft_moments *m) { return m->n ? m->m2 / (double)m->n : (double)NAN; }

static double sample_variance(const weft_moments *m)
{
    return m->n > 1 ? m->m2 / (double)(m->n - 1) : (double)NAN;
}

static double deviation(const weft_moments *m) { return sqrt(variance(m)); }
static double sample_deviation(const weft_moments *m) { return sqrt(sample_variance(m)); }

static double skewness(const weft_moments *m)
{
    return m->m3 / m->m2 / sqrt(m->m2) * sqrt((double)m->n);
}

static double kurtosis(const weft_moments *m) { return m->m4 / m->m2 / m->m2 * (double)m->n - 3; }

static double mean(const weft_moments *m) { return m->mean; }

typedef double made_of(const weft_moments *m);

static weft__in_one_mode double value_of(made_of *of, const weft_moments *m)
{
    return weft__a_nan(of(m));
}

static double made(made_of *of, const weft_moments *m)
{
    const unsigned host = weft__rounding_begin();
    const double value = value_of(of, m);
    weft__rounding_end(host);
    return value;
}

#define DEFINE_OF(name) \
    double weft_moments_##name(const weft_moments *moments) { return made(name, moments); }

DEFINE_OF(variance)
DEFINE_OF(sample_variance)
DEFINE_OF(deviation)
DEFINE_OF(sample_deviation)
DEFINE_OF(skewness)
DEFINE_OF(kurtosis)

static double of_array(made_of *of, weft_type_ type, const void *x, size_t n)
{
    const unsigned host = weft__rounding_begin();
    const weft_moments m = fold(second_block, type, x, n);
    const double value = value_of(of, &m);
    weft__rounding_end(host);
    return value;
}

#define DEFINE_ARRAY(name, t, CODE, T)             \
    double weft_##name##_##t(const T *x, size_t n) \
    {                                              \
        weft__need(x, n, "weft_" #name, "x");      \
        return of_array(name, CODE, x, n);         \
    }

#define DEFINE_TYPE(t, CODE, T)                                \
    DEFINE_ARRAY(mean, t, CODE, T)                             \
    DEFINE_ARRAY(variance, t, CODE, T)                         \
    DEFINE_ARRAY(sample_variance, t, CODE, T)                  \
    DEFINE_ARRAY(deviation, t, CODE, T)                        \
    DEFINE_ARRAY(sample_deviation, t, CODE, T)                 \
    weft_moments weft_statistics_##t(const T *x, size_t n)     \
    {                                                          \
        weft__need(x, n, "weft_statistics", "x");              \
        const unsigned host = weft__rounding_begin();          \
        const weft_moments m = fold(fourth_block, CODE, x, n); \
        weft__rounding_end(host);                              \
        return m;                                              \
    }

WEFT__TYPES(DEFINE_TYPE)
