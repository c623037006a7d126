/* sums.h - the innermost loops of statistics: sums of powers over a block, in the version that fits the
 * processor.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_STATISTICS_SUMS_H
#define WEFT_ALGO_STATISTICS_SUMS_H

#include <weft/reduce.h>

/* Element k of a block belongs to lane k mod 32; lanes are added in a fixed tree. */
enum { weft__sums_lanes = 32 };

enum weft__sums {
    WEFT__ABSOLUTE, /* |x| */
    WEFT__SQUARES,  /* x^2 */
    WEFT__SECOND,   /* d, d^2 where d = x - centre */
    WEFT__FOURTH,   /* d, d^2, d^3, d^4 */
    weft__sums_kinds
};

enum { weft__sums_types = WEFT_TYPE_F64_ + 1 };

struct weft__sums_leaf {
    /* x, as doubles. */
    void (*widen)(const void *x, size_t n, double *out);
    /* The sums of a kind, in the order above. */
    void (*sums[weft__sums_kinds])(const void *x, size_t n, double centre, double *sums);
    /* d, e, d^2, e^2, d e where d = x - centre[0] and e = y - centre[1]. */
    void (*joint)(const void *x, const void *y, size_t n, const double centre[2], double sums[5]);
};

struct weft__sums_leaves {
    struct weft__sums_leaf type[weft__sums_types];
};

#endif
