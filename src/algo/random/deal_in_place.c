/* deal_in_place.c - deals an array into buckets where there is no memory to deal it into.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Halves are dealt, then merged: bucket 0 of both, bucket 1 of both ... How many are in each is all that a
 * merge has to know, so no label need be kept of an element that has moved:
 *
 *     A low, A high, B low, B high  ->  A low, B low, A high, B high  ->  and so on within both
 *
 * The stack holds a row of counts a level, 8 KiB at most; an array of a billion has 22 levels. */
#include "algo/random/shuffle.h"

enum { leaf = 256 }; /* elements that insertion deals */

static void reverse(const struct weft__deal *d, size_t begin, size_t end)
{
    for (; end - begin >= 2; begin++, end--)
        weft__swap(d->x + begin * d->size, d->x + (end - 1) * d->size, d->size);
}

/* The elements from `middle` on come before those from `begin` on. */
static void rotate(const struct weft__deal *d, size_t begin, size_t middle, size_t end)
{
    reverse(d, begin, middle);
    reverse(d, middle, end);
    reverse(d, begin, end);
}

static size_t sum(const size_t *x, size_t n)
{
    size_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    return sum;
}

/* Two runs of elements that are dealt, by how many each of `buckets` buckets got of them. */
static void merge(const struct weft__deal *d, size_t begin, const size_t *a, const size_t *b,
                  size_t buckets)
{
    const size_t all_a = sum(a, buckets), all_b = sum(b, buckets), low = buckets / 2;
    if (buckets == 1 || all_a == 0 || all_b == 0)
        return;
    const size_t low_a = sum(a, low), low_b = sum(b, low), middle = begin + all_a;
    rotate(d, begin + low_a, middle, middle + low_b);
    merge(d, begin, a, b, low);
    merge(d, begin + low_a + low_b, a + low, b + low, buckets - low);
}

static void insert_all(const struct weft__deal *d, size_t begin, size_t end, size_t *counts)
{
    struct weft__labels labels;
    uint16_t *const bucket = labels.bucket;
    weft__labels(&labels, d, begin, end - begin);
    for (size_t i = begin; i < end; i++) {
        counts[bucket[i - begin]]++;
        for (size_t j = i; j > begin && bucket[j - begin] < bucket[j - begin - 1]; j--) {
            const uint16_t kept = bucket[j - begin];
            bucket[j - begin] = bucket[j - begin - 1], bucket[j - begin - 1] = kept;
            weft__swap(d->x + j * d->size, d->x + (j - 1) * d->size, d->size);
        }
    }
}

static void deal(const struct weft__deal *d, size_t begin, size_t end, size_t *counts)
{
    const size_t buckets = (size_t)1 << d->bits, middle = begin + (end - begin) / 2;
    memset(counts, 0, buckets * sizeof *counts);
    if (end - begin <= leaf) {
        insert_all(d, begin, end, counts);
        return;
    }
    size_t right[1 << weft__bucket_bits_most];
    deal(d, begin, middle, counts);
    deal(d, middle, end, right);
    merge(d, begin, counts, right, buckets);
    for (size_t b = 0; b < buckets; b++)
        counts[b] += right[b];
}

void weft__deal_in_place(const struct weft__deal *d, size_t *counts) { deal(d, 0, d->n, counts); }
