/* weft/loop.h - parallel loops.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Inside a parallel region all of them are serial. Every thread runs the body with default rounding
 * and denormal mode and has its own back afterwards. */
#ifndef WEFT_LOOP_H
#define WEFT_LOOP_H

#include <weft/api.h>
#include <weft/region.h>
#include <weft/status.h>
#include <weft/stop.h>
#include <weft/team.h>

WEFT_BEGIN_C

/* weft_for - the loop, its indices shared out in equal parts.
 *
 *     for (size_t i = 0; i < n; i++) statement
 *
 * n  evaluated once
 *
 * An iteration may write what its own index owns. It is an OpenMP loop of your own file: it inlines
 * and vectorises, continue works, break and return are refused by the compiler. */
#define weft_for(i, n) WEFT_UNIQUE_(WEFT_FOR_, i, n)
#define WEFT_FOR_(r, i, count)                                                     \
    for (weft_region_ r = weft_region_begin_(count); r.open; weft_region_end_(&r)) \
        WEFT_TEAM_(r.threads)                                                      \
    for (weft_worker_ r##w = weft_enter_(&r); r##w.open; weft_leave_(&r##w))       \
        WEFT_SHARE_                                                                \
    for (size_t i = 0; i < r.n; i++)

/* weft_for_dynamic - the loop, for iterations of uneven length.
 *
 *     for (size_t i = 0; i < n; i++) statement
 *
 * n  evaluated once
 *
 * Each thread takes one index at a time from a part of its own, then half of what is left of another
 * thread's part. About 10 ns an index. continue works; break acts like continue; return is refused
 * by the compiler. */
#define weft_for_dynamic(i, n) WEFT_UNIQUE_(WEFT_FOR_DYNAMIC_, i, n)
#define WEFT_FOR_DYNAMIC_(r, i, count)                                                     \
    for (weft_region_ r = weft_region_begin_dynamic_(count); r.open; weft_region_end_(&r)) \
        WEFT_TEAM_(r.threads)                                                              \
    for (weft_worker_ r##w = weft_enter_(&r); r##w.open; weft_leave_(&r##w))               \
        while (weft_next_(&r##w))                                                          \
            for (size_t i WEFT_MAYBE_UNUSED_ = r##w.index - 1, r##o = 1; r##o; r##o = 0)

/* weft_for2 - the loop over two indices, in tiles.
 *
 *     for (size_t i = 0; i < ni; i++) for (size_t j = 0; j < nj; j++) statement
 *     weft_for2 (i, ni, j, nj) statement
 *     weft_for2 (i, ni, j, nj, .rows = 64, .columns = 8) statement
 *
 * ni, nj   evaluated once
 * rows     of a tile, in i; 0: 16
 * columns  of a tile, in j; 0: 32
 *
 * What a tile of rows x columns works on stays in a thread's cache, so that each line of memory is
 * fetched once also where an array is walked across its rows, as in y[j * n + i] = x[i * n + j]. Within
 * a tile j runs innermost, in a plain loop that vectorises. Tiles beside each other in j follow each other.
 * They go to the threads as the indices of weft_for_dynamic, and are smaller than said here where
 * there would be fewer than four a thread: first by halves of the rows.
 *
 * An iteration may write what its own (i, j) owns. continue works; break acts like continue; return is
 * refused by the compiler. Panics when there are more than SIZE_MAX tiles. */
#define weft_for2(i, ni, j, ...) WEFT_UNIQUE_(WEFT_FOR2_, i, ni, j, __VA_ARGS__)

typedef struct weft_for2_opts {
    size_t size;
    size_t ni, nj;
    size_t rows, columns;
} weft_for2_opts;

/* weft_for_range - calls body on ranges that together are 0..n-1, each index once.
 *
 *     body((weft_range){ 0, n }, ctx)
 *
 * body  gets a non-empty range; runs on several threads at once
 * ctx   handed on
 *
 * The ranges depend on n alone: at most 1024 of them, of equal length but for one element. They go to
 * the threads as in weft_for_dynamic; when the first one shows that the rest takes less than a few
 * microseconds, the calling thread does them all. Never fails; panics when body is NULL. */
typedef void weft_body(weft_range range, void *ctx);
WEFT_API void weft_for_range(size_t n, weft_body *body, void *ctx);

/* weft_for_range_until - the same, until a token is set.
 *
 * stop  looked at before each range; NULL: never set
 *
 * WEFT_OK: all indices are done. WEFT_CANCELLED: some ranges were left out since the token was set; which
 * ones is not told. (In weft_for and weft_for_dynamic: if (weft_stop_is_set(stop)) continue;) */
WEFT_API weft_status weft_for_range_until(size_t n, weft_body *body, void *ctx,
                                          const weft_stop *stop);

/* From here on: what weft_for2 expands to. */

/* One call, */
typedef struct weft_tiles_ {
    weft_region_ region;
    size_t ni, nj, rows, columns;
    size_t across; /* tiles in a row of tiles */
} weft_tiles_;

/* and one thread in it, with the tile at hand. */
typedef struct weft_tiler_ {
    weft_worker_ worker;
    const weft_tiles_ *tiles;
    weft_range down, along; /* i and j */
} weft_tiler_;

WEFT_API weft_tiles_ weft_tiles_begin_(const weft_for2_opts *opts);
WEFT_API weft_tiler_ weft_tiles_enter_(weft_tiles_ *tiles);
WEFT_API bool weft_tiles_next_(weft_tiler_ *tiler);

/* The loop over `o` is one turn, for break to leave. */
#define WEFT_FOR2_(t, i, count, j, ...)                                                         \
    for (weft_tiles_ t = weft_tiles_begin_(&(weft_for2_opts){                                   \
             .size = sizeof(weft_for2_opts), .ni = (count), .nj = __VA_ARGS__ });               \
         t.region.open; weft_region_end_(&t.region))                                            \
        WEFT_TEAM_(t.region.threads)                                                            \
    for (weft_tiler_ t##w = weft_tiles_enter_(&t); t##w.worker.open; weft_leave_(&t##w.worker)) \
        while (weft_tiles_next_(&t##w))                                                         \
            for (size_t i WEFT_MAYBE_UNUSED_ = t##w.down.begin, t##d = t##w.down.end; i < t##d; \
                 i++)                                                                           \
                WEFT_INDEPENDENT_                                                               \
    for (size_t j WEFT_MAYBE_UNUSED_ = t##w.along.begin, t##a = t##w.along.end; j < t##a; j++)  \
        for (bool t##o = true; t##o; t##o = false)

WEFT_END_C

#endif
