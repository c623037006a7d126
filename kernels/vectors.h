/* vectors.h - what sum and dot add up, and how wrong a sum may be.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_VECTORS_H
#define KERNELS_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From 0.5 to 1.5, with all bits in use. */
static inline double between_halves(uint64_t z) { return 0.5 + 0x1p-53 * (double)(z >> 11); }
static inline double x_of(size_t i) { return between_halves((i + 1) * 0x9e3779b97f4a7c15u); }
static inline double y_of(size_t i) { return between_halves((i + 1) * 0xd1342543de82ef95u); }

/* sum_is_right - compares a sum of n terms, all positive, with the one that long double gave, and
 * prints it as the answer; or says on stderr what is wrong.
 *
 * Roundings are as good as random, so their sum grows with the root of n: 4 root(n) ulp of the sum
 * are allowed. A term that is lost or added twice is far outside of that. */
bool sum_is_right(const char *name, double sum, long double gold, size_t n);

#endif
