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
    double trend; /* p-value of a drift from round to round (stats_trend) */
    double speedup, efficiency;
    double cpus;                /* that were busy on average */
    double bytes, flops, items; /* of work a second; NaN: unknown */
    double throttled; /* seconds that the quota stopped threads in an average run; NaN: unknown */
    enum { output_same, output_differs, output_varies } output; /* against base; from run to run */

    /* Set by analysis_of. */
    interval speedup_ci, efficiency_ci;
    double karp_flatt; /* the serial share that explains the speedup (fits.h); NaN for the base */
    interval karp_flatt_ci;
    bool tied; /* it may be as fast as the fastest: their ratio's interval holds 1 */
} result;

/* results_of - results[0..count-1] of points[0..count-1], which are one command at ascending thread
 * counts, with at least one sample each. */
void results_of(const point *points, size_t count, result *results);

/* result_times - the samples that figures follow from: p->count times in seconds, in the order of the
 * rounds. */
void result_times(const point *p, bool reports, double *seconds);

/* result_precision - of the median of a point (stats_precision), by the time it reports if it does. */
double result_precision(const point *p);

#endif
