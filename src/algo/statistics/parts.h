/* parts.h - folds arrays into parts of any kind: blocks into parts, parts in a fixed tree.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_STATISTICS_PARTS_H
#define WEFT_ALGO_STATISTICS_PARTS_H

#include <stddef.h>

enum { weft__part_most = 64 }; /* bytes */

struct weft__parts {
    size_t n;
    size_t bytes; /* that an element moves */
    size_t size;  /* of a part */
    const void *ctx;
    /* The part of the elements begin..end-1: a block, or none. */
    void (*block)(void *part, size_t begin, size_t end, const void *ctx);
    /* left = left followed by right */
    void (*join)(void *left, const void *right);
};

/* The part of all elements, by the team if that pays. The same bits for every team, since blocks and the
 * tree (tree.h) depend on n alone. Allocates nothing. */
void weft__parts_fold(const struct weft__parts *parts, void *all);

#endif
