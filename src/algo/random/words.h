/* words.h - the bits of consecutive items.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_RANDOM_WORDS_H
#define WEFT_ALGO_RANDOM_WORDS_H

#include <weft/random.h>

#include "algo/leaf/random.h"

/* Room for those of a tile: a group more at either end. */
struct weft__words {
    uint64_t bits[weft__random_tile + 4 * weft__random_group] __attribute__((aligned(64)));
};

/* What a run of items draws for. */
struct weft__drawn {
    const weft_random *r;
    uint32_t draw, what;
    size_t size; /* bytes an item: 4 or 8 */
};

/* The bits of the items first to first + n - 1, in w; n is at most weft__random_tile. */
const void *weft__words(struct weft__words *w, const struct weft__drawn *d, uint64_t first,
                        size_t n);

#endif
