/* draw.h - random numbers that a seed decides, on every machine alike.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_DRAW_H
#define BENCH_DRAW_H

#include <stddef.h>
#include <stdint.h>

/* draw_next - 64 random bits from *state, which moves on (splitmix64). */
uint64_t draw_next(uint64_t *state);

/* draw_shuffle - order[0..n-1] becomes a permutation of 0..n-1, each equally likely. */
void draw_shuffle(size_t *order, size_t n, uint64_t *state);

#endif
