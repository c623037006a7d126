/* dot.c - the sum of products of two arrays of f64.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The answer is printed to the last bit: `weft scale` compares it across thread counts. */
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"
#include "vectors.h"

typedef struct pair {
    double *x, *y, dot;
} pair;

static bool dot_open(job *j)
{
    pair *p = j->data = calloc(1, sizeof *p);
    if (!p || !(p->x = weft_alloc(j->n * sizeof *p->x)) ||
        !(p->y = weft_alloc(j->n * sizeof *p->y)))
        return complain("dot: no memory for %zu elements", j->n);
    double *x = p->x, *y = p->y;
    weft_for (i, j->n)
        x[i] = x_of(i), y[i] = y_of(i);
    return true;
}

void dot_run(job *j)
{
    pair *p = j->data;
    p->dot = weft_dot(p->x, p->y, j->n);
}

void dot_omp_run(job *j)
{
    pair *p = j->data;
    const double *x = p->x, *y = p->y;
    const size_t n = j->n;
    double dot = 0;
#pragma omp parallel for schedule(static) reduction(+ : dot) num_threads(weft_threads())
    for (size_t i = 0; i < n; i++)
        dot += x[i] * y[i];
    p->dot = dot;
}

static bool dot_check(job *j)
{
    const pair *p = j->data;
    long double gold = 0;
    for (size_t i = 0; i < j->n; i++)
        gold += (long double)x_of(i) * y_of(i);
    return sum_is_right("dot", p->dot, gold, j->n);
}

/* Loses one product. */
static void dot_spoil(job *j, size_t way)
{
    (void)way;
    pair *p = j->data;
    p->dot -= p->x[j->n / 2] * p->y[j->n / 2];
}

static void dot_close(job *j)
{
    pair *p = j->data;
    if (p)
        weft_dealloc(p->x), weft_dealloc(p->y);
    free(p);
}

const problem dot_problem = { .name = "dot",
                              .unit = "elements",
                              .item = "elements",
                              .each = 2 * sizeof(double),
                              .bytes = 2 * sizeof(double),
                              .flops = 2,
                              .open = dot_open,
                              .check = dot_check,
                              .spoil = dot_spoil,
                              .ways = 1,
                              .close = dot_close };
