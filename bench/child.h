/* child.h - runs one program once and measures it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CHILD_H
#define BENCH_CHILD_H

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include "watch.h"

/* What to run. */
typedef struct launch {
    char *const *argv;     /* argv[0] is searched for in PATH */
    char *const *env;      /* its whole environment, NULL last */
    const cpu_set_t *cpus; /* it is started on these; NULL: on those of the caller */
    double timeout;        /* seconds until it is ended; 0: it may run for ever */
    watcher *watcher;      /* looks at it while it runs; NULL: nobody disturbs it */
} launch;

typedef enum child_end { child_ended, child_timed_out, child_interrupted } child_end;

/* What came of it. */
typedef struct sample {
    int exec_error;         /* errno where it could not be started; then nothing else is set */
    child_end end;          /* whether it ended by itself */
    int status;             /* as wait() gives it; 0 is success */
    double wall, user, sys; /* seconds of the whole process, children that it waited for included */
    double seconds, cpu, bytes, flops,
        items;               /* what it reported; NaN where it did not (see listen.h) */
    uint64_t hash;           /* of its standard output */
    long memory;             /* most that was resident in one process, KiB */
    long waits, preemptions; /* context switches that it wanted, and that it did not */

    /* Set by the study. */
    size_t round, order; /* of the run, both from 0; warm-up rounds come first */
    bool warmup, watched;
    double throttled; /* seconds that the quota stopped threads meanwhile; NaN: unknown */
} sample;

/* The last of what it wrote to standard error, as text. */
typedef struct last_words {
    char text[1024];
} last_words;

/* child_run - starts it with an empty standard input and no terminal, waits for its end.
 *
 * After the timeout, or when a caught signal comes (interrupt.h), it is asked to end by SIGTERM, and
 * made to by SIGKILL two seconds later. What it leaves running in its process group is killed. */
sample child_run(const launch *what, last_words *words);

#endif
