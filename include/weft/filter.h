/* weft/filter.h - keeps what fulfils a condition, in order.
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

/* From here on: what the macro expands to. Whether a predicate holds is noted as 1 or 0 in float:
 * compilers vectorise that for conditions of every type, and not so in bytes. */

enum { weft_filter_piece_ = 512 }; /* indices */

typedef struct weft_filtering_ {
    weft_pieces_ pieces;
    char *out;
    size_t size; /* bytes an element */
    size_t tile; /* indices, for a team */
    size_t kept; /* by the calling thread alone, then in all */
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

WEFT_END_C

#endif
