/* column.c - keys and values of a sort: where they come from, where they go.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "algo/sort/column.h"

#include <string.h>

static size_t whole_lines(size_t bytes) { return (bytes + 127) / 128 * 128; }

size_t weft__column_bytes(const struct weft__sorting *s)
{
    return whole_lines(s->n * s->key_size) + whole_lines(s->n * s->value_size);
}

struct weft__column weft__column_in(const struct weft__sorting *s, char *memory)
{
    return (struct weft__column){ memory, memory + whole_lines(s->n * s->key_size) };
}

void weft__take_values(const struct weft__sorting *s, const void *from, void *to, size_t n)
{
    if (from)
        memcpy(to, from, n * s->value_size);
    else if (s->value_size == 8)
        for (size_t i = 0; i < n; i++)
            ((uint64_t *)to)[i] = i;
    else if (s->value_size == 4)
        for (size_t i = 0; i < n; i++)
            ((uint32_t *)to)[i] = (uint32_t)i;
}

static void deliver_index(const struct weft__sorting *s, const void *values, size_t begin, size_t n)
{
    size_t *const index = s->index + begin;
    if (s->value_size == 8)
        for (size_t i = 0; i < n; i++)
            index[i] = (size_t)((const uint64_t *)values)[i];
    else
        for (size_t i = 0; i < n; i++)
            index[i] = ((const uint32_t *)values)[i];
}

void weft__deliver(const struct weft__sorting *s, struct weft__column c, size_t begin, size_t n)
{
    if (s->index) {
        deliver_index(s, c.values, begin, n);
        return;
    }
    const struct weft__column place = weft__column_at(s, s->to, begin);
    if (s->kind != WEFT__UNSIGNED || place.keys != c.keys)
        s->leaf->decode(c.keys, place.keys, n, s->kind);
    if (s->value_size && place.values != c.values)
        memcpy(place.values, c.values, n * s->value_size);
}
