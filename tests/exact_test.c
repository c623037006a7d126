/* exact_test.c - weft_sum_exact and weft_dot_exact are correctly rounded.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The reference is Python, where there is one: exact arithmetic, and one rounding at the end
 * (exact.py). */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "modes.h"
#include "probe.h"
#include "suites.h"

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static uint64_t next(uint64_t *r) { return *r = *r * 6364136223846793005u + 1442695040888963407u; }

/* Of exponents in [-spread, spread]; at the ends of the range of doubles, too. */
static double rough(uint64_t *r, int spread)
{
    const int64_t mantissa = (int64_t)next(r) >> 11;
    return ldexp((double)mantissa,
                 (int)((next(r) >> 33) % (2 * (unsigned)spread + 1)) - spread - 52);
}

/* ---- against rational arithmetic ---- */

/* Reads n numbers; NULL where there are fewer. */
static double *numbers(size_t n)
{
    double *const x = malloc((n + 1) * sizeof *x);
    for (size_t i = 0; i < n; i++)
        if (scanf("%la", &x[i]) != 1)
            abort();
    return x;
}

static float *floats(const double *x, size_t n)
{
    float *const f = malloc((n + 1) * sizeof *f);
    for (size_t i = 0; i < n; i++)
        f[i] = (float)x[i];
    return f;
}

/* The exact answer and the plain one, by every team. */
static void answer(const double *x, const double *y, const float *u, const float *v, size_t n)
{
    static const size_t teams[] = { 1, 2, 3, 7, 16 };
    for (size_t t = 0; t < COUNT(teams); t++)
        weft_with_threads (teams[t]) {
            if (!u)
                printf("%a %a\n", y ? weft_dot_exact(x, y, n) : weft_sum_exact(x, n),
                       y ? weft_dot(x, y, n) : weft_sum(x, n));
            else
                printf("%a %a\n", (double)(v ? weft_dot_exact(u, v, n) : weft_sum_exact(u, n)),
                       (double)(v ? weft_dot(u, v, n) : weft_sum(u, n)));
        }
}

/* Reads cases, "sum f64 n" or "dot f32 n" and numbers, to the end of its input. */
int exact_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    char what[8], type[8];
    size_t n;
    while (scanf("%7s %7s %zu", what, type, &n) == 3) {
        const bool dot = strcmp(what, "dot") == 0, single = strcmp(type, "f32") == 0;
        double *const x = numbers(n), *const y = dot ? numbers(n) : NULL;
        float *const u = single ? floats(x, n) : NULL, *const v =
                                                           single && dot ? floats(y, n) : NULL;
        answer(x, y, u, v, n);
        free(x), free(y), free(u), free(v);
    }
    return 0;
}

static bool python_is_there(void)
{
    said s =
        program_run((char *const[]){ "sh", "-c", "python3 -c 'import fractions'", NULL }, NULL);
    const bool there = s.status == 0;
    said_free(&s);
    return there;
}

static void answers_are_what_rational_arithmetic_rounds_to(void)
{
    if (!python_is_there())
        return;
    said s = program_run(
        (char *const[]){ "python3", "tests/exact.py", (char *)built("weft-test"), NULL }, NULL);
    ASSERT_TEXT(s.err, "");
    ASSERT_TEXT(s.out, "5130 answers are right\n");
    said_free(&s);
}

/* ---- what can be said without ---- */

static void the_order_does_not_matter(void)
{
    enum { n = 100003 };
    double *const x = malloc(n * sizeof *x);
    uint64_t r = 7;
    for (size_t i = 0; i < n; i++)
        x[i] = rough(&r, 40);
    const double sum = weft_sum_exact(x, n);
    for (size_t i = n - 1; i > 0; i--) {
        const size_t k = next(&r) % (i + 1);
        const double t = x[i];
        x[i] = x[k], x[k] = t;
    }
    for (size_t threads = 1; threads <= 4; threads++)
        weft_with_threads (threads)
            CU_ASSERT_TRUE(same_bits(weft_sum_exact(x, n), sum));
    free(x);
}

static void what_cancels_leaves_the_rest(void)
{
    enum { n = 100001 };
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i + 1 < n; i++)
        x[i] = i % 2 ? -DBL_MAX : DBL_MAX;
    x[n - 1] = ldexp(1, -1074);
    CU_ASSERT_EQUAL(weft_sum_exact(x, n), ldexp(1, -1074));
    x[3] = -1;
    CU_ASSERT_EQUAL(weft_sum_exact(x, n), DBL_MAX);
    free(x);
}

static void nothing_overflows_on_the_way(void)
{
    const double x[] = { DBL_MAX, DBL_MAX, DBL_MAX, -DBL_MAX, -DBL_MAX, 1 };
    CU_ASSERT_EQUAL(weft_sum_exact(x, 5), DBL_MAX);
    CU_ASSERT_EQUAL(weft_sum_exact(x, 2), INFINITY);
    CU_ASSERT_EQUAL(weft_sum_exact(x + 3, 2), -INFINITY);
    const double half_an_ulp[] = { DBL_MAX, ldexp(1, 970) }, less[] = { DBL_MAX, ldexp(1, 969) };
    CU_ASSERT_EQUAL(weft_sum_exact(half_an_ulp, 2), INFINITY);
    CU_ASSERT_EQUAL(weft_sum_exact(less, 2), DBL_MAX);
}

static void a_tie_goes_to_the_even_number(void)
{
    const double half = ldexp(1, -53), tiny = ldexp(1, -1074);
    const double even[] = { 1, half }, above[] = { 1, half, tiny }, odd[] = { 1, 2 * half, half };
    const double below[] = { 1, half, -tiny }, minus[] = { -1, -half, -tiny };
    CU_ASSERT_EQUAL(weft_sum_exact(even, 2), 1.0);
    CU_ASSERT_EQUAL(weft_sum_exact(above, 3), 1 + 2 * half);
    CU_ASSERT_EQUAL(weft_sum_exact(odd, 3), 1 + 4 * half);
    CU_ASSERT_EQUAL(weft_sum_exact(below, 3), 1.0);
    CU_ASSERT_EQUAL(weft_sum_exact(minus, 3), -1 - 2 * half);
}

static void floats_are_rounded_once(void)
{
    const float half = ldexpf(1, -24), tiny = ldexpf(1, -80);
    const float above[] = { 1, half, tiny }, small[] = { ldexpf(1, -149), ldexpf(1, -149) };
    const float large[] = { FLT_MAX, FLT_MAX, -FLT_MAX, ldexpf(1, 102) };
    CU_ASSERT_EQUAL(weft_sum_exact(above, 3), 1 + 2 * half);
    CU_ASSERT_EQUAL(weft_sum_exact(above, 2), 1.0f);
    CU_ASSERT_EQUAL(weft_sum_exact(small, 2), ldexpf(1, -148));
    CU_ASSERT_EQUAL(weft_sum_exact(large, 3), FLT_MAX);
    CU_ASSERT_EQUAL(weft_sum_exact(large, 2), INFINITY);
    CU_ASSERT_EQUAL(weft_sum_exact(large, 4), FLT_MAX);
}

static void subnormals_count(void)
{
    enum { n = 30000 };
    double *const x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = ldexp(i % 3 ? 5 : -3, -1074);
    CU_ASSERT_EQUAL(weft_sum_exact(x, n), ldexp(n / 3 * 7, -1074));
    free(x);
}

static void nan_and_infinities_are_those_of_the_loop(void)
{
    double x[3000] = { 0 };
    x[1] = INFINITY;
    CU_ASSERT_EQUAL(weft_sum_exact(x, 3000), INFINITY);
    x[2999] = -INFINITY;
    CU_ASSERT_TRUE(same_bits(weft_sum_exact(x, 3000), (double)NAN));
    x[1] = 1;
    CU_ASSERT_EQUAL(weft_sum_exact(x, 3000), -INFINITY);
    x[2999] = -(double)NAN;
    CU_ASSERT_TRUE(same_bits(weft_sum_exact(x, 3000), (double)NAN));
}

static void zero_is_positive(void)
{
    const double x[] = { -0.0, -0.0, 1, -1 };
    CU_ASSERT_TRUE(same_bits(weft_sum_exact(x, 2), 0.0));
    CU_ASSERT_TRUE(same_bits(weft_sum_exact(x, 4), 0.0));
    CU_ASSERT_TRUE(same_bits(weft_sum_exact(x, 0), 0.0));
}

static void integers_are_summed_as_ever(void)
{
    const int32_t x[] = { INT32_MAX, INT32_MAX };
    CU_ASSERT_EQUAL(weft_sum_exact(x, 2), 2 * (int64_t)INT32_MAX);
}

static void the_hosts_rounding_leaves_no_trace(void)
{
    enum { n = 50000 };
    double *const x = malloc(n * sizeof *x);
    uint64_t r = 3;
    for (size_t i = 0; i < n; i++)
        x[i] = rough(&r, 20);
    const double sum = weft_sum_exact(x, n), few = weft_sum_exact(x, 100);
    const int before = fegetround();
    fesetround(FE_UPWARD);
    const double up = weft_sum_exact(x, n), few_up = weft_sum_exact(x, 100);
    const double large[] = { DBL_MAX, DBL_MAX };
    fesetround(FE_TOWARDZERO);
    const double most = weft_sum_exact(large, 2);
    fesetround(before);
    CU_ASSERT_EQUAL(most, INFINITY);
    CU_ASSERT_TRUE(same_bits(up, sum));
    CU_ASSERT_TRUE(same_bits(few_up, few));
    free(x);
}

/* ---- products ---- */

static void a_dot_does_not_depend_on_order_or_team(void)
{
    enum { n = 50003 };
    double *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    uint64_t r = 11;
    for (size_t i = 0; i < n; i++)
        x[i] = rough(&r, 20), y[i] = rough(&r, 20);
    const double dot = weft_dot_exact(x, y, n);
    for (size_t i = n - 1; i > 0; i--) {
        const size_t k = next(&r) % (i + 1);
        const double t = x[i], u = y[i];
        x[i] = x[k], x[k] = t, y[i] = y[k], y[k] = u;
    }
    for (size_t threads = 1; threads <= 4; threads++)
        weft_with_threads (threads)
            CU_ASSERT_TRUE(same_bits(weft_dot_exact(x, y, n), dot));
    CU_ASSERT_TRUE(same_bits(weft_dot_exact(y, x, n), dot));
    free(x);
    free(y);
}

static void products_may_overflow_and_underflow_on_the_way(void)
{
    const double x[] = { DBL_MAX, DBL_MAX, 3, ldexp(1, -1074) };
    const double y[] = { DBL_MAX, -DBL_MAX, 7, ldexp(1, -1074) };
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, 1), INFINITY);
    CU_ASSERT_EQUAL(weft_dot_exact(x + 1, y + 1, 1), -INFINITY);
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, 3), 21.0);
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, 4), 21.0);
    const double one[] = { 1, ldexp(1, -53), ldexp(1, -1000) }, tiny[] = { 1, 1, ldexp(1, -1000) };
    CU_ASSERT_EQUAL(weft_dot_exact(one, tiny, 2), 1.0);
    CU_ASSERT_EQUAL(weft_dot_exact(one, tiny, 3), 1 + DBL_EPSILON); /* 2^-2000 breaks the tie */
}

static void a_dot_that_rounds_to_zero_keeps_its_sign(void)
{
    const double x[] = { -ldexp(1, -600), 1, -1 }, y[] = { ldexp(1, -600), 1, 1 };
    CU_ASSERT_TRUE(same_bits(weft_dot_exact(x, y, 1), -0.0));
    CU_ASSERT_TRUE(same_bits(weft_dot_exact(x, y, 3), -0.0));
    CU_ASSERT_TRUE(same_bits(weft_dot_exact(x + 1, y + 1, 2), 0.0));
    CU_ASSERT_TRUE(same_bits(weft_dot_exact(x, y, 0), 0.0));
}

static void a_dot_of_floats_is_rounded_once(void)
{
    const float half = ldexpf(1, -24), tiny = ldexpf(1, -80), least = ldexpf(1, -149);
    const float x[] = { 1, half, tiny }, y[] = { 1, 1, tiny };
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, 2), 1.0f);
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, 3), 1 + FLT_EPSILON);
    const float large[] = { FLT_MAX, FLT_MAX, least }, other[] = { FLT_MAX, -FLT_MAX, 5 };
    CU_ASSERT_EQUAL(weft_dot_exact(large, other, 1), INFINITY);
    CU_ASSERT_EQUAL(weft_dot_exact(large, other, 3), 5 * least);
}

static void nan_and_infinities_of_products_are_those_of_the_loop(void)
{
    enum { n = 3000 };
    static double x[n], y[n];
    for (size_t i = 0; i < n; i++)
        x[i] = y[i] = 1;
    x[2000] = INFINITY;
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, n), INFINITY);
    y[2000] = -2;
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, n), -INFINITY);
    y[2000] = 0;
    CU_ASSERT_TRUE(same_bits(weft_dot_exact(x, y, n), (double)NAN));
    y[2000] = 1, x[7] = -INFINITY;
    CU_ASSERT_TRUE(same_bits(weft_dot_exact(x, y, n), (double)NAN));
    x[7] = 1, x[2000] = -(double)NAN;
    CU_ASSERT_TRUE(same_bits(weft_dot_exact(x, y, n), (double)NAN));
    x[2000] = DBL_MAX, y[2000] = 2; /* finite: only the whole of it may overflow */
    x[2001] = DBL_MAX, y[2001] = -2;
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, n), n - 2);
}

static void integers_are_multiplied_as_ever(void)
{
    const int32_t x[] = { INT32_MAX, -2 }, y[] = { INT32_MAX, 3 };
    CU_ASSERT_EQUAL(weft_dot_exact(x, y, 2), (int64_t)INT32_MAX * INT32_MAX - 6);
}

static void the_hosts_modes_leave_no_trace_in_a_dot(void)
{
    enum { n = 40000 };
    double *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    uint64_t r = 5;
    for (size_t i = 0; i < n; i++)
        x[i] = rough(&r, 20), y[i] = ldexp(rough(&r, 20), i % 3 ? 0 : -1040);
    const double dot = weft_dot_exact(x, y, n), few = weft_dot_exact(x, y, 100);
    host_modes before = host_modes_set(FE_DOWNWARD);
    const double down = weft_dot_exact(x, y, n), few_down = weft_dot_exact(x, y, 100);
    host_modes_restore(before);
    CU_ASSERT_TRUE(same_bits(down, dot));
    CU_ASSERT_TRUE(same_bits(few_down, few));
    free(x);
    free(y);
}

static void an_allocation_that_fails_changes_no_bit(void)
{
    enum { n = 60000 };
    double *const x = malloc(n * sizeof *x);
    uint64_t r = 9;
    for (size_t i = 0; i < n; i++)
        x[i] = rough(&r, 20);
    const double sum = weft_sum_exact(x, n), dot = weft_dot_exact(x, x, n);
    size_t calls = 0;
    for (bool failed = true; failed; calls++) {
        fault_begin(calls);
        const double s = weft_sum_exact(x, n), d = weft_dot_exact(x, x, n);
        failed = fault_end();
        CU_ASSERT_TRUE(same_bits(s, sum) && same_bits(d, dot));
    }
    CU_ASSERT_TRUE(calls > 2);
    free(x);
}

static void null_panics_with_function_argument_and_rule(void)
{
    const double x[] = { 1, 2 }, *const none = NULL;
    ASSERT_TEXT(PANIC_OF(weft_sum_exact(none, 2)),
                "weft_sum_exact: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_dot_exact(none, x, 2)),
                "weft_dot_exact: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_dot_exact(x, none, 2)),
                "weft_dot_exact: y is NULL with n = 2: it must point to n elements");
}

CU_TestInfo exact_tests[] = {
    { "answers_are_what_rational_arithmetic_rounds_to",
      answers_are_what_rational_arithmetic_rounds_to },
    { "the_order_does_not_matter", the_order_does_not_matter },
    { "what_cancels_leaves_the_rest", what_cancels_leaves_the_rest },
    { "nothing_overflows_on_the_way", nothing_overflows_on_the_way },
    { "a_tie_goes_to_the_even_number", a_tie_goes_to_the_even_number },
    { "floats_are_rounded_once", floats_are_rounded_once },
    { "subnormals_count", subnormals_count },
    { "nan_and_infinities_are_those_of_the_loop", nan_and_infinities_are_those_of_the_loop },
    { "zero_is_positive", zero_is_positive },
    { "integers_are_summed_as_ever", integers_are_summed_as_ever },
    { "the_hosts_rounding_leaves_no_trace", the_hosts_rounding_leaves_no_trace },
    { "a_dot_does_not_depend_on_order_or_team", a_dot_does_not_depend_on_order_or_team },
    { "products_may_overflow_and_underflow_on_the_way",
      products_may_overflow_and_underflow_on_the_way },
    { "a_dot_that_rounds_to_zero_keeps_its_sign", a_dot_that_rounds_to_zero_keeps_its_sign },
    { "a_dot_of_floats_is_rounded_once", a_dot_of_floats_is_rounded_once },
    { "nan_and_infinities_of_products_are_those_of_the_loop",
      nan_and_infinities_of_products_are_those_of_the_loop },
    { "integers_are_multiplied_as_ever", integers_are_multiplied_as_ever },
    { "the_hosts_modes_leave_no_trace_in_a_dot", the_hosts_modes_leave_no_trace_in_a_dot },
    { "an_allocation_that_fails_changes_no_bit", an_allocation_that_fails_changes_no_bit },
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
