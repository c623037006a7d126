/* tiles.c - behind weft_for2: how two ranges are cut into tiles, and which tile is next.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *          j ->
 *     i   0  1  2  3       across = 4
 *     |   4  5  6  7
 *     v   8  9 10 11       each with at most rows x columns pairs
 *
 * Tiles are the units of a region; each thread begins with some that follow each other.
 *
 * 16 x 32 serves both a transpose and a stencil: 16 elements of 4 or 8 bytes fill whole lines of what is
 * written across rows, and the processor reads ahead along 16 rows at once. Measured, two threads, f64,
 * 4096 x 4096, in ms:
 *
 *                16 x 16   16 x 32   16 x 64   16 x 512   32 x 32   64 x 64
 *     transpose       47        43        50         72        45        44
 *     stencil         12        12        12         13        28        37 */
#include <weft/loop.h>

#include "base/at_most.h"
#include "base/detail.h"
#include "base/options.h"
#include "team/team.h"

enum { rows_usual = 16, columns_usual = 32, tiles_a_thread = 4 };

static size_t parts(size_t n, size_t length) { return n / length + (n % length != 0); }

/* SIZE_MAX stands for more than that. */
static size_t count(const weft_tiles_ *t)
{
    size_t tiles;
    if (__builtin_mul_overflow(parts(t->ni, t->rows), parts(t->nj, t->columns), &tiles))
        return SIZE_MAX;
    return tiles;
}

static void refine(weft_tiles_ *t, size_t least)
{
    while (count(t) < least && t->rows > 1)
        t->rows = (t->rows + 1) / 2;
    while (count(t) < least && t->columns > 1)
        t->columns = (t->columns + 1) / 2;
}

weft_tiles_ weft_tiles_begin_(const weft_for2_opts *options)
{
    weft_for2_opts opts;
    weft__take_options(&opts, options);
    const size_t threads = weft_threads();
    weft_tiles_ t = {
        .ni = opts.ni,
        .nj = opts.nj,
        .rows = weft__at_most(opts.rows ? opts.rows : rows_usual, opts.ni),
        .columns = weft__at_most(opts.columns ? opts.columns : columns_usual, opts.nj),
    };
    if (!t.ni || !t.nj)
        t.rows = t.columns = 1;
    if (threads > 1 && t.ni && t.nj)
        refine(&t, threads * tiles_a_thread);
    t.across = parts(t.nj, t.columns);
    const size_t tiles = count(&t);
    if (tiles == SIZE_MAX)
        weft__panic("weft_for2: ni is %zu and nj is %zu: that is more than SIZE_MAX tiles", t.ni,
                    t.nj);
    t.region = weft__region(tiles, threads, 1);
    if (t.region.threads < 1)
        t.region.threads = 1; /* the macro opens a region all the same */
    return t;
}

weft_tiler_ weft_tiles_enter_(weft_tiles_ *tiles)
{
    return (weft_tiler_){ .worker = weft_enter_(&tiles->region), .tiles = tiles };
}

static weft_range part(size_t n, size_t length, size_t k)
{
    const size_t begin = k * length;
    return (weft_range){ begin, begin + weft__at_most(length, n - begin) };
}

bool weft_tiles_next_(weft_tiler_ *w)
{
    const weft_tiles_ *const t = w->tiles;
    if (!weft_next_(&w->worker))
        return false;
    const size_t k = w->worker.index - 1;
    w->down = part(t->ni, t->rows, k / t->across);
    w->along = part(t->nj, t->columns, k % t->across);
    return true;
}
