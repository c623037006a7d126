/* plan.h - what the steps of a sort share.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_SORT_PLAN_H
#define WEFT_ALGO_SORT_PLAN_H

#include "algo/sort/keys.h"

/* A part of the elements on its way from `from` over `to` to its place. */
struct weft__part {
    const struct weft__sorting *s;
    struct weft__column from, to, room; /* room may be from */
    enum weft__kind kind;               /* of the elements in from */
    size_t begin, n;                    /* its place in the whole */
    size_t depth;                       /* how often it was cut before */
};

struct weft__plan {
    struct weft__part part;
    const struct weft__sort_moves *moves;
    struct weft__splitter *splitter;
    size_t wanted;        /* buckets, about; 0: as many as a sort wants */
    size_t chunks, chunk; /* how many, and elements in one; 0: as a sort wants */
    size_t *count; /* of chunk c in bucket b at c * stride + b; then its place in the bucket */
    size_t stride;
    size_t *bucket; /* where it begins; one more than there are */
    char *lines;    /* of all threads */
    size_t lines_size;
};

/* Makes the plan for plan->part: a splitter from a sample, and tables. False where there is no memory
 * for it. */
bool weft__plan_make(struct weft__plan *plan);
void weft__plan_drop(struct weft__plan *plan);

/* Moves all elements of plan->part to their buckets in plan->part.to, as keys. Those of bucket b begin at
 * bucket[b]; among them those of chunk c, in order, at count[c * stride + b]. On the team. */
void weft__plan_scatter(struct weft__plan *plan);

/* The lines of a thread, and the elements of a chunk. */
struct weft__lines weft__plan_lines(const struct weft__plan *plan, size_t thread);
weft_range weft__plan_chunk(const struct weft__plan *plan, size_t chunk);

/* Room for n keys and values in a thread's cache, where its lines were: these are done with. Keys are
 * NULL where it is too small. */
struct weft__column weft__plan_desk(const struct weft__plan *plan, size_t thread, size_t n);

#endif
