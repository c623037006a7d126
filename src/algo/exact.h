/* exact.h - the innermost loops of exact sums and dot products.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_EXACT_H
#define WEFT_ALGO_EXACT_H

#include <stdbool.h>
#include <stddef.h>

struct weft__exact_leaves {
    /* The largest |x[k]|, without NaN. */
    double (*largest)(const double *x, size_t n);
    /* The sums of the parts of x[k] that are above 2^-53 first and, of what is left, 2^-53 second;
     * false when more is left, or NaN. */
    bool (*extract)(const double *x, size_t n, double first, double second, double sums[2]);
    /* x[k] y[k] = high[k] + low[k], and the largest |high[k]|, without NaN; false where some of them
     * are too small for that. With NaN or infinity, and where it overflows, so is a low or a high. */
    bool (*products)(const double *x, const double *y, size_t n, double *high, double *low,
                     double *most);
    /* The same for floats, in doubles; low is 0. y NULL: ones. */
    void (*widen)(const float *x, const float *y, size_t n, double *out);
};

#endif
