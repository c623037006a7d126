/* fold.h - folds arrays by an operation; reduce.c, place.c and expression.c stand on it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_FOLD_H
#define WEFT_ALGO_FOLD_H

#include "algo/leaf.h"

/* What is folded: x, and y for dot. */
struct weft__input {
    const struct weft__leaf *leaf;
    const char *x, *y;
    size_t size; /* bytes an element */
    size_t n;
};

/* Runs of blocks that threads fold apart, one partial value each. */
enum { weft__runs_most = 1024 };

struct weft__runs {
    size_t length; /* elements: a power of 2 of blocks */
    size_t count;
};

struct weft__runs weft__runs_of(size_t n);

/* The value of the elements begin..end-1, where begin is the start of a block. */
weft_value_ weft__fold_serial(const struct weft__input *in, size_t begin, size_t end);

/* The value of all of it, by the team if that pays. */
weft_value_ weft__fold_all(const struct weft__input *in);

/* The value of each run; room for weft__runs_most of them. By the team if that pays. */
void weft__fold_apart(const struct weft__input *in, weft_value_ *partial);

/* Joins the values of runs in their tree. */
weft_value_ weft__fold_runs(const struct weft__leaf *leaf, const weft_value_ *partial, size_t n);

/* One bit pattern for NaN: which of several survives depends on the order of operands. */
weft_value_ weft__one_nan(weft_value_ v, weft_op_ op, weft_type_ type);

#endif
