/* tree.h - the values of blocks, joined in one fixed tree as they come.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Neighbours are joined, then neighbouring pairs, and so on; an odd one out waits for the next level:
 *
 *     0 1 2 3 4 5 6   ->   ((01)(23))((45)6)
 *
 * Values arrive in order and one is kept for each level, as in a binary counter. A tree over a run of
 * 2^k blocks is a node of the tree over all of them, so threads may build such subtrees apart: the
 * shape, and with it the bits, depend on the number of blocks alone. */
#ifndef WEFT_ALGO_TREE_H
#define WEFT_ALGO_TREE_H

#include "algo/leaf.h"
#include "base/assert.h"

struct weft__tree {
    const struct weft__leaf *leaf;
    weft_value_ *value; /* room for weft_levels_ values */
    size_t depth, count;
};

static inline void weft__tree_join_last(struct weft__tree *t)
{
    t->depth--;
    t->leaf->join(&t->value[t->depth - 1], &t->value[t->depth]);
}

static inline void weft__tree_add(struct weft__tree *t, weft_value_ v)
{
    weft_assert(t->depth < weft_levels_);
    t->value[t->depth++] = v;
    for (size_t c = ++t->count; c % 2 == 0; c /= 2)
        weft__tree_join_last(t);
}

/* The root; at least one value was added. Leaves the tree empty. */
static inline weft_value_ weft__tree_root(struct weft__tree *t)
{
    weft_assert(t->depth > 0);
    while (t->depth > 1)
        weft__tree_join_last(t);
    t->depth = t->count = 0;
    return t->value[0];
}

#endif
