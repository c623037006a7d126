/* in_place.c - groups without memory: the outputs, which have room for all elements, are sorted in.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Without values the keys themselves are sorted, in `unique`. With values their indices are, by key, in
 * `out`; where an element of that has 4 bytes and the indices are wider, each key reads all values.
 * Groups then take the place of what was read already. */
#include <string.h>

#include "algo/group/grouping.h"
#include "algo/leaf.h"
#include "algo/sort/in_place.h"
#include "algo/sort/keys.h"

/* ---- keys alone ---- */

static uint64_t key_at(const struct weft__grouping *g, size_t i)
{
    uint64_t key;
    weft__group_keys(g, i, 1, &key);
    return key;
}

static size_t end_of_run(const struct weft__grouping *g, size_t begin)
{
    const uint64_t key = key_at(g, begin);
    size_t end = begin + 1;
    while (end < g->n && key_at(g, end) == key)
        end++;
    return end;
}

static void sort_keys(const struct weft__grouping *g)
{
    const struct weft__sorting s = {
        .leaf = weft__sort_leaf_of(g->key_type),
        .kind = g->kind,
        .key_size = g->key_size,
        .n = g->n,
        .threads = 1,
        .from = { .keys = g->unique },
        .to = { .keys = g->unique },
    };
    weft__sort_keys_in_place(&s);
}

static size_t count_keys(const struct weft__grouping *g)
{
    struct weft__grouping sorted = *g;
    size_t groups = 0;
    if (g->unique != g->keys)
        memcpy(g->unique, g->keys, g->n * g->key_size);
    sort_keys(g);
    sorted.keys = g->unique;
    for (size_t begin = 0, end; begin < g->n; begin = end) {
        end = end_of_run(&sorted, begin);
        const uint64_t key = key_at(&sorted, begin), count = end - begin;
        weft__group_deliver(g, groups++, &key, &count, 1);
    }
    return groups;
}

/* ---- indices ---- */

static size_t index_at(const struct weft__grouping *g, size_t k)
{
    return weft__size_of(g->out_type) == 4 ? ((const uint32_t *)g->out)[k]
                                           : (size_t)((const uint64_t *)g->out)[k];
}

static void set_index(const struct weft__grouping *g, size_t k, size_t index)
{
    if (weft__size_of(g->out_type) == 4)
        ((uint32_t *)g->out)[k] = (uint32_t)index;
    else
        ((uint64_t *)g->out)[k] = index;
}

static bool is_less(const void *ctx, size_t i, size_t j)
{
    const struct weft__grouping *const g = ctx;
    return key_at(g, index_at(g, i)) < key_at(g, index_at(g, j));
}

static void swap(void *ctx, size_t i, size_t j)
{
    const struct weft__grouping *const g = ctx;
    const size_t index = index_at(g, i);
    set_index(g, i, index_at(g, j));
    set_index(g, j, index);
}

static void add_value(const struct weft__grouping *g, struct weft__table *t, size_t i)
{
    uint64_t room;
    const uint64_t key = key_at(g, i);
    const uint64_t *const value = weft__group_values(g, weft__group_value_at(g, i), 1, &room);
    (void)weft__table_add(t, &key, value, 1, i / g->part); /* one key always fits */
}

/* One key at a time in a table of its own. */
static void deliver_one(const struct weft__grouping *g, size_t at, const struct weft__table *t)
{
    uint64_t key, value;
    weft__table_list(t, &key, &value);
    weft__group_deliver(g, at, &key, &value, 1);
}

static size_t reduce_indices(const struct weft__grouping *g)
{
    struct weft__sum_slot slots[64];
    struct weft__table t = weft__table_in(g->op, slots, sizeof slots, 1);
    size_t groups = 0;
    for (size_t i = 0; i < g->n; i++)
        set_index(g, i, i);
    weft__sort_in_place(g->n, is_less, swap, (void *)g);
    for (size_t k = 0; k < g->n;) {
        const uint64_t key = key_at(g, index_at(g, k));
        (void)weft__table_clear(&t, 1); /* fits into slots */
        for (; k < g->n && key_at(g, index_at(g, k)) == key; k++)
            add_value(g, &t, index_at(g, k));
        deliver_one(g, groups++, &t);
    }
    return groups;
}

/* ---- neither ---- */

static size_t reduce_by_reading(const struct weft__grouping *g)
{
    struct weft__sum_slot slots[64];
    struct weft__table t = weft__table_in(g->op, slots, sizeof slots, 1);
    struct weft__grouping keys_only = *g;
    keys_only.out = NULL;
    const size_t groups = count_keys(&keys_only);
    struct weft__grouping found = *g;
    found.keys = g->unique;
    for (size_t k = 0; k < groups; k++) {
        const uint64_t key = key_at(&found, k);
        (void)weft__table_clear(&t, 1);
        for (size_t i = 0; i < g->n; i++)
            if (key_at(g, i) == key)
                add_value(g, &t, i);
        deliver_one(g, k, &t);
    }
    return groups;
}

size_t weft__group_in_place(const struct weft__grouping *g)
{
    if (g->op == WEFT__COUNT)
        return count_keys(g);
    if (weft__size_of(g->out_type) == 4 && g->n > UINT32_MAX)
        return reduce_by_reading(g);
    return reduce_indices(g);
}
