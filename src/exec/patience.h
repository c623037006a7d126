/* patience.h - spins a moment for another thread that may want this very CPU.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Who wakes a thread often gets it onto its own CPU: if it then spins for the answer, it keeps the one
 * from running who has it, for all of the 40 us. So after the first microsecond it yields, once.
 *
 *     struct weft__patience p = { 0 };
 *     while (!ready() && weft__patience(&p))
 *         ; */
#ifndef WEFT_EXEC_PATIENCE_H
#define WEFT_EXEC_PATIENCE_H

#include <weft/thread.h>

#include "sync/spin.h"

struct weft__patience {
    struct weft__spin spin;
};

/* Joins a thread of ours and sees it gone from the process, where it may be on its last steps for a
 * while, with locks of the allocator's: a fork meanwhile would keep these locked in the child. */
void weft__join_for_good(const weft_thread *thread);

/* Lets another thread have the CPU, unless that was dear a while ago. */
void weft__yield(void);

/* True: look again. False: waited for long enough, sleep. */
static inline bool weft__patience(struct weft__patience *p)
{
    enum { a_microsecond = 5 }; /* turns */
    if (!weft__spin(&p->spin))
        return false;
    if (p->spin.turns == a_microsecond)
        weft__yield();
    return true;
}

#endif
