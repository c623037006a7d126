/* report.h - a study as a table, a recommendation and warnings.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_REPORT_H
#define BENCH_CLI_REPORT_H

#include <stdio.h>

#include "warnings.h"

/* report_command - the table of one command, what follows from it, and its warnings. */
void report_command(FILE *out, const study *s, const analysis *a, const warnings *w);

/* report_failure - the run that ended the study, and its last words. report_reason - why that run
 * failed: "exit status 3". */
void report_failure(FILE *out, const study *s);
void report_reason(FILE *out, const study *s);

/* report_output - how the output compares: "same", "differs", "varies". */
const char *report_output(const result *r);

#endif
