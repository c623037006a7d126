/* patience.c - yields, but not to strangers.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A yield that took long went to somebody with whom we have nothing to do: then there is none for a
 * while.
 *
 * Owns one global, a thread's: when it may yield again. */
#include "exec/patience.h"

#include <sched.h>

static const double dear = 200e-6, a_while = 50e-3; /* seconds */

void weft__yield(void)
{
    static _Thread_local double not_before;
    const double start = weft_now();
    if (start < not_before)
        return;
    sched_yield();
    const double end = weft_now();
    if (end - start > dear)
        not_before = end + a_while;
}
