/* among.h - the innermost loop of quantiles: how many elements are below, at and above some bounds.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_QUANTILE_AMONG_H
#define WEFT_ALGO_QUANTILE_AMONG_H

#include <weft/reduce.h>

enum { weft__bounds_most = 256, weft__counts_most = 2 * weft__bounds_most + 1 };

/* Adds up where n <= 2048 elements lie among `bounds`, of their type and strictly rising:
 *
 *     count[2 k]      between bounds[k - 1] and bounds[k]
 *     count[2 k + 1]  equal to bounds[k]
 *
 * and copies those that lie between bounds[2 k] and bounds[2 k + 1] to out, which has room for all; how
 * many. out NULL: none. NaN is nowhere. */
typedef size_t weft__among(const void *x, size_t n, const void *bounds, size_t m, size_t *count,
                           void *out);

struct weft__among_leaves {
    weft__among *type[WEFT_TYPE_F64_ + 1];
};

#endif
