/* leaf.h - the innermost loops, in the version that fits the processor.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_LEAF_H
#define WEFT_ALGO_LEAF_H

#include <weft/reduce.h>

enum { weft__block = 2048, weft__lane_bytes = 512 };

/* A block in the making: floating-point sums and extremes are kept in lanes, all else in `value`. */
struct weft__state {
    union {
        double f64[weft__lane_bytes / sizeof(double)];
        float f32[weft__lane_bytes / sizeof(float)];
    } lanes;
    weft_value_ value;
} __attribute__((aligned(64)));

/* One operation over one element type. y is NULL but for dot; `first` is the index of x[0]. A block
 * comes in parts (start, fold, fold, ..., tie) or whole. */
struct weft__leaf {
    void (*start)(struct weft__state *state);
    void (*fold)(struct weft__state *state, const void *x, const void *y, size_t n, size_t first);
    void (*tie)(const struct weft__state *state, weft_value_ *value);
    void (*block)(const void *x, const void *y, size_t n, size_t first, weft_value_ *value);
    void (*join)(weft_value_ *left, const weft_value_ *right); /* left = left op right */
};

enum { weft__ops = WEFT_OP_ANY_ + 1, weft__types = WEFT_TYPE_BYTE_ + 1 };

struct weft__among_leaves;
struct weft__exact_leaves;
struct weft__histogram_leaves;
struct weft__random_leaves;
struct weft__scan_leaves;
struct weft__sort_leaves;
struct weft__sums_leaves;

struct weft__leaves {
    struct weft__leaf op[weft__ops][weft__types];
    const struct weft__scan_leaves *scan;
    const struct weft__histogram_leaves *histogram;
    void (*repeat)(void *to, const void *line, size_t bytes); /* 64 bytes, again and again */
    void (*stream)(void *to, const void *from, size_t bytes); /* past the cache */
    void (*stream_end)(void);                                 /* before others may read it */
    const struct weft__sort_leaves *sort;
    const struct weft__random_leaves *random;
    const struct weft__exact_leaves *exact;
    const struct weft__among_leaves *among;
    const struct weft__sums_leaves *sums;
    /* The indices of those of n numbers that are not 0; room for 16 more. How many. */
    size_t (*places)(uint32_t *place, const float *holds, size_t n);
    /* Those that are not 0, and those that are; room for 16 more of each. How many are not. */
    size_t (*split)(uint32_t *ones, uint32_t *zeros, const float *holds, size_t n);
};

/* The leaves for this processor. WEFT_ISA=plain, avx2 or avx512 asks for lesser ones. */
const struct weft__leaves *weft__leaves(void);

/* Bytes of an element. */
size_t weft__size_of(weft_type_ type);

#endif
