/* pieces.h - indices in pieces for the expression macros; the first ones are timed.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_PIECES_H
#define WEFT_TEAM_PIECES_H

#include <weft/region.h>

/* Opens n indices; up to `limit` of them the first pieces are timed on the calling thread. */
weft_pieces_ weft__pieces(size_t n, size_t limit);

/* The next phase: first the timed one, then the rest; false when all indices are done. In the second
 * phase units of `unit` indices go to the threads, in pieces of at most `most`. */
bool weft__pieces_phase(weft_pieces_ *pieces, size_t unit, size_t most);

void weft__piece_enter(weft_piece_ *piece, weft_pieces_ *pieces);

/* The next piece for this thread; false, having left the region, when there is none. */
bool weft__piece_next(weft_piece_ *piece);

/* Leaves the region; false. What is left of it stays undone. */
bool weft__piece_leave(weft_piece_ *piece);

/* False when weft__piece_next() is about to begin another unit, or to end. */
static inline bool weft__piece_continues(const weft_piece_ *piece)
{
    return piece->begin + piece->count < piece->end;
}

#endif
