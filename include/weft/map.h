/* weft/map.h - an expression at every index, into an array.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_MAP_H
#define WEFT_MAP_H

#include <weft/api.h>
#include <weft/region.h>

WEFT_BEGIN_C

/* weft_map - fills an array.
 *
 *     for (size_t i = 0; i < n; i++) y[i] = expression;
 *
 * y           n elements of any type, written; the expression may read y[i], no other element of y
 * n           evaluated once
 * expression  evaluated once an element, on several threads: it may have a cost, no effect
 *
 * Arrays beyond the cache are written past it (non-temporal stores): a third fewer bytes move, since
 * no line of y is read first. Panics when y is NULL with n > 0. */
#define weft_map(y, i, n, ...) WEFT_UNIQUE_(WEFT_MAP_, y, i, n, __VA_ARGS__)
#define WEFT_MAP_(m, y, i, n, ...)                        \
    do {                                                  \
        typedef __typeof__((y)[0]) m##t;                  \
        weft_map_ m;                                      \
        weft_mapper_ m##w;                                \
        weft_map_begin_(&m, &m##w, y, n, sizeof(m##t));   \
        WEFT_MAP_PIECES_(m, m##w, i, __VA_ARGS__)         \
        if (weft_map_fork_(&m))                           \
            WEFT_TEAM_(m.pieces.region.threads)           \
            {                                             \
                weft_mapper_ m##v;                        \
                weft_map_enter_(&m##v, &m);               \
                WEFT_MAP_PIECES_(m, m##v, i, __VA_ARGS__) \
            }                                             \
        weft_map_end_(&m);                                \
    } while (0)

#define WEFT_MAP_PIECES_(m, w, i, ...)                           \
    while (weft_map_next_(&w)) {                                 \
        m##t *const m##o = (m##t *)w.out;                        \
        const size_t m##b = w.piece.begin, m##c = w.piece.count; \
        WEFT_INDEPENDENT_                                        \
        for (size_t m##k = 0; m##k < m##c; m##k++) {             \
            const size_t i WEFT_MAYBE_UNUSED_ = m##b + m##k;     \
            m##o[m##k] = (__VA_ARGS__);                          \
        }                                                        \
    }

enum { weft_map_tile_ = 1024 }; /* bytes that are evaluated into the L1 cache, then streamed out */

typedef struct weft_map_ {
    weft_pieces_ pieces;
    char *y;
    size_t size; /* bytes an element */
    bool stream;
} weft_map_;

typedef struct weft_mapper_ {
    weft_piece_ piece;
    weft_map_ *map;
    void *out; /* where the piece at hand goes */
    char tile[weft_map_tile_] __attribute__((aligned(64)));
} weft_mapper_;

WEFT_API void weft_map_begin_(weft_map_ *map, weft_mapper_ *alone, void *y, size_t n, size_t size);
WEFT_API bool weft_map_fork_(weft_map_ *map);
WEFT_API void weft_map_enter_(weft_mapper_ *mapper, weft_map_ *map);
WEFT_API bool weft_map_next_(weft_mapper_ *mapper);
WEFT_API void weft_map_end_(weft_map_ *map);

WEFT_END_C

#endif
