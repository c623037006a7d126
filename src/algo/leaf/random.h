/* random.h - the innermost loops of the random numbers.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_LEAF_RANDOM_H
#define WEFT_ALGO_LEAF_RANDOM_H

#include <weft/random.h>

enum {
    weft__random_group = 8,  /* blocks that are made together */
    weft__random_tile = 512, /* 64-bit words of bits that stay in the L1 cache */
};

/* Which blocks. */
struct weft__counters {
    uint64_t key[2];
    uint64_t first;
    uint32_t draw, what;
};

struct weft__random_leaves {
    /* By generator: `groups` groups of blocks, the halves of each in order. */
    void (*blocks[2])(uint64_t *out, const struct weft__counters *c, size_t groups);
    /* n numbers from as many words. */
    void (*uniform_f64)(double *out, const uint64_t *bits, size_t n);
    void (*uniform_f32)(float *out, const uint32_t *bits, size_t n);
    /* The same; those that lie outside of all layers are not made: where they are, and how many. */
    size_t (*normal_f64)(double *out, const uint64_t *bits, size_t n, uint16_t *outside);
    size_t (*normal_f32)(float *out, const uint32_t *bits, size_t n, uint16_t *outside);
};

#endif
