/* record.h - a study as JSON, with every sample: the schema "weft.scale/1" of weft(1).
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_RECORD_H
#define BENCH_CLI_RECORD_H

#include <time.h>

#include <jansson.h>

#include "findings.h"

/* What only the command knows. */
typedef struct occasion {
    time_t started, finished;
    char *const *argv; /* of weft, NULL last */
} occasion;

json_t *record_of(const findings *f, const occasion *when);

/* record_time - a moment as "2026-01-31T23:59:59Z". */
json_t *record_time(time_t moment);

#endif
