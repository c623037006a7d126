/* sum.c - the sum of an array of f64.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The answer is printed to the last bit: `weft scale` compares it across thread counts. */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"

typedef struct vector {
    double *x, sum;
} vector;

/* From 0.5 to 1.5, with all bits in use. */
static double x_of(size_t i)
{
    const uint64_t z = ((uint64_t)i + 1) * 0x9e3779b97f4a7c15u;
    return 0.5 + 0x1p-53 * (double)(z >> 11);
}

bool sum_open(job *j)
{
    vector *v = calloc(1, sizeof *v);
    if (!v || j->n > SIZE_MAX / sizeof *v->x)
        return free(v), complain("sum: there is no memory for n = %zu", j->n);
    j->data = v;
    j->bytes = sizeof(double) * (double)j->n;
    v->x = weft_alloc(j->n * sizeof *v->x);
    if (!v->x)
        return complain("sum: there is no memory for n = %zu", j->n);
    double *x = v->x;
    weft_for (i, j->n)
        x[i] = x_of(i);
    return true;
}

void sum_run(job *j)
{
    vector *v = j->data;
    v->sum = weft_sum(v->x, j->n);
}

void sum_omp_run(job *j)
{
    vector *v = j->data;
    const double *x = v->x;
    const size_t n = j->n;
    double sum = 0;
#pragma omp parallel for schedule(static) reduction(+ : sum) num_threads(weft_threads())
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    v->sum = sum;
}

/* The reference adds in long double. Roundings are as good as random, so their sum grows with the root
 * of n, and an element that is lost or added twice is far outside of it. */
bool sum_check(const job *j)
{
    const vector *v = j->data;
    long double gold = 0;
    for (size_t i = 0; i < j->n; i++)
        gold += x_of(i);
    const double allowed = 4 * DBL_EPSILON * sqrt((double)j->n) * (double)gold;
    if (!(fabsl(v->sum - gold) <= allowed))
        return complain("sum: it is %.17g: it must be %.17Lg within %g", v->sum, gold, allowed);
    printf("sum: of %zu elements it is %.17g (%a)\n", j->n, v->sum, v->sum);
    return true;
}

/* Loses one element. */
void sum_spoil(job *j)
{
    vector *v = j->data;
    v->sum -= v->x[j->n / 2];
}

void sum_close(job *j)
{
    vector *v = j->data;
    if (v)
        weft_dealloc(v->x);
    free(v);
}
