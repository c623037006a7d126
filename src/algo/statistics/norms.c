/* norms.c - extent and norms of arrays.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The sum of squares of a block has a power of 4 beside it: 4^0 where squares neither overflow nor
 * vanish, which is seen at their sum. Only where it is not so the elements are scaled, so that the
 * largest is below 1, and the squares are summed once more. */
#include <weft/statistics.h>

#include <math.h>

#include "algo/leaf.h"
#include "algo/statistics/parts.h"
#include "algo/statistics/sums.h"
#include "algo/types.h"
#include "base/detail.h"
#include "team/rounding.h"

/* What squares below 2^-1022 lose, 2048 times 2^-1074, is nothing beside the least; so many of the
 * greatest as there can be blocks do not overflow. */
static const double least_sum = 0x1p-960, greatest_sum = 0x1p960;

struct input {
    const char *x;
    weft_type_ type;
    size_t size;
};

static const struct weft__sums_leaf *leaf_of(weft_type_ type)
{
    return &weft__leaves()->sums->type[type];
}

static const char *at(const struct input *in, size_t begin) { return in->x + begin * in->size; }

/* ---- extent ---- */

struct extent {
    weft_value_ min, max;
    weft_type_ type;
};

static void block_extreme(weft_op_ op, const struct input *in, size_t begin, size_t n,
                          weft_value_ *v)
{
    weft__leaves()->op[op][in->type].block(at(in, begin), NULL, n, 0, v);
}

static void extent_block(void *part, size_t begin, size_t end, const void *ctx)
{
    const struct input *const in = ctx;
    struct extent *const e = part;
    block_extreme(WEFT_OP_MIN_, in, begin, end - begin, &e->min);
    block_extreme(WEFT_OP_MAX_, in, begin, end - begin, &e->max);
    e->type = in->type;
}

static void extent_join(void *left, const void *right)
{
    struct extent *const a = left;
    const struct extent *const b = right;
    weft__leaves()->op[WEFT_OP_MIN_][a->type].join(&a->min, &b->min);
    weft__leaves()->op[WEFT_OP_MAX_][a->type].join(&a->max, &b->max);
}

/* ---- norms ---- */

/* |x|, as a double. */
static double magnitude(weft_value_ v, weft_type_ type)
{
    double d;
    leaf_of(type)->widen(&v.is, 1, &d);
    return fabs(d);
}

/* NaN skipped; 0 where there is nothing else. */
static double largest(const struct input *in, size_t begin, size_t end)
{
    struct extent e;
    extent_block(&e, begin, end, in);
    const double least = magnitude(e.min, in->type), greatest = magnitude(e.max, in->type);
    return least > greatest ? least : greatest;
}

static void norm1_block(void *part, size_t begin, size_t end, const void *ctx)
{
    const struct input *const in = ctx;
    leaf_of(in->type)->sums[WEFT__ABSOLUTE](at(in, begin), end - begin, 0, part);
}

static void norm1_join(void *left, const void *right) { *(double *)left += *(const double *)right; }

/* A sum of magnitudes is NaN where one of them is, and nowhere else. */
static void norm_max_block(void *part, size_t begin, size_t end, const void *ctx)
{
    double *const most = part;
    norm1_block(most, begin, end, ctx);
    if (!isnan(*most))
        *most = end > begin ? largest(ctx, begin, end) : 0;
}

static void norm_max_join(void *left, const void *right)
{
    double *const a = left;
    const double b = *(const double *)right;
    if (b > *a || isnan(b))
        *a = b;
}

struct squares { /* sum * 4^scale */
    double sum;
    int scale;
};

/* `most`, the largest of n, is neither 0 nor NaN. */
static struct squares scaled_squares(const struct input *in, size_t begin, size_t n, double most)
{
    struct squares s = { most, 0 };
    double x[weft__block];
    if (isinf(most))
        return s;
    frexp(most, &s.scale);
    leaf_of(in->type)->widen(at(in, begin), n, x);
    for (size_t k = 0; k < n; k++)
        x[k] = ldexp(x[k], -s.scale);
    leaf_of(WEFT_TYPE_F64_)->sums[WEFT__SQUARES](x, n, 0, &s.sum);
    return s;
}

static void norm2_block(void *part, size_t begin, size_t end, const void *ctx)
{
    const struct input *const in = ctx;
    struct squares *const s = part;
    s->scale = 0;
    leaf_of(in->type)->sums[WEFT__SQUARES](at(in, begin), end - begin, 0, &s->sum);
    if (isnan(s->sum) || (s->sum >= least_sum && s->sum <= greatest_sum) || begin == end)
        return;
    const double most = largest(in, begin, end);
    if (most > 0)
        *s = scaled_squares(in, begin, end - begin, most);
}

static void norm2_join(void *left, const void *right)
{
    struct squares *const a = left, b = *(const struct squares *)right;
    if (a->sum == 0)
        *a = b;
    else if (b.sum != 0 && b.scale > a->scale)
        *a = (struct squares){ ldexp(a->sum, 2 * (a->scale - b.scale)) + b.sum, b.scale };
    else
        a->sum += ldexp(b.sum, 2 * (b.scale - a->scale));
}

/* ---- over arrays ---- */

struct folding {
    const char *name;
    size_t size;
    void (*block)(void *part, size_t begin, size_t end, const void *ctx);
    void (*join)(void *left, const void *right);
};

static const struct folding extent = { "weft_extent", sizeof(struct extent), extent_block,
                                       extent_join },
                            norm1 = { "weft_norm1", sizeof(double), norm1_block, norm1_join },
                            norm2 = { "weft_norm2", sizeof(struct squares), norm2_block,
                                      norm2_join },
                            norm_max = { "weft_norm_max", sizeof(double), norm_max_block,
                                         norm_max_join };

static void fold(const struct folding *f, weft_type_ type, const void *x, size_t n, void *all)
{
    const struct input in = { x, type, weft__size_of(type) };
    weft__need(x, n, f->name, "x");
    const unsigned host = weft__rounding_begin();
    weft__parts_fold(&(struct weft__parts){ n, in.size, f->size, &in, f->block, f->join }, all);
    weft__rounding_end(host);
}

static double norm(const struct folding *f, weft_type_ type, const void *x, size_t n)
{
    double value;
    fold(f, type, x, n, &value);
    return isnan(value) ? (double)NAN : value;
}

/* Not inlined: its operations must not move to where the host's mode is back. */
static __attribute__((noinline)) double root(const struct squares *s)
{
    return isnan(s->sum) ? (double)NAN : ldexp(sqrt(s->sum), s->scale);
}

static double euclidean_norm(weft_type_ type, const void *x, size_t n)
{
    struct squares s;
    fold(&norm2, type, x, n, &s);
    const unsigned host = weft__rounding_begin();
    const double value = root(&s);
    weft__rounding_end(host);
    return value;
}

#define DEFINE_TYPE(t, CODE, T)                                                        \
    weft_interval_##t weft_extent_##t(const T *x, size_t n)                            \
    {                                                                                  \
        struct extent e;                                                               \
        fold(&extent, CODE, x, n, &e);                                                 \
        return (weft_interval_##t){ e.min.is.t, e.max.is.t };                          \
    }                                                                                  \
    double weft_norm1_##t(const T *x, size_t n) { return norm(&norm1, CODE, x, n); }   \
    double weft_norm2_##t(const T *x, size_t n) { return euclidean_norm(CODE, x, n); } \
    double weft_norm_max_##t(const T *x, size_t n) { return norm(&norm_max, CODE, x, n); }

WEFT__TYPES(DEFINE_TYPE)
