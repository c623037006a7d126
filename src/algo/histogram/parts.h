/* parts.h - counts many bins: their numbers go to partitions first, which are counted in cache.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_HISTOGRAM_PARTS_H
#define WEFT_ALGO_HISTOGRAM_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { weft__part_bits = 16, weft__part_bins = 1 << weft__part_bits };

/* Where the numbers of a partition are: 16 bits of each, in blocks of one pool. */
struct weft__parts {
    size_t bins, parts, threads;
    size_t batch;               /* numbers that there is room for */
    size_t block_size;          /* numbers */
    char *memory;               /* all below is in there; NULL: not in use */
    struct weft__line_of *open; /* by thread and partition */
    uint32_t *tables;           /* by thread */
    struct weft__block *block;
    uint32_t *order; /* of the blocks, by partition */
    uint16_t *pool;
    size_t blocks; /* there are, */
    size_t used;   /* so far */
};

/* False where there is no memory. */
bool weft__parts_open(struct weft__parts *p, size_t bins, size_t n, size_t threads);
void weft__parts_close(struct weft__parts *p);

/* Sends n numbers below p->bins to their partitions. */
void weft__parts_add(struct weft__parts *p, size_t thread, const uint32_t *bin, size_t n);

/* After the last of a batch: what the thread still holds goes there too. */
void weft__parts_leave(struct weft__parts *p, size_t thread);

/* Adds the batch to counts, all of bins but the last one; returns the count of that. On the team. */
size_t weft__parts_count(struct weft__parts *p, size_t *counts);

#endif
