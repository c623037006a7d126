/* histogram_of.c - behind weft_histogram_of: who evaluates which index, and in which batch.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The calling thread begins alone and counts straight into counts; a team gets a counter for the rest
 * (histogram/counter.h), and is forked once for each batch that this has room for. */
#include <weft/histogram.h>

#include <string.h>

#include <weft/team.h>

#include "algo/histogram/counter.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/pieces.h"

enum {
    timed_most = 65536, /* indices; with more of them a team always pays */
    unit_most = 32 * 1024,
    units_a_thread = 16,
};

_Static_assert(sizeof(struct weft__counter) <= sizeof(((weft_counting_ *)0)->counter), "it fits");

static struct weft__counter *counter_of(weft_counting_ *h)
{
    return (struct weft__counter *)h->counter;
}

static size_t unit_of(size_t n, size_t threads)
{
    const size_t unit = n / (threads * units_a_thread);
    return unit < 1 ? 1 : weft__at_most(unit, unit_most);
}

static void check(const size_t *counts, size_t bins)
{
    if (!counts && bins)
        weft__panic("weft_histogram_of: counts is NULL with bins = %zu: it must point to bins "
                    "counts",
                    bins);
    if (bins > INT32_MAX)
        weft__panic("weft_histogram_of: bins is %zu: it must be below 2^31", bins);
}

void weft_histogram_begin_(weft_counting_ *h, weft_counter_ *alone, size_t *counts, size_t bins,
                           size_t n)
{
    check(counts, bins);
    const size_t threads = n > 1 ? weft_threads() : 1;
    h->n = n, h->threads = threads;
    h->counts = counts, h->bins = bins, h->outside = 0;
    h->alone = true;
    alone->counting = h;
    weft__counts_clear(counts, bins, threads);
    weft__counter_open(counter_of(h), counts, bins, 0, 1);
    weft__pieces_open(&h->pieces, &alone->piece,
                      (struct weft__cut){
                          .n = n,
                          .threads = threads,
                          .unit = unit_of(n, threads),
                          .most = weft_histogram_piece_,
                          .timed = n <= timed_most,
                      });
}

/* A counter for what the calling thread left. */
static void open_counter(weft_counting_ *h)
{
    weft_pieces_ *const p = &h->pieces;
    struct weft__counter *const c = counter_of(h);
    h->alone = false;
    h->outside = weft__counter_close(c);
    weft__counter_open(c, h->counts, h->bins, h->n - p->head, h->threads);
    p->threads = (int)c->threads;
}

static void end_batch(weft_counting_ *h)
{
    weft__pieces_end(&h->pieces);
    weft__counter_flush(counter_of(h));
    h->pieces.head = h->pieces.n;
}

bool weft_histogram_fork_(weft_counting_ *h)
{
    weft_pieces_ *const p = &h->pieces;
    if (h->alone)
        open_counter(h);
    else
        end_batch(h);
    p->n = p->head + weft__at_most(weft__counter_batch(counter_of(h)), h->n - p->head);
    return weft__pieces_fork(p);
}

void weft_histogram_enter_(weft_counter_ *w, weft_counting_ *h)
{
    w->counting = h;
    weft__piece_enter(&w->piece, &h->pieces);
}

bool weft_histogram_next_(weft_counter_ *w)
{
    struct weft__counter *const c = counter_of(w->counting);
    if (w->piece.count)
        weft__counter_add(c, w->piece.worker.self, w->bin, w->piece.count);
    if (weft__piece_next(&w->piece))
        return true;
    if (!w->piece.alone)
        weft__counter_leave(c, w->piece.worker.self);
    return false;
}

size_t weft_histogram_end_(weft_counting_ *h)
{
    weft__pieces_end(&h->pieces);
    return h->outside + weft__counter_close(counter_of(h));
}
