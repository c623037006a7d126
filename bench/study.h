/* study.h - one experiment: some commands at some thread counts, in interleaved rounds.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every round runs each command at each thread count once, in random order: whatever drifts meanwhile
 * (heat, clock rates, other users) hits all of them alike. Only the seed decides the order.
 *
 * The runs of the warm-up rounds, or of the first round where there are none, are looked at in /proc
 * (watch.h); the others are left alone.
 *
 * The first run that fails ends the study, for what it would say is not what was asked. */
#ifndef BENCH_STUDY_H
#define BENCH_STUDY_H

#include <stdbool.h>

#include <weft/cpus.h>

#include "child.h"
#include "load.h"
#include "throttle.h"

/* One command at one thread count. */
typedef struct point {
    const char *title; /* of the command */
    char *const *argv; /* may hold {threads} */
    bool told; /* it learns its threads from its arguments, or surely from the environment */
    size_t threads;
    size_t cores;            /* that its places lie on; 0: unknown */
    const weft_cpus *places; /* one a thread; NULL: not bound */

    watcher seen;    /* while it ran */
    sample *samples; /* of the rounds that count, in order; those of a round that is not complete
                        stand at the end */
    sample *warmups;
    size_t count;         /* samples of complete rounds: those that figures follow from */
    size_t taken, warmed; /* all samples, and those of the warm-up */
} point;

/* Why no more rounds were begun. */
typedef enum study_end {
    study_rounds,    /* as many as were asked for */
    study_precise,   /* every interval is narrow enough */
    study_over_time, /* the budget is spent */
    study_enough,    /* study_most_rounds, and some interval is still wide */
    study_failed,    /* a run failed */
    study_cut,       /* a caught signal came (interrupt.h) */
} study_end;

enum { study_most_rounds = 1000 };

typedef struct study {
    point *points;
    size_t count;
    size_t rounds;    /* with a precision: at least */
    size_t warmups;   /* rounds before them that do not count */
    double precision; /* go on until each interval is within this share of its median; 0: no */
    double budget;    /* seconds after which no round begins; 0: any */
    uint64_t seed;
    double timeout; /* seconds that a run may take; 0: any */

    study_end end;
    size_t done;         /* rounds that count and are complete: each point has a sample of each */
    const point *failed; /* whose run failed; NULL: none did */
    sample failure;      /* that run */
    last_words words;    /* of that run on stderr */
    load before, after;
    throttle quota;
} study;

/* study_run - fills the samples of the points and what stands behind `timeout`; returns whether it came
 * to its end: false after a failure, or when a caught signal came.
 *
 * progress  called before each run, NULL: not; runs is the number planned
 *
 * study_free - frees the samples. */
typedef void study_progress(const study *s, size_t run, size_t runs);
bool study_run(study *s, study_progress *progress);
void study_free(study *s);

#endif
