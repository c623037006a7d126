/* sort_input.c - arrays to sort, and an order that does not come from the library.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "sort_input.h"

#include <float.h>
#include <math.h>
#include <string.h>

uint64_t random_bits(uint64_t k)
{
    k = (k ^ k >> 30) * 0xbf58476d1ce4e5b9u;
    k = (k ^ k >> 27) * 0x94d049bb133111ebu;
    return k ^ k >> 31;
}

/* ---- patterns: numbers below 2^32, or bits of which the upper ones count most ---- */

static uint64_t uniform(size_t i, size_t n) { return (void)n, random_bits(i + 1); }
static uint64_t equal(size_t i, size_t n) { return (void)i, (void)n, 7; }
static uint64_t sorted(size_t i, size_t n) { return (void)n, i; }
static uint64_t reversed(size_t i, size_t n) { return n - i; }
static uint64_t reversed_with_ties(size_t i, size_t n) { return (n - i) / 3; }
static uint64_t organ_pipe(size_t i, size_t n) { return i < n / 2 ? i : n - i; }
static uint64_t few_values(size_t i, size_t n) { return (void)n, random_bits(i + 1) % 7; }
static uint64_t two_values(size_t i, size_t n)
{
    return (void)n, random_bits(i + 1) % 2 ? ~UINT64_C(0) : 0;
}
static uint64_t saw(size_t i, size_t n) { return (void)n, i % 997; }
static uint64_t nearly_sorted(size_t i, size_t n) { return i % 101 == 13 ? random_bits(i) % n : i; }
static uint64_t last_is_least(size_t i, size_t n) { return i + 1 < n ? i + 1 : 0; }

/* What makes a quicksort that takes the median of three quadratic (D. Musser, 1997). */
static uint64_t median_of_3_killer(size_t i, size_t n)
{
    const size_t half = n / 2;
    return i >= half ? 2 * (i - half) + 2 : i % 2 ? half + i + (half % 2 == 0) : i + 1;
}

static uint64_t zipf(size_t i, size_t n)
{
    return (void)n, (uint64_t)exp(13.8 * (double)(random_bits(i + 1) >> 11) * 0x1p-53);
}

static uint64_t far_outlier(size_t i, size_t n)
{
    return i == n / 3 ? UINT32_MAX : random_bits(i + 1) % 1000;
}

static uint64_t same_top_bits(size_t i, size_t n)
{
    return (void)n, UINT64_C(0xabcdef0123000000) | random_bits(i + 1) >> 44;
}

static uint64_t clusters(size_t i, size_t n)
{
    const uint64_t r = random_bits(i + 1);
    return (void)n, (r & 1 ? UINT64_C(0x7000000000000000) : 0x1234) + (r >> 40);
}

/* Floating point: all that is special. */
static uint64_t specials(size_t i, size_t n) { return (void)n, random_bits(i + 1); }

static const struct {
    const char *name;
    uint64_t (*at)(size_t i, size_t n);
    bool bits; /* the upper half counts for narrow types, and floats take them as they are */
} patterns[pattern_count] = {
    { "uniform", uniform, true },
    { "equal", equal, false },
    { "sorted", sorted, false },
    { "reversed", reversed, false },
    { "reversed with ties", reversed_with_ties, false },
    { "organ pipe", organ_pipe, false },
    { "few values", few_values, false },
    { "two values", two_values, true },
    { "saw", saw, false },
    { "nearly sorted", nearly_sorted, false },
    { "last is least", last_is_least, false },
    { "median-of-3 killer", median_of_3_killer, false },
    { "zipf", zipf, false },
    { "far outlier", far_outlier, false },
    { "same top bits", same_top_bits, true },
    { "same top bits, narrow", same_top_bits, false },
    { "clusters", clusters, true },
    { "specials", specials, true },
};

const char *pattern_name(size_t pattern) { return patterns[pattern].name; }

/* ---- elements ---- */

static const struct {
    const char *name;
    size_t size;
} elements[element_count] = {
#define ROW_(t, T) { #t, sizeof(T) },
    ELEMENTS(ROW_)
#undef ROW_
};

const char *element_name(enum element e) { return elements[e].name; }
size_t element_size(enum element e) { return elements[e].size; }

/* NaN of both signs with any payload, zeros of both signs, infinities, subnormals, others. */
static double special_f64(uint64_t r)
{
    const double table[] = { 0.0, -0.0, INFINITY, -INFINITY, DBL_MIN, DBL_MAX, 1, -1 };
    const uint64_t sign = r << 63, payload = r >> 40 | 1;
    const uint64_t nan = UINT64_C(0x7ff0000000000000) | sign | payload << r % 28,
                   tiny = sign | payload;
    double x = table[r >> 8 & 7];
    if (r >> 16 & 1)
        memcpy(&x, r >> 17 & 1 ? &nan : &tiny, sizeof x);
    return x;
}

static float special_f32(uint64_t r)
{
    const float table[] = { 0.0f, -0.0f, INFINITY, -INFINITY, FLT_MIN, FLT_MAX, 1, -1 };
    const uint32_t sign = (uint32_t)r << 31, payload = (uint32_t)(r >> 50) | 1;
    const uint32_t nan = 0x7f800000u | sign | payload << r % 8, tiny = sign | payload;
    float x = table[r >> 8 & 7];
    if (r >> 16 & 1)
        memcpy(&x, r >> 17 & 1 ? &nan : &tiny, sizeof x);
    return x;
}

static void fill_floating(void *x, enum element e, size_t pattern, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const uint64_t v = patterns[pattern].at(i, n);
        const uint32_t upper = (uint32_t)(v >> 32);
        const double number = (double)v - 1e6;
        if (patterns[pattern].at == specials)
            e == ELEMENT_f64 ? (void)(((double *)x)[i] = special_f64(v))
                             : (void)(((float *)x)[i] = special_f32(v));
        else if (e == ELEMENT_f64)
            memcpy((double *)x + i, patterns[pattern].bits ? (void *)&v : (void *)&number, 8);
        else if (patterns[pattern].bits)
            memcpy((float *)x + i, &upper, 4);
        else
            ((float *)x)[i] = (float)number;
    }
}

void fill(void *x, enum element e, size_t pattern, size_t n)
{
    if (e == ELEMENT_f32 || e == ELEMENT_f64) {
        fill_floating(x, e, pattern, n);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const uint64_t v = patterns[pattern].at(i, n);
        if (element_size(e) == 8)
            ((uint64_t *)x)[i] = v;
        else
            ((uint32_t *)x)[i] = (uint32_t)(patterns[pattern].bits ? v >> 32 : v);
    }
}

/* ---- the documented order ---- */

static int sign_of(int above, int below) { return !!above - !!below; }

/* Infinities and NaN by class, then zeros by sign, NaN by sign and payload. */
static int compare_f64(double a, double b)
{
    const bool nan_a = isnan(a), nan_b = isnan(b), minus_a = signbit(a), minus_b = signbit(b);
    if (nan_a != nan_b)
        return sign_of(nan_a, nan_b);
    if (!nan_a)
        return a != b ? sign_of(a > b, a < b) : sign_of(minus_b, minus_a);
    uint64_t bits_a, bits_b;
    memcpy(&bits_a, &a, 8);
    memcpy(&bits_b, &b, 8);
    if (minus_a != minus_b)
        return sign_of(minus_a, minus_b);
    return minus_a ? sign_of(bits_a<bits_b, bits_a> bits_b)
                   : sign_of(bits_a > bits_b, bits_a < bits_b);
}

static int compare_f32(float a, float b)
{
    if (!isnan(a) || !isnan(b))
        return compare_f64((double)a, (double)b);
    uint32_t bits_a, bits_b;
    memcpy(&bits_a, &a, 4);
    memcpy(&bits_b, &b, 4);
    if (!signbit(a) != !signbit(b))
        return sign_of(signbit(a), signbit(b));
    return signbit(a) ? sign_of(bits_a<bits_b, bits_a> bits_b)
                      : sign_of(bits_a > bits_b, bits_a < bits_b);
}

#define COMPARE_INTEGERS(t, T) \
    case ELEMENT_##t:          \
        return sign_of(*(const T *)a > *(const T *)b, *(const T *)a < *(const T *)b);

int compare_elements(enum element e, const void *a, const void *b)
{
    switch (e) {
        COMPARE_INTEGERS(i32, int32_t)
        COMPARE_INTEGERS(i64, int64_t)
        COMPARE_INTEGERS(u32, uint32_t)
        COMPARE_INTEGERS(u64, uint64_t)
    case ELEMENT_f32:
        return compare_f32(*(const float *)a, *(const float *)b);
    default:
        return compare_f64(*(const double *)a, *(const double *)b);
    }
}
