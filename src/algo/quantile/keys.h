/* keys.h - elements of the six types as unsigned keys in the same order, and back.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Both zeros have one key. NaN has none. */
#ifndef WEFT_ALGO_QUANTILE_KEYS_H
#define WEFT_ALGO_QUANTILE_KEYS_H

#include <stdbool.h>

#include "algo/leaf.h"

/* Keys from first to last, both included. */
struct weft__keys {
    uint64_t first, last;
};

/* Those of all numbers of a type. */
struct weft__keys weft__keys_of(weft_type_ type);

/* The key of an element; false where it is NaN. */
bool weft__key_of(weft_type_ type, const void *element, uint64_t *key);

/* The element with a key; one of the two zeros for the key between those of others. */
void weft__element_of(weft_type_ type, uint64_t key, void *element);

#endif
