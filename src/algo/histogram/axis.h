/* axis.h - from elements to the numbers of their bins.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_HISTOGRAM_AXIS_H
#define WEFT_ALGO_HISTOGRAM_AXIS_H

#include <weft/reduce.h>

/* Bins of equal width: edge k is low + k * width. */
struct weft__axis {
    double low, high, width;
    double scale; /* about 1 / width */
    size_t bins;
    bool coarse; /* (x - low) * scale is off by less than a quarter of a bin */
};

struct weft__histogram_leaves {
    /* n elements of a type as doubles; the array itself where it has them already. */
    const double *(*widen[WEFT_TYPE_F64_ + 1])(const void *x, size_t n, double *room);
    /* The bin of each of n numbers; `bins` where it is in none. The axis is coarse. */
    void (*equal)(const struct weft__axis *axis, const double *x, size_t n, uint32_t *bin);
    /* The same between edges of the type of x. */
    void (*between[WEFT_TYPE_F64_ + 1])(const void *edges, size_t bins, const void *x, size_t n,
                                        uint32_t *bin);
    /* The first bin whose upper edge is below its lower one, or not comparable; `bins` if none is. */
    size_t (*rise[WEFT_TYPE_F64_ + 1])(const void *edges, size_t bins);
};

#endif
