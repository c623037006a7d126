/* conclusions.h - what stands below the table of a study: advice, laws, and what was seen in /proc.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_CONCLUSIONS_H
#define BENCH_CLI_CONCLUSIONS_H

#include <stdio.h>

#include "analysis.h"

void conclusions_print(FILE *out, const analysis *a);

/* conclusions_binding - one word for programs, for what the looks say of the binding: "each". */
const char *conclusions_binding(const point *p);

#endif
