/* spans.h - units of work, handed out one by one: each thread has a span of its own, then steals.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_SPANS_H
#define WEFT_TEAM_SPANS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weft__span;

enum { weft__spans_most = 0x7fffffff }; /* units at most */

/* Cuts 0..units-1 into `threads` spans of equal length; NULL where there is no memory. */
struct weft__span *weft__spans_new(size_t threads, size_t units);
void weft__spans_free(struct weft__span *spans);

/* The next unit for thread `self`; false when there is none left anywhere. */
bool weft__spans_next(struct weft__span *spans, size_t self, size_t *unit);

#endif
