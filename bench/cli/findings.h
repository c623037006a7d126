/* findings.h - everything that is said of a study, to people and to programs.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_FINDINGS_H
#define BENCH_CLI_FINDINGS_H

#include <stdio.h>

#include "warnings.h"

/* What a study is about. */
typedef struct work {
    const char *title; /* as a person would type it */
    char **argv;
    const char *kernel; /* NULL: a foreign command */
    bool told;          /* see study.h */
} work;

typedef struct findings {
    const study *study;
    const char *policy; /* of the places */
    bool given;         /* --place gave it */
    size_t count;       /* works; the study's points are the same thread counts for each */
    const work *works;
    size_t counts; /* thread counts */

    /* Set by findings_make; the first two NULL where no round is complete. */
    analysis *analyses; /* one a work */
    warnings *warnings;
    struct warnings machine;
} findings;

void findings_make(findings *f);
void findings_free(findings *f);

/* findings_print - the whole report. */
void findings_print(FILE *out, const findings *f);

#endif
