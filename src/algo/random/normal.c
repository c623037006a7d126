/* normal.c - one normal number: a ziggurat of layers that lie below the curve.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     |__                   The area below exp(-x x / 2), x >= 0, is cut into 256 equal parts. 253 of
 *     |__\_                 them are rectangles that lie below the curve: a layer is chosen by 8 bits, a
 *     |____\__              place in it by 52 more, and that is the number. Once in 85 times it is in
 *     |_______\___          what is left of the area: the cap, the wedges beside the layers, the tail. A
 *     |____________\_ _ _   region of these is chosen by its area (A. Walker, An efficient method for
 *                           generating discrete random variables, 1977), a place in it by rejection.
 *
 * After C. McFarland, A modified ziggurat algorithm for generating exponentially- and normally-distributed
 * pseudorandom numbers, J. Stat. Comput. Simul. 86 (2016). Tails: G. Marsaglia, Generating a variable from
 * the tail of the normal distribution, 1964.
 *
 * Everything here is multiplications, additions and divisions in one order, without libm, whose last bits
 * depend on its version: the numbers are the same everywhere. Comparisons with the curve are wrong where
 * exp and log err, by less than 2^-51 of the 1/85. */
#include "algo/random/normal.h"

#include <string.h>

#include "algo/random/normal_table.h"
#include "base/assert.h"

enum { layers = weft__normal_layers, columns = 256 };

const double weft__normal_width[256] = { WEFT__NORMAL_WIDTHS };
const float weft__normal_width_f32[256] = { WEFT__NORMAL_WIDTHS };

static const double height[layers] = { WEFT__NORMAL_HEIGHTS };
static const uint64_t threshold[columns] = { WEFT__NORMAL_THRESHOLDS };
static const uint8_t alias[columns] = { WEFT__NORMAL_ALIASES };

static const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;

static double of_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t bits_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

/* exp(-x), 0 <= x < 700: 2^-k exp(-y), |y| <= ln(2) / 2, by Taylor's series. */
static double exp_minus(double x)
{
    static const double factorial[] = { 6227020800, 479001600, 39916800, 3628800, 362880, 40320,
                                        5040,       720,       120,      24,      6,      2 };
    const double k = (double)(int)(x * 0x1.71547652b82fep+0 + 0.5);
    const double y = k * ln2_high - x + k * ln2_low;
    double sum = 0;
    for (size_t j = 0; j < sizeof factorial / sizeof *factorial; j++)
        sum = (sum + 1 / factorial[j]) * y;
    return (1 + (y + sum * y)) * of_bits((uint64_t)(1023 - (int)k) << 52);
}

/* -ln(u), 2^-53 <= u < 1, by ln(m) = 2 artanh((m - 1) / (m + 1)), 1/root(2) < m < root(2). */
static double log_minus(double u)
{
    const uint64_t bits = bits_of(u), over = (bits << 12 >> 12) > 0x6a09e667f3bcdu;
    const double k = (double)((int)(bits >> 52) - 1023 + (int)over);
    const double m = of_bits(bits << 12 >> 12 | (1023 - over) << 52);
    const double s = (m - 1) / (m + 1), t = s * s;
    double sum = 0;
    for (int j = 23; j >= 1; j -= 2)
        sum = sum * t + 1.0 / j;
    return -(k * ln2_high + (2 * s * sum + k * ln2_low));
}

/* The middle of one of 2^52 parts of 0 to 1. */
static double inside(uint64_t u) { return ((double)(int64_t)(u >> 12) + 0.5) * 0x1p-52; }

/* A draw of one item, and how often it drew again. */
struct draws {
    const weft_random *r;
    uint64_t i;
    uint32_t draw, what;
};

static weft_random_block_ again(struct draws *d)
{
    return weft_block_(d->r, d->i, d->draw, ++d->what);
}

static double in_tail(struct draws *d)
{
    const double from = weft__normal_width[0];
    for (;;) {
        const weft_random_block_ b = again(d);
        const double x = log_minus(inside(b.half[0])) / from, y = log_minus(inside(b.half[1]));
        if (2 * y > x * x)
            return from + x;
    }
}

/* Between layers k - 1 and k. Beyond 1 the curve is below its chord, so that the other half of the
 * rectangle is folded onto the one that counts; before 1 it is above, where no place is in vain. */
static double in_wedge(struct draws *d, size_t k)
{
    const double left = k < layers ? weft__normal_width[k] : 0, right = weft__normal_width[k - 1];
    const double low = height[k - 1], high = k < layers ? height[k] : 1;
    for (;;) {
        const weft_random_block_ b = again(d);
        double u = inside(b.half[0]), v = inside(b.half[1]);
        const bool beyond = u + v > 1;
        if (left >= 1 && beyond)
            u = 1 - u, v = 1 - v;
        const double x = left + u * (right - left);
        if (right <= 1 && !beyond)
            return x;
        if (low + v * (high - low) < exp_minus(x * x * 0.5))
            return x;
    }
}

/* By 52 bits: a column, then whether it keeps what it got. */
static double outside(struct draws *d, uint64_t bits)
{
    const size_t column = bits & (columns - 1);
    const size_t region = bits >> 8 < threshold[column] ? column : alias[column];
    weft_assert(region <= layers);
    return region == 0 ? in_tail(d) : in_wedge(d, region);
}

double weft__normal_outside(const weft_random *r, uint64_t i, uint32_t draw, uint64_t u)
{
    struct draws d = { r, i, draw, WEFT_FOR_NORMAL_ };
    const double x = outside(&d, u >> 12);
    return u & 256 ? -x : x;
}

float weft__normal_outside_f32(const weft_random *r, uint64_t i, uint32_t draw, uint32_t u)
{
    struct draws d = { r, i, draw, WEFT_FOR_NORMAL_F32_ };
    const float x = (float)outside(&d, again(&d).half[0] >> 12);
    return u & 256 ? -x : x;
}

/* The vector loops do the same (leaf/random.c). */
double(weft_normal)(const weft_random *r, uint64_t i, uint32_t draw)
{
    const uint64_t u = weft_half_(r, i, draw, WEFT_FOR_NORMAL_);
    if (__builtin_expect((u & 255) >= layers, 0))
        return weft__normal_outside(r, i, draw, u);
    const double x = inside(u) * weft__normal_width[u & 255];
    return u & 256 ? -x : x;
}

float(weft_normal_f32)(const weft_random *r, uint64_t i, uint32_t draw)
{
    const uint32_t u = weft_quarter_(r, i, draw, WEFT_FOR_NORMAL_F32_);
    if (__builtin_expect((u & 255) >= layers, 0))
        return weft__normal_outside_f32(r, i, draw, u);
    const float x = ((float)(int32_t)(u >> 9) + 0.5f) * 0x1p-23f * weft__normal_width_f32[u & 255];
    return u & 256 ? -x : x;
}
