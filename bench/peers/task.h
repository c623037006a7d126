/* task.h - the two trees that all contestants of tasks walk.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * fib: the naive recursion, without a cut-off. UTS: a binomial tree as in S. Olivier et al., UTS: an
 * unbalanced tree search benchmark (2006), with a cheaper hash in the place of SHA-1: the root has 2000
 * children, every other node 8 with a probability a little below 1/8, else none. */
#ifndef PEERS_TASK_H
#define PEERS_TASK_H

#include <stdint.h>

enum { uts_root_children = 2000, uts_children = 8 };

static inline uint64_t uts_child(uint64_t node, unsigned k)
{
    uint64_t h = node + (k + 1) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
    return h ^ h >> 31;
}

static inline unsigned uts_children_of(uint64_t node)
{
    return node >> 32 < UINT64_C(536334000) ? uts_children : 0; /* 0.124875 of 2^32 */
}

#endif
