/* warnings.h - what should make a reader doubt the numbers, and what to do about it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_WARNINGS_H
#define BENCH_WARNINGS_H

#include <stdio.h>

#include "result.h"

/* What the machine grants; 0: unknown. */
typedef struct granted {
    size_t cores, cpus;
    double quota; /* CPUs of time; infinity: all */
} granted;

/* A warning is a line that says what was seen, and a line of advice.
 *
 * warnings_of_results - about one command; warnings_of_machine - about the whole study. */
void warnings_of_results(FILE *out, const result *results, size_t count);
void warnings_of_machine(FILE *out, const study *s, const granted *machine);

#endif
