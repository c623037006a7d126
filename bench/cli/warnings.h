/* warnings.h - what should make a reader doubt the numbers, and what to do about it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_WARNINGS_H
#define BENCH_CLI_WARNINGS_H

#include <stdio.h>

#include "analysis.h"

typedef struct warning {
    const char *code; /* for programs: one word, stays from version to version */
    char seen[200];
    const char *advice;
} warning;

enum { warnings_most = 16 };

/* Zero is none. */
typedef struct warnings {
    size_t count;
    warning list[warnings_most];
} warnings;

/* What the machine grants; 0: unknown. */
typedef struct granted {
    size_t cores, cpus;
    double quota; /* CPUs of time; infinity: all */
} granted;

/* warnings_of_results - adds those about one command; warnings_of_machine - about the whole study. */
void warnings_of_results(warnings *w, const analysis *a);
void warnings_of_machine(warnings *w, const study *s, const granted *machine);

/* warnings_print - a line that says what was seen, and a line of advice, for each. */
void warnings_print(FILE *out, const warnings *w);

#endif
