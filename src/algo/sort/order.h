/* order.h - input that is in order already, or exactly the wrong way round.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_ORDER_H
#define WEFT_ALGO_SORT_ORDER_H

#include "algo/sort/keys.h"

/* Whether n elements are in order. */
bool weft__rises(const struct weft__sorting *s, const void *x, enum weft__kind kind, size_t n);

/* Whether `from` is in the opposite order: strictly, where there are values, whose order counts. */
bool weft__falls(const struct weft__sorting *s);

/* Turns `to` round in place. */
void weft__turn_round(const struct weft__sorting *s);

#endif
