/* result.h - what follows from the samples of one command at some thread counts.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     speedup(p) = T(base) / T(p)        efficiency(p) = speedup(p) * base / p
 *
 * where T is the median and base the least thread count. The sample is the time that the program
 * reports of itself, if it does so every time, else its wall time from start to end. */
#ifndef BENCH_RESULT_H
#define BENCH_RESULT_H

#include "stats.h"
#include "study.h"

typedef struct result {
    const point *point;
    bool reports; /* the samples are times of the program's own */
    summary time; /* seconds */
    double speedup, efficiency;
    double cpus; /* that were busy on average */
    double rate; /* bytes of work a second; NaN: unknown */
    enum { output_same, output_differs, output_varies } output; /* against base; from run to run */
} result;

/* results_of - results[0..count-1] of points[0..count-1], which are one command at ascending thread
 * counts, with at least one sample each. */
void results_of(const point *points, size_t count, result *results);

#endif
