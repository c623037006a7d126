/* weft/histogram.h - how many elements fall into each bin.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_histogram(x, n, low, high, counts, bins)     bins of equal width
 *     weft_histogram_edges(x, n, edges, bins, counts)   bins between edges of your own
 *     weft_histogram_of(counts, bins, i, n, x[i] / 8)   an expression that is the number of the bin
 *
 * Which bin an element is in follows from the element and the bins alone, so the counts are the same
 * for every team, schedule and processor, and whatever rounding the host has set.
 *
 * A few bins are counted in tables of each thread, several of them a thread, so that it is no matter
 * when the same bin comes again and again. Where such tables leave the cache the numbers of the bins are
 * first sent past the cache to partitions of 65536 bins, and each of these is counted in cache
 * (2 bytes an element of scratch memory, 256 MiB at most). Small inputs, and inputs that there is no
 * memory for, are counted by the calling thread alone. Nothing here fails; NULL with n > 0, or with
 * bins > 0, panics, and so do 2^31 bins or more. */
#ifndef WEFT_HISTOGRAM_H
#define WEFT_HISTOGRAM_H

#include <weft/api.h>
#include <weft/reduce.h>
#include <weft/region.h>
#include <weft/typed.h>

WEFT_BEGIN_C

/* weft_histogram - counts the elements in bins of equal width; returns how many are in none.
 *
 *     width = (high - low) / bins;
 *     edge(k) = low + k * width;
 *     for (k = 0; k < bins; k++) counts[k] = 0;
 *     for (outside = 0, i = 0; i < n; i++)
 *         if (x[i] == high) counts[bins - 1]++;
 *         else if (low <= x[i] && x[i] < high) counts[greatest k < bins with edge(k) <= x[i]]++;
 *         else outside++;
 *
 * x          n elements of i32, i64, u32, u64, f32 or f64, const or not; each counts as the double
 *            that is nearest to it, which is itself but for 64-bit integers above 2^53
 * low, high  two doubles, low < high
 * counts     bins of size_t, written
 *
 * All of it is computed in double, every operation rounded, so these are the bins of numpy.histogram
 * with range = (low, high) for doubles: a bin has its lower edge in it, the last one both. NaN is in
 * none. Panics unless low < high and high - low is finite. */
#define weft_histogram(x, n, low, high, counts, bins) \
    WEFT_TYPED_(weft_histogram, x)((const void *)(x), (n), (low), (high), (counts), (bins))

/* weft_histogram_edges - the same between any edges.
 *
 *     for (k = 0; k < bins; k++) counts[k] = 0;
 *     for (outside = 0, i = 0; i < n; i++)
 *         if (x[i] == edges[bins]) counts[bins - 1]++;
 *         else if (edges[0] <= x[i] && x[i] < edges[bins])
 *             counts[greatest k < bins with edges[k] <= x[i]]++;
 *         else outside++;
 *
 * edges   bins + 1 elements of the type of x, none below the one before it: else it panics
 * counts  bins of size_t, written
 *
 * Between two equal edges there is nothing, but behind the last of them: that bin has what equals them.
 * Costs log2(bins) steps an element. */
#define weft_histogram_edges(x, n, edges, bins, counts) \
    WEFT_TYPED_(weft_histogram_edges, x)                \
    ((const void *)(x), (n), WEFT_SAME_(x, edges), (bins), (counts))

/* weft_histogram_of - counts how often an expression has each value; returns how many are no bin.
 *
 *     for (k = 0; k < bins; k++) counts[k] = 0;
 *     for (outside = 0, i = 0; i < n; i++)
 *         if (0 <= expression && expression < bins) counts[expression]++;
 *         else outside++;
 *
 * counts      bins of size_t, written
 * bins, n     evaluated once
 * i           the name of the index, a size_t
 * expression  of an integer type; the compiler refuses others. Evaluated once an element, on several
 *             threads: it may have a cost, no effect. It does not read counts
 *
 * The first few of up to 65536 indices are timed, and a team is forked when the rest is worth it. */
#define weft_histogram_of(counts, bins, i, n, ...) \
    WEFT_UNIQUE_(WEFT_HISTOGRAM_, counts, bins, i, n, __VA_ARGS__)

/* The typed functions behind these; they are the ABI, for C++ and other languages. */
#define WEFT_HISTOGRAM_DECLARE_(t, T, S)                                                        \
    WEFT_API size_t weft_histogram_##t(const T *x, size_t n, double low, double high,           \
                                       size_t *counts, size_t bins);                            \
    WEFT_API size_t weft_histogram_edges_##t(const T *x, size_t n, const T *edges, size_t bins, \
                                             size_t *counts);
WEFT_REDUCE_TYPES_(WEFT_HISTOGRAM_DECLARE_)
#undef WEFT_HISTOGRAM_DECLARE_

/* From here on: what the macro expands to. */

enum { weft_histogram_piece_ = 512 }; /* indices */

struct weft__counter;

typedef struct weft_counting_ {
    weft_pieces_ pieces;
    size_t n, threads;
    size_t *counts;
    size_t bins, outside;
    bool alone; /* the calling thread, before there is a team */
    char counter[256] __attribute__((aligned(64)));
} weft_counting_;

typedef struct weft_counter_ {
    weft_piece_ piece;
    weft_counting_ *counting;
    uint32_t bin[weft_histogram_piece_]; /* of the indices of the piece; `bins`: in none */
} weft_counter_;

WEFT_API void weft_histogram_begin_(weft_counting_ *counting, weft_counter_ *alone, size_t *counts,
                                    size_t bins, size_t n);
WEFT_API bool weft_histogram_fork_(weft_counting_ *counting);
WEFT_API void weft_histogram_enter_(weft_counter_ *counter, weft_counting_ *counting);
WEFT_API bool weft_histogram_next_(weft_counter_ *counter);
WEFT_API size_t weft_histogram_end_(weft_counting_ *counting);

#define WEFT_HISTOGRAM_(h, to, of, i, count, ...)               \
    __extension__({                                             \
        weft_counting_ h;                                       \
        weft_counter_ h##w;                                     \
        weft_histogram_begin_(&h, &h##w, (to), (of), (count));  \
        WEFT_HISTOGRAM_PIECES_(h, h##w, i, __VA_ARGS__)         \
        while (weft_histogram_fork_(&h))                        \
            WEFT_TEAM_(h.pieces.region.threads)                 \
            {                                                   \
                weft_counter_ h##v;                             \
                weft_histogram_enter_(&h##v, &h);               \
                WEFT_HISTOGRAM_PIECES_(h, h##v, i, __VA_ARGS__) \
            }                                                   \
        weft_histogram_end_(&h);                                \
    })

/* A negative value is above all bins when it is taken for unsigned. */
#define WEFT_HISTOGRAM_PIECES_(h, w, i, ...)                     \
    while (weft_histogram_next_(&w)) {                           \
        uint32_t *const h##o = w.bin;                            \
        const size_t h##b = w.piece.begin, h##c = w.piece.count; \
        const uint64_t h##n = h.bins;                            \
        WEFT_INDEPENDENT_                                        \
        for (size_t h##k = 0; h##k < h##c; h##k++) {             \
            const size_t i WEFT_MAYBE_UNUSED_ = h##b + h##k;     \
            const uint64_t h##x = (uint64_t)((__VA_ARGS__) | 0); \
            h##o[h##k] = (uint32_t)(h##x < h##n ? h##x : h##n);  \
        }                                                        \
    }

WEFT_END_C

#endif
