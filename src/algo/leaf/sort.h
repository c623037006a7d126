/* sort.h - the innermost loops of the sorts, by width of the keys and of what goes with them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Sorts work on unsigned keys. `kind` says how elements become keys, one to one and in order:
 *
 *     unsigned   x
 *     signed     x with the sign bit flipped
 *     floating   sign bit flipped, all bits if it was set; then -infinity is taken for zero:
 *                -infinity < ... < -0.0 < +0.0 < ... < +infinity < NaN < NaN with a sign bit */
#ifndef WEFT_ALGO_LEAF_SORT_H
#define WEFT_ALGO_LEAF_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum weft__kind { WEFT__UNSIGNED, WEFT__SIGNED, WEFT__FLOATING };

enum {
    weft__cell_bits = 12,
    weft__cells = 1 << weft__cell_bits,
    weft__buckets_most = 16384,
    weft__line = 256, /* bytes that are written to memory at once: four of the cache's lines */
};

/* From a key to its bucket: the range [low, low + width] in equal cells; a cell is a part of a bucket,
 * or some of its own, equal in width. Keys outside count as the nearest end. */
struct weft__splitter {
    uint64_t low, width;
    unsigned down; /* cell = (key - low) >> down */
    unsigned buckets;
    uint32_t cell[weft__cells]; /* first bucket, and in the upper half the shift of the rest */
};

/* A thread's lines, one for each bucket and array. */
struct weft__lines {
    char *keys, *values;  /* weft__line bytes a bucket */
    size_t *next, *first; /* by bucket: where the next element goes, and where the first went */
};

/* Where keys and values are. */
struct weft__column {
    void *keys, *values;
};

struct weft__sort_leaf {
    void (*encode)(const void *x, void *keys, size_t n, enum weft__kind kind);
    void (*decode)(const void *keys, void *x, size_t n, enum weft__kind kind);
    bool (*rises)(const void *x, size_t n, enum weft__kind kind);
    bool (*falls)(const void *x, size_t n, enum weft__kind kind, bool strictly);

    /* Adds to count[] how many of n elements belong to each bucket. */
    void (*count)(const struct weft__splitter *s, const void *x, size_t n, enum weft__kind kind,
                  size_t *count);

    /* By the width of a value: 0, 4, 8. */
    struct weft__sort_moves {
        /* Moves n elements behind `index` of `from` as keys to their buckets in `to`: the first of
         * bucket b to lines->next[b]. Values NULL: their indices. */
        void (*scatter)(const struct weft__splitter *s, struct weft__column from, size_t index,
                        size_t n, enum weft__kind kind, struct weft__column to,
                        struct weft__lines *lines);
        /* Sorts n keys with their values, stable; `room` is as large. Whether they are there now. */
        bool (*run)(struct weft__column keys, struct weft__column room, size_t n);
        /* Exchanges x[k] and y[n - 1 - k]. */
        void (*mirror)(struct weft__column x, struct weft__column y, size_t n);
    } by_value[3];
};

struct weft__sort_leaves {
    struct weft__sort_leaf by_key[2]; /* 4 and 8 bytes */
};

#endif
