/* study.h - one experiment: some commands at some thread counts, in interleaved rounds.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every round runs each command at each thread count once, in random order: whatever drifts meanwhile
 * (heat, clock rates, other users) hits all of them alike. Only the seed decides the order.
 *
 * The first run that fails ends the study, for what it would say is not what was asked. */
#ifndef BENCH_STUDY_H
#define BENCH_STUDY_H

#include <stdbool.h>

#include <weft/cpus.h>

#include "child.h"

/* One command at one thread count. */
typedef struct point {
    const char *title; /* of the command */
    char *const *argv; /* may hold {threads} */
    bool told; /* it learns its threads from its arguments, or surely from the environment */
    size_t threads;
    const weft_cpus *places; /* one a thread; NULL: not bound */
    sample *samples;         /* room for one a round */
    size_t count;
} point;

typedef struct study {
    point *points;
    size_t count;
    size_t rounds, warmups;
    uint64_t seed;
    double timeout; /* seconds that a run may take; 0: any */

    size_t done;         /* rounds that count and are complete: each point has a sample of each */
    const point *failed; /* whose run failed; NULL: none did */
    sample failure;      /* that run */
    last_words words;    /* of that run on stderr */
    double others;       /* CPUs that others used meanwhile; NaN: unknown */
} study;

/* study_run - fills samples and what stands behind `timeout`; returns whether all rounds are complete:
 * false after a failure, or when a caught signal came (interrupt.h).
 *
 * progress  called before each run, NULL: not */
typedef void study_progress(const study *s, size_t run, size_t runs);
bool study_run(study *s, study_progress *progress);

#endif
