/* recordpoint.h - one command at one thread count, as JSON.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_RECORDPOINT_H
#define BENCH_CLI_RECORDPOINT_H

#include <jansson.h>

#include "result.h"

/* recordpoint_of - r is NULL where no round is complete. recordpoint_sample - one run. */
json_t *recordpoint_of(const point *p, const char *policy, const result *r);
json_t *recordpoint_sample(const sample *s);

#endif
