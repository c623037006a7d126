/* watch.h - looks at a program while it runs: how many threads it has, and where they may run.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What was asked for is one thing; /proc says what holds. A look covers every process of a session, so
 * the program may be started by a shell and may fork. A process with one thread that has children, and
 * sleeps or has hardly run, waits for them: it is not counted. */
#ifndef BENCH_WATCH_H
#define BENCH_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

#include <weft/cpus.h>

typedef struct watcher {
    const weft_cpus *places; /* one for each thread; NULL: only look */
    size_t count;

    size_t looks;     /* that saw it run */
    size_t threads;   /* most that were there at once */
    size_t processes; /* then */
    size_t full;      /* looks that saw as many threads */
    size_t crowded; /* of these: looks that saw them on fewer CPUs than they and the places allow */
    weft_cpus huddle;  /* these CPUs, at the last such look */
    weft_cpus allowed; /* the CPUs that any thread could run on, at any look */
    weft_cpus ran;     /* the CPUs that running threads were found on */
    size_t held;       /* most places that were at once the exact mask of some thread */
    double due;        /* the time of the next look */
} watcher;

/* watch_start - the program starts now. watch_look - looks at its session if that is due. Looks are
 * two milliseconds apart at first, and a tenth of a second later on. */
void watch_start(watcher *w);
void watch_look(watcher *w, pid_t session);

typedef enum binding {
    binding_unseen,  /* it ended before it was looked at */
    binding_free,    /* nothing was asked for */
    binding_each,    /* every place has a thread of its own */
    binding_shared,  /* all threads stay within their places together */
    binding_escaped, /* a thread may run elsewhere */
    binding_huddled, /* all threads shared too few CPUs at most of the full looks, and at two or more */
} binding;

/* watch_binding - what the looks say of the places. */
binding watch_binding(const watcher *w);

#endif
