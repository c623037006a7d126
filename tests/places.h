/* places.h - what processes of a test share, and what they do there.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each test starts the probe `shared`, a process of one thread, which forks the others; the test judges
 * what the probe prints. */
#ifndef WEFT_TESTS_PLACES_H
#define WEFT_TESTS_PLACES_H

#include <weft.h>

#include "herd.h"

/* What all processes of a probe share; the condition is over the lock, the barrier is for three. */
struct place {
    weft_lock lock;
    weft_rlock rlock;
    weft_cond cond;
    weft_sem sem, back;
    weft_event event;
    weft_barrier barrier;
    bool stop;
    size_t waiting, woken; /* under the lock */
    long tickets, lost, rounds, broken, deaths;
};

static inline void count(long *which) { __atomic_fetch_add(which, 1, __ATOMIC_RELAXED); }
static inline bool stopped(const struct place *p)
{
    return __atomic_load_n(&p->stop, __ATOMIC_RELAXED);
}

/* What a probe does at a place: first by itself, then by a storm of so many processes (herd_storm). */
struct play {
    const char *name;
    void (*begin)(struct place *p); /* or NULL */
    herd_work *storm;               /* or NULL */
    size_t herd;
};

/* Each is ended by one without a name. */
extern const struct play cond_plays[], barrier_plays[], signal_plays[];

/* says - asserts what the probe prints.
 *
 * kills  of the storm, as a text; NULL: none */
void says(const char *what, const char *kills, const char *expected);

#endif
