/* table.h - a hash table from keys to what their values amount to.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_GROUP_TABLE_H
#define WEFT_ALGO_GROUP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is done with the value of a key. Values are 64 bits. */
enum weft__group_op {
    WEFT__COUNT, /* there is none: adds 1 */
    WEFT__ADD,   /* adds integers, wrapping */
    WEFT__SUM,   /* adds doubles, part by part */
    WEFT__LEAST, /* keeps the least unsigned number */
};

/* Free where the key is UINT64_MAX; that key has a slot of its own. */
struct weft__slot {
    uint64_t key, value;
};

/* The same for WEFT__SUM: `value` is of `part`, `total` of the parts before it. */
struct weft__sum_slot {
    uint64_t key;
    double value, total;
    uint64_t part;
};

union weft__any_slot {
    struct weft__slot plain;
    struct weft__sum_slot sum;
};

struct weft__table {
    enum weft__group_op op;
    void *slots;
    size_t bytes;    /* there, */
    void *memory;    /* which is the table's own, or NULL */
    size_t capacity; /* slots in use: a power of two */
    unsigned shift;  /* 64 - log2(capacity) */
    size_t used, limit;
    size_t limit_most; /* does not grow beyond that */
    bool has_last;     /* UINT64_MAX */
    union weft__any_slot last;
};

/* A table that begins in `room` (bytes; may be 0) and takes memory when it needs more. */
struct weft__table weft__table_in(enum weft__group_op op, void *room, size_t bytes,
                                  size_t limit_most);
void weft__table_free(struct weft__table *t);

/* Empties it, for about so many keys. False where there is no memory. */
bool weft__table_clear(struct weft__table *t, size_t keys);

/* Adds n keys with their values (NULL for WEFT__COUNT) of a part; parts come in order. Returns how many
 * were added: fewer where there would be more than limit_most keys, or there is no memory. */
size_t weft__table_add(struct weft__table *t, const uint64_t *key, const uint64_t *value, size_t n,
                       uint64_t part);

/* Distinct keys in it; and these in no order, with what their values amount to. */
size_t weft__table_keys(const struct weft__table *t);
void weft__table_list(const struct weft__table *t, uint64_t *key, uint64_t *value);

#endif
