/* exact.c - exact.h.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "rows.h"

/* ---- the loop: an integer as wide as all doubles, in units of 2^-1074 ---- */

enum { digits = 70, digit_bits = 32, unit = -1074 };

struct wide {
    int64_t digit[digits]; /* of any sign, so that 2^31 terms need no carry */
};

static void add(struct wide *w, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const uint64_t fraction = bits << 12 >> 12, exponent = bits << 1 >> 53;
    const uint64_t mantissa = exponent ? fraction | (uint64_t)1 << 52 : fraction;
    const uint64_t at = exponent ? exponent - 1 : 0;
    const int64_t sign = bits >> 63 ? -1 : 1;
    unsigned __int128 part = (unsigned __int128)mantissa << at % digit_bits;
    for (size_t k = at / digit_bits; part; k++, part >>= digit_bits)
        w->digit[k] += sign * (int64_t)(uint32_t)part;
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

#define EXACT(t, T, precision, least)                                                     \
    ALGORITHM(exact_##t) { ANSWER(t, weft_sum_exact(in->t, in->n)); }                     \
    ALGORITHM(serial_exact_##t)                                                           \
    {                                                                                     \
        struct wide w = { { 0 } };                                                        \
        T special = 0; /* an infinity or NaN, if there is one */                          \
        for (size_t k = 0; k < in->n; k++)                                                \
            isfinite(in->t[k]) ? add(&w, (double)in->t[k]) : (void)(special += in->t[k]); \
        const T sum = (T)rounded(&w, precision, least);                                   \
        a->t = isnan(special) ? (T)NAN : isinf(special) ? special : sum;                  \
    }
EXACT(f32, float, FLT_MANT_DIG, 1074 - 149)
EXACT(f64, double, DBL_MANT_DIG, 0)

static const struct law rows[] = {
    LAW("weft_sum_exact f32", exact_f32, serial_exact_f32),
    LAW("weft_sum_exact f64", exact_f64, serial_exact_f64),
};

FAMILY(exact, rows)
