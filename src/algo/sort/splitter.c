/* splitter.c - how keys are cut into buckets.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A comparison tree takes ten dependent loads a key; two digits take one. The range of the sample is cut into 4096
 * equal cells. Neighbours that hold few of the sample share a bucket; a cell that holds many is cut
 * into 2^k equal buckets, so that the exponents of floating-point numbers, where most keys fall into
 * few cells, and keys that crowd at one end come out even. Keys that crowd within less than that end
 * in one bucket, which is sorted by itself, with a splitter of its own if it is large.
 *
 *     sample   |.  .    . .|:::::::::::|  .  .  | . |
 *     cells    | 0 | 1 | 2 |     3     |  4 | 5 | 6 |
 *     buckets  |     0     | 1 2 3 4 5 |      6     |
 *
 * A four thousandth of the sample at either end does not count for the range: a few outliers would
 * leave one cell for all the others. */
#include "algo/sort/splitter.h"

#include <stdbool.h>

static unsigned bits_of(uint64_t v) { return v ? 64 - (unsigned)__builtin_clzll(v) : 0; }

struct packing {
    struct weft__splitter *s;
    size_t fair;   /* samples a bucket */
    size_t filled; /* samples in the bucket that is open */
    unsigned next; /* the first bucket that is not begun */
};

static void set_cell(struct packing *p, size_t cell, unsigned first, unsigned shift)
{
    p->s->cell[cell] = first | (uint32_t)shift << 16;
}

/* Into the bucket that is open, or a new one. */
static void share(struct packing *p, size_t cell, size_t samples)
{
    if (p->next == 0 || (p->filled && p->filled + samples > p->fair)) {
        p->next++;
        p->filled = 0;
    }
    p->filled += samples;
    set_cell(p, cell, p->next - 1, p->s->down);
}

/* Into buckets of its own; the last one is closed at once. */
static void divide(struct packing *p, size_t cell, size_t samples)
{
    unsigned k = bits_of((samples - 1) / p->fair);
    k = k < p->s->down ? k : p->s->down;
    set_cell(p, cell, p->next, p->s->down - k);
    p->next += 1u << k;
    p->filled = p->fair;
}

static void set_range(struct weft__splitter *s, const uint64_t *sample, size_t n)
{
    const size_t outliers = n / 4000;
    s->low = sample[outliers];
    s->width = sample[n - 1 - outliers] - s->low;
    const unsigned bits = bits_of(s->width);
    s->down = bits > weft__cell_bits ? bits - weft__cell_bits : 0;
}

static size_t cell_of(const struct weft__splitter *s, uint64_t key)
{
    const uint64_t v = key > s->low ? key - s->low : 0;
    return (v < s->width ? v : s->width) >> s->down;
}

/* At most 2 n / fair buckets come from shared cells, and as many from divided ones, since 2^k is less
 * than twice what is fair. */
void weft__splitter_of(struct weft__splitter *s, const uint64_t *sample, size_t n, size_t buckets)
{
    set_range(s, sample, n);
    struct packing p = { .s = s, .fair = n / buckets + 1 };
    const size_t cells = (s->width >> s->down) + 1;
    size_t k = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        const size_t begin = k;
        while (k < n && cell_of(s, sample[k]) == cell)
            k++;
        if (k - begin > 2 * p.fair && s->down)
            divide(&p, cell, k - begin);
        else
            share(&p, cell, k - begin);
    }
    s->buckets = p.next;
}
