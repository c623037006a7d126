/* place.h - argmin and argmax over arrays.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_PLACE_H
#define WEFT_ALGO_PLACE_H

#include "algo/leaf.h"

/* The lowest index of the extreme that op, argmin or argmax, asks for; n where there is none. */
size_t weft__place(weft_op_ op, weft_type_ type, const void *x, size_t n);

#endif
