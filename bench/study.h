/* study.h - one experiment: some commands at some thread counts, in interleaved rounds.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every round runs each command at each thread count once, in random order: whatever drifts meanwhile
 * (heat, clock rates, other users) hits all of them alike. Only the seed decides the order. */
#ifndef BENCH_STUDY_H
#define BENCH_STUDY_H

#include <stdbool.h>

#include <weft/cpus.h>

#include "child.h"

/* One command at one thread count. */
typedef struct point {
    const char *title; /* of the command */
    char *const *argv; /* may hold {threads} */
    size_t threads;
    const weft_cpus *places; /* one a thread; NULL: not bound */
    sample *samples;         /* room for one a round */
    size_t count;
    bool failed; /* then `failure` is the run that did, and no more were made */
    sample failure;
    last_words words;
} point;

typedef struct study {
    point *points;
    size_t count;
    size_t rounds, warmups;
    uint64_t seed;
    double others; /* CPUs that others used meanwhile; NaN: unknown */
} study;

/* study_run - fills samples, failures and others.
 *
 * progress  called before each run, NULL: not
 *
 * A point that fails is not run again; the others go on. False, at once, where a program could not be
 * started at all: its point then holds exec_error. */
typedef void study_progress(const study *s, size_t run, size_t runs);
bool study_run(study *s, study_progress *progress);

/* study_shuffle - order[0..n-1] becomes a permutation of 0..n-1, drawn from *state, which moves on. */
void study_shuffle(size_t *order, size_t n, uint64_t *state);

#endif
