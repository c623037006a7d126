/* histograms.c - histogram.h.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "rows.h"

/* What does not fit into y, there being more bins than elements, goes into i. */
static void show(const struct input *in, struct answer *a, const size_t *counts, size_t bins,
                 size_t outside)
{
    uint64_t rest = outside;
    for (size_t k = 0; k < bins; k++)
        if (k < in->n)
            memcpy(a->y + k * sizeof rest, &counts[k], sizeof rest);
        else
            rest = rest * 31 + counts[k] * (k + 1);
    a->i = (int64_t)rest;
}

static double edge(double low, double high, size_t bins, size_t k)
{
    const double width = (high - low) / (double)bins, offset = (double)k * width;
    return low + offset;
}

/* The loop of the header begins at 0; this one near. */
static size_t bin_of(double x, double low, double high, size_t bins)
{
    if (x == high)
        return bins - 1;
    if (!(low <= x && x < high))
        return bins;
    const double near = (x - low) / (high - low) * (double)bins;
    size_t k = near < (double)bins ? (size_t)near : bins - 1;
    while (k > 0 && edge(low, high, bins, k) > x)
        k--;
    while (k + 1 < bins && edge(low, high, bins, k + 1) <= x)
        k++;
    return k;
}

#define HISTOGRAM(name, t, low, high, of)                                             \
    ALGORITHM(name##_##t)                                                             \
    {                                                                                 \
        const size_t bins = (of);                                                     \
        size_t *const counts = row_memory(bins * sizeof *counts);                     \
        const size_t out = weft_histogram(in->t, in->n, (low), (high), counts, bins); \
        show(in, a, counts, bins, out);                                               \
        free(counts);                                                                 \
    }                                                                                 \
    ALGORITHM(serial_##name##_##t)                                                    \
    {                                                                                 \
        const size_t bins = (of);                                                     \
        size_t *const counts = calloc(bins + 1, sizeof *counts);                      \
        for (size_t k = 0; k < in->n; k++)                                            \
            counts[bin_of((double)in->t[k], (low), (high), bins)]++;                  \
        show(in, a, counts, bins, counts[bins]);                                      \
        free(counts);                                                                 \
    }
#define HISTOGRAMS(t, low, high)     \
    HISTOGRAM(few, t, low, high, 10) \
    HISTOGRAM(some, t, low, high, in->n / 3 + 1)
HISTOGRAMS(i32, -1000.0, 900.0)
HISTOGRAMS(i64, -0x1p63, 0x1p62)
HISTOGRAMS(u32, 0.0, 4e9)
HISTOGRAMS(u64, 1.0, 0x1p64)
HISTOGRAMS(f32, -100.0, 99.9)
HISTOGRAMS(f64, -1e-3, 2e-3)
enum { many_bins = 200001 }; /* in partitions */
HISTOGRAM(many, u32, 0.0, 0x1p32, many_bins)

/* Small integers, which no mode of the host rounds, and some more than once. */
#define BETWEEN(t, T, member, wide, ulp, lanes, greatest, least)                            \
    static size_t make_edges_##t(const struct input *in, T edges[101])                      \
    {                                                                                       \
        size_t count = 0;                                                                   \
        for (size_t k = 0; k < in->n && count < 101; k += in->n / 101 + 1)                  \
            edges[count++] = (T)(in->i32[k] % 1000);                                        \
        for (size_t k = 1; k < count; k++)                                                  \
            for (size_t j = k; j > 0 && edges[j] < edges[j - 1]; j--) {                     \
                const T upper = edges[j - 1];                                               \
                edges[j - 1] = edges[j], edges[j] = upper;                                  \
            }                                                                               \
        return count ? count - 1 : 0;                                                       \
    }                                                                                       \
    ALGORITHM(between_##t)                                                                  \
    {                                                                                       \
        T edges[101] = { 0 };                                                               \
        size_t counts[100];                                                                 \
        const size_t bins = make_edges_##t(in, edges);                                      \
        show(in, a, counts, bins, weft_histogram_edges(in->t, in->n, edges, bins, counts)); \
    }                                                                                       \
    ALGORITHM(serial_between_##t)                                                           \
    {                                                                                       \
        T edges[101] = { 0 };                                                               \
        size_t counts[101] = { 0 };                                                         \
        const size_t bins = make_edges_##t(in, edges);                                      \
        for (size_t i = 0; i < in->n; i++) {                                                \
            size_t k = bins;                                                                \
            if (bins && in->t[i] >= edges[0] && in->t[i] <= edges[bins])                    \
                for (k = bins - 1; edges[k] > in->t[i];)                                    \
                    k--;                                                                    \
            counts[k]++;                                                                    \
        }                                                                                   \
        show(in, a, counts, bins, counts[bins]);                                            \
    }
TYPES(BETWEEN)

ALGORITHM(of_few)
{
    size_t counts[100];
    const size_t out = weft_histogram_of(counts, 100, k, in->n, (a->seen[k]++, in->i32[k] / 9));
    show(in, a, counts, 100, out);
}

ALGORITHM(serial_of_few)
{
    size_t counts[101] = { 0 };
    for (size_t k = 0; k < in->n; k++)
        counts[in->i32[k] / 9 >= 0 && in->i32[k] / 9 < 100 ? in->i32[k] / 9 : 100]++;
    show(in, a, counts, 100, counts[100]);
}

ALGORITHM(of_many)
{
    size_t *const counts = row_memory(many_bins * sizeof *counts);
    const size_t out =
        weft_histogram_of(counts, many_bins, k, in->n, (a->seen[k]++, in->u64[k] >> 46));
    show(in, a, counts, many_bins, out);
    free(counts);
}

ALGORITHM(serial_of_many)
{
    size_t *const counts = calloc(many_bins + 1, sizeof *counts);
    for (size_t k = 0; k < in->n; k++)
        counts[in->u64[k] >> 46 < many_bins ? in->u64[k] >> 46 : many_bins]++;
    show(in, a, counts, many_bins, counts[many_bins]);
    free(counts);
}

#define ROW(text, f) LAW("weft_histogram" text, f, serial_##f, .width = sizeof(uint64_t))
#define ROWS(t, T, member, wide, ulp, lanes, greatest, least)         \
    ROW(", 10 bins " #t, few_##t), ROW(", n / 3 bins " #t, some_##t), \
        ROW("_edges " #t, between_##t),

static const struct law rows[] = {
    TYPES(ROWS) LAW("weft_histogram_of", of_few, serial_of_few, .width = sizeof(uint64_t),
                    .visits = EACH_ONCE),
};

static const struct law many_rows[] = {
    ROW(", many bins u32", many_u32),
    LAW("weft_histogram_of, many bins", of_many, serial_of_many, .width = sizeof(uint64_t),
        .visits = EACH_ONCE),
};

FAMILY(histograms, rows)
FAMILY(partitions, many_rows, .slow = true, .heavy = true)
