/* triad.c - a[i] = b[i] + 3 c[i]: how fast the machine streams memory.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bytes are counted as STREAM does: two reads and one write, 24 an element. A store that goes through
 * the cache reads its line first, which nobody counts; weft_map writes past the cache, the twin as the
 * compiler likes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"

typedef struct arrays {
    double *a, *b, *c;
} arrays;

/* Small whole numbers: the result is exact, so it is compared with ==. */
static double b_of(size_t i) { return (double)(i % 1000); }
static double c_of(size_t i) { return (double)(i % 77); }

bool triad_open(job *j)
{
    arrays *t = calloc(1, sizeof *t);
    if (!t || j->n > SIZE_MAX / sizeof *t->a)
        return free(t), complain("triad: there is no memory for n = %zu", j->n);
    j->data = t;
    j->bytes = 3.0 * sizeof(double) * (double)j->n;
    t->a = weft_alloc(j->n * sizeof *t->a);
    t->b = weft_alloc(j->n * sizeof *t->b);
    t->c = weft_alloc(j->n * sizeof *t->c);
    if (!t->a || !t->b || !t->c)
        return complain("triad: there is no memory for n = %zu", j->n);
    double *a = t->a, *b = t->b, *c = t->c;
    weft_for (i, j->n)
        a[i] = -1, b[i] = b_of(i), c[i] = c_of(i);
    return true;
}

void triad_run(job *j)
{
    const arrays *t = j->data;
    const double *b = t->b, *c = t->c;
    weft_map(t->a, i, j->n, b[i] + 3 * c[i]);
}

void triad_omp_run(job *j)
{
    const arrays *t = j->data;
    double *restrict a = t->a;
    const double *b = t->b, *c = t->c;
    const size_t n = j->n;
#pragma omp parallel for schedule(static) num_threads(weft_threads())
    for (size_t i = 0; i < n; i++)
        a[i] = b[i] + 3 * c[i];
}

bool triad_check(const job *j)
{
    const arrays *t = j->data;
    double total = 0;
    for (size_t i = 0; i < j->n; i++) {
        const double expected = b_of(i) + 3 * c_of(i);
        if (t->a[i] != expected)
            return complain("triad: a[%zu] is %.17g: it must be %.17g", i, t->a[i], expected);
        total += t->a[i];
    }
    printf("triad: %zu elements are right, their sum is %.17g\n", j->n, total);
    return true;
}

void triad_spoil(job *j)
{
    const arrays *t = j->data;
    t->a[j->n / 2] += 1;
}

void triad_close(job *j)
{
    arrays *t = j->data;
    if (t)
        weft_dealloc(t->a), weft_dealloc(t->b), weft_dealloc(t->c);
    free(t);
}
