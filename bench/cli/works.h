/* works.h - what a study runs: kernels or a command, at every thread count.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Kernels and foreign commands take one way: both become a command line, and the study does not know
 * which is which. A kernel is only asked beforehand whether its arguments are good. */
#ifndef BENCH_CLI_WORKS_H
#define BENCH_CLI_WORKS_H

#include "findings.h"
#include "options.h"

/* works_of_kernels - one for each kernel; works_of_command - a single one. Both set *works, which
 * stays until the program ends, and return an exit status. */
int works_of_kernels(const words *kernels, size_t size, const words *inputs, work **works);
int works_of_command(char **command, work **works);

/* works_points - s->points: for each work in turn, each thread count. Returns an exit status. */
int works_points(study *s, const work *works, size_t n, const counts *threads, const char *policy);

#endif
