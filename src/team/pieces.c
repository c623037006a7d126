/* pieces.c - indices in pieces for the expression macros; the first ones are timed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What an expression costs is known only to who evaluates it. A team costs about a microsecond to fork,
 * a thousand evaluations cost from 0.1 microseconds to hours. So the calling thread begins alone, with
 * 1, 4, 16, ... indices a piece, looks at the clock after each, and stops looking when it has spent
 * what a fork costs. If by then what is left would take less than another fork it goes on alone; if
 * not, the team gets the rest, and gets it sooner where there is no doubt. All of this decides who evaluates an index, never what the answer is. */
#include "team/pieces.h"

#include <weft/clock.h>

#include "base/at_most.h"
#include "team/member.h"
#include "team/spans.h"
#include "team/team.h"

static const double a_fork = 2e-6; /* seconds; libgomp: 0.8 to 1.2 us for two spinning threads */

enum { growth = 4 };

void weft__pieces_open(weft_pieces_ *p, weft_piece_ *alone, struct weft__cut cut)
{
    const bool timed = cut.timed && cut.threads > 1;
    *p = (weft_pieces_){
        .region = { .threads = 1 },
        .n = cut.n,
        .unit = cut.unit,
        .most = cut.most,
        .threads = (int)cut.threads,
    };
    *alone = (weft_piece_){
        .worker = weft_enter_(&p->region),
        .pieces = p,
        .end = timed || cut.threads <= 1 ? cut.n : 0,
        .step = timed,
        .start = timed ? weft_now() : 0,
        .alone = true,
        .nested = weft__member.alone,
    };
    weft__member.alone = WEFT__IN_EXPRESSION;
}

/* The units of the rest are counted from `head`, so that each thread's part is contiguous. */
bool weft__pieces_fork(weft_pieces_ *p)
{
    if (p->head == p->n)
        return false;
    p->region = weft__region(p->n - p->head, (size_t)p->threads, p->unit);
    return true;
}

void weft__pieces_end(weft_pieces_ *p) { weft_region_end_(&p->region); }

void weft__piece_enter(weft_piece_ *piece, weft_pieces_ *p)
{
    *piece = (weft_piece_){ .worker = weft_enter_(&p->region), .pieces = p };
    if (p->region.threads == 1) {
        piece->begin = p->head;
        piece->end = p->n;
    }
}

bool weft__piece_leave(weft_piece_ *piece)
{
    if (piece->alone)
        weft__member.alone = piece->nested;
    weft_leave_(&piece->worker);
    return false;
}

/* Looks at the clock: who gets what is left? */
static void decide(weft_piece_ *piece)
{
    const double spent = weft_now() - piece->start;
    const size_t done = piece->begin;
    const double rest = spent / (double)done * (double)(piece->end - done);
    const bool no_doubt = spent > a_fork / 4 && rest > a_fork * 4;
    piece->step *= growth;
    if (spent < a_fork && !no_doubt)
        return;
    piece->step = 0;
    if (rest > a_fork)
        piece->end = done;
}

static bool next_alone(weft_piece_ *piece)
{
    weft_pieces_ *const p = piece->pieces;
    p->head = piece->begin;
    if (piece->step && piece->begin > 0 && piece->begin < piece->end)
        decide(piece);
    return piece->begin < piece->end;
}

static bool next_unit(weft_piece_ *piece)
{
    const weft_pieces_ *const p = piece->pieces;
    const weft_region_ *const r = &p->region;
    size_t unit;
    if (r->threads == 1 || !weft__spans_next(r->spans, piece->worker.self, &unit))
        return false;
    piece->begin = p->head + unit * r->unit;
    piece->end = weft__at_most(piece->begin + r->unit, p->n);
    return true;
}

bool weft__piece_next(weft_piece_ *piece)
{
    const size_t most = piece->pieces->most;
    piece->begin += piece->count;
    if (piece->alone ? !next_alone(piece) : piece->begin == piece->end && !next_unit(piece))
        return weft__piece_leave(piece);
    piece->count = weft__at_most(piece->end - piece->begin,
                                 piece->step ? weft__at_most(piece->step, most) : most);
    return true;
}
