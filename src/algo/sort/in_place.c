/* in_place.c - a stable sort without memory.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Runs of 20 by insertion, then neighbours are merged by rotations (SymMerge: P. Kim and A. Kutzner,
 * Stable Minimum Storage Merging by Symmetric Comparisons, 2004). n log^2 n comparisons and moves at most. */
#include "algo/sort/in_place.h"

enum { run = 20 };

struct sorter {
    weft__less_at *less;
    weft__swap_at *swap;
    void *ctx;
};

static void insert(const struct sorter *s, size_t begin, size_t end)
{
    for (size_t i = begin + 1; i < end; i++)
        for (size_t j = i; j > begin && s->less(s->ctx, j, j - 1); j--)
            s->swap(s->ctx, j, j - 1);
}

static void reverse(const struct sorter *s, size_t begin, size_t end)
{
    for (; begin + 1 < end; begin++, end--)
        s->swap(s->ctx, begin, end - 1);
}

/* Exchanges [begin, middle) and [middle, end). */
static void rotate(const struct sorter *s, size_t begin, size_t middle, size_t end)
{
    reverse(s, begin, middle);
    reverse(s, middle, end);
    reverse(s, begin, end);
}

/* How far before `middle` the left run gives way to the right one, as far behind `middle`: the pairs
 * that mirror each other in the centre of the whole tell. */
static size_t crossing(const struct sorter *s, size_t begin, size_t middle, size_t end)
{
    const size_t centre = begin + (end - begin) / 2, both = centre + middle;
    size_t low = middle > centre ? both - end : begin;
    size_t high = middle > centre ? centre : middle;
    while (low < high) {
        const size_t k = low + (high - low) / 2;
        if (s->less(s->ctx, both - 1 - k, k))
            high = k;
        else
            low = k + 1;
    }
    return low;
}

/* [begin, middle) and [middle, end) are sorted; halves each time. */
static void merge(const struct sorter *s, size_t begin, size_t middle, size_t end)
{
    if (begin == middle || middle == end)
        return;
    const size_t centre = begin + (end - begin) / 2;
    const size_t first = crossing(s, begin, middle, end), last = centre + middle - first;
    if (first < middle && middle < last)
        rotate(s, first, middle, last);
    if (begin < first && first < centre)
        merge(s, begin, first, centre);
    if (centre < last && last < end)
        merge(s, centre, last, end);
}

static size_t at_most(size_t n, size_t most) { return n < most ? n : most; }

void weft__sort_in_place(size_t n, weft__less_at *less, weft__swap_at *swap, void *ctx)
{
    const struct sorter s = { less, swap, ctx };
    for (size_t begin = 0; begin < n; begin += run)
        insert(&s, begin, at_most(begin + run, n));
    for (size_t width = run; width < n; width *= 2)
        for (size_t begin = 0; begin + width < n; begin += 2 * width)
            merge(&s, begin, begin + width, at_most(begin + 2 * width, n));
}
