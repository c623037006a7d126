/* column.c - keys and values of a sort: where they come from, where they go.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "algo/sort/column.h"

#include <string.h>

#include "algo/leaf.h"
#include "base/at_most.h"

enum {
    tile_bytes = 2048,
    streamed_from = 4 << 20, /* bytes of all that is sorted */
};

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

/* From memory to memory, decoded on the way where `kind` says so. */
static void deliver_keys(const struct weft__sorting *s, const char *keys, char *place, size_t n)
{
    char tile[tile_bytes] __attribute__((aligned(64)));
    const size_t most = tile_bytes / s->key_size;
    if (s->kind == WEFT__UNSIGNED) {
        weft__leaves()->stream(place, keys, n * s->key_size);
        return;
    }
    for (size_t begin = 0; begin < n; begin += most) {
        const size_t m = weft__at_most(n - begin, most), at = begin * s->key_size;
        s->leaf->decode(keys + at, tile, m, s->kind);
        weft__leaves()->stream(place + at, tile, m * s->key_size);
    }
}

/* Past the cache: what is delivered is not read again, and its lines need not be read before. */
static void deliver_streamed(const struct weft__sorting *s, struct weft__column c,
                             struct weft__column place, size_t n)
{
    if (s->kind != WEFT__UNSIGNED || place.keys != c.keys)
        deliver_keys(s, c.keys, place.keys, n);
    if (s->value_size && place.values != c.values)
        weft__leaves()->stream(place.values, c.values, n * s->value_size);
    weft__leaves()->stream_end();
}

void weft__deliver(const struct weft__sorting *s, struct weft__column c, size_t begin, size_t n)
{
    if (s->index) {
        deliver_index(s, c.values, begin, n);
        return;
    }
    const struct weft__column place = weft__column_at(s, s->to, begin);
    if (s->n * (s->key_size + s->value_size) >= streamed_from) {
        deliver_streamed(s, c, place, n);
        return;
    }
    if (s->kind != WEFT__UNSIGNED || place.keys != c.keys)
        s->leaf->decode(c.keys, place.keys, n, s->kind);
    if (s->value_size && place.values != c.values)
        memcpy(place.values, c.values, n * s->value_size);
}
