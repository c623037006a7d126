/* throttle.h - how long the CPU quota of a control group has stopped this process and its children.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_THROTTLE_H
#define BENCH_THROTTLE_H

#include <stddef.h>

enum { throttle_files_most = 16 };

/* The cpu.stat of our group and of every group around it. */
typedef struct throttle {
    size_t count;
    char path[throttle_files_most][512];
} throttle;

/* Totals since the groups were made; NaN where no file says. */
typedef struct throttled {
    double periods; /* of the scheduler in which we were stopped */
    double seconds; /* that threads stood still, summed over CPUs */
} throttled;

/* throttle_find - root is a folder that holds proc and sys, "" for those of this machine. */
void throttle_find(throttle *t, const char *root);

throttled throttle_now(const throttle *t);

#endif
