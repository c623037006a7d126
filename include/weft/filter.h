/* weft/filter.h - keeps what fulfils a condition, or puts it in front, in order.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_FILTER_H
#define WEFT_FILTER_H

#include <weft/api.h>
#include <weft/reduce.h>
#include <weft/region.h>

WEFT_BEGIN_C

/* weft_filter - packs the values of the indices that a predicate holds for; returns how many.
 *
 *     for (kept = 0, i = 0; i < n; i++) if (predicate) out[kept++] = value;
 *
 * out        room for n elements of any type; what lies behind those kept stays as it is
 * i          the name of the index, a size_t
 * n          evaluated once
 * predicate  evaluated once an index
 * value      evaluated once for each index kept, and for no other
 *
 * Both run on several threads: they may have a cost, no effect. What they read may be out[i] itself: a
 * filter in place. They read no other element of out.
 *
 * Every input is read once and out written once: threads take tiles of indices in order, collect what
 * they keep in memory of their own, learn from each other how many come before, and copy it out, past
 * the cache where n elements are more than it holds. The first few of up to 65536 indices are timed,
 * and a team is forked when the rest is worth it. Never fails: without memory the calling thread does
 * it alone. Panics when out is NULL with n > 0. */
#define weft_filter(out, i, n, predicate, ...) \
    WEFT_UNIQUE_(WEFT_FILTER_, out, i, n, predicate, __VA_ARGS__)

/* weft_partition - puts the values of the indices that a predicate holds for in front, those of the
 * rest behind them, each in order; returns how many are in front.
 *
 *     for (kept = 0, i = 0; i < n; i++) if (predicate) out[kept++] = value;
 *     for (k = kept, i = 0; i < n; i++) if (!predicate) out[k++] = value;
 *
 * out        n elements of any type, all of them written
 * i          the name of the index, a size_t
 * n          evaluated once
 * predicate  evaluated once an index
 * value      evaluated once an index
 *
 * As weft_filter, in place too: both may read out[i], no other element of out. The rest waits in memory
 * of the call's own, up to n elements, until it is known how many are in front: it is written twice and
 * read once, the front written once. Never fails: without that memory the calling thread moves the parts
 * past each other where they are, in n log n moves. Panics when out is NULL with n > 0. */
#define weft_partition(out, i, n, predicate, ...) \
    WEFT_UNIQUE_(WEFT_PARTITION_, out, i, n, predicate, __VA_ARGS__)

/* From here on: what the macros expand to. Whether a predicate holds is noted as 1 or 0 in float:
 * compilers vectorise that for conditions of every type, and not so in bytes. */

enum { weft_filter_piece_ = 512 }; /* indices */

typedef struct weft_filtering_ {
    weft_pieces_ pieces;
    char *out;
    size_t size; /* bytes an element */
    size_t tile; /* indices, for a team */
    size_t kept; /* by the calling thread alone, then in all */
    char *rest;  /* where a partition collects what it does not keep; NULL: it does not */
    bool stream;
    char chain[384] __attribute__((aligned(128)));
} weft_filtering_;

typedef struct weft_filterer_ {
    weft_piece_ piece;
    weft_filtering_ *filtering;
    size_t begin, count, end; /* the piece at hand, and the end of its tile */
    size_t tile;              /* its number */
    char *room;               /* where this thread collects what it keeps; NULL: in out */
    size_t collected;         /* there, of the tile */
    void *out;                /* where the values at hand go */
    float holds[weft_filter_piece_];
    uint32_t place[weft_filter_piece_ + 16]; /* in the piece, of those kept */
} weft_filterer_;

WEFT_API void weft_filter_begin_(weft_filtering_ *filtering, weft_filterer_ *alone, void *out,
                                 size_t n, size_t size);
WEFT_API bool weft_filter_fork_(weft_filtering_ *filtering);
WEFT_API void weft_filter_enter_(weft_filterer_ *filterer, weft_filtering_ *filtering);
WEFT_API bool weft_filter_next_(weft_filterer_ *filterer);
WEFT_API size_t weft_filter_kept_(weft_filterer_ *filterer);
WEFT_API size_t weft_filter_end_(weft_filtering_ *filtering);

#define WEFT_FILTER_(f, to, i, n, predicate, ...)                       \
    __extension__({                                                     \
        typedef __typeof__((to)[0]) f##t;                               \
        weft_filtering_ f;                                              \
        weft_filterer_ f##w;                                            \
        weft_filter_begin_(&f, &f##w, (to), (n), sizeof(f##t));         \
        WEFT_FILTER_PIECES_(f, f##w, i, predicate, __VA_ARGS__)         \
        if (weft_filter_fork_(&f))                                      \
            WEFT_TEAM_(f.pieces.region.threads)                         \
            {                                                           \
                weft_filterer_ f##v;                                    \
                weft_filter_enter_(&f##v, &f);                          \
                WEFT_FILTER_PIECES_(f, f##v, i, predicate, __VA_ARGS__) \
            }                                                           \
        weft_filter_end_(&f);                                           \
    })

#define WEFT_FILTER_PIECES_(f, w, i, predicate, ...)                  \
    while (weft_filter_next_(&w)) {                                   \
        const size_t f##b = w.begin, f##c = w.count;                  \
        WEFT_INDEPENDENT_                                             \
        for (size_t f##k = 0; f##k < f##c; f##k++) {                  \
            const size_t i WEFT_MAYBE_UNUSED_ = f##b + f##k;          \
            w.holds[f##k] = (predicate) ? 1.0f : 0.0f;                \
        }                                                             \
        const size_t f##m = weft_filter_kept_(&w);                    \
        f##t *const f##o = (f##t *)w.out;                             \
        for (size_t f##k = 0; f##k < f##m; f##k++) {                  \
            const size_t i WEFT_MAYBE_UNUSED_ = f##b + w.place[f##k]; \
            f##o[f##k] = (__VA_ARGS__);                               \
        }                                                             \
    }

/* Parts of a partition without memory, each partitioned: how long, and how many of it are in front. */
typedef struct weft_parts_ {
    struct weft_part_ {
        size_t length, kept;
    } part[64];
    size_t depth, pieces;
} weft_parts_;

enum { weft_partition_spare_ = 4096 }; /* bytes */

typedef struct weft_partitioner_ {
    weft_filterer_ filterer;
    size_t found[2];    /* of the piece: how many go to the rest, how many are kept; */
    uint32_t *place[2]; /* which ones, */
    void *out[2];       /* and where their values go */
    uint32_t other[weft_filter_piece_ + 16];
    weft_parts_ *parts; /* NULL: there is memory for the rest */
    char spare[weft_partition_spare_] __attribute__((aligned(64)));
} weft_partitioner_;

WEFT_API void weft_partition_begin_(weft_filtering_ *filtering, weft_partitioner_ *alone,
                                    weft_parts_ *parts, void *out, size_t n, size_t size);
WEFT_API void weft_partition_enter_(weft_partitioner_ *partitioner, weft_filtering_ *filtering);
WEFT_API bool weft_partition_next_(weft_partitioner_ *partitioner);
WEFT_API void weft_partition_split_(weft_partitioner_ *partitioner);
WEFT_API size_t weft_partition_end_(weft_filtering_ *filtering, const weft_partitioner_ *alone);

#define WEFT_PARTITION_(f, to, i, n, predicate, ...)                       \
    __extension__({                                                        \
        typedef __typeof__((to)[0]) f##t;                                  \
        weft_filtering_ f;                                                 \
        weft_partitioner_ f##w;                                            \
        weft_parts_ f##q;                                                  \
        weft_partition_begin_(&f, &f##w, &f##q, (to), (n), sizeof(f##t));  \
        WEFT_PARTITION_PIECES_(f, f##w, i, predicate, __VA_ARGS__)         \
        if (weft_filter_fork_(&f))                                         \
            WEFT_TEAM_(f.pieces.region.threads)                            \
            {                                                              \
                weft_partitioner_ f##v;                                    \
                weft_partition_enter_(&f##v, &f);                          \
                WEFT_PARTITION_PIECES_(f, f##v, i, predicate, __VA_ARGS__) \
            }                                                              \
        weft_partition_end_(&f, &f##w);                                    \
    })

/* The values of the rest come first: in place, those kept are written over them. */
#define WEFT_PARTITION_PIECES_(f, w, i, predicate, ...)                \
    while (weft_partition_next_(&w)) {                                 \
        const size_t f##b = w.filterer.begin, f##c = w.filterer.count; \
        WEFT_INDEPENDENT_                                              \
        for (size_t f##k = 0; f##k < f##c; f##k++) {                   \
            const size_t i WEFT_MAYBE_UNUSED_ = f##b + f##k;           \
            w.filterer.holds[f##k] = (predicate) ? 1.0f : 0.0f;        \
        }                                                              \
        weft_partition_split_(&w);                                     \
        for (int f##s = 0; f##s < 2; f##s++) {                         \
            const uint32_t *const f##p = w.place[f##s];                \
            const size_t f##m = w.found[f##s];                         \
            f##t *const f##o = (f##t *)w.out[f##s];                    \
            for (size_t f##k = 0; f##k < f##m; f##k++) {               \
                const size_t i WEFT_MAYBE_UNUSED_ = f##b + f##p[f##k]; \
                f##o[f##k] = (__VA_ARGS__);                            \
            }                                                          \
        }                                                              \
    }

WEFT_END_C

#endif
