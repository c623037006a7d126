/* chain.h - tiles that threads take in order; each learns what the tiles before its own amount to.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     while (weft__chain_take(&chain, &tile)) {
 *         total = ...                                          of the tile alone
 *         before = weft__chain_join(&chain, tile, &total);
 *         ...
 *     }
 *
 * The value before tile t is (((first op total 0) op total 1) ...) op total t-1, joined in this order
 * whoever joins it. */
#ifndef WEFT_ALGO_CHAIN_H
#define WEFT_ALGO_CHAIN_H

#include <weft/reduce.h>

struct weft__link;

struct weft__chain {
    struct weft__link *links;
    size_t tiles;
    void (*join)(weft_value_ *left, const weft_value_ *right);
    weft_value_ first;
    size_t next __attribute__((aligned(128))); /* tile to be taken */
    char apart[120];
};

/* False where there is no memory: then one thread alone can do without. */
bool weft__chain_open(struct weft__chain *chain, size_t tiles, weft_value_ first,
                      void (*join)(weft_value_ *left, const weft_value_ *right));
void weft__chain_close(struct weft__chain *chain);

/* The next tile; false when all are taken. Who takes one joins it. */
bool weft__chain_take(struct weft__chain *chain, size_t *tile);

/* Tells the others the total of a tile; returns the value before it, once it is known. */
weft_value_ weft__chain_join(struct weft__chain *chain, size_t tile, const weft_value_ *total);

/* The value of all tiles, after all were joined. */
weft_value_ weft__chain_all(const struct weft__chain *chain);

#endif
