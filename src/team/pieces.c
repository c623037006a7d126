/* pieces.c - indices in pieces for the expression macros; the first ones are timed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What an expression costs is known only to who evaluates it. A team costs about a microsecond to fork,
 * a thousand evaluations cost from 0.1 microseconds to hours. So the calling thread begins alone, with
 * 1, 4, 16, ... indices a piece, looks at the clock after each, and stops when it has spent what a fork
 * costs. If by then what is left would take less than another fork it goes on alone; if not, the team
 * gets the rest. All of this decides who evaluates an index, never what the answer is. */
#include "team/pieces.h"

#include <weft/clock.h>
#include <weft/team.h>

#include "base/assert.h"
#include "team/spans.h"
#include "team/team.h"

static const double a_fork = 2e-6; /* seconds; libgomp: 0.8 to 1.2 us for two spinning threads */

enum { phase_begin, phase_timed, phase_rest, phase_over, growth = 4 };

static size_t at_most(size_t n, size_t most) { return n < most ? n : most; }

weft_pieces_ weft__pieces(size_t n, size_t limit)
{
    return (weft_pieces_){ .region = { .n = n }, .limit = limit };
}

static bool worth_a_team(const weft_pieces_ *p)
{
    const size_t left = p->region.n - p->head;
    return p->head == 0 || p->spent / (double)p->head * (double)left > a_fork;
}

static bool begin_timed(weft_pieces_ *p)
{
    p->phase = phase_timed;
    p->region.threads = 1;
    return true;
}

/* The units of the rest are counted from `head`, so that each thread's part is contiguous. */
static bool begin_rest(weft_pieces_ *p, size_t unit, size_t most)
{
    const size_t n = p->region.n;
    const bool fork = p->team > 1 && worth_a_team(p);
    p->phase = phase_rest;
    p->most = most;
    p->region = weft__region(n - p->head, fork ? (size_t)p->team : 1, unit);
    p->region.n = n;
    return true;
}

bool weft__pieces_phase(weft_pieces_ *p, size_t unit, size_t most)
{
    const size_t n = p->region.n;
    if (p->phase == phase_begin && n > 0) {
        p->team = p->alone ? 1 : (int)weft_threads();
        if (p->team > 1 && n <= p->limit)
            return begin_timed(p);
    }
    if (p->phase < phase_rest && p->head < n)
        return begin_rest(p, unit, most);
    if (p->phase == phase_rest)
        weft_region_end_(&p->region);
    p->phase = phase_over;
    return false;
}

void weft__piece_enter(weft_piece_ *piece, weft_pieces_ *pieces)
{
    *piece = (weft_piece_){ .worker = weft_enter_(&pieces->region), .pieces = pieces, .step = 1 };
    if (pieces->phase == phase_timed) {
        piece->start = weft_now();
    } else if (pieces->region.threads == 1) {
        piece->begin = pieces->head;
        piece->end = pieces->region.n;
    }
}

bool weft__piece_leave(weft_piece_ *piece)
{
    weft_leave_(&piece->worker);
    return false;
}

static bool next_timed(weft_piece_ *piece)
{
    weft_pieces_ *const p = piece->pieces;
    p->head += piece->count;
    if (p->head > 0)
        p->spent = weft_now() - piece->start;
    if (p->head == p->region.n || p->spent > a_fork)
        return weft__piece_leave(piece);
    piece->begin = p->head;
    piece->count = at_most(piece->step, p->region.n - p->head);
    piece->step *= growth;
    return true;
}

static bool next_unit(weft_piece_ *piece)
{
    const weft_pieces_ *const p = piece->pieces;
    const weft_region_ *const r = &p->region;
    size_t unit;
    if (r->threads == 1 || !weft__spans_next(r->spans, piece->worker.self, &unit))
        return false;
    piece->begin = p->head + unit * r->unit;
    piece->end = at_most(piece->begin + r->unit, r->n);
    return true;
}

bool weft__piece_next(weft_piece_ *piece)
{
    if (piece->pieces->phase == phase_timed)
        return next_timed(piece);
    piece->begin += piece->count;
    if (piece->begin == piece->end && !next_unit(piece))
        return weft__piece_leave(piece);
    piece->count = at_most(piece->end - piece->begin, piece->pieces->most);
    return true;
}
