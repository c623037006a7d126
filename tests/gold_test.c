/* gold_test.c - what the kernels answer is what other arithmetic says.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "kernel.h"

#include <complex.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "suites.h"

enum { elements = 100003 };

static uint64_t b_of(uint32_t i) { return (uint32_t)(i * 2654435769u) / 1048576; }
static uint64_t c_of(uint32_t i) { return (uint32_t)(i * 2246822507u) / 16777216; }

/* In whole numbers. */
static void expect_stream(const char *name, unsigned b_times, unsigned c_times)
{
    char text[100], line[60];
    uint64_t sum = 0;
    for (uint32_t i = 0; i < elements; i++)
        sum += b_times * b_of(i) + c_times * c_of(i);
    snprintf(text, sizeof text, "%s: %d elements are right, their sum is %llu\n", name, elements,
             (unsigned long long)sum);
    snprintf(line, sizeof line, "%s -n %d --threads 2", name, elements);
    said s = kernel_answer(line);
    ASSERT_TEXT(s.out, text);
    said_free(&s);
}

static void streams_have_the_sum_that_whole_numbers_give(void)
{
    expect_stream("copy", 1, 0);
    expect_stream("scale", 3, 0);
    expect_stream("add", 1, 1);
    expect_stream("triad", 1, 3);
}

/* "sum: of 100003 elements it is 100002.85374063646 (0x...)" */
static double sum_in(const said *s)
{
    double sum = NAN;
    CU_ASSERT_EQUAL(s->status, 0);
    CU_ASSERT_EQUAL(sscanf(s->out, "%*[a-z]: of %*u elements it is %lf", &sum), 1);
    return sum;
}

/* From 1/2 to 3/2, in units of 2^-53. */
static uint64_t fraction(size_t i, uint64_t factor)
{
    return (1ull << 52) + ((i + 1) * factor >> 11);
}

static const uint64_t x_factor = 0x9e3779b97f4a7c15u, y_factor = 0xd1342543de82ef95u;

/* Terms are multiples of 2^-53, so 128 bits hold their sum exactly. The bound is that of
 * weft/reduce.h: 2048/64 + log2(64) + log2(n/2048) + 1 < 46 ulp. */
static void sum_is_within_its_bound_of_the_exact_sum(void)
{
    unsigned __int128 exact = 0;
    for (size_t i = 0; i < elements; i++)
        exact += fraction(i, x_factor);
    said s = kernel_answer("sum -n 100003 --threads 2");
    const long double sum = 0x1p-53L * (long double)exact;
    CU_ASSERT(fabsl(sum_in(&s) - sum) <= 46 * DBL_EPSILON * sum);
    said_free(&s);
}

/* Products are exact in 106 bits; 20 bits are cut off to make room for 100003 of them. */
static void dot_is_within_its_bound_of_the_exact_sum(void)
{
    unsigned __int128 exact = 0;
    for (size_t i = 0; i < elements; i++)
        exact += (unsigned __int128)fraction(i, x_factor) * fraction(i, y_factor) >> 20;
    said s = kernel_answer("dot -n 100003 --threads 2");
    const long double dot = 0x1p-86L * (long double)exact;
    CU_ASSERT(fabsl(sum_in(&s) - dot) <= 47 * DBL_EPSILON * dot);
    said_free(&s);
}

/* In complex numbers, as the formula stands in books: these have the same roundings. */
static unsigned escape(double complex c)
{
    double complex z = 0;
    unsigned k = 0;
    for (; k < 1000 && creal(z) * creal(z) + cimag(z) * cimag(z) <= 4; k++)
        z = z * z + c;
    return k;
}

static void mandelbrot_takes_the_steps_that_complex_numbers_take(void)
{
    enum { side = 61 };
    size_t steps = 0, inside = 0;
    for (int row = 0; row < side; row++)
        for (int column = 0; column < side; column++) {
            const double re = -2 + 2.5 / side * (column + 0.5),
                         im = -1.25 + 2.5 / side * (row + 0.5);
            const unsigned k = escape(re + im * I);
            steps += k, inside += k == 1000;
        }
    char text[120];
    snprintf(text, sizeof text, "mandelbrot: 61 x 61 pixels, %zu steps, %zu pixels never leave",
             steps, inside);
    said s = kernel_answer("mandelbrot -n 61 --threads 2");
    CU_ASSERT_EQUAL(strncmp(s.out, text, strlen(text)), 0);
    said_free(&s);
}

/* Before the step and after it; the bodies do move, so they are not the same to the last digit. */
static void nbody_keeps_its_energy(void)
{
    double is = 0, was = 1;
    said s = kernel_answer("nbody -n 103 --threads 2");
    CU_ASSERT_EQUAL(sscanf(s.out, "nbody: 103 bodies, energy %lf, before the step %lf", &is, &was),
                    2);
    CU_ASSERT(is != was);
    CU_ASSERT(fabs(is - was) < 1e-8 * fabs(was));
    said_free(&s);
}

CU_TestInfo gold_tests[] = {
    { "streams_have_the_sum_that_whole_numbers_give",
      streams_have_the_sum_that_whole_numbers_give },
    { "sum_is_within_its_bound_of_the_exact_sum", sum_is_within_its_bound_of_the_exact_sum },
    { "dot_is_within_its_bound_of_the_exact_sum", dot_is_within_its_bound_of_the_exact_sum },
    { "mandelbrot_takes_the_steps_that_complex_numbers_take",
      mandelbrot_takes_the_steps_that_complex_numbers_take },
    { "nbody_keeps_its_energy", nbody_keeps_its_energy },
    CU_TEST_INFO_NULL,
};
