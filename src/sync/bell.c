/* bell.c - waking who sleeps at a queue.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "sync/bell.h"

void weft__bell_call(struct weft__bell *b, size_t n)
{
    /* Of several who ring at once the first does the work, unless all are to be woken. Pairs with
     * listen, which clears it. */
    if (__atomic_fetch_or(&b->state, 1, __ATOMIC_SEQ_CST) % 2 && n == 1)
        return;
    __atomic_fetch_add(&b->rings, 1, __ATOMIC_RELEASE); /* pairs with listen */
    weft__futex_wake(&b->rings, n, b->shared);
}
