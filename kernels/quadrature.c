/* quadrature.c - an integral by adaptive quadrature: work appears where the integrand is restless.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     integral of cos(1 / x) / x^2 over 1/n .. 1   =   sin n - sin 1        (u = 1 / x)
 *
 * n radians of oscillation, nearly all of them at the left end. Simpson's rule over an interval is
 * compared with the rule over its halves (W. McKeeman, Algorithm 145, Communications of the ACM, 1962);
 * where they differ by more than 15 tolerances the halves are done apart, each a task. An interval's
 * value is the sum of its halves', left and right, whoever computes them: the same bits at every
 * thread count. The error is at most about a tolerance for each interval that was not halved. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"

static const double tolerance = 1e-10;

enum { depth_most = 60 };

static double f(double x) { return cos(1 / x) / (x * x); }

/* An interval, with the integrand at its ends and in the middle. */
typedef struct interval {
    double a, b, at_a, at_middle, at_b;
    double simpson; /* by the rule over all of it */
    unsigned depth;
    double value;    /* the answer, */
    uint64_t leaves; /* and of how many intervals it is the sum */
} interval;

static double middle(double a, double b) { return a + (b - a) / 2; }

static interval interval_of(double a, double b, double at_a, double at_b, unsigned depth)
{
    const double at_middle = f(middle(a, b));
    return (interval){ .a = a,
                       .b = b,
                       .at_a = at_a,
                       .at_middle = at_middle,
                       .at_b = at_b,
                       .simpson = (b - a) / 6 * (at_a + 4 * at_middle + at_b),
                       .depth = depth };
}

static interval left_of(const interval *i)
{
    return interval_of(i->a, middle(i->a, i->b), i->at_a, i->at_middle, i->depth + 1);
}

static interval right_of(const interval *i)
{
    return interval_of(middle(i->a, i->b), i->b, i->at_middle, i->at_b, i->depth + 1);
}

/* True, with the answer, where the halves tell nothing new. */
static bool is_settled(interval *i, const interval *left, const interval *right)
{
    const double finer = left->simpson + right->simpson, difference = finer - i->simpson;
    if (fabs(difference) > 15 * tolerance && i->depth < depth_most)
        return false;
    i->value = finer + difference / 15;
    i->leaves = 1;
    return true;
}

static void join(interval *i, const interval *left, const interval *right)
{
    i->value = left->value + right->value;
    i->leaves = left->leaves + right->leaves;
}

static interval whole(size_t n)
{
    const double a = 1 / (double)n;
    return interval_of(a, 1, f(a), f(1), 0);
}

static int integrate(void *arg)
{
    interval *const i = arg;
    interval left = left_of(i), right = right_of(i);
    if (is_settled(i, &left, &right))
        return 0;
    weft_fork2(integrate, &left, integrate, &right);
    join(i, &left, &right);
    return 0;
}

static void integrate_serial(interval *i)
{
    interval left = left_of(i), right = right_of(i);
    if (is_settled(i, &left, &right))
        return;
    integrate_serial(&left);
    integrate_serial(&right);
    join(i, &left, &right);
}

static void integrate_omp(interval *i)
{
    interval left = left_of(i), right = right_of(i);
    if (is_settled(i, &left, &right))
        return;
#pragma omp task shared(left)
    integrate_omp(&left);
#pragma omp task shared(right)
    integrate_omp(&right);
#pragma omp taskwait
    join(i, &left, &right);
}

void quadrature_run(job *j)
{
    interval all = whole(j->n);
    integrate(&all);
    *(interval *)j->data = all;
}

void quadrature_omp_run(job *j)
{
    interval all = whole(j->n);
#pragma omp parallel num_threads(weft_threads())
#pragma omp single
    integrate_omp(&all);
    *(interval *)j->data = all;
}

static bool quadrature_open(job *j)
{
    j->data = calloc(1, sizeof(interval));
    return j->data || complain("quadrature: no memory");
}

static bool quadrature_check(job *j)
{
    const interval *const found = j->data;
    const double exact = sin((double)j->n) - sin(1), allowed = tolerance * (double)found->leaves;
    interval serial = whole(j->n);
    integrate_serial(&serial);
    if (found->value != serial.value || found->leaves != serial.leaves)
        return complain("quadrature: it is %.17g of %" PRIu64 " intervals: it must be %.17g of "
                        "%" PRIu64,
                        found->value, found->leaves, serial.value, serial.leaves);
    if (!(fabs(found->value - exact) <= allowed))
        return complain("quadrature: it is %.17g: it must be %.17g within %g", found->value, exact,
                        allowed);
    j->items = (double)found->leaves;
    printf("quadrature: from 1/%zu it is %.17g (%a), in %" PRIu64 " intervals\n", j->n,
           found->value, found->value, found->leaves);
    return true;
}

static void quadrature_spoil(job *j, size_t way)
{
    interval *const found = j->data;
    if (way == 1)
        found->value = nextafter(found->value, 2);
    else
        found->leaves++;
}

static void quadrature_close(job *j) { free(j->data); }

const problem quadrature_problem = { .name = "quadrature",
                                     .unit = "radians",
                                     .item = "intervals",
                                     .n = 20000,
                                     .most = 1000000,
                                     .open = quadrature_open,
                                     .check = quadrature_check,
                                     .spoil = quadrature_spoil,
                                     .ways = 2,
                                     .close = quadrature_close };
