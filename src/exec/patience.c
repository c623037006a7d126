/* patience.c - yields, but not to strangers.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A yield that took long went to somebody with whom we have nothing to do: then there is none for a
 * while.
 *
 * Owns one global, a thread's: when it may yield again. */
#include "exec/patience.h"

#include <signal.h>

#include <sched.h>
#include <unistd.h>

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

void weft__join_for_good(const weft_thread *thread)
{
    enum { looks_most = 1000 }; /* its number may be somebody else's by now */
    const int id = weft_thread_native_id(thread);
    (void)weft_thread_join(thread, WEFT_FOREVER);
    for (int k = 0; k < looks_most && id && tgkill(getpid(), id, 0) == 0; k++)
        weft_sleep(20e-6); /* nobody tells when the system has let go of a detached thread */
}
