/* keys.h - sorts keys of the six types with what goes with them.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_KEYS_H
#define WEFT_ALGO_SORT_KEYS_H

#include <weft/reduce.h>

#include "algo/leaf/sort.h"

struct weft__sorting {
    const struct weft__sort_leaf *leaf;
    enum weft__kind kind;
    size_t key_size, value_size; /* bytes: 4 or 8; 0, 4 or 8 */
    size_t n, threads;
    struct weft__column from; /* the elements; values NULL: their indices */
    struct weft__column to;   /* room for n keys and values, may be `from` */
    struct weft__column room; /* the same once more, apart from the others */
    size_t *index;            /* NULL: the elements go to `to`; else only the values, to here */
};

/* The leaf and kind for a type. */
enum weft__kind weft__kind_of(weft_type_ type);
const struct weft__sort_leaf *weft__sort_leaf_of(weft_type_ type);

/* Stable; in place where there is no room (its keys are NULL) or no memory for tables. */
void weft__sort_keys(const struct weft__sorting *sorting);

/* The same, always in place; `to` has the keys of `from` unless only indices are wanted. */
void weft__sort_keys_in_place(const struct weft__sorting *sorting);

#endif
