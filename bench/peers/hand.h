/* hand.h - what files with intrinsics share: each thread's part of the arrays.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef PEERS_HAND_H
#define PEERS_HAND_H

#include <stddef.h>

#include <omp.h>

/* part k of `parts` begins here; at a multiple of 64 elements, so that it is aligned to its vectors */
static inline size_t part_begin(size_t n, size_t k, size_t parts)
{
    return k == parts ? n : n / 64 * k / parts * 64;
}

typedef struct part {
    size_t begin, n;
} part;

/* The calling thread's part of its team's work. */
static inline part my_part(size_t n)
{
    const size_t k = (size_t)omp_get_thread_num(), parts = (size_t)omp_get_num_threads();
    const size_t begin = part_begin(n, k, parts);
    return (part){ begin, part_begin(n, k + 1, parts) - begin };
}

#endif
