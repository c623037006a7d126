/* filter.h - what filters and partitions have in common.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_FILTER_H
#define WEFT_ALGO_FILTER_H

#include <weft/filter.h>

/* What both begin with; `out`, `size` and `rest` are set. At most `most` indices a piece. */
void weft__filter_begin(weft_filtering_ *f, weft_filterer_ *alone, size_t n, size_t threads,
                        size_t most);

/* Whether this thread works without a team. */
static inline bool weft__filter_alone(const weft_filterer_ *w)
{
    return w->piece.alone || w->filtering->pieces.region.threads == 1;
}

#endif
