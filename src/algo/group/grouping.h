/* grouping.h - one call: its keys and values as 64 bits, its parts, and how groups get out.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_GROUP_GROUPING_H
#define WEFT_ALGO_GROUP_GROUPING_H

#include <weft/reduce.h>

#include "algo/group/table.h"
#include "algo/leaf/sort.h"

enum { weft__group_tile = 512 }; /* elements that are made keys and values at once */

struct weft__grouping {
    const char *keys, *values; /* values NULL: there are none */
    size_t n, threads;
    weft_type_ key_type, value_type;
    size_t key_size, value_size; /* bytes; of values 0 where there are none */
    enum weft__kind kind;        /* of the keys */
    enum weft__group_op op;
    bool greatest;       /* values are turned round, so that the least is the greatest */
    void *unique, *out;  /* out NULL: only keys are wanted */
    weft_type_ out_type; /* what out has */
    size_t part, parts;  /* elements in a part, and how many there are */
};

/* n keys from `begin` on as numbers in their order: equal ones are equal. */
void weft__group_keys(const struct weft__grouping *g, size_t begin, size_t n, uint64_t *key);

/* n values at `from`, as the table wants them; NULL where it wants none. */
const uint64_t *weft__group_values(const struct weft__grouping *g, const char *from, size_t n,
                                   uint64_t *room);

static inline const char *weft__group_value_at(const struct weft__grouping *g, size_t i)
{
    return g->values ? g->values + i * g->value_size : NULL;
}

/* Groups at, ..., at + n - 1, from keys and what a table says of them, to unique and out. */
void weft__group_deliver(const struct weft__grouping *g, size_t at, const uint64_t *key,
                         const uint64_t *value, size_t n);

/* Sorts n keys with their values; `room` has space for both. */
void weft__group_sort(uint64_t *key, uint64_t *value, uint64_t *room, size_t n);

/* Delivers all that a table has; SIZE_MAX where there is no memory to sort it. */
size_t weft__group_deliver_table(const struct weft__grouping *g, const struct weft__table *t);

/* Adds the elements of a part to a table; false where that is full. */
bool weft__group_add(const struct weft__grouping *g, struct weft__table *t, size_t part);

/* The ways; each returns the number of groups, or SIZE_MAX where it is not the right one: nothing was
 * delivered then. */
size_t weft__group_alone(const struct weft__grouping *g);
size_t weft__group_few(const struct weft__grouping *g);
size_t weft__group_many(const struct weft__grouping *g);
size_t weft__group_in_place(const struct weft__grouping *g); /* always is */

#endif
