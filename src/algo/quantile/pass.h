/* pass.h - one pass over an array: how many elements lie where, and those between some bounds.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_QUANTILE_PASS_H
#define WEFT_ALGO_QUANTILE_PASS_H

#include "algo/leaf.h"
#include "algo/quantile/among.h"

struct weft__pass {
    weft_type_ type;
    size_t size; /* bytes an element */
    const char *x;
    size_t n;
    /* Strictly rising elements, and their number; see among.h. */
    char bounds[weft__bounds_most * 8] __attribute__((aligned(8)));
    size_t m;
    size_t count[weft__counts_most]; /* written */
    char *room;                      /* for what is kept, in no order; NULL: nothing is */
    size_t capacity;                 /* elements */
    size_t kept;                     /* written: how many there are, more than capacity or not */
};

/* By the team if that pays. */
void weft__pass_run(struct weft__pass *pass);

#endif
