/* exact_test.c - weft_sum_exact is correctly rounded.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The reference is the fractions of Python, where there is one: exact rational arithmetic, and one
 * rounding at the end. */
#include <fenv.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

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

/* Arrays of one kind: most cancels, and a few small ones decide. */
static void fill(double *x, size_t n, unsigned kind)
{
    uint64_t r = 12345 + kind;
    static const int spread[] = { 0, 10, 30, 100, 300, 960 };
    const int s = spread[kind % COUNT(spread)];
    for (size_t i = 0; i < n; i++)
        x[i] = rough(&r, s);
    for (size_t i = 0; kind >= COUNT(spread) && i < n / 2; i++)
        x[n - 1 - i] = i ? -x[i] : 0; /* all but the first cancel */
    if (kind >= 2 * COUNT(spread))
        for (size_t i = 0; i < n; i++)
            x[i] = ldexp(x[i], -1000); /* into the subnormals */
    if (n > 2)
        x[n / 2] = ldexp(1, -1074);
}

enum { kinds = 18 };

/* Prints the terms and, last, the sum, each as a hexadecimal number. */
int exact_probe(int argc, char **argv)
{
    if (argc != 2)
        return 1;
    const size_t n = strtoul(argv[1], NULL, 10);
    double *const x = malloc((n + 1) * sizeof *x);
    fill(x, n, (unsigned)strtoul(argv[0], NULL, 10));
    for (size_t i = 0; i < n; i++)
        printf("%a\n", x[i]);
    printf("%a\n", weft_sum_exact(x, n));
    free(x);
    return 0;
}

static const char judge[] = "import sys\n"
                            "from fractions import Fraction\n"
                            "v = [float.fromhex(l) for l in sys.stdin.read().split()]\n"
                            "s = sum((Fraction(t) for t in v[:-1]), Fraction(0))\n"
                            "try:\n"
                            "    r = s.numerator / s.denominator\n"
                            "except OverflowError:\n"
                            "    r = float('inf') if s > 0 else float('-inf')\n"
                            "print('right' if r == v[-1] else 'wrong: %r, not %r' % (v[-1], r))\n";

/* What the judge says of the output of a probe. */
static said judged(const char *text)
{
    char path[] = "/tmp/weft-exact-XXXXXX", command[100];
    const int file = mkstemp(path);
    const size_t length = strlen(text);
    CU_ASSERT_FATAL(file >= 0 && write(file, text, length) == (ssize_t)length);
    close(file);
    snprintf(command, sizeof command, "exec python3 -c \"$0\" < %s", path);
    said s = program_run((char *const[]){ "sh", "-c", command, (char *)judge, NULL }, NULL);
    unlink(path);
    return s;
}

static bool python_is_there(void)
{
    said s =
        program_run((char *const[]){ "sh", "-c", "python3 -c 'import fractions'", NULL }, NULL);
    const bool there = s.status == 0;
    said_free(&s);
    return there;
}

static void expect_right(unsigned kind, size_t n)
{
    char a[20], b[20];
    snprintf(a, sizeof a, "%u", kind);
    snprintf(b, sizeof b, "%zu", n);
    said numbers = probe_run((const char *[]){ "exact", a, b, NULL }, NULL);
    said verdict = judged(numbers.out);
    ASSERT_TEXT(verdict.out, "right\n");
    said_free(&numbers);
    said_free(&verdict);
}

static void sums_are_what_rational_arithmetic_rounds_to(void)
{
    if (!python_is_there())
        return;
    for (unsigned kind = 0; kind < kinds; kind++)
        expect_right(kind, kind % 2 ? 5000 : 37);
    expect_right(1, 40000);
    expect_right(7, 40001);
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

static jmp_buf misused;
static char message[256];

static void note(const char *line)
{
    snprintf(message, sizeof message, "%s", line);
    longjmp(misused, 1);
}

static void null_panics_with_function_argument_and_rule(void)
{
    const double *const none = NULL;
    weft_panic_handler *const before = weft_set_panic(note);
    if (setjmp(misused) == 0)
        (void)weft_sum_exact(none, 2);
    weft_set_panic(before);
    ASSERT_TEXT(message, "weft_sum_exact: x is NULL with n = 2: it must point to n elements");
}

CU_TestInfo exact_tests[] = {
    { "sums_are_what_rational_arithmetic_rounds_to", sums_are_what_rational_arithmetic_rounds_to },
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
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
