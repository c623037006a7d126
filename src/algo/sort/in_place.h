/* in_place.h - a stable sort without memory.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_IN_PLACE_H
#define WEFT_ALGO_SORT_IN_PLACE_H

#include <stdbool.h>
#include <stddef.h>

typedef bool weft__less_at(const void *ctx, size_t i, size_t j);
typedef void weft__swap_at(void *ctx, size_t i, size_t j);

/* Sorts n elements that only less and swap can see. */
void weft__sort_in_place(size_t n, weft__less_at *less, weft__swap_at *swap, void *ctx);

#endif
