/* report.h - a study as a table, a recommendation and warnings.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include <stdio.h>

#include "study.h"

/* report_command - the table of the points from[0..count-1], which are one command at ascending
 * thread counts, and what follows from it. */
void report_command(FILE *out, const study *s, const point *from, size_t count);

/* report_failure - the run that ended the study, and its last words. */
void report_failure(FILE *out, const study *s);

#endif
