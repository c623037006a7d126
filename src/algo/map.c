/* map.c - behind weft_map: who fills which piece of the array, and how it gets to memory.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A store to a line that is not in the cache first reads the line. An array that is larger than the
 * cache is therefore computed 1 KiB at a time into a tile that stays in the L1 cache, and copied from
 * there by stores that go past it. */
#include <weft/map.h>

#include <weft/team.h>

#include "algo/leaf.h"
#include "base/detail.h"
#include "team/pieces.h"

static const size_t streamed_from = 8 << 20; /* bytes of y */

enum {
    timed_most = 65536, /* elements; with more of them a team always pays */
    units_a_thread = 8,
    grain = 64, /* elements: parts of more than that begin at a multiple of it */
    piece_most = 1 << 16,
};

/* At least 1: ten expensive elements keep ten threads busy. */
static size_t unit_of(size_t n, size_t threads)
{
    const size_t unit = n / (threads * units_a_thread);
    return unit < 1 ? 1 : unit < grain ? unit : unit - unit % grain;
}

void weft_map_begin_(weft_map_ *map, weft_mapper_ *alone, void *y, size_t n, size_t size)
{
    weft__need(y, n, "weft_map", "y");
    const size_t threads = n > 1 ? weft_threads() : 1;
    map->y = y;
    map->size = size;
    map->stream = size <= weft_map_tile_ && n >= streamed_from / size;
    alone->map = map;
    weft__pieces_open(&map->pieces, &alone->piece,
                      (struct weft__cut){
                          .n = n,
                          .threads = threads,
                          .unit = unit_of(n, threads),
                          .most = map->stream ? weft_map_tile_ / size : piece_most,
                          .timed = n <= timed_most,
                      });
}

bool weft_map_fork_(weft_map_ *map) { return weft__pieces_fork(&map->pieces); }

void weft_map_enter_(weft_mapper_ *w, weft_map_ *map)
{
    w->map = map;
    weft__piece_enter(&w->piece, &map->pieces);
}

bool weft_map_next_(weft_mapper_ *w)
{
    const weft_map_ *const map = w->map;
    const struct weft__leaves *const leaves = weft__leaves();
    if (map->stream && w->piece.count)
        leaves->stream(map->y + w->piece.begin * map->size, w->tile, w->piece.count * map->size);
    const bool more = weft__piece_next(&w->piece);
    if (map->stream && !more)
        leaves->stream_end();
    w->out = map->stream ? w->tile : map->y + w->piece.begin * map->size;
    return more;
}

void weft_map_end_(weft_map_ *map) { weft__pieces_end(&map->pieces); }
