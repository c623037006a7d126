/* scan_of.c - behind weft_scan_of and its kin: collects the values of an expression and scans them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Up to 65536 values are evaluated into out, in any order and grain, then scanned there: so ten costly
 * values keep ten threads busy. More than that are evaluated a tile at a time, by the threads that
 * scan it (scan.c): into their scratch memory if out is written past the cache, so that out is not read
 * first; else, and where there is none, into out. */
#include <weft/scan.h>

#include <weft/team.h>

#include "algo/chain.h"
#include "algo/leaf.h"
#include "algo/scan.h"
#include "algo/scratch.h"
#include "base/detail.h"
#include "team/pieces.h"
#include "team/rounding.h"

enum {
    few = 65536,
    units_a_thread = 16,
    unit_most = 1024, /* values a unit, of few */
};

/* Of many values. */
struct job {
    struct weft__scan scan;
    struct weft__chain chain; /* of a team */
    weft_value_ all;          /* before the next tile, of one thread */
};

_Static_assert(sizeof(struct job) <= sizeof(((weft_scanning_ *)0)->job), "a job fits");

static struct job *job_of(weft_scanning_ *s) { return (struct job *)s->job; }

static size_t clamp(size_t n, size_t least, size_t most)
{
    return n < least ? least : n > most ? most : n;
}

static void open_few(weft_scanning_ *s, weft_piece_ *alone, size_t n)
{
    const size_t threads = n > 1 ? weft_threads() : 1;
    weft__pieces_open(&s->pieces, alone,
                      (struct weft__cut){
                          .n = n,
                          .threads = threads,
                          .unit = clamp(n / (threads * units_a_thread), 1, unit_most),
                          .most = few,
                          .timed = true,
                      });
}

/* Pieces are tiles; a team takes them from the chain. */
static void open_many(weft_scanning_ *s, weft_piece_ *alone, const struct weft__scan *scan)
{
    struct job *const job = job_of(s);
    size_t threads = weft_threads();
    job->scan = *scan;
    job->chain.links = NULL;
    scan->leaf->identity(&job->all);
    if (threads > 1 && !weft__chain_open(&job->chain, scan->tiles, job->all, scan->leaf->join))
        threads = 1;
    weft__pieces_open(&s->pieces, alone,
                      (struct weft__cut){
                          .n = scan->n,
                          .threads = threads,
                          .unit = scan->tile,
                          .most = scan->tile,
                      });
}

static struct weft__scan scan_of(const weft_scanning_ *s, const void *x, size_t n)
{
    return (struct weft__scan){
        .leaf = &weft__leaves()->scan->op[s->op][s->type],
        .x = x,
        .out = s->out,
        .size = s->size,
        .n = n,
        .inclusive = s->inclusive,
    };
}

/* What the caller has written, exclusive and inclusive. */
static const char *const function[][2] = {
    [WEFT_SCAN_SUM_] = { "weft_scan_of", "weft_scan_inclusive_of" },
    [WEFT_SCAN_MIN_] = { "weft_scan_min_of", "weft_scan_min_inclusive_of" },
    [WEFT_SCAN_MAX_] = { "weft_scan_max_of", "weft_scan_max_inclusive_of" },
};

void weft_scan_begin_(weft_scanning_ *s, weft_scanner_ *alone, weft_scan_op_ op, bool inclusive,
                      weft_type_ type, void *out, size_t n)
{
    weft__need(out, n, function[op][inclusive], "out");
    s->out = out;
    s->size = weft__size_of(type);
    s->op = op, s->type = type, s->inclusive = inclusive;
    s->many = n > few;
    alone->scanning = s;
    alone->count = 0;
    if (s->many) {
        struct weft__scan scan = scan_of(s, NULL, n);
        weft__scan_cut(&scan);
        open_many(s, &alone->piece, &scan);
    } else {
        open_few(s, &alone->piece, n);
    }
}

bool weft_scan_fork_(weft_scanning_ *s) { return weft__pieces_fork(&s->pieces); }

void weft_scan_enter_(weft_scanner_ *w, weft_scanning_ *s)
{
    w->scanning = s;
    w->count = 0;
    weft__piece_enter(&w->piece, &s->pieces);
}

static bool alone(const weft_scanner_ *w)
{
    return w->piece.alone || w->scanning->pieces.region.threads == 1;
}

static void scan_tile(const weft_scanner_ *w)
{
    struct job *const job = job_of(w->scanning);
    const struct weft__scan *const s = &job->scan;
    const size_t tile = w->begin / s->tile;
    if (alone(w)) {
        const weft_value_ total = weft__scan_one(s, tile, w->out, &job->all);
        s->leaf->join(&job->all, &total);
    } else {
        weft_value_ total;
        s->leaf->total(w->out, w->count, &total);
        const weft_value_ before = weft__chain_join(&job->chain, tile, &total);
        weft__scan_one(s, tile, w->out, &before);
    }
}

static bool take_tile(weft_scanner_ *w)
{
    struct job *const job = job_of(w->scanning);
    size_t tile;
    if (alone(w)) {
        const bool more = weft__piece_next(&w->piece);
        w->begin = w->piece.begin, w->count = w->piece.count;
        return more;
    }
    if (!weft__chain_take(&job->chain, &tile))
        return weft__piece_leave(&w->piece);
    w->begin = tile * job->scan.tile;
    w->count = weft__scan_length(&job->scan, tile);
    return true;
}

static void *room_for(const weft_scanner_ *w)
{
    const struct weft__scan *const s = &job_of(w->scanning)->scan;
    void *const scratch =
        s->stream && s->tile * s->size <= weft__scratch_bytes ? weft__scratch() : NULL;
    return scratch ? scratch : s->out + w->begin * s->size;
}

static bool next_of_many(weft_scanner_ *w)
{
    if (w->count)
        scan_tile(w);
    if (take_tile(w)) {
        w->out = room_for(w);
        return true;
    }
    weft__leaves()->stream_end();
    return false;
}

bool weft_scan_next_(weft_scanner_ *w)
{
    const weft_scanning_ *const s = w->scanning;
    if (s->many)
        return next_of_many(w);
    const bool more = weft__piece_next(&w->piece);
    w->begin = w->piece.begin, w->count = w->piece.count;
    w->out = s->out + w->begin * s->size;
    return more;
}

static weft_value_ of_many(struct job *job)
{
    const bool team = job->chain.links && job->chain.next; /* where one was to be had */
    const weft_value_ all = team ? weft__chain_all(&job->chain) : job->all;
    weft__chain_close(&job->chain);
    return all;
}

void weft_scan_end_(weft_scanning_ *s)
{
    weft__pieces_end(&s->pieces);
    if (s->many) {
        s->value = of_many(job_of(s));
    } else {
        struct weft__scan scan = scan_of(s, s->out, s->pieces.n);
        s->value = weft__scan_array(&scan);
    }
}
