/* report.h - a study as a table, a recommendation and warnings.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

#include "study.h"

/* What the machine grants, for the warnings; 0: unknown. */
typedef struct granted {
    size_t cores, cpus;
    double quota; /* CPUs of time; infinity: all */
} granted;

/* report_command - the table of the points from[0..count-1], which are one command at ascending
 * thread counts, and what follows from it. */
void report_command(FILE *out, const study *s, const point *from, size_t count);

/* report_failures - one line a failed point, and the last words of each. Returns how many there are. */
size_t report_failures(FILE *out, const study *s);

/* report_warnings - what should make a reader doubt the numbers, one line each. */
void report_warnings(FILE *out, const study *s, const granted *machine);

#endif
