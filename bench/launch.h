/* launch.h - a command line and its environment for one thread count.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_LAUNCH_H
#define BENCH_LAUNCH_H

#include <stdbool.h>

#include <weft/cpus.h>

/* launch_argv - a copy of argv with every "{threads}" replaced by the number. launch_free frees it
 * and what launch_env returns. */
char **launch_argv(char *const *argv, size_t threads);

/* launch_mentions - whether an argument holds "{threads}". */
bool launch_mentions(char *const *argv);

/* launch_env - a copy of our environment with what tells a program its number of threads:
 * OMP_NUM_THREADS and WEFT_NUM_THREADS; with places also OMP_PLACES and OMP_PROC_BIND, so that each
 * thread is bound to its own.
 *
 * places  `threads` sets, or NULL: where threads go is left to the program */
char **launch_env(size_t threads, const weft_cpus *places);

void launch_free(char **strings);

/* launch_union - all CPUs of the places. */
weft_cpus launch_union(const weft_cpus *places, size_t threads);

#endif
