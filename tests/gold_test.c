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

/* Philox4x32-10 as the paper writes it down: (L, R) -> (mulhi(R) ^ k ^ L, mullo(R)) for two pairs, that
 * then change their partners. */
static void philox(uint32_t r[4], uint64_t seed)
{
    uint32_t key[2] = { (uint32_t)seed, (uint32_t)(seed >> 32) };
    for (int round = 0; round < 10; round++) {
        const uint64_t a = (uint64_t)r[0] * 3528531795u, b = (uint64_t)r[2] * 3449720151u;
        const uint32_t next[4] = { (uint32_t)(b >> 32) ^ r[1] ^ key[0], (uint32_t)b,
                                   (uint32_t)(a >> 32) ^ r[3] ^ key[1], (uint32_t)a };
        memcpy(r, next, sizeof next);
        key[0] += 2654435769u, key[1] += 3144134277u;
    }
}

static void pi_counts_the_points_that_the_paper_gives(void)
{
    size_t inside = 0;
    for (uint32_t i = 0; i < elements; i++) {
        uint32_t r[4] = { i / 2, 0, 0, 0 };
        philox(r, 314159);
        const long double x = r[2 * (i % 2) + 1], y = r[2 * (i % 2)];
        inside += x * x + y * y < 0x1p64L;
    }
    char text[100];
    snprintf(text, sizeof text, "pi: of %d points %zu lie inside, ", elements, inside);
    said s = kernel_answer("pi -n 100003 --threads 2");
    CU_ASSERT_EQUAL(strncmp(s.out, text, strlen(text)), 0);
    said_free(&s);
}

static void pi_is_within_four_errors_of_pi(void)
{
    double pi = 0, error = 1;
    said s = kernel_answer("pi -n 1000000 --threads 2");
    CU_ASSERT_EQUAL(
        sscanf(s.out, "pi: of 1000000 points %*u lie inside, pi is %lf +- %lf", &pi, &error), 2);
    CU_ASSERT(error < 0.002 && fabs(pi - 3.14159265358979) < 4 * error);
    said_free(&s);
}

/* Variance: 2 steps^2 / n of the mean square. A path in steps of 1 misses 0.5826 of its furthest point
 * (M. Broadie, P. Glasserman, S. Kou, 1997: -zeta(1/2) / root(2 pi)). */
static void walks_spread_as_diffusion_does(void)
{
    enum { walkers = 4000, steps = 512 };
    double squares = 0, furthest = 0;
    said s = kernel_answer("walk -n 4000 --threads 2");
    CU_ASSERT_EQUAL(sscanf(s.out,
                           "walk: 4000 walkers of 512 steps, mean square %lf, mean furthest %lf",
                           &squares, &furthest),
                    2);
    const double far = sqrt(2 * steps / 3.14159265358979) - 0.5826;
    CU_ASSERT(fabs(squares - steps) < 4 * steps * sqrt(2.0 / walkers));
    CU_ASSERT(fabs(furthest - far) < 4 * sqrt(steps * (1 - 2 / 3.14159265358979) / walkers));
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

/* ---- on tasks ---- */

static void expect_answer(const char *line, const char *text)
{
    said s = kernel_answer(line);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, text);
    said_free(&s);
}

/* One queen a row: column[r] for each row. */
static size_t ways(size_t n, size_t row, size_t column[])
{
    size_t found = row == n;
    for (column[row] = 0; row < n && column[row] < n; column[row]++) {
        bool attacked = false;
        for (size_t r = 0; r < row; r++) {
            const size_t a = column[r], b = column[row], apart = a > b ? a - b : b - a;
            attacked |= apart == 0 || apart == row - r;
        }
        found += attacked ? 0 : ways(n, row + 1, column);
    }
    return found;
}

static void queens_stand_in_as_many_ways_as_trying_all_finds(void)
{
    for (size_t n = 1; n <= 8; n++) {
        size_t column[9], told = 0;
        char line[40];
        snprintf(line, sizeof line, "nqueens -n %zu --threads 2", n);
        said s = kernel_answer(line);
        CU_ASSERT_EQUAL(sscanf(s.out, "nqueens: %*u queens stand in %zu ways", &told), 1);
        CU_ASSERT_EQUAL(told, ways(n, 0, column));
        said_free(&s);
    }
}

/* Of the tables in the paper of 2006 and of its sample trees. */
static void trees_have_the_sizes_that_were_published(void)
{
    expect_answer("uts --threads 2", "uts: 4130071 nodes, 3305118 leaves, depth 10\n");
    expect_answer("uts-binomial --threads 2",
                  "uts-binomial: 4112897 nodes, 3599034 leaves, depth 1572\n");
}

static void quadrature_is_near_the_closed_form(void)
{
    double is = 0;
    said s = kernel_answer("quadrature -n 300 --threads 2");
    CU_ASSERT_EQUAL(sscanf(s.out, "quadrature: from 1/300 it is %lf", &is), 1);
    CU_ASSERT(fabs(is - (sin(300) - sin(1))) < 1e-8);
    said_free(&s);
}

static unsigned long long digest_in(const char *line)
{
    unsigned long long digest = 0;
    said s = kernel_answer(line);
    const char *at = strstr(s.out, "digest ");
    CU_ASSERT(at && sscanf(at, "digest %llx", &digest) == 1);
    said_free(&s);
    return digest;
}

static void squares_hide_nothing_that_pixels_show(void)
{
    CU_ASSERT_EQUAL(digest_in("mariani -n 61 --threads 2"),
                    digest_in("mandelbrot -n 61 --threads 2"));
    CU_ASSERT_EQUAL(digest_in("mariani -n 200 --threads 2"),
                    digest_in("mandelbrot -n 200 --threads 2"));
}

CU_TestInfo gold_tests[] = {
    { "streams_have_the_sum_that_whole_numbers_give",
      streams_have_the_sum_that_whole_numbers_give },
    { "sum_is_within_its_bound_of_the_exact_sum", sum_is_within_its_bound_of_the_exact_sum },
    { "dot_is_within_its_bound_of_the_exact_sum", dot_is_within_its_bound_of_the_exact_sum },
    { "mandelbrot_takes_the_steps_that_complex_numbers_take",
      mandelbrot_takes_the_steps_that_complex_numbers_take },
    { "pi_counts_the_points_that_the_paper_gives", pi_counts_the_points_that_the_paper_gives },
    { "pi_is_within_four_errors_of_pi", pi_is_within_four_errors_of_pi },
    { "walks_spread_as_diffusion_does", walks_spread_as_diffusion_does },
    { "nbody_keeps_its_energy", nbody_keeps_its_energy },
    { "queens_stand_in_as_many_ways_as_trying_all_finds",
      queens_stand_in_as_many_ways_as_trying_all_finds },
    { "trees_have_the_sizes_that_were_published", trees_have_the_sizes_that_were_published },
    { "quadrature_is_near_the_closed_form", quadrature_is_near_the_closed_form },
    { "squares_hide_nothing_that_pixels_show", squares_hide_nothing_that_pixels_show },
    CU_TEST_INFO_NULL,
};
