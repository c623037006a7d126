/* answers.c - one of each call: what it answers, and that it answers the same.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "answers.h"

#include <string.h>

#include <omp.h>

#include <weft.h>

double x[many];

static double y[many];

void fill_x(void)
{
    for (size_t i = 0; i < many; i++)
        x[i] = 1 / (double)(i + 1);
}

static void add_length(weft_range r, void *total)
{
    __atomic_fetch_add((size_t *)total, r.end - r.begin, __ATOMIC_RELAXED); /* as in count() */
}

struct answers answers_now(void)
{
    struct answers a = { 0 };
    a.sum = weft_sum(x, many);
    a.dot = weft_dot(x, x, many);
    a.few_sum_of = weft_sum_of(i, 3000, x[i] / 3); /* leaves its scratch full */
    a.sum_of = weft_sum_of(i, many, x[i] * x[many - 1 - i]);
    weft_map(y, i, many, 2 * x[i]);
    a.map = y[0] + y[many - 1];
    weft_for (i, 1000)
        count(&a.turns);
    weft_for_dynamic (i, 1000)
        count(&a.dynamic_turns);
    weft_for_range(many, add_length, &a.ranges);
    return a;
}

bool same(const struct answers *a, const struct answers *b) { return memcmp(a, b, sizeof *a) == 0; }

struct answers serial_answers(void)
{
    struct answers a;
    weft_with_threads (1)
        a = answers_now();
    return a;
}

size_t team_size(void)
{
    size_t members = 0;
    weft_for (i, 1000)
        if (omp_get_thread_num() == 0)
            members = (size_t)omp_get_num_threads();
    return members;
}
