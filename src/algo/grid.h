/* grid.h - cuts n indices into blocks of equal length but for one index.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_GRID_H
#define WEFT_ALGO_GRID_H

#include <weft/api.h>

struct weft__grid {
    size_t n, blocks;
};

enum { weft__blocks_most = 1024 };

static inline struct weft__grid weft__grid_of(size_t n, size_t blocks_most)
{
    return (struct weft__grid){ n, n < blocks_most ? n : blocks_most };
}

static inline size_t weft__grid_begin(struct weft__grid g, size_t block)
{
    const size_t length = g.n / g.blocks, longer = g.n % g.blocks;
    return block * length + (block < longer ? block : longer);
}

static inline weft_range weft__grid_block(struct weft__grid g, size_t block)
{
    return (weft_range){ weft__grid_begin(g, block), weft__grid_begin(g, block + 1) };
}

#endif
