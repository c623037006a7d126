/* analysis.h - what follows from one command at some thread counts: intervals, laws, advice.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Laws are fitted to the thread counts that have a core for each thread, against one thread, and only
 * where these are enough: a law with as many unknowns as points fits anything. */
#ifndef BENCH_ANALYSIS_H
#define BENCH_ANALYSIS_H

#include "fits.h"
#include "result.h"

typedef enum refusal {
    fitted,
    refused_no_serial, /* one thread was not measured */
    refused_few,       /* too few counts have a core for each thread */
} refusal;

enum { amdahl_least = 3, usl_least = 5 }; /* thread counts */

typedef struct analysis {
    size_t count;
    result *result;      /* one a thread count */
    size_t fastest;      /* index of the least median */
    size_t efficient;    /* index of the most threads at good_efficiency or better */
    size_t usable;       /* thread counts that laws are fitted to */
    refusal amdahl, usl; /* whether the law was fitted, or why not */
    double serial;       /* Amdahl's serial share */
    interval serial_ci;
    usl_fit scalability;
} analysis;

extern const double good_efficiency;

/* analysis_of - for points as results_of takes them; analysis_free frees it. */
analysis analysis_of(const point *points, size_t count);
void analysis_free(analysis *a);

#endif
