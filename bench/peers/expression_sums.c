/* expression_sums.c - weft's side of expression.c, built as plain and as fast.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <weft.h>

/* KIND is plain or fast, by the flags this object is built with. */
#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)

double JOIN(sum_of_, KIND)(const work *w)
{
    const double *x = w->x;
    return weft_sum_of(i, w->n, x[i]);
}

double JOIN(dot_of_, KIND)(const work *w)
{
    const double *x = w->x, *y = w->y;
    return weft_sum_of(i, w->n, x[i] * y[i]);
}
