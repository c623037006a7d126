/* keys_in_place.c - sorts keys with what goes with them where there is no memory.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "algo/sort/column.h"
#include "algo/sort/in_place.h"

static uint64_t key_at(const struct weft__sorting *s, const void *x, size_t i)
{
    uint32_t narrow = 0;
    uint64_t wide = 0;
    const char *const place = (const char *)x + i * s->key_size;
    s->leaf->encode(place, s->key_size == 8 ? (void *)&wide : (void *)&narrow, 1, s->kind);
    return s->key_size == 8 ? wide : narrow;
}

static bool key_is_less(const void *ctx, size_t i, size_t j)
{
    const struct weft__sorting *const s = ctx;
    return key_at(s, s->to.keys, i) < key_at(s, s->to.keys, j);
}

static void swap_both(void *ctx, size_t i, size_t j)
{
    const struct weft__sorting *const s = ctx;
    const struct weft__column a = weft__column_at(s, s->to, i), b = weft__column_at(s, s->to, j);
    weft__swap_bytes(a.keys, b.keys, s->key_size);
    if (s->value_size)
        weft__swap_bytes(a.values, b.values, s->value_size);
}

static bool indexed_is_less(const void *ctx, size_t i, size_t j)
{
    const struct weft__sorting *const s = ctx;
    return key_at(s, s->from.keys, s->index[i]) < key_at(s, s->from.keys, s->index[j]);
}

static void swap_indices(void *ctx, size_t i, size_t j)
{
    const struct weft__sorting *const s = ctx;
    const size_t t = s->index[i];
    s->index[i] = s->index[j];
    s->index[j] = t;
}

static void sort_index(const struct weft__sorting *s)
{
    for (size_t i = 0; i < s->n; i++)
        s->index[i] = i;
    weft__sort_in_place(s->n, indexed_is_less, swap_indices, (void *)s);
}

void weft__sort_keys_in_place(const struct weft__sorting *s)
{
    if (s->index) {
        sort_index(s);
        return;
    }
    if (s->to.values != s->from.values)
        weft__take_values(s, s->from.values, s->to.values, s->n);
    weft__sort_in_place(s->n, key_is_less, swap_both, (void *)s);
}
