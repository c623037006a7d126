/* stream.c - copy, scale, add, triad: how fast the machine streams memory.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The four loops of STREAM (J. McCalpin, Memory bandwidth and machine balance in current high
 * performance computers, 1995), and its way to count: each array that an element is read from or
 * written to counts 8 bytes, so 16 for copy and scale, 24 for add and triad. A store that goes
 * through the cache reads its line first, which STREAM does not count; weft_map writes past the
 * cache, the twins as the compiler likes. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"

typedef struct arrays {
    double *a, *b, *c; /* copy and scale have no c */
} arrays;

/* Small whole numbers: every result is exact, so it is compared with ==. */
static double b_of(size_t i) { return (double)((uint32_t)i * 0x9e3779b9u >> 20); }
static double c_of(size_t i) { return (double)((uint32_t)i * 0x85ebca6bu >> 24); }

static double copy_of(size_t i) { return b_of(i); }
static double scale_of(size_t i) { return 3 * b_of(i); }
static double add_of(size_t i) { return b_of(i) + c_of(i); }
static double triad_of(size_t i) { return b_of(i) + 3 * c_of(i); }

/* ---- the loops, on weft ---- */

void copy_run(job *j)
{
    const arrays *t = j->data;
    const double *b = t->b;
    weft_map(t->a, i, j->n, b[i]);
}

void scale_run(job *j)
{
    const arrays *t = j->data;
    const double *b = t->b;
    weft_map(t->a, i, j->n, 3 * b[i]);
}

void add_run(job *j)
{
    const arrays *t = j->data;
    const double *b = t->b, *c = t->c;
    weft_map(t->a, i, j->n, b[i] + c[i]);
}

void triad_run(job *j)
{
    const arrays *t = j->data;
    const double *b = t->b, *c = t->c;
    weft_map(t->a, i, j->n, b[i] + 3 * c[i]);
}

/* ---- the loops, in raw OpenMP ---- */

void copy_omp_run(job *j)
{
    const arrays *t = j->data;
    double *restrict a = t->a;
    const double *b = t->b;
    const size_t n = j->n;
#pragma omp parallel for schedule(static) num_threads(weft_threads())
    for (size_t i = 0; i < n; i++)
        a[i] = b[i];
}

void scale_omp_run(job *j)
{
    const arrays *t = j->data;
    double *restrict a = t->a;
    const double *b = t->b;
    const size_t n = j->n;
#pragma omp parallel for schedule(static) num_threads(weft_threads())
    for (size_t i = 0; i < n; i++)
        a[i] = 3 * b[i];
}

void add_omp_run(job *j)
{
    const arrays *t = j->data;
    double *restrict a = t->a;
    const double *b = t->b, *c = t->c;
    const size_t n = j->n;
#pragma omp parallel for schedule(static) num_threads(weft_threads())
    for (size_t i = 0; i < n; i++)
        a[i] = b[i] + c[i];
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

/* ---- data and checks ---- */

static bool has_c(const job *j) { return j->problem->each == 3 * sizeof(double); }

static bool stream_open(job *j)
{
    arrays *t = j->data = calloc(1, sizeof *t);
    if (!t)
        return complain("%s: out of memory", j->problem->name);
    t->a = weft_alloc(j->n * sizeof *t->a);
    t->b = weft_alloc(j->n * sizeof *t->b);
    t->c = has_c(j) ? weft_alloc(j->n * sizeof *t->c) : NULL;
    double *a = t->a, *b = t->b, *c = t->c;
    if (!a || !b || (has_c(j) && !c))
        return complain("%s: %s", j->problem->name, weft_detail());
    weft_for (i, j->n)
        a[i] = -1, b[i] = b_of(i);
    if (c)
        weft_for (i, j->n)
            c[i] = c_of(i);
    return true;
}

static bool stream_check(const job *j, double (*expected)(size_t i))
{
    const arrays *t = j->data;
    const char *name = j->problem->name;
    double total = 0;
    for (size_t i = 0; i < j->n; i++) {
        if (t->a[i] != expected(i))
            return complain("%s: a[%zu] is %.17g: it must be %.17g", name, i, t->a[i], expected(i));
        total += t->a[i];
    }
    printf("%s: %zu elements are right, their sum is %.17g\n", name, j->n, total);
    return true;
}

static bool copy_check(job *j) { return stream_check(j, copy_of); }
static bool scale_check(job *j) { return stream_check(j, scale_of); }
static bool add_check(job *j) { return stream_check(j, add_of); }
static bool triad_check(job *j) { return stream_check(j, triad_of); }

static void stream_spoil(job *j, size_t way)
{
    (void)way;
    const arrays *t = j->data;
    t->a[j->n / 2] += 1;
}

static void stream_close(job *j)
{
    arrays *t = j->data;
    if (t)
        weft_dealloc(t->a), weft_dealloc(t->b), weft_dealloc(t->c);
    free(t);
}

/* bytes and flops of an element */
#define STREAM(op, bytes_each, flops_each)                \
    const problem op##_problem = { .name = #op,           \
                                   .unit = "elements",    \
                                   .item = "elements",    \
                                   .each = (bytes_each),  \
                                   .open = stream_open,   \
                                   .check = op##_check,   \
                                   .spoil = stream_spoil, \
                                   .ways = 1,             \
                                   .close = stream_close, \
                                   .bytes = (bytes_each), \
                                   .flops = (flops_each) }
STREAM(copy, 16, 0);
STREAM(scale, 16, 1);
STREAM(add, 24, 1);
STREAM(triad, 24, 2);
