/* comoments.c - covariance and correlation: moments of two arrays side by side.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * As moments.c has it for one array: mxy = S(d e) - S(d) S(e) / n over a block, and with D and E the
 * differences of the means of two parts mxy = mxya + mxyb + D E na nb / n. */
#include <weft/statistics.h>

#include "algo/statistics/mean.h"
#include "algo/statistics/parts.h"
#include "algo/types.h"
#include "base/detail.h"
#include "team/rounding.h"

_Static_assert(sizeof(weft_comoments) <= weft__part_most, "moments are a part");

struct input {
    const char *x, *y;
    weft_type_ type;
    size_t size;
};

static const struct weft__sums_leaf *leaf_of(weft_type_ type)
{
    return &weft__leaves()->sums->type[type];
}

static double not_negative(double m2) { return m2 > 0 || isnan(m2) ? m2 : 0; }

static weft_comoments from_sums(const double s[5], const double centre[2], size_t n)
{
    const double d = s[0] / (double)n, e = s[1] / (double)n;
    const struct weft__mean x = weft__mean_add(centre[0], d), y = weft__mean_add(centre[1], e);
    return (weft_comoments){
        .n = n,
        .mean_x = x.mean,
        .rest_x = x.rest,
        .m2_x = not_negative(s[2] - s[0] * d),
        .mean_y = y.mean,
        .rest_y = y.rest,
        .m2_y = not_negative(s[3] - s[1] * e),
        .mxy = s[4] - s[0] * e,
    };
}

/* Where sums are not finite. */
static void be_careful(weft_comoments *m, const double s[5], const struct weft__sums_leaf *leaf,
                       const void *x, const void *y, size_t n)
{
    if (!isfinite(s[0])) {
        m->mean_x = weft__careful_mean(leaf, x, n), m->rest_x = 0;
        m->m2_x = weft__careless_m2(m->mean_x);
        m->mxy = (double)NAN;
    }
    if (!isfinite(s[1])) {
        m->mean_y = weft__careful_mean(leaf, y, n), m->rest_y = 0;
        m->m2_y = weft__careless_m2(m->mean_y);
        m->mxy = (double)NAN;
    }
}

static void block(void *part, size_t begin, size_t end, const void *ctx)
{
    const struct input *const in = ctx;
    const struct weft__sums_leaf *const leaf = leaf_of(in->type);
    const void *const x = in->x + begin * in->size, *const y = in->y + begin * in->size;
    weft_comoments *const m = part;
    const size_t n = end - begin;
    *m = (weft_comoments){ .n = 0 };
    if (n == 0)
        return;
    double centre[2] = { weft__centre(leaf, x, n), weft__centre(leaf, y, n) }, s[5];
    leaf->joint(x, y, n, centre, s);
    if (weft__centre_is_far(s[0], s[2], (double)n) || weft__centre_is_far(s[1], s[3], (double)n)) {
        centre[0] += s[0] / (double)n, centre[1] += s[1] / (double)n;
        leaf->joint(x, y, n, centre, s);
    }
    *m = from_sums(s, centre, n);
    be_careful(m, s, leaf, x, y, n);
}

/* One axis of a, joined with that of b; returns how far their means are apart. */
static double join_axis(double *mean, double *rest, double *m2, double b_mean, double b_rest,
                        double b_m2, double na, double nb)
{
    struct weft__mean a = { *mean, *rest };
    const bool finite = isfinite(*mean) && isfinite(b_mean);
    const double apart = weft__mean_join(&a, (struct weft__mean){ b_mean, b_rest }, na, nb);
    if (isfinite(apart))
        *m2 += b_m2 + apart * apart * na * (nb / (na + nb));
    else
        *m2 = finite ? (double)INFINITY : (double)NAN;
    *mean = a.mean, *rest = a.rest;
    return apart;
}

static void join(void *left, const void *right)
{
    weft_comoments *const a = left;
    const weft_comoments *const b = right;
    if (b->n == 0)
        return;
    if (a->n == 0) {
        *a = *b;
        return;
    }
    const double na = (double)a->n, nb = (double)b->n;
    const double d =
        join_axis(&a->mean_x, &a->rest_x, &a->m2_x, b->mean_x, b->rest_x, b->m2_x, na, nb);
    const double e =
        join_axis(&a->mean_y, &a->rest_y, &a->m2_y, b->mean_y, b->rest_y, b->m2_y, na, nb);
    a->mxy += isfinite(d) && isfinite(e) ? b->mxy + d * e * na * (nb / (na + nb)) : (double)NAN;
    a->n += b->n;
}

static double finite_or_0(double x) { return isfinite(x) ? x : 0; }

/* With one bit pattern for NaN. */
static weft_comoments made_plain(weft_comoments m)
{
    m.mean_x = m.n ? weft__a_nan(m.mean_x) : (double)NAN;
    m.mean_y = m.n ? weft__a_nan(m.mean_y) : (double)NAN;
    m.rest_x = finite_or_0(m.rest_x), m.rest_y = finite_or_0(m.rest_y);
    m.m2_x = weft__a_nan(m.m2_x), m.m2_y = weft__a_nan(m.m2_y), m.mxy = weft__a_nan(m.mxy);
    return m;
}

static weft__in_one_mode void merge(weft_comoments *into, const weft_comoments *from)
{
    join(into, from);
    *into = made_plain(*into);
}

void weft_comoments_merge(weft_comoments *into, const weft_comoments *from)
{
    const unsigned host = weft__rounding_begin();
    merge(into, from);
    weft__rounding_end(host);
}

static weft__in_one_mode weft_comoments fold(weft_type_ type, const void *x, const void *y,
                                             size_t n)
{
    const struct input in = { x, y, type, weft__size_of(type) };
    weft_comoments m;
    weft__parts_fold(&(struct weft__parts){ n, 2 * in.size, sizeof m, &in, block, join }, &m);
    return made_plain(m);
}

/* ---- what is made of them ---- */

static double covariance(const weft_comoments *m)
{
    return m->n ? m->mxy / (double)m->n : (double)NAN;
}

static double sample_covariance(const weft_comoments *m)
{
    return m->n > 1 ? m->mxy / (double)(m->n - 1) : (double)NAN;
}

static double correlation(const weft_comoments *m)
{
    const double r = m->mxy / sqrt(m->m2_x) / sqrt(m->m2_y);
    return r > 1 ? 1 : r < -1 ? -1 : r;
}

typedef double made_of(const weft_comoments *m);

static weft__in_one_mode double value_of(made_of *of, const weft_comoments *m)
{
    return weft__a_nan(of(m));
}

static double made(made_of *of, const weft_comoments *m)
{
    const unsigned host = weft__rounding_begin();
    const double value = value_of(of, m);
    weft__rounding_end(host);
    return value;
}

#define DEFINE_OF(name) \
    double weft_comoments_##name(const weft_comoments *moments) { return made(name, moments); }

DEFINE_OF(covariance)
DEFINE_OF(sample_covariance)
DEFINE_OF(correlation)

static weft_comoments of_arrays(const char *function, weft_type_ type, const void *x, const void *y,
                                size_t n)
{
    weft__need(x, n, function, "x");
    weft__need(y, n, function, "y");
    const unsigned host = weft__rounding_begin();
    const weft_comoments m = fold(type, x, y, n);
    weft__rounding_end(host);
    return m;
}

#define DEFINE_ARRAY(name, t, CODE, T)                                    \
    double weft_##name##_##t(const T *x, const T *y, size_t n)            \
    {                                                                     \
        const weft_comoments m = of_arrays("weft_" #name, CODE, x, y, n); \
        return made(name, &m);                                            \
    }

#define DEFINE_TYPE(t, CODE, T)                                            \
    DEFINE_ARRAY(covariance, t, CODE, T)                                   \
    DEFINE_ARRAY(sample_covariance, t, CODE, T)                            \
    DEFINE_ARRAY(correlation, t, CODE, T)                                  \
    weft_comoments weft_costatistics_##t(const T *x, const T *y, size_t n) \
    {                                                                      \
        return of_arrays("weft_costatistics", CODE, x, y, n);              \
    }

WEFT__TYPES(DEFINE_TYPE)
