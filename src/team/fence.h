/* fence.h - a fence in two halves: nothing for who passes often, all of it for who passes rarely.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     often:   store x; weft__fence_light(); load y         rarely:   store y; weft__fence_heavy(); load x
 *
 * At least one of the two loads sees the other's store, as if both had a sequentially consistent fence
 * (membarrier(2), private expedited). */
#ifndef WEFT_TEAM_FENCE_H
#define WEFT_TEAM_FENCE_H

#include <stdbool.h>

/* Set when the kernel does not offer the heavy half: then both halves are ordinary fences. */
extern bool weft__fences_are_equal;

/* Before the first light one; again costs a load. */
void weft__fence_init(void);

/* False: the kernel has taken it away (a filter may): nothing can be concluded from the load. */
bool weft__fence_heavy(void);

void weft__fence_full(void);

static inline void weft__fence_light(void)
{
    /* relaxed: written once, before any thread of a crew began */
    if (__builtin_expect(__atomic_load_n(&weft__fences_are_equal, __ATOMIC_RELAXED), 0))
        weft__fence_full();
    else
        __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

#endif
