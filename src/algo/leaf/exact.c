/* exact.c - parts of doubles whose sums have no rounding error, and products without one; compiled once
 * for each instruction set, which -DISA names.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Any order of exact operations gives the same: lanes are as many as the processor has. */
#include "algo/exact.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "algo/leaf/vector.h"

_Static_assert(FLT_EVAL_METHOD == 0, "double is computed as such");

typedef double doubles __attribute__((vector_size(vector_bytes), aligned(8), may_alias));
typedef int64_t doubles_bits __attribute__((vector_size(vector_bytes), aligned(8), may_alias));

enum { doubles_lanes = vector_bytes / 8, abreast = 2 };

static doubles at(const double *x) { return *(const doubles *)x; }

static doubles at_or_zero(const double *x, size_t n, size_t k)
{
    double lane[doubles_lanes] = { 0 };
    doubles v;
    if (k < n)
        memcpy(lane, x + k, (n - k < doubles_lanes ? n - k : doubles_lanes) * sizeof *x);
    memcpy(&v, lane, sizeof v);
    return v;
}

static doubles magnitude(doubles x) { return (doubles)((doubles_bits)x & INT64_MAX); }

static doubles larger(doubles most, doubles x) { return (doubles)MAX_f64(magnitude(x), most); }

static double largest_lane(doubles most)
{
    double all = 0;
    for (size_t lane = 0; lane < doubles_lanes; lane++)
        all = most[lane] > all ? most[lane] : all;
    return all;
}

static double largest(const double *x, size_t n)
{
    const size_t step = abreast * doubles_lanes;
    doubles most[abreast] = { 0 };
    size_t k = 0;
    for (; k + step <= n; k += step)
        for (size_t a = 0; a < abreast; a++)
            most[a] = larger(most[a], at(x + k + a * doubles_lanes));
    for (; k < n; k += doubles_lanes)
        most[0] = larger(most[0], at_or_zero(x, n, k));
    return largest_lane((doubles)MAX_f64(most[0], most[1]));
}

struct extract {
    doubles sum[2];
    doubles_bits left;
};

static void extract_one(struct extract *e, doubles x, double first, double second)
{
    const doubles high = (x + first) - first, rest = x - high;
    const doubles low = (rest + second) - second;
    e->sum[0] += high;
    e->sum[1] += low;
    e->left |= (doubles_bits)(rest - low);
}

static bool extract(const double *x, size_t n, double first, double second, double sums[2])
{
    const size_t step = abreast * doubles_lanes;
    struct extract e[abreast] = { 0 };
    int64_t left = 0;
    size_t k = 0;
    for (; k + step <= n; k += step)
        for (size_t a = 0; a < abreast; a++)
            extract_one(&e[a], at(x + k + a * doubles_lanes), first, second);
    for (; k < n; k += doubles_lanes)
        extract_one(&e[0], at_or_zero(x, n, k), first, second);
    sums[0] = sums[1] = 0;
    for (size_t a = 0; a < abreast; a++)
        for (size_t lane = 0; lane < doubles_lanes; lane++) {
            sums[0] += e[a].sum[0][lane];
            sums[1] += e[a].sum[1][lane];
            left |= e[a].left[lane];
        }
    return (left & INT64_MAX) == 0; /* -0.0 is nothing */
}

/* What rounding took from the product p = x y. Without a fused multiply-add the factors are cut into
 * halves of 26 bits (T. Dekker, A floating-point technique for extending the available precision,
 * 1971); both are exact unless something overflows or is below the subnormals. */
#if defined __AVX512F__
static doubles error_of(doubles x, doubles y, doubles p)
{
    return (doubles)_mm512_fmsub_pd(x, y, p);
}
#elif defined __AVX2__ && defined __FMA__
static doubles error_of(doubles x, doubles y, doubles p)
{
    return (doubles)_mm256_fmsub_pd(x, y, p);
}
#else
static doubles upper_half(doubles x)
{
    const doubles c = x * (double)(1 << 27 | 1);
    return c - (c - x);
}

static doubles error_of(doubles x, doubles y, doubles p)
{
    const doubles a = upper_half(x), b = x - a, c = upper_half(y), d = y - c;
    return ((a * c - p) + a * d + b * c) + b * d;
}
#endif

/* The last bit of a larger product is at 2^-1066 or above. */
static const double too_small = 0x1p-960;

/* Whether every product below that is one of 0. */
static bool small_ones_are_zero(const double *x, const double *y, size_t n)
{
    bool zero = true;
    for (size_t k = 0; k < n; k++)
        zero &= fabs(x[k] * y[k]) >= too_small || x[k] == 0 || y[k] == 0;
    return zero;
}

struct products {
    doubles most, least;
};

static void multiply(struct products *p, doubles x, doubles y, double *high, double *low)
{
    const doubles h = x * y, m = magnitude(h);
    *(doubles *)high = h;
    *(doubles *)low = error_of(x, y, h);
    p->most = (doubles)MAX_f64(m, p->most);
    p->least = (doubles)MIN_f64(m, p->least);
}

static bool products(const double *x, const double *y, size_t n, double *high, double *low,
                     double *most)
{
    const doubles zero = { 0 };
    struct products p = { zero, zero + (double)INFINITY };
    const size_t rest = n % doubles_lanes, whole = n - rest;
    for (size_t k = 0; k < whole; k += doubles_lanes)
        multiply(&p, at(x + k), at(y + k), high + k, low + k);
    if (rest) {
        double h[doubles_lanes], l[doubles_lanes];
        multiply(&p, at_or_zero(x, n, whole), at_or_zero(y, n, whole), h, l);
        memcpy(high + whole, h, rest * sizeof *h);
        memcpy(low + whole, l, rest * sizeof *l);
    }
    bool small = false;
    for (size_t lane = 0; lane < doubles_lanes; lane++)
        small |= p.least[lane] < too_small;
    *most = largest_lane(p.most);
    return !small || small_ones_are_zero(x, y, n);
}

static void widen(const float *x, const float *y, size_t n, double *out)
{
    if (y)
        for (size_t k = 0; k < n; k++)
            out[k] = (double)x[k] * (double)y[k];
    else
        for (size_t k = 0; k < n; k++)
            out[k] = (double)x[k];
}

#define TABLE(isa)  TABLE_(isa)
#define TABLE_(isa) weft__exact_leaves_##isa

extern const struct weft__exact_leaves TABLE(ISA);

const struct weft__exact_leaves TABLE(ISA) = {
    .largest = largest,
    .extract = extract,
    .products = products,
    .widen = widen,
};
