/* splitter.h - how keys are cut into buckets.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_SPLITTER_H
#define WEFT_ALGO_SORT_SPLITTER_H

#include "algo/leaf/sort.h"

/* From a sorted sample of keys; about `buckets` <= weft__buckets_most / 4 of them are wanted. */
void weft__splitter_of(struct weft__splitter *s, const uint64_t *sample, size_t n, size_t buckets);

#endif
