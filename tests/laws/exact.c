/* exact.c - exact.h.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "rows.h"

/* ---- the loop: an integer as wide as all products of doubles, in units of 2^-2148 ---- */

enum { digits = 140, digit_bits = 32, unit = -2148 };

struct wide {
    int64_t digit[digits]; /* of any sign, so that 2^29 terms need no carry */
};

/* A magnitude: mantissa * 2^(at - 1074). */
static uint64_t parts_of(double x, uint64_t *at)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const uint64_t fraction = bits << 12 >> 12, exponent = bits << 1 >> 53;
    *at = exponent ? exponent - 1 : 0;
    return exponent ? fraction | (uint64_t)1 << 52 : fraction;
}

static void add_bits(struct wide *w, uint64_t bits, uint64_t at, int64_t sign)
{
    unsigned __int128 part = (unsigned __int128)bits << at % digit_bits;
    for (size_t k = at / digit_bits; part; k++, part >>= digit_bits)
        w->digit[k] += sign * (int64_t)(uint32_t)part;
}

static void add(struct wide *w, double x, double y)
{
    uint64_t at_x, at_y;
    const uint64_t mx = parts_of(x, &at_x), my = parts_of(y, &at_y);
    const unsigned __int128 product = (unsigned __int128)mx * my;
    const int64_t sign = !signbit(x) == !signbit(y) ? 1 : -1;
    add_bits(w, (uint64_t)product, at_x + at_y, sign);
    add_bits(w, (uint64_t)(product >> 64), at_x + at_y + 64, sign);
}

/* All digits but the last become those of a non-negative number. */
static void carry(struct wide *w)
{
    for (size_t k = 0; k + 1 < digits; k++) {
        w->digit[k + 1] += w->digit[k] >> digit_bits;
        w->digit[k] = (int64_t)(uint32_t)w->digit[k];
    }
}

static int bit(const struct wide *w, int k)
{
    return (int)(w->digit[k / digit_bits] >> k % digit_bits & 1);
}

static bool any_below(const struct wide *w, int end)
{
    for (int k = 0; k < end; k++)
        if (bit(w, k))
            return true;
    return false;
}

/* To `precision` bits, none of them below `least`; ties to even. */
static double rounded(struct wide *w, int precision, int least)
{
    carry(w);
    const bool negative = w->digit[digits - 1] < 0;
    for (size_t k = 0; negative && k < digits; k++)
        w->digit[k] = -w->digit[k];
    carry(w);
    int top = digits * digit_bits - 1;
    while (top > 0 && !bit(w, top))
        top--;
    const int last = top - precision + 1 > least ? top - precision + 1 : least;
    uint64_t m = 0;
    for (int k = top; k >= last; k--)
        m = 2 * m + (uint64_t)bit(w, k);
    if (last > 0 && bit(w, last - 1) && (m & 1 || any_below(w, last - 1)))
        m++;
    const double x = ldexp((double)m, last + unit);
    return negative ? -x : x;
}

#define EXACT(op, t, T, precision, least, y, ...)                                      \
    ALGORITHM(op##_##t) { ANSWER(t, weft_##op##_exact(__VA_ARGS__, in->n)); }          \
    ALGORITHM(serial_##op##_##t)                                                       \
    {                                                                                  \
        struct wide w = { { 0 } };                                                     \
        T special = 0; /* an infinity or NaN, if there is one */                       \
        for (size_t k = 0; k < in->n; k++)                                             \
            isfinite(in->t[k]) && isfinite(y) ? add(&w, (double)in->t[k], (double)(y)) \
                                              : (void)(special += in->t[k] * (y));     \
        const T sum = (T)rounded(&w, precision, least);                                \
        a->t = isnan(special) ? (T)NAN : isinf(special) ? special : sum;               \
    }
EXACT(sum, f32, float, FLT_MANT_DIG, 2148 - 149, 1.0f, in->f32)
EXACT(sum, f64, double, DBL_MANT_DIG, 1074, 1.0, in->f64)
EXACT(dot, f32, float, FLT_MANT_DIG, 2148 - 149, in->f32[k + 1], in->f32, in->f32 + 1)
EXACT(dot, f64, double, DBL_MANT_DIG, 1074, in->f64[k + 1], in->f64, in->f64 + 1)

static const struct law rows[] = {
    LAW("weft_sum_exact f32", sum_f32, serial_sum_f32),
    LAW("weft_sum_exact f64", sum_f64, serial_sum_f64),
    LAW("weft_dot_exact f32", dot_f32, serial_dot_f32),
    LAW("weft_dot_exact f64", dot_f64, serial_dot_f64),
};

FAMILY(exact, rows)
