/* blocks.h - runs a callback on every block of a grid.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_BLOCKS_H
#define WEFT_ALGO_BLOCKS_H

#include "algo/grid.h"

typedef void weft__on_block(size_t block, weft_range range, void *ctx);

/* Each block once, on the team if the first block shows that the rest is worth one. */
void weft__blocks(struct weft__grid grid, weft__on_block *on_block, void *ctx);

#endif
