/* picture.h - the machine as text: packages, memory, caches, cores, PUs.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_PICTURE_H
#define BENCH_CLI_PICTURE_H

#include <stdbool.h>
#include <stdio.h>

#include <weft/cpus.h>

/* picture_print - draws the machine that hwloc sees; PUs outside of `allowed` are drawn as "-".
 *
 * One line for the cores that share a cache, more where they do not fit. False where hwloc sees
 * nothing. */
bool picture_print(FILE *out, const weft_cpus *allowed);

#endif
