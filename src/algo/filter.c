/* filter.c - behind weft_filter and weft_partition: who looks at which tile, and where what it keeps goes.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A thread looks at a tile 512 indices at a time: the caller's code says which hold (as 1 or 0),
 * the leaf makes a list of their places, the caller's code evaluates these. They are collected in the
 * thread's scratch memory. At the end of the tile their number goes to the chain (chain.h), which
 * answers with the number before them, and they are copied to where they belong. What a partition does
 * not keep is collected behind them, and copied to where the rest belongs.
 *
 * In place nothing is overwritten unread: what a tile keeps goes to its own indices or lower ones, and
 * the chain answers only after all tiles before it have told their numbers, so were looked at. */
#include "algo/filter.h"

#include <string.h>

#include <weft/team.h>

#include "algo/chain.h"
#include "algo/leaf.h"
#include "algo/scan.h"
#include "algo/scratch.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/pieces.h"

enum {
    timed_most = 65536, /* indices; with more of them a team always pays */
    tile_least = 8192,  /* where no index is known to be costly */
    tile_most = 16384,
    units_a_thread = 16,
};

_Static_assert(sizeof(struct weft__chain) <= sizeof(((weft_filtering_ *)0)->chain), "it fits");

static struct weft__chain *chain_of(weft_filtering_ *f) { return (struct weft__chain *)f->chain; }

static size_t clamp(size_t n, size_t least, size_t most)
{
    return n < least ? least : n > most ? most : n;
}

static void add(weft_value_ *left, const weft_value_ *right) { left->is.u64 += right->is.u64; }

/* Elements that a thread can collect. */
static size_t room_of(const weft_filtering_ *f)
{
    return weft__scratch_bytes / f->size / (f->rest ? 2 : 1);
}

void weft__filter_begin(weft_filtering_ *f, weft_filterer_ *alone, size_t n, size_t threads,
                        size_t most)
{
    f->kept = 0;
    f->stream = n > SIZE_MAX / f->size || weft__beyond_cache(n * f->size);
    chain_of(f)->links = NULL;
    if (n < 2 || (threads > 1 && (room_of(f) == 0 || !weft__scratch())))
        threads = 1;
    *alone = (weft_filterer_){ .filtering = f };
    weft__pieces_open(&f->pieces, &alone->piece,
                      (struct weft__cut){
                          .n = n,
                          .threads = threads,
                          .unit = 1,
                          .most = most,
                          .timed = n <= timed_most,
                      });
}

void weft_filter_begin_(weft_filtering_ *f, weft_filterer_ *alone, void *out, size_t n, size_t size)
{
    weft__need(out, n, "weft_filter", "out");
    f->out = out;
    f->size = size;
    f->rest = NULL;
    weft__filter_begin(f, alone, n, weft_threads(), weft_filter_piece_);
}

/* A chain over what the calling thread left. */
static bool open_chain(weft_filtering_ *f)
{
    const size_t threads = (size_t)f->pieces.threads, left = f->pieces.n - f->pieces.head;
    f->tile = clamp(left / (threads * units_a_thread), f->pieces.n > timed_most ? tile_least : 1,
                    tile_most);
    f->tile = weft__at_most(f->tile, room_of(f));
    const size_t tiles = left / f->tile + (left % f->tile != 0);
    return weft__chain_open(chain_of(f), tiles, (weft_value_){ .is.u64 = f->kept }, add);
}

bool weft_filter_fork_(weft_filtering_ *f)
{
    weft_pieces_ *const p = &f->pieces;
    if (p->head < p->n && p->threads > 1 && !open_chain(f))
        p->threads = 1;
    return weft__pieces_fork(p);
}

void weft_filter_enter_(weft_filterer_ *w, weft_filtering_ *f)
{
    *w = (weft_filterer_){ .filtering = f };
    weft__piece_enter(&w->piece, &f->pieces);
    if (f->pieces.region.threads > 1)
        w->room = weft__scratch();
}

static void put(const weft_filtering_ *f, char *to, const char *from, size_t n)
{
    if (f->stream)
        weft__leaves()->stream(to, from, n * f->size);
    else
        memcpy(to, from, n * f->size);
}

/* What the tile kept goes to its place in out, what it did not to its place in the rest. */
static void deliver(weft_filterer_ *w)
{
    weft_filtering_ *const f = w->filtering;
    const weft_value_ mine = { .is.u64 = w->collected };
    const size_t before = weft__chain_join(chain_of(f), w->tile, &mine).is.u64;
    put(f, f->out + before * f->size, w->room, w->collected);
    if (f->rest) {
        const size_t begin = f->pieces.head + w->tile * f->tile;
        put(f, f->rest + (begin - before) * f->size, w->room + f->tile * f->size,
            w->end - begin - w->collected);
    }
    w->collected = 0;
}

/* A thread that has no memory to collect in leaves the tiles to others. */
static bool take_tile(weft_filterer_ *w)
{
    const weft_filtering_ *const f = w->filtering;
    if (!w->room || !weft__chain_take(chain_of(w->filtering), &w->tile))
        return false;
    w->begin = f->pieces.head + w->tile * f->tile;
    w->end = w->begin + clamp(f->pieces.n - w->begin, 0, f->tile);
    return true;
}

static bool next_in_team(weft_filterer_ *w)
{
    w->begin += w->count;
    if (w->count && w->begin == w->end)
        deliver(w);
    if (w->begin == w->end && !take_tile(w)) {
        weft__leaves()->stream_end();
        return weft__piece_leave(&w->piece);
    }
    w->count = clamp(w->end - w->begin, 0, weft_filter_piece_);
    return true;
}

bool weft_filter_next_(weft_filterer_ *w)
{
    if (!weft__filter_alone(w))
        return next_in_team(w);
    const bool more = weft__piece_next(&w->piece);
    w->begin = w->piece.begin, w->count = w->piece.count;
    return more;
}

size_t weft_filter_kept_(weft_filterer_ *w)
{
    weft_filtering_ *const f = w->filtering;
    const size_t kept = weft__leaves()->places(w->place, w->holds, w->count);
    if (weft__filter_alone(w)) {
        w->out = f->out + f->kept * f->size;
        f->kept += kept;
    } else {
        w->out = w->room + w->collected * f->size;
        w->collected += kept;
    }
    return kept;
}

size_t weft_filter_end_(weft_filtering_ *f)
{
    struct weft__chain *const chain = chain_of(f);
    weft__pieces_end(&f->pieces);
    if (chain->links && chain->next) /* a team was to be had */
        f->kept = weft__chain_all(chain).is.u64;
    weft__chain_close(chain);
    return f->kept;
}
