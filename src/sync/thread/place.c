/* place.c - the CPUs of a new thread: a place of its own, or all that the process may use.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A thread inherits the mask of the one that creates it. Where that is bound to one CPU, as main is by
 * libgomp under OMP_PROC_BIND, all its threads would share that CPU. */
#include "sync/thread/thread.h"

#include <sched.h>

#include "place/bind.h"

/* Owned here: the original set as the system wants it, found once. */
static cpu_set_t original;

static void find_original(void)
{
    weft_cpus set;
    weft_cpus_original(&set);
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX; cpu++)
        if (weft_cpus_has(&set, cpu))
            CPU_SET(cpu, &original);
}

int weft__thread_place(const weft_cpus *place)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    cpu_set_t now;
    if (place)
        return weft__bind(0, place);
    pthread_once(&once, find_original);
    CPU_ZERO(&now);
    if (sched_getaffinity(0, sizeof now, &now) == 0 && !CPU_EQUAL(&now, &original))
        (void)sched_setaffinity(0, sizeof original,
                                &original); /* forbidden: it stays where it is */
    return 0;
}
