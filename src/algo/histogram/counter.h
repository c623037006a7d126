/* counter.h - counts the numbers of bins that threads find.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft__counts_clear(counts, bins, threads);
 *     weft__counter_open(&c, counts, bins, n, threads);
 *     for each batch of at most weft__counter_batch(&c) numbers:
 *         each thread:  weft__counter_add(&c, thread, bin, m); ...
 *                       weft__counter_leave(&c, thread);
 *         weft__counter_flush(&c);
 *     outside = weft__counter_close(&c);
 *
 * Numbers are 0, 1, ..., bins; the last one is of what is in no bin. */
#ifndef WEFT_ALGO_HISTOGRAM_COUNTER_H
#define WEFT_ALGO_HISTOGRAM_COUNTER_H

#include "algo/histogram/parts.h"

/* What a thread has in its tables. */
struct weft__tally {
    size_t tables; /* in use, and cleared */
    size_t added;  /* numbers since they were last carried over */
} __attribute__((aligned(128)));

struct weft__counter {
    size_t *counts;
    size_t bins, outside;
    size_t threads;
    /* Tables of each thread, `copies` of them and `stride` counts each; NULL: not in use. */
    uint32_t *tables;
    struct weft__tally *tally;
    size_t copies, stride;
    bool small;               /* all copies are in use always */
    struct weft__parts parts; /* where tables would leave the cache */
};

void weft__counts_clear(size_t *counts, size_t bins, size_t threads);

/* Whether a team is worth it. */
bool weft__counter_wants(size_t bins, size_t n);

/* For n numbers. c->threads is 1 where there is no memory. */
void weft__counter_open(struct weft__counter *c, size_t *counts, size_t bins, size_t n,
                        size_t threads);
size_t weft__counter_batch(const struct weft__counter *c);
void weft__counter_add(struct weft__counter *c, size_t thread, const uint32_t *bin, size_t n);
void weft__counter_leave(struct weft__counter *c, size_t thread);
void weft__counter_flush(struct weft__counter *c);
size_t weft__counter_close(struct weft__counter *c);

#endif
