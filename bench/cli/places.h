/* places.h - places for the threads of a program that is to be started.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_PLACES_H
#define BENCH_CLI_PLACES_H

#include <weft/machine.h>

/* places_for - sets *places to one set a thread, for free(); NULL where the policy is none, or where
 * this machine cannot bind. Returns an exit status; bad usage where the policy is none at all.
 *
 * what  the subcommand, for messages */
int places_for(const char *what, const char *policy, size_t threads, weft_cpus **places);

/* places_threads - the number of threads that a policy suggests: as many as a list has CPUs, else as
 * weft topo says. */
size_t places_threads(const char *policy);

/* places_cores - on how many cores the places lie; for NULL: may lie. */
size_t places_cores(const weft_cpus *places, size_t threads);

#endif
