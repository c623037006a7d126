/* made_up.h - studies whose samples are made up, so that every figure can be checked by hand.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_MADE_UP_H
#define WEFT_TESTS_MADE_UP_H

#include "study.h"

enum { made_up_rounds = 10, made_up_points = 6 };

typedef struct made_up {
    study study;
    point points[made_up_points];
    sample samples[made_up_points][made_up_rounds];
} made_up;

/* make_up - one command, "a.out", at count thread counts: times[point][round] are its wall times; one
 * CPU a thread and a core for each, the same output, nothing reported, nothing seen.
 *
 * make_up_one_two_four - 7 rounds with medians of 8.1, 4.1 and 3 seconds. */
void make_up(made_up *m, size_t rounds, size_t count, const size_t *threads,
             const double times[][made_up_rounds]);
void make_up_one_two_four(made_up *m);

#endif
