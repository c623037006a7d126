/* sample.h - where in an array an element of a wanted rank lies, most likely.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_QUANTILE_SAMPLE_H
#define WEFT_ALGO_QUANTILE_SAMPLE_H

#include "algo/quantile/keys.h"

struct weft__sample {
    weft_type_ type;
    uint64_t *key; /* rising; NULL: there is no memory, or no number in the sample */
    size_t n;
    size_t of; /* elements of the array */
};

/* The same sample for the same array, whatever the team. */
struct weft__sample weft__sample_of(weft_type_ type, const void *x, size_t n);
void weft__sample_drop(struct weft__sample *sample);

/* Keys between which the quantile of probability p lies, most likely. *expected: elements of the array
 * between them. */
struct weft__keys weft__sample_bounds(const struct weft__sample *sample, double p,
                                      size_t *expected);

#endif
