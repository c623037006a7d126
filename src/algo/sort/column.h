/* column.h - keys and values of a sort: parts of them, where they come from, where they go.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_COLUMN_H
#define WEFT_ALGO_SORT_COLUMN_H

#include "algo/sort/keys.h"

static inline struct weft__column weft__column_at(const struct weft__sorting *s,
                                                  struct weft__column c, size_t index)
{
    return (struct weft__column){
        .keys = c.keys ? (char *)c.keys + index * s->key_size : NULL,
        .values = c.values ? (char *)c.values + index * s->value_size : NULL,
    };
}

/* Bytes of a column of n, and the column that begins at `memory`. */
size_t weft__column_bytes(const struct weft__sorting *s);
struct weft__column weft__column_in(const struct weft__sorting *s, char *memory);

/* n values, which are the indices of their elements where `from` is NULL. */
void weft__take_values(const struct weft__sorting *s, const void *from, void *to, size_t n);

/* n sorted keys become elements at their place, which is `begin`; with their values, or only these. */
void weft__deliver(const struct weft__sorting *s, struct weft__column c, size_t begin, size_t n);

#endif
