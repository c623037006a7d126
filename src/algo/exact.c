/* exact.c - correctly rounded sums and dot products.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * For a block of 2048 = 2^11 elements below 2^e take s = 2^(e + 12). Then q = (s + x) - s is x, rounded
 * to a multiple of 2^-53 s, and r = x - q is what is left, both without error; and so is any sum of the
 * q of the block, since it is a multiple of 2^-53 s below s. What is left is below 2^(e - 41); once more
 * with s = 2^(e - 29), and after two rounds nothing is left of elements within 2^29 of the largest. Two sums a
 * block go to the wide integer. If something is left, or may overflow, the elements go there.
 *
 * A product of doubles is a rounded one, below 2^e, and what rounding took, below 2^(e - 53): two
 * blocks of elements. A product of floats is one double. */
#include <weft/exact.h>

#include <math.h>
#include <string.h>

#include "algo/exact.h"
#include "algo/leaf.h"
#include "algo/wide.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/rounding.h"

enum {
    chunk = 16384,        /* elements that a thread takes at least */
    product_block = 1024, /* four arrays of so many fit in the L1 cache */
    spare = 12,           /* bits; sums of a block need no more */
    depth = 53 - spare,   /* bits that a round takes away */
    too_high = 1011,      /* s would overflow */
    least_normal = -1022,
};

struct input {
    const void *x, *y; /* y NULL: a sum */
    size_t n;
    weft_type_ type;
};

static double power(int e) { return ldexp(1, e < least_normal ? least_normal : e); }

/* The sums of n doubles below 2^e; false where they must be added one by one. */
static bool extract(const double *x, size_t n, int e, double sums[2])
{
    return e < too_high &&
           weft__leaves()->exact->extract(x, n, power(e + spare), power(e + spare - depth), sums);
}

/* e so that 2^e is above x; too_high where that is too high. */
static int exponent_above(double x)
{
    int e = too_high;
    if (x < INFINITY)
        frexp(x, &e);
    return e;
}

static void add_each(struct weft__wide *wide, const double *x, size_t n)
{
    for (size_t k = 0; k < n; k++)
        weft__wide_add(wide, x[k]);
}

static void add_block(struct weft__wide *wide, const double *x, size_t n)
{
    double sums[2];
    if (extract(x, n, exponent_above(weft__leaves()->exact->largest(x, n)), sums))
        add_each(wide, sums, 2);
    else
        add_each(wide, x, n);
}

static void add_floats(struct weft__wide *wide, const float *x, const float *y, size_t n)
{
    double block[weft__block];
    weft__leaves()->exact->widen(x, y, n, block);
    add_block(wide, block, n);
}

static void add_each_product(struct weft__wide *wide, const double *x, const double *y, size_t n)
{
    for (size_t k = 0; k < n; k++)
        weft__wide_add_product(wide, x[k], y[k]);
}

static void add_products(struct weft__wide *wide, const double *x, const double *y, size_t n)
{
    double high[product_block], low[product_block], most, sums[4];
    const bool exact = weft__leaves()->exact->products(x, y, n, high, low, &most);
    const int e = exponent_above(most);
    if (exact && extract(high, n, e, sums) && extract(low, n, e - 53, sums + 2))
        add_each(wide, sums, 4);
    else
        add_each_product(wide, x, y, n);
}

static size_t block_of(const struct input *in)
{
    return in->type == WEFT_TYPE_F64_ && in->y ? product_block : weft__block;
}

static void add_part(struct weft__wide *wide, const struct input *in, size_t begin, size_t end)
{
    const double *const x = in->x, *const y = in->y;
    const float *const u = in->x, *const v = in->y;
    const size_t block = block_of(in);
    for (size_t k = begin; k < end; k += block) {
        const size_t n = weft__at_most(end - k, block);
        if (in->type == WEFT_TYPE_F32_)
            add_floats(wide, u + k, v ? v + k : NULL, n);
        else if (in->y)
            add_products(wide, x + k, y + k, n);
        else
            add_block(wide, x + k, n);
    }
}

static void fold(void *acc, weft_range chunks, void *ctx)
{
    const struct input *const in = ctx;
    add_part(acc, in, chunks.begin * chunk, weft__at_most(chunks.end * chunk, in->n));
}

static void merge(void *into, const void *from)
{
    struct weft__wide other = *(const struct weft__wide *)from;
    weft__wide_merge(into, &other);
}

/* Small inputs are one chunk: then there is nothing to hand out. */
static void sum(struct weft__wide *wide, struct input *in)
{
    if (in->n <= chunk)
        add_part(wide, in, 0, in->n);
    else
        weft_reduce(in->n / chunk + (in->n % chunk != 0), wide, sizeof *wide, fold, merge, in);
}

/* Not inlined: the last rounding must not move to where the host's mode is back. */
static __attribute__((noinline)) double sum_f64(struct input in)
{
    struct weft__wide wide = { .added = 0 };
    sum(&wide, &in);
    return weft__wide_round(&wide, 53, -1074, 1024);
}

static __attribute__((noinline)) float sum_f32(struct input in)
{
    struct weft__wide wide = { .added = 0 };
    sum(&wide, &in);
    return (float)weft__wide_round(&wide, 24, -149, 128);
}

#define DEFINE(t, CODE, T)                                         \
    static T in_default_mode_##t(const T *x, const T *y, size_t n) \
    {                                                              \
        const unsigned host = weft__rounding_begin();              \
        const T s = sum_##t((struct input){ x, y, n, CODE });      \
        weft__rounding_end(host);                                  \
        return s;                                                  \
    }                                                              \
    T weft_sum_exact_##t(const T *x, size_t n)                     \
    {                                                              \
        weft__need(x, n, "weft_sum_exact", "x");                   \
        return in_default_mode_##t(x, NULL, n);                    \
    }                                                              \
    T weft_dot_exact_##t(const T *x, const T *y, size_t n)         \
    {                                                              \
        weft__need(x, n, "weft_dot_exact", "x");                   \
        weft__need(y, n, "weft_dot_exact", "y");                   \
        return in_default_mode_##t(x, y ? y : x, n);               \
    }
DEFINE(f32, WEFT_TYPE_F32_, float)
DEFINE(f64, WEFT_TYPE_F64_, double)
