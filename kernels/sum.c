/* sum.c - the sum of an array of f64.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The answer is printed to the last bit: `weft scale` compares it across thread counts. */
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"
#include "vectors.h"

typedef struct vector {
    double *x, sum;
} vector;

static bool sum_open(job *j)
{
    vector *v = j->data = calloc(1, sizeof *v);
    if (!v || !(v->x = weft_alloc(j->n * sizeof *v->x)))
        return complain("sum: no memory for %zu elements", j->n);
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

static bool sum_check(job *j)
{
    const vector *v = j->data;
    long double gold = 0;
    for (size_t i = 0; i < j->n; i++)
        gold += x_of(i);
    return sum_is_right("sum", v->sum, gold, j->n);
}

/* Loses one element. */
static void sum_spoil(job *j, size_t way)
{
    (void)way;
    vector *v = j->data;
    v->sum -= v->x[j->n / 2];
}

static void sum_close(job *j)
{
    vector *v = j->data;
    if (v)
        weft_dealloc(v->x);
    free(v);
}

const problem sum_problem = { .name = "sum",
                              .unit = "elements",
                              .item = "elements",
                              .each = sizeof(double),
                              .bytes = sizeof(double),
                              .flops = 1,
                              .open = sum_open,
                              .check = sum_check,
                              .spoil = sum_spoil,
                              .ways = 1,
                              .close = sum_close };
