/* wide.h - an integer that is wide enough for any sum of doubles and of products of two doubles.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     value = sum of digit[k] * 2^(32 k - 2176)
 *
 * Digits carry 32 bits each and have 31 to spare, so 2^29 numbers can be added before carries have to be
 * passed on. Addition is exact: it may be done in any order and grouping. */
#ifndef WEFT_ALGO_WIDE_H
#define WEFT_ALGO_WIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* 2148 bits of fraction, to whole digits; 2048 before it, 64 for the number of summands, and a sign. */
enum { weft__wide_fraction = 2176, weft__wide_digits = 135 };

struct weft__wide {
    int64_t digit[weft__wide_digits];
    uint64_t added; /* since carries were passed on */
    bool plus_infinity, minus_infinity, nan;
};

void weft__wide_add(struct weft__wide *wide, double x);

/* wide += x * y. */
void weft__wide_add_product(struct weft__wide *wide, double x, double y);

/* wide += other. */
void weft__wide_merge(struct weft__wide *wide, struct weft__wide *other);

/* The nearest number, ties to even, of a format with so many bits of mantissa and this exponent of its
 * least subnormal: 53 and -1074, 24 and -149; infinite when it is 2^most or more. */
double weft__wide_round(struct weft__wide *wide, int bits, int least, int most);

#endif
