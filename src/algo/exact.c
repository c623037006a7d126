/* exact.c - correctly rounded sums.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * For a block of 2048 = 2^11 elements below 2^e take s = 2^(e + 12). Then q = (s + x) - s is x, rounded
 * to a multiple of 2^-53 s, and r = x - q is what is left, both without error; and so is any sum of the
 * q of the block, since it is a multiple of 2^-53 s below s. What is left is below 2^(e - 41); once more
 * with s = 2^(e - 29), and after two rounds nothing is left of elements within 2^29 of the largest. Two sums a
 * block go to the wide integer. If something is left, or may overflow, the elements go there. */
#include <weft/exact.h>

#include <math.h>
#include <string.h>

#include "algo/leaf.h"
#include "algo/wide.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/rounding.h"

enum {
    chunk = 16384,      /* elements that a thread takes at least */
    spare = 12,         /* bits; sums of a block need no more */
    depth = 53 - spare, /* bits that a round takes away */
    too_high = 1011,    /* s would overflow */
    least_normal = -1022,
};

static void add_each(struct weft__wide *wide, const double *x, size_t n)
{
    for (size_t k = 0; k < n; k++)
        weft__wide_add(wide, x[k]);
}

static double power(int e) { return ldexp(1, e < least_normal ? least_normal : e); }

static void add_block(struct weft__wide *wide, const double *x, size_t n)
{
    const struct weft__leaves *const leaves = weft__leaves();
    const double most = leaves->largest(x, n);
    double sums[2];
    int e;
    frexp(most, &e);
    if (most < INFINITY && e < too_high &&
        leaves->extract(x, n, power(e + spare), power(e + spare - depth), sums))
        add_each(wide, sums, 2);
    else
        add_each(wide, x, n);
}

struct input {
    const void *x;
    size_t n, size;
};

static void add_floats(struct weft__wide *wide, const float *x, size_t n)
{
    double block[weft__block];
    for (size_t k = 0; k < n; k++)
        block[k] = x[k];
    add_block(wide, block, n);
}

static void add_part(struct weft__wide *wide, const struct input *in, size_t begin, size_t end)
{
    for (size_t k = begin; k < end; k += weft__block) {
        const size_t n = weft__at_most(end - k, weft__block);
        if (in->size == sizeof(float))
            add_floats(wide, (const float *)in->x + k, n);
        else
            add_block(wide, (const double *)in->x + k, n);
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
static __attribute__((noinline)) double sum_f64(const double *x, size_t n)
{
    struct weft__wide wide = { .added = 0 };
    sum(&wide, &(struct input){ x, n, sizeof *x });
    return weft__wide_round(&wide, 53, -1074, 1024);
}

static __attribute__((noinline)) float sum_f32(const float *x, size_t n)
{
    struct weft__wide wide = { .added = 0 };
    sum(&wide, &(struct input){ x, n, sizeof *x });
    return (float)weft__wide_round(&wide, 24, -149, 128);
}

#define DEFINE(t, T)                                  \
    T weft_sum_exact_##t(const T *x, size_t n)        \
    {                                                 \
        weft__need(x, n, "weft_sum_exact", "x");      \
        const unsigned host = weft__rounding_begin(); \
        const T s = sum_##t(x, n);                    \
        weft__rounding_end(host);                     \
        return s;                                     \
    }
DEFINE(f32, float)
DEFINE(f64, double)
