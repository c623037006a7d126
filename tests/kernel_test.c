/* kernel_test.c - every kernel is right at every thread count, and its check can fail.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "kernel.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "races.h"
#include "suites.h"

/* Every kernel but wordcount: its size here, the ways in which it can be spoilt, and its work. */
static const struct {
    const char *name;
    size_t n, ways;
    double bytes, flops, items; /* 0: not reported; NAN: only the answer tells */
    bool exact;                 /* its twin has the same bits, */
    bool tasks;                 /* and makes tasks */
} kernels[] = {
    { "copy", 100003, 1, 16 * 100003, 0, 100003, true, false },
    { "scale", 100003, 1, 16 * 100003, 100003, 100003, true, false },
    { "add", 100003, 1, 24 * 100003, 100003, 100003, true, false },
    { "triad", 100003, 1, 24 * 100003, 2 * 100003, 100003, true, false },
    { "dot", 100003, 1, 16 * 100003, 2 * 100003, 100003, false, false },
    { "sum", 100003, 1, 8 * 100003, 100003, 100003, false, false },
    { "mandelbrot", 61, 1, 0, NAN, 61 * 61, true, false },
    { "nbody", 103, 2, 0, 18 * 103 * 103, 103 * 103, true, false },
    { "pi", 100003, 1, 0, 0, 100003, true, false },
    { "walk", 211, 2, 0, 512 * 211, 512 * 211, true, false },
    { "fib", 18, 1, 0, 0, 8361, true, true },
    { "nqueens", 8, 2, 0, 0, 2056, true, true },
    { "uts", 4, 3, 0, 0, 944, true, true },
    { "uts-binomial", 50, 3, 0, 0, 6531, true, true },
    { "quadrature", 300, 2, 0, 0, 4488, true, true },
    { "mariani", 61, 1, 0, 0, 61 * 61, true, true },
    { "transpose", 77, 1, 16 * 77 * 77, 0, 77 * 77, true, true },
};
enum { kernel_count = COUNT(kernels) };

/* "NAME[-omp] -n N --threads THREADS EXTRA". libomp gives the memory of one thread's task to another
 * thread's and does not tell ThreadSanitizer: there a twin with tasks has one thread. */
static said answer(size_t k, bool twin, size_t threads, const char *extra)
{
    char line[120];
    if (RACES_ARE_LOOKED_FOR && twin && kernels[k].tasks)
        threads = 1;
    snprintf(line, sizeof line, "%s%s -n %zu --threads %zu %s", kernels[k].name, twin ? "-omp" : "",
             kernels[k].n, threads, extra);
    return kernel_answer(line);
}

static void expect_text(said *s, const char *text)
{
    CU_ASSERT_EQUAL(s->status, 0);
    ASSERT_TEXT(s->err, "");
    ASSERT_TEXT(s->out, text);
    said_free(s);
}

/* ---- one answer ---- */

static void every_kernel_has_one_answer_at_every_thread_count(void)
{
    for (size_t k = 0; k < kernel_count; k++) {
        said one = answer(k, false, 1, "");
        CU_ASSERT_EQUAL(one.status, 0);
        CU_ASSERT(strlen(one.out) > 20);
        for (size_t threads = 2; threads <= 3; threads++) {
            said s = answer(k, false, threads, "");
            expect_text(&s, one.out);
        }
        said_free(&one);
    }
}

static void raw_twins_have_the_answer_of_their_kernel(void)
{
    for (size_t k = 0; k < kernel_count; k++) {
        said one = answer(k, false, 1, "");
        for (size_t threads = 1; kernels[k].exact && threads <= 3; threads++) {
            said s = answer(k, true, threads, "");
            expect_text(&s, one.out);
        }
        said_free(&one);
    }
}

/* "sum: of 100003 elements it is 100002.85374063646 (0x...)" */
static double sum_in(const said *s)
{
    double sum = NAN;
    CU_ASSERT_EQUAL(s->status, 0);
    CU_ASSERT_EQUAL(sscanf(s->out, "%*[a-z]: of %*u elements it is %lf", &sum), 1);
    return sum;
}

/* The last bits of a raw sum may differ; 4 root(n) ulp are what the kernels allow. */
static void raw_sums_are_near_those_of_their_kernel(void)
{
    for (size_t k = 0; k < kernel_count; k++) {
        said one = answer(k, false, 1, "");
        for (size_t threads = 1; !kernels[k].exact && threads <= 3; threads++) {
            said s = answer(k, true, threads, "");
            const double sum = sum_in(&one), raw = sum_in(&s);
            CU_ASSERT(fabs(raw - sum) <= 4 * DBL_EPSILON * sqrt((double)kernels[k].n) * sum);
            said_free(&s);
        }
        said_free(&one);
    }
}

static void one_element_is_enough_for_every_kernel(void)
{
    for (size_t k = 0; k < kernel_count; k++)
        for (int twin = 0; twin < 2; twin++) {
            char line[80];
            snprintf(line, sizeof line, "%s%s -n 1 --threads %d", kernels[k].name,
                     twin ? "-omp" : "", twin && RACES_ARE_LOOKED_FOR ? 1 : 3);
            said s = kernel_answer(line);
            CU_ASSERT_EQUAL(s.status, 0);
            ASSERT_TEXT(s.err, "");
            said_free(&s);
        }
}

/* ---- work ---- */

static double reported(const char *out, const char *name)
{
    char line[40];
    snprintf(line, sizeof line, "weft: %s ", name);
    const char *found = strstr(out, line);
    return found ? strtod(found + strlen(line), NULL) : 0;
}

static void work_is_counted_in_bytes_operations_and_items(void)
{
    for (size_t k = 0; k < kernel_count; k++) {
        char line[80];
        snprintf(line, sizeof line, "%s -n %zu --threads 2", kernels[k].name, kernels[k].n);
        said s = kernel_run(line, NULL);
        CU_ASSERT_EQUAL(reported(s.out, "bytes"), kernels[k].bytes);
        CU_ASSERT_EQUAL(reported(s.out, "items"), kernels[k].items);
        if (!isnan(kernels[k].flops))
            CU_ASSERT_EQUAL(reported(s.out, "flops"), kernels[k].flops);
        said_free(&s);
    }
}

/* "mandelbrot: 61 x 61 pixels, 901234 steps, ..."; 8 operations each. */
static void operations_of_mandelbrot_follow_from_its_steps(void)
{
    size_t steps = 0;
    said s = kernel_run("mandelbrot -n 61 --threads 2", NULL);
    CU_ASSERT_EQUAL(sscanf(s.out, "mandelbrot: 61 x 61 pixels, %zu steps", &steps), 1);
    CU_ASSERT_EQUAL(reported(s.out, "flops"), 8.0 * (double)steps);
    said_free(&s);
}

/* ---- checks can fail ---- */

static void expect_complaint(said *s, const char *name)
{
    char head[40];
    snprintf(head, sizeof head, "weft-kernel: %s: ", name);
    CU_ASSERT_EQUAL(s->status, 1);
    ASSERT_TEXT(s->out, "");
    CU_ASSERT_EQUAL(strncmp(s->err, head, strlen(head)), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(s->err, ": it must be "));
    said_free(s);
}

static void every_planted_error_is_seen_at_every_thread_count(void)
{
    for (size_t k = 0; k < kernel_count; k++)
        for (size_t way = 1; way <= kernels[k].ways; way++)
            for (size_t threads = 1; threads <= 3; threads++) {
                char extra[40];
                snprintf(extra, sizeof extra, "--spoil %zu", way);
                said s = answer(k, threads == 3, threads, extra);
                expect_complaint(&s, kernels[k].name);
            }
}

static void expect_error(const char *arguments, const char *text)
{
    said s = kernel_answer(arguments);
    CU_ASSERT_EQUAL(s.status, 1);
    ASSERT_TEXT(s.err, text);
    said_free(&s);
}

static void a_wrong_element_is_named(void)
{
    expect_error("triad -n 100003 --spoil 1",
                 "weft-kernel: triad: a[50001] is 2051: it must be 2050\n");
}

static void a_sum_that_lost_an_element_is_named(void)
{
    expect_error("sum -n 100003 --spoil 1",
                 "weft-kernel: sum: it is 100001.41823516422: it must be "
                 "100002.85374063645 within 2.80879e-08\n");
}

static void a_pixel_one_step_off_is_named(void)
{
    expect_error("mandelbrot -n 8 --spoil 1",
                 "weft-kernel: mandelbrot: pixel (4, 2) takes 1001 steps: it must be 1000\n");
}

static void a_point_too_many_is_named(void)
{
    expect_error("pi -n 8 --spoil 1", "weft-kernel: pi: 4 points lie inside: it must be 5\n");
}

/* Gravity one per cent too strong, in the run and in the serial loop alike: only energy tells. */
static void wrong_gravity_is_seen_by_the_energy(void)
{
    said s = kernel_answer("nbody -n 103 --spoil 2");
    CU_ASSERT_EQUAL(strncmp(s.err, "weft-kernel: nbody: the energy is ", 34), 0);
    said_free(&s);
}

static void there_is_no_way_beyond_the_last(void)
{
    kernel_refuses("sum --spoil 2", "weft-kernel: --spoil is \"2\": sum can be wrong in 1 ways\n");
    kernel_refuses("sum --spoil",
                   "weft-kernel: --spoil is \"\": it must be a whole number from 1 to "
                   "18446744073709551615\n");
}

CU_TestInfo kernel_tests[] = {
    { "every_kernel_has_one_answer_at_every_thread_count",
      every_kernel_has_one_answer_at_every_thread_count },
    { "raw_twins_have_the_answer_of_their_kernel", raw_twins_have_the_answer_of_their_kernel },
    { "raw_sums_are_near_those_of_their_kernel", raw_sums_are_near_those_of_their_kernel },
    { "one_element_is_enough_for_every_kernel", one_element_is_enough_for_every_kernel },
    { "work_is_counted_in_bytes_operations_and_items",
      work_is_counted_in_bytes_operations_and_items },
    { "operations_of_mandelbrot_follow_from_its_steps",
      operations_of_mandelbrot_follow_from_its_steps },
    { "every_planted_error_is_seen_at_every_thread_count",
      every_planted_error_is_seen_at_every_thread_count },
    { "a_wrong_element_is_named", a_wrong_element_is_named },
    { "a_sum_that_lost_an_element_is_named", a_sum_that_lost_an_element_is_named },
    { "a_pixel_one_step_off_is_named", a_pixel_one_step_off_is_named },
    { "a_point_too_many_is_named", a_point_too_many_is_named },
    { "wrong_gravity_is_seen_by_the_energy", wrong_gravity_is_seen_by_the_energy },
    { "there_is_no_way_beyond_the_last", there_is_no_way_beyond_the_last },
    CU_TEST_INFO_NULL,
};
