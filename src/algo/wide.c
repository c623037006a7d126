/* wide.c - an integer that is wide enough for any sum of doubles.
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

void weft__wide_add(struct weft__wide *w, double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    const unsigned exponent = u >> 52 & 0x7ff;
    if (exponent == 0x7ff) {
        note_special(w, x);
        return;
    }
    const uint64_t fraction = u & 0xfffffffffffff;
    const uint64_t mantissa = exponent ? fraction | (uint64_t)1 << 52 : fraction;
    const unsigned at = exponent ? exponent - 1 : 0; /* of its last bit, above 2^-1074 */
    const unsigned __int128 bits = (unsigned __int128)mantissa << at % radix;
    const int64_t sign = u >> 63 ? -1 : 1;
    int64_t *const digit = w->digit + at / radix;
    digit[0] += sign * (int64_t)(bits & 0xffffffff);
    digit[1] += sign * (int64_t)(bits >> 32 & 0xffffffff);
    digit[2] += sign * (int64_t)(bits >> 64);
    if (++w->added == added_most)
        carry(w);
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

static bool bit_at(const struct weft__wide *w, int k)
{
    return k >= 0 && (w->digit[k / radix] >> k % radix & 1);
}

static int highest_bit(const struct weft__wide *w)
{
    int k = weft__wide_digits * radix - 1;
    while (k >= 0 && !bit_at(w, k))
        k--;
    return k;
}

static bool any_below(const struct weft__wide *w, int k)
{
    for (int b = 0; b < k; b++)
        if (bit_at(w, b))
            return true;
    return false;
}

static int length(uint64_t mantissa) { return 64 - __builtin_clzll(mantissa); }

double weft__wide_round(struct weft__wide *w, int bits, int least, int most)
{
    if (w->nan || w->plus_infinity || w->minus_infinity)
        return special(w);
    const bool negative = take_sign(w);
    const int high = highest_bit(w), last_of_all = least + 1074;
    const int last = high - bits + 1 > last_of_all ? high - bits + 1 : last_of_all;
    uint64_t mantissa = 0;
    for (int k = high; k >= last; k--)
        mantissa = mantissa << 1 | bit_at(w, k);
    const bool half = bit_at(w, last - 1);
    if (half && (mantissa % 2 || any_below(w, last - 1)))
        mantissa++;
    const bool infinite = mantissa && last - 1074 + length(mantissa) > most;
    const double magnitude = infinite ? (double)INFINITY : ldexp((double)mantissa, last - 1074);
    return negative ? -magnitude : magnitude;
}
