/* histogram.c - from elements to bins; compiled once for each instruction set, which -DISA names.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All versions do the same operations. A product that is off by less than half a bin, rounded to an
 * integer, is the number of the bin or the one above it; the edge between these tells. */
#include "algo/histogram/axis.h"

#include <float.h>

_Static_assert(FLT_EVAL_METHOD == 0, "float and double are computed as such");

#define PASTE(a, b)  PASTE_(a, b)
#define PASTE_(a, b) a##_##b

/* ---- equal width ---- */

enum { tile = 512 };

/* Adding this and taking it away again rounds a small number to an integer. */
static const double rounder = 0x1.8p52;

static inline void equal_tile(const struct weft__axis *a, const double *x, size_t n,
                              uint32_t *restrict bin)
{
    const double low = a->low, high = a->high, width = a->width, scale = a->scale;
    const double last = (double)a->bins - 1, none = (double)a->bins;
    double number[tile];
    for (size_t i = 0; i < n; i++) {
        const double v = x[i], guess = (v - low) * scale + rounder - rounder;
        const double one_less = guess - 1, edge = low + guess * width;
        const double k = v < edge ? one_less : guess, inside = k < last ? k : last;
        const double from_low = v >= low ? inside : none;
        number[i] = v <= high ? from_low : none;
    }
    for (size_t i = 0; i < n; i++)
        bin[i] = (uint32_t)(int32_t)number[i];
}

static void equal(const struct weft__axis *axis, const double *x, size_t n, uint32_t *bin)
{
    const struct weft__axis a = *axis; /* no store can change it */
    for (size_t i = 0; i < n; i += tile)
        equal_tile(&a, x + i, n - i < tile ? n - i : tile, bin + i);
}

/* ---- by type ---- */

#define DEFINE_WIDEN(t, T)                                                          \
    static const double *widen_##t(const void *px, size_t n, double *restrict room) \
    {                                                                               \
        const T *const x = px;                                                      \
        for (size_t i = 0; i < n; i++)                                              \
            room[i] = (double)x[i];                                                 \
        return room;                                                                \
    }
DEFINE_WIDEN(i32, int32_t)
DEFINE_WIDEN(i64, int64_t)
DEFINE_WIDEN(u32, uint32_t)
DEFINE_WIDEN(u64, uint64_t)
DEFINE_WIDEN(f32, float)

static const double *widen_f64(const void *x, size_t n, double *room)
{
    (void)n, (void)room;
    return x;
}

/* All elements take a step of the search before any takes the next: their loads overlap. */
#define DEFINE_EDGES(t, T)                                                          \
    static void between_##t(const void *pe, size_t bins, const void *px, size_t n,  \
                            uint32_t *restrict bin)                                 \
    {                                                                               \
        const T *const edges = pe, *const x = px;                                   \
        const uint32_t count = (uint32_t)bins;                                      \
        for (size_t i = 0; i < n; i++)                                              \
            bin[i] = 0;                                                             \
        for (uint32_t step = 1u << (31 - __builtin_clz(count)); step; step /= 2)    \
            for (size_t i = 0; i < n; i++) {                                        \
                const uint32_t at = bin[i] + step, there = at < count ? at : count; \
                bin[i] = edges[there] <= x[i] ? there : bin[i];                     \
            }                                                                       \
        const T first = edges[0], last = edges[bins];                               \
        for (size_t i = 0; i < n; i++) {                                            \
            const uint32_t b = bin[i] < count ? bin[i] : count - 1;                 \
            bin[i] = ((x[i] >= first) & (x[i] <= last)) ? b : count;                \
        }                                                                           \
    }                                                                               \
    static size_t rise_##t(const void *pe, size_t bins)                             \
    {                                                                               \
        const T *const edges = pe;                                                  \
        size_t k = 0;                                                               \
        while (k < bins && edges[k] <= edges[k + 1])                                \
            k++;                                                                    \
        return k;                                                                   \
    }
DEFINE_EDGES(i32, int32_t)
DEFINE_EDGES(i64, int64_t)
DEFINE_EDGES(u32, uint32_t)
DEFINE_EDGES(u64, uint64_t)
DEFINE_EDGES(f32, float)
DEFINE_EDGES(f64, double)

#define ROW(f)                                                                              \
    {                                                                                       \
        [WEFT_TYPE_I32_] = f##_i32, [WEFT_TYPE_I64_] = f##_i64, [WEFT_TYPE_U32_] = f##_u32, \
        [WEFT_TYPE_U64_] = f##_u64, [WEFT_TYPE_F32_] = f##_f32, [WEFT_TYPE_F64_] = f##_f64, \
    }

#define TABLE(isa) PASTE(weft__histogram_leaves, isa)

extern const struct weft__histogram_leaves TABLE(ISA);

const struct weft__histogram_leaves TABLE(ISA) = {
    .widen = ROW(widen),
    .equal = equal,
    .between = ROW(between),
    .rise = ROW(rise),
};
