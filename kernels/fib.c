/* fib.c - the n-th Fibonacci number, by the recursion that defines it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     fib(n) = n < 2 ? n : fib(n - 1) + fib(n - 2)
 *
 * Nothing but calls: each that is not a leaf makes two tasks, without any cut-off, so what is measured
 * is what a task costs. fib(n) takes 2 fib(n + 1) - 1 calls. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"

typedef struct call {
    size_t n;
    uint64_t value;
} call;

static bool fib_open(job *j)
{
    call *c = j->data = calloc(1, sizeof *c);
    if (!c)
        return complain("fib: no memory");
    c->n = j->n;
    return true;
}

static int fib(void *arg)
{
    call *const c = arg;
    c->value = c->n;
    if (c->n < 2)
        return 0;
    call left = { .n = c->n - 1 }, right = { .n = c->n - 2 };
    weft_fork2(fib, &left, fib, &right);
    c->value = left.value + right.value;
    return 0;
}

void fib_run(job *j) { fib(j->data); }

static uint64_t fib_omp(size_t n)
{
    if (n < 2)
        return n;
    uint64_t left, right;
#pragma omp task shared(left)
    left = fib_omp(n - 1);
#pragma omp task shared(right)
    right = fib_omp(n - 2);
#pragma omp taskwait
    return left + right;
}

void fib_omp_run(job *j)
{
    call *const c = j->data;
#pragma omp parallel num_threads(weft_threads())
#pragma omp single
    c->value = fib_omp(c->n);
}

/* By n additions. */
static uint64_t fib_serial(size_t n)
{
    uint64_t value = 0, next = 1;
    for (; n > 0; n--) {
        const uint64_t sum = value + next;
        value = next, next = sum;
    }
    return value;
}

static bool fib_check(job *j)
{
    const call *const c = j->data;
    const uint64_t expected = fib_serial(j->n);
    if (c->value != expected)
        return complain("fib: fib(%zu) is %" PRIu64 ": it must be %" PRIu64, j->n, c->value,
                        expected);
    j->items = 2 * (double)fib_serial(j->n + 1) - 1;
    printf("fib: fib(%zu) is %" PRIu64 ", by %.0f calls\n", j->n, c->value, j->items);
    return true;
}

static void fib_spoil(job *j, size_t way)
{
    (void)way;
    call *const c = j->data;
    c->value++;
}

static void fib_close(job *j) { free(j->data); }

const problem fib_problem = { .name = "fib",
                              .unit = "as index",
                              .item = "calls",
                              .n = 30,
                              .most = 50,
                              .open = fib_open,
                              .check = fib_check,
                              .spoil = fib_spoil,
                              .ways = 1,
                              .close = fib_close };
