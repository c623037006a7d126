/* probe.h - programs inside of the test program, for what only a process of its own can show.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * `weft-test --probe NAME ARGUMENTS` runs NAME_probe in place of the tests. It prints what it sees,
 * and the test that started it judges that. */
#ifndef WEFT_TESTS_PROBE_H
#define WEFT_TESTS_PROBE_H

#include <weft/cpus.h>

#include "program.h"

/* Every probe; arguments are those behind the name, argv[argc] is NULL. Returns the exit status. */
#define PROBES(X)      \
    X(original)        \
    X(machine)         \
    X(bind)            \
    X(sort)            \
    X(limits)          \
    X(seats)           \
    X(aside)           \
    X(openmp)          \
    X(nested)          \
    X(refused)         \
    X(forked)          \
    X(busy)            \
    X(scans)           \
    X(filters)         \
    X(partitions)      \
    X(moves)           \
    X(histogram)       \
    X(exact)           \
    X(random)          \
    X(statistics)      \
    X(quantile)        \
    X(signals)         \
    X(race)            \
    X(exit)            \
    X(thread_fork)     \
    X(thread_hardship) \
    X(progress)        \
    X(robust)          \
    X(shared)          \
    X(shared_queue)    \
    X(pipe)            \
    X(process)         \
    X(process_name)    \
    X(offspring)       \
    X(ending)          \
    X(forking)         \
    X(spawn)           \
    X(spawn_refusal)   \
    X(shortage)        \
    X(pool_ending)

#define PROBE_DECLARE_(name) int name##_probe(int argc, char **argv);
PROBES(PROBE_DECLARE_)
#undef PROBE_DECLARE_

/* probe_run - starts a probe, as program_run() starts a program, under the mask that the test program
 * was started with.
 *
 * words  name and arguments, NULL last
 *
 * probe_run_on - the same under a mask of the test's choice. */
said probe_run(const char *const *words, const char *const *set);
said probe_run_on(const weft_cpus *mask, const char *const *words, const char *const *set);

/* probe_main - what main() does for --probe. */
int probe_main(int argc, char **argv);

#endif
