/* answers.h - one of each call: what it answers, and that it answers the same.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_ANSWERS_H
#define WEFT_TESTS_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>

enum { many = 300 * 1000 }; /* elements: enough for a team of every call */

extern double x[many];

/* fill_x - with 1, 1/2, 1/3, ... */
void fill_x(void);

struct answers {
    double sum, dot, sum_of, few_sum_of, map;
    size_t turns, dynamic_turns, ranges;
};

/* answers_now - over x, by calls of every kind.
 *
 * serial_answers - the same on one thread. */
struct answers answers_now(void);
struct answers serial_answers(void);
bool same(const struct answers *a, const struct answers *b);

/* team_size - how many threads a loop has. */
size_t team_size(void);

/* count - adds one, from any thread; the join of the team publishes it. */
static inline void count(size_t *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }

#endif
