/* wide.c - an integer that is wide enough for any sum of doubles and of products of two doubles.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "algo/wide.h"

#include <math.h>
#include <string.h>

#include "base/assert.h"

enum { radix = 32 };

static const uint64_t added_most = 1u << 29;

/* Digits into [0, 2^32), but for the last, which takes the sign. */
static void carry(struct weft__wide *w)
{
    for (size_t k = 0; k + 1 < weft__wide_digits; k++) {
        const int64_t up = w->digit[k] >> radix; /* rounds down */
        w->digit[k] -= up * ((int64_t)1 << radix);
        w->digit[k + 1] += up;
    }
    w->added = 0;
}

static void note_special(struct weft__wide *w, double x)
{
    w->nan |= isnan(x);
    w->plus_infinity |= x > 0;
    w->minus_infinity |= x < 0;
}

/* A finite number is +-bits * 2^(at - 1075). */
struct parts {
    uint64_t bits;
    unsigned at;
    bool negative, finite;
};

static struct parts parts_of(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    const unsigned exponent = u >> 52 & 0x7ff;
    const uint64_t fraction = u & 0xfffffffffffff;
    return (struct parts){
        .bits = exponent ? fraction | (uint64_t)1 << 52 : fraction,
        .at = exponent ? exponent : 1,
        .negative = u >> 63,
        .finite = exponent != 0x7ff,
    };
}

/* digits += +-bits * 2^at, in units of the last bit. */
static void add_bits(struct weft__wide *w, uint64_t bits, unsigned at, bool negative)
{
    const unsigned __int128 moved = (unsigned __int128)bits << at % radix;
    const int64_t sign = negative ? -1 : 1;
    int64_t *const digit = w->digit + at / radix;
    digit[0] += sign * (int64_t)(moved & 0xffffffff);
    digit[1] += sign * (int64_t)(moved >> 32 & 0xffffffff);
    digit[2] += sign * (int64_t)(moved >> 64);
    if (++w->added == added_most)
        carry(w);
}

void weft__wide_add(struct weft__wide *w, double x)
{
    const struct parts p = parts_of(x);
    if (p.finite)
        add_bits(w, p.bits, p.at - 1075 + weft__wide_fraction, p.negative);
    else
        note_special(w, x);
}

void weft__wide_add_product(struct weft__wide *w, double x, double y)
{
    const struct parts p = parts_of(x), q = parts_of(y);
    if (!p.finite || !q.finite) {
        note_special(w, x * y);
        return;
    }
    const unsigned __int128 bits = (unsigned __int128)p.bits * q.bits;
    const unsigned at = p.at + q.at - 2 * 1075 + weft__wide_fraction;
    add_bits(w, (uint64_t)bits, at, p.negative != q.negative);
    add_bits(w, (uint64_t)(bits >> 64), at + 64, p.negative != q.negative);
}

void weft__wide_merge(struct weft__wide *w, struct weft__wide *other)
{
    carry(w);
    carry(other);
    for (size_t k = 0; k < weft__wide_digits; k++)
        w->digit[k] += other->digit[k];
    w->added = 1;
    w->nan |= other->nan;
    w->plus_infinity |= other->plus_infinity;
    w->minus_infinity |= other->minus_infinity;
}

static double special(const struct weft__wide *w)
{
    const bool nan = w->nan || (w->plus_infinity && w->minus_infinity);
    return nan ? (double)NAN : w->plus_infinity ? (double)INFINITY : -(double)INFINITY;
}

/* Makes it its magnitude; returns whether it was negative. */
static bool take_sign(struct weft__wide *w)
{
    carry(w);
    const bool negative = w->digit[weft__wide_digits - 1] < 0;
    for (size_t k = 0; negative && k < weft__wide_digits; k++)
        w->digit[k] = -w->digit[k];
    carry(w);
    return negative;
}

static int length(uint64_t bits) { return bits ? 64 - __builtin_clzll(bits) : 0; }

/* The number of the highest bit that is set; -1 where none is. */
static int highest_bit(const struct weft__wide *w)
{
    for (int k = weft__wide_digits - 1; k >= 0; k--)
        if (w->digit[k])
            return k * radix + length((uint64_t)w->digit[k]) - 1;
    return -1;
}

static bool bit_at(const struct weft__wide *w, int k)
{
    return w->digit[k / radix] >> k % radix & 1;
}

static bool any_below(const struct weft__wide *w, int k)
{
    for (int d = 0; d < k / radix; d++)
        if (w->digit[d])
            return true;
    return w->digit[k / radix] & (((int64_t)1 << k % radix) - 1);
}

double weft__wide_round(struct weft__wide *w, int bits, int least, int most)
{
    if (w->nan || w->plus_infinity || w->minus_infinity)
        return special(w);
    const bool negative = take_sign(w);
    const int high = highest_bit(w), last_of_all = least + weft__wide_fraction;
    const int last = high - bits + 1 > last_of_all ? high - bits + 1 : last_of_all;
    uint64_t mantissa = 0;
    for (int k = high; k >= last; k--)
        mantissa = mantissa << 1 | bit_at(w, k);
    const bool half = bit_at(w, last - 1);
    if (half && (mantissa % 2 || any_below(w, last - 1)))
        mantissa++;
    const int exponent = last - weft__wide_fraction;
    const bool infinite = mantissa && exponent + length(mantissa) > most;
    const double magnitude = infinite ? (double)INFINITY : ldexp((double)mantissa, exponent);
    return negative ? -magnitude : magnitude;
}
