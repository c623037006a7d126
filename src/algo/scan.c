/* scan.c - exclusive and inclusive scans over arrays.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A thread takes a tile, reads it to know its total, and reads it again, now from its cache, when it
 * has learned what precedes it (chain.h). A thread alone knows that beforehand and reads once. */
#include "algo/scan.h"

#include <stdint.h>
#include <string.h>

#include "algo/chain.h"
#include "algo/leaf.h"
#include "algo/types.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/rounding.h"
#include "team/team.h"

/* Below so many bytes one core is done before a second one could begin. */
static const size_t worth_a_team = 192 * 1024;

enum {
    tile_least = 16384, /* elements */
    large = 1 << 19,    /* elements: from here on longer tiles pay */
    tiles_most = 8192,
    part_bytes = 1024, /* scanned into the L1 cache, then streamed out */
};

static size_t tile_length(size_t n)
{
    size_t tile = n < large ? tile_least : 2 * tile_least;
    while (n / tile >= tiles_most)
        tile *= 2;
    return tile;
}

/* Whole cache lines go past the cache, so an output that begins within one takes a detour. */
static void scan_apart(const struct weft__scan *s, char *out, const char *from, size_t n,
                       struct weft__prefix *prefix)
{
    char part[part_bytes] __attribute__((aligned(64)));
    const struct weft__leaves *const leaves = weft__leaves();
    const size_t most = part_bytes / s->size;
    for (size_t k = 0; k < n; k += most) {
        const size_t count = weft__at_most(n - k, most);
        s->leaf->scan[s->inclusive][false](part, from + k * s->size, count, prefix);
        leaves->stream(out + k * s->size, part, count * s->size);
    }
}

weft_value_ weft__scan_one(const struct weft__scan *s, size_t tile, const void *from,
                           const weft_value_ *before)
{
    const size_t n = weft__scan_length(s, tile);
    char *const out = s->out + tile * s->tile * s->size;
    struct weft__prefix prefix = { .tiles = *before };
    const bool stream = s->stream && from != out;
    s->leaf->identity(&prefix.tile);
    if (stream && (uintptr_t)out % 64)
        scan_apart(s, out, from, n, &prefix);
    else
        s->leaf->scan[s->inclusive][stream](out, from, n, &prefix);
    return prefix.tile;
}

static const char *tile_of(const struct weft__scan *s, size_t tile)
{
    return s->x + tile * s->tile * s->size;
}

static weft_value_ scan_alone(const struct weft__scan *s)
{
    weft_value_ all;
    s->leaf->identity(&all);
    for (size_t t = 0; t < s->tiles; t++) {
        const weft_value_ total = weft__scan_one(s, t, tile_of(s, t), &all);
        s->leaf->join(&all, &total);
    }
    return all;
}

struct job {
    const struct weft__scan *scan;
    struct weft__chain chain;
};

static void scan_some(weft_worker_ *worker, void *ctx)
{
    struct job *const job = ctx;
    const struct weft__scan *const s = job->scan;
    (void)worker;
    for (size_t t; weft__chain_take(&job->chain, &t);) {
        weft_value_ total;
        s->leaf->total(tile_of(s, t), weft__scan_length(s, t), &total);
        const weft_value_ before = weft__chain_join(&job->chain, t, &total);
        weft__scan_one(s, t, tile_of(s, t), &before);
    }
    if (s->stream)
        weft__leaves()->stream_end();
}

static weft_value_ scan_by_team(const struct weft__scan *s, size_t threads)
{
    struct job job = { .scan = s };
    weft_value_ all;
    s->leaf->identity(&all);
    if (!weft__chain_open(&job.chain, s->tiles, all, s->leaf->join))
        return scan_alone(s);
    weft_region_ region = weft__region(s->tiles, threads, 0);
    weft__fork(&region, scan_some, &job);
    all = weft__chain_all(&job.chain);
    weft__chain_close(&job.chain);
    return all;
}

void weft__scan_cut(struct weft__scan *s)
{
    s->tile = tile_length(s->n);
    s->tiles = s->n / s->tile + (s->n % s->tile != 0);
    s->stream = s->out != s->x && weft__beyond_cache(s->n * s->size);
}

weft_value_ weft__scan_array(struct weft__scan *s)
{
    weft__scan_cut(s);
    const size_t threads = s->n * s->size < worth_a_team ? 1 : weft__threads();
    const unsigned host = weft__rounding_begin();
    const weft_value_ all = threads > 1 ? scan_by_team(s, threads) : scan_alone(s);
    if (s->stream)
        weft__leaves()->stream_end();
    weft__rounding_end(host);
    return all;
}

static void check(const char *function, const void *x, const void *out, size_t n, size_t size)
{
    const uintptr_t a = (uintptr_t)x, b = (uintptr_t)out;
    weft__need(x, n, function, "x");
    weft__need(out, n, function, "out");
    if (a != b && n && (a < b ? b - a : a - b) / size < n)
        weft__panic("%s: out overlaps x: it must be x itself or apart from it", function);
}

static weft_value_ scan(const char *function, weft_scan_op_ op, bool inclusive, weft_type_ type,
                        const void *x, void *out, size_t n)
{
    struct weft__scan s = {
        .leaf = &weft__leaves()->scan->op[op][type],
        .x = x,
        .out = out,
        .size = weft__size_of(type),
        .n = n,
        .inclusive = inclusive,
    };
    check(function, x, out, n, s.size);
    return weft__scan_array(&s);
}

#define DEFINE(name, OP, inclusive, t, CODE, T)                  \
    T name##_##t(const T *x, T *out, size_t n)                   \
    {                                                            \
        return scan(#name, OP, inclusive, CODE, x, out, n).is.t; \
    }

#define DEFINE_TYPE(t, CODE, T)                                       \
    DEFINE(weft_scan, WEFT_SCAN_SUM_, false, t, CODE, T)              \
    DEFINE(weft_scan_inclusive, WEFT_SCAN_SUM_, true, t, CODE, T)     \
    DEFINE(weft_scan_min, WEFT_SCAN_MIN_, false, t, CODE, T)          \
    DEFINE(weft_scan_max, WEFT_SCAN_MAX_, false, t, CODE, T)          \
    DEFINE(weft_scan_min_inclusive, WEFT_SCAN_MIN_, true, t, CODE, T) \
    DEFINE(weft_scan_max_inclusive, WEFT_SCAN_MAX_, true, t, CODE, T)

WEFT__TYPES(DEFINE_TYPE)
