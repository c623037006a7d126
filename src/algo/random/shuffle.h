/* shuffle.h - an array that is dealt into buckets, and dealing without memory.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_RANDOM_SHUFFLE_H
#define WEFT_ALGO_RANDOM_SHUFFLE_H

#include <string.h>

#include <weft/random.h>

#include "algo/random/words.h"

enum { weft__bucket_bits_most = 10 };

/* n elements of so many bytes, into 2^bits buckets. */
struct weft__deal {
    char *x;
    size_t n, size;
    const weft_random *r;
    unsigned bits; /* at least 1, at most weft__bucket_bits_most */
};

/* The buckets of the elements of a tile. */
struct weft__labels {
    uint16_t bucket[weft__random_tile];
    struct weft__words words;
};

static inline void weft__labels(struct weft__labels *l, const struct weft__deal *d, size_t begin,
                                size_t n)
{
    const struct weft__drawn drawn = { d->r, 0, WEFT_FOR_BUCKET_, 4 };
    const uint32_t *const u = weft__words(&l->words, &drawn, begin, n);
    for (size_t k = 0; k < n; k++)
        l->bucket[k] = (uint16_t)(u[k] >> (32 - d->bits));
}

static inline __attribute__((always_inline)) void weft__swap(char *a, char *b, size_t size)
{
    char kept[64];
    for (size_t k = 0; k < size; k += sizeof kept) {
        const size_t part = size - k < sizeof kept ? size - k : sizeof kept;
        memcpy(kept, a + k, part);
        memmove(a + k, b + k, part);
        memcpy(b + k, kept, part);
    }
}

/* Deals x into buckets, one behind the other, elements in order; how many each got. Time grows as
 * n log(n) times bits. */
void weft__deal_in_place(const struct weft__deal *deal, size_t *counts);

#endif
