/* pieces.h - indices in pieces for the expression macros; the first ones are timed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     open; while (next) ...                          the calling thread alone
 *     if (fork) { enter; while (next) ... } end       each thread of the team, for the rest */
#ifndef WEFT_TEAM_PIECES_H
#define WEFT_TEAM_PIECES_H

#include <weft/region.h>

/* How n indices are cut. */
struct weft__cut {
    size_t n;
    size_t threads; /* at most */
    size_t unit;    /* indices that go to a thread at once */
    size_t most;    /* indices a piece */
    bool timed;     /* a team is forked when the time says so; else whenever there is one */
};

void weft__pieces_open(weft_pieces_ *pieces, weft_piece_ *alone, struct weft__cut cut);

/* Opens a region for what is left; false when nothing is. */
bool weft__pieces_fork(weft_pieces_ *pieces);

void weft__piece_enter(weft_piece_ *piece, weft_pieces_ *pieces);

/* Closes the region. */
void weft__pieces_end(weft_pieces_ *pieces);

/* The next piece for this thread; false, having given its rounding mode back, when there is none. */
bool weft__piece_next(weft_piece_ *piece);

/* Gives up; false. What is left stays undone. */
bool weft__piece_leave(weft_piece_ *piece);

/* False when weft__piece_next() is about to begin another unit, or to end. */
static inline bool weft__piece_continues(const weft_piece_ *piece)
{
    return piece->begin + piece->count < piece->end;
}

#endif
