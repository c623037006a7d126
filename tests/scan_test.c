/* scan_test.c - prefix sums and running extremes over arrays, expressions and anything.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * That they equal the loop, with sums in the documented order, at every size and team is in
 * laws_test.c; here is what that does not say: what may be relied on, NaN, alignment, misuse. */
#include <fenv.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "isa.h"
#include "probe.h"
#include "crew.h"
#include "suites.h"

/* More elements than the cache holds: written past it. */
enum { few = 1000, team = 100003, streamed = 1100003 };

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

static double *array(size_t n) { return malloc((n + 8) * sizeof(double)); }

/* In [0, 2^40), of many magnitudes: most additions round. */
static double *make_positive(size_t n)
{
    double *const x = array(n);
    uint64_t r = 1;
    for (size_t i = 0; i < n; i++) {
        r = r * 6364136223846793005u + 1442695040888963407u;
        x[i] = ldexp((double)(r >> 12), -(int)(r % 52) - 12);
    }
    return x;
}

/* ---- what may be relied on ---- */

static void sums_of_what_is_not_negative_never_decrease(void)
{
    static const size_t sizes[] = { few, team, streamed };
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t n = sizes[s];
        double *const x = make_positive(n), *const out = array(n);
        const double total = weft_scan_inclusive(x, out, n);
        size_t falls = 0;
        for (size_t i = 1; i < n; i++)
            falls += out[i] < out[i - 1];
        CU_ASSERT_EQUAL(falls, 0);
        CU_ASSERT_TRUE(same_bits(out[n - 1], total));
        free(x), free(out);
    }
}

static void exclusive_is_inclusive_one_later(void)
{
    static const size_t sizes[] = { 1, few, team, streamed };
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t n = sizes[s];
        double *const x = make_positive(n), *const a = array(n), *const b = array(n);
        const double total = weft_scan(x, a, n);
        CU_ASSERT_TRUE(same_bits(weft_scan_inclusive(x, b, n), total));
        CU_ASSERT_EQUAL(a[0], 0.0);
        CU_ASSERT_EQUAL(memcmp(a + 1, b, (n - 1) * sizeof *a), 0);
        free(x), free(a), free(b);
    }
}

static void the_error_is_within_its_bound(void)
{
    double *const x = make_positive(streamed), *const out = array(streamed);
    const double tiles = streamed / 32768 + 1, rows = 32768 * 8 / 512;
    long double sum = 0;
    size_t outside = 0;
    weft_scan_inclusive(x, out, streamed);
    for (size_t i = 0; i < streamed; i++) {
        sum += x[i];
        outside += fabsl(out[i] - sum) > (tiles + rows + 12) * 0x1p-53L * sum;
    }
    CU_ASSERT_EQUAL(outside, 0);
    free(x), free(out);
}

static void the_hosts_rounding_leaves_no_trace(void)
{
    double *const x = make_positive(team), *const a = array(team), *const b = array(team);
    weft_scan(x, a, team);
    const int before = fegetround();
    fesetround(FE_UPWARD);
    weft_scan(x, b, team);
    CU_ASSERT_EQUAL(memcmp(a, b, team * sizeof *a), 0);
    weft_scan_of(b, i, team, x[i]);
    CU_ASSERT_EQUAL(memcmp(a, b, team * sizeof *a), 0);
    CU_ASSERT_EQUAL(fegetround(), FE_UPWARD);
    fesetround(before);
    free(x), free(a), free(b);
}

static void many_more_threads_than_cores_are_right(void)
{
    double *const x = make_positive(streamed), *const a = array(streamed),
                  *const b = array(streamed);
    weft_with_threads (1)
        weft_scan(x, a, streamed);
    weft_with_threads (16)
        weft_scan(x, b, streamed);
    CU_ASSERT_EQUAL(memcmp(a, b, streamed * sizeof *a), 0);
    free(x), free(a), free(b);
}

/* ---- memory ---- */

static void every_alignment_gives_the_same_and_no_byte_beyond(void)
{
    double *const x = make_positive(streamed + 8), *const expected = array(streamed);
    unsigned char *const room = malloc(streamed * sizeof *x + 256);
    weft_scan(x + 1, expected, streamed);
    for (size_t shift = 64; shift < 128; shift += 8) {
        memset(room, 0xa5, streamed * sizeof *x + 256);
        double *const out = (double *)(void *)(room + shift);
        weft_scan(x + 1, out, streamed);
        CU_ASSERT_EQUAL(memcmp(out, expected, streamed * sizeof *x), 0);
        CU_ASSERT_EQUAL(room[shift - 1], 0xa5);
        CU_ASSERT_EQUAL(room[shift + streamed * sizeof *x], 0xa5);
    }
    free(x), free(expected), free(room);
}

static void a_scan_may_be_in_place(void)
{
    size_t start[few];
    for (size_t i = 0; i < few; i++)
        start[i] = i % 3;
    CU_ASSERT_EQUAL(weft_scan(start, start, few), 999);
    CU_ASSERT_EQUAL(start[0], 0);
    CU_ASSERT_EQUAL(start[few - 1], 999);
    CU_ASSERT_EQUAL(start[2], 1);
}

/* ---- nothing, NaN, infinity, zero ---- */

static void empty_input_gives_the_identity(void)
{
    double *const x = NULL;
    int32_t *const k = NULL;
    CU_ASSERT_EQUAL(weft_scan(x, x, 0), 0.0);
    CU_ASSERT_EQUAL(weft_scan_min(x, x, 0), INFINITY);
    CU_ASSERT_EQUAL(weft_scan_max_inclusive(k, k, 0), INT32_MIN);
    CU_ASSERT_EQUAL(weft_scan_of(k, i, 0, (int)i), 0);
    CU_ASSERT_EQUAL(weft_scan_min_of(k, i, 0, (int)i), INT32_MAX);
}

/* How many of out[begin..n-1] are the one NaN, and how many before are not NaN. */
static size_t settled(const double *out, size_t begin, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += i < begin ? !isnan(out[i]) : same_bits(out[i], (double)NAN);
    return count;
}

static void from_the_first_nan_on_all_sums_are_one_nan(void)
{
    static const size_t sizes[] = { few, team, streamed };
    for (size_t s = 0; s < COUNT(sizes); s++) {
        const size_t n = sizes[s], at = n / 2;
        double *const x = make_positive(n), *const out = array(n);
        x[at] = -(double)NAN, x[at + 1] = INFINITY, x[n - 1] = (double)NAN;
        CU_ASSERT_TRUE(same_bits(weft_scan_inclusive(x, out, n), (double)NAN));
        CU_ASSERT_EQUAL(settled(out, at, n), n);
        x[at] = INFINITY, x[at + 1] = -INFINITY, x[n - 1] = 1;
        CU_ASSERT_TRUE(same_bits(weft_scan(x, out, n), (double)NAN));
        CU_ASSERT_EQUAL(settled(out, at + 2, n), n);
        CU_ASSERT_EQUAL(out[at + 1], INFINITY);
        free(x), free(out);
    }
}

static void running_extremes_skip_nan(void)
{
    const float x[] = { NAN, 3, NAN, 1, -NAN, 2 };
    const float min[] = { INFINITY, 3, 3, 1, 1, 1 }, max[] = { -INFINITY, 3, 3, 3, 3, 3 };
    float out[6];
    CU_ASSERT_EQUAL(weft_scan_min_inclusive(x, out, 6), 1.0f);
    CU_ASSERT_EQUAL(memcmp(out, min, sizeof min), 0);
    CU_ASSERT_EQUAL(weft_scan_max_inclusive(x, out, 6), 3.0f);
    CU_ASSERT_EQUAL(memcmp(out, max, sizeof max), 0);
}

static void of_two_zeros_the_first_stays(void)
{
    for (size_t at = 0; at < team; at += 9973) {
        double *const x = array(team), *const out = array(team);
        for (size_t i = 0; i < team; i++)
            x[i] = i == at ? -0.0 : i < at ? 1 : 0.0;
        CU_ASSERT_TRUE(same_bits(weft_scan_min(x, out, team), -0.0));
        CU_ASSERT_TRUE(same_bits(out[team - 1], -0.0));
        for (size_t i = 0; i < team; i++)
            x[i] = i == at ? 0.0 : i < at ? -1 : -0.0;
        CU_ASSERT_TRUE(same_bits(weft_scan_max_inclusive(x, out, team), 0.0));
        CU_ASSERT_TRUE(same_bits(out[team - 1], 0.0));
        free(x), free(out);
    }
}

static void integer_sums_wrap_like_their_type(void)
{
    const int32_t x[] = { INT32_MAX, 1, 5 };
    int32_t out[3];
    CU_ASSERT_EQUAL(weft_scan(x, out, 3), INT32_MIN + 5);
    CU_ASSERT_EQUAL(out[2], INT32_MIN);
}

/* ---- expressions ---- */

static void an_expression_is_converted_to_the_outputs_type(void)
{
    int32_t out[4];
    CU_ASSERT_EQUAL(weft_scan_inclusive_of(out, i, 4, 1.9 * (double)(i + 1)), 1 + 3 + 5 + 7);
    CU_ASSERT_EQUAL(out[2], 9);
}

static void an_expression_may_read_its_own_output(void)
{
    static double out[team];
    for (size_t i = 0; i < team; i++)
        out[i] = (double)i;
    CU_ASSERT_EQUAL(weft_scan_of(out, i, team, 2 * out[i]), (double)team * (team - 1));
    CU_ASSERT_EQUAL(out[3], 6.0);
}

static void expressions_nest(void)
{
    enum { n = 50 };
    size_t out[n];
    const size_t total = weft_scan_of(out, i, n, __extension__({
                                          size_t inner[n];
                                          weft_scan_of(inner, j, i + 1, j);
                                      }));
    CU_ASSERT_EQUAL(total, (n - 1) * n * (n + 1) / 6);
}

static size_t busy(size_t i)
{
    const double start = weft_now();
    while (weft_now() - start < 2e-4)
        ;
    return i;
}

static void a_few_costly_values_get_a_team(void)
{
    enum { n = 40 };
    static _Thread_local char here;
    const void *where[n];
    size_t out[n], elsewhere = 0;
    weft_with_threads (2)
        CU_ASSERT_EQUAL(weft_scan_of(out, i, n, (where[i] = &here, busy(i))), n * (n - 1) / 2);
    for (size_t i = 0; i < n; i++)
        elsewhere += where[i] != where[0];
    CU_ASSERT_TRUE(elsewhere > 0);
}

/* ---- every instruction set ---- */

static uint64_t digest(uint64_t d, const void *p, size_t bytes)
{
    const unsigned char *const b = p;
    for (size_t k = 0; k < bytes; k++)
        d = (d ^ b[k]) * 0x100000001b3u;
    return d;
}

#define DIGEST_OF(op, T)                                         \
    for (size_t n = 0; n < 3 * 8200; n = 2 * n + 1 + n / 7) {    \
        T *const x = malloc((n + 1) * sizeof *x);                \
        for (size_t i = 0; i < n; i++)                           \
            x[i] = (T)(rough[i] / (sizeof(T) == 4 ? 1e6 : 1.7)); \
        const T total = weft_##op(x, x, n);                      \
        d = digest(d, x, n * sizeof *x);                         \
        d = digest(d, &total, sizeof total);                     \
        free(x);                                                 \
    }
#define DIGEST(T)                \
    DIGEST_OF(scan, T)           \
    DIGEST_OF(scan_inclusive, T) \
    DIGEST_OF(scan_min, T)       \
    DIGEST_OF(scan_max_inclusive, T)

/* Prints a digest of scans of every type. */
int scans_probe(int argc, char **argv)
{
    (void)argv;
    uint64_t d = 0xcbf29ce484222325u;
    double *const rough = make_positive(3 * 8200);
    for (size_t i = 0; i < 3 * 8200; i++)
        rough[i] = i % 3 ? fmod(rough[i], 1e12) : -fmod(rough[i], 1e12);
    DIGEST(int32_t)
    DIGEST(int64_t)
    DIGEST(float)
    DIGEST(double)
    for (size_t i = 0; i < 3 * 8200; i++)
        rough[i] = fabs(rough[i]) * 0.003;
    DIGEST(uint32_t)
    DIGEST(uint64_t)
    printf("%016llx\n", (unsigned long long)d);
    free(rough);
    return argc != 0;
}

static void every_instruction_set_gives_the_same_bits(void)
{
    every_isa_says("scans", "b91febd1c6931cb5\n");
}

/* ---- misuse ---- */

static void no_fold(void *acc, weft_range r, void *ctx) { (void)acc, (void)r, (void)ctx; }
static void no_merge(void *into, const void *from) { (void)into, (void)from; }

static void misuse_panics_with_function_argument_and_rule(void)
{
    double x[4] = { 1, 2, 3, 4 }, *const none = NULL, acc = 0;
    ASSERT_TEXT(PANIC_OF(weft_scan(none, x, 2)),
                "weft_scan: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_scan_max(x, none, 2)),
                "weft_scan_max: out is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(
        PANIC_OF(weft_scan_of(none, i, SIZE_MAX / 8, 1.0)),
        "weft_scan_of: out is NULL with n = 2305843009213693951: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_scan_inclusive(x, x + 1, 2)),
                "weft_scan_inclusive: out overlaps x: it must be x itself or apart from it");
    ASSERT_TEXT(PANIC_OF(weft_scan_min(x + 1, x, 2)),
                "weft_scan_min: out overlaps x: it must be x itself or apart from it");
    ASSERT_TEXT(PANIC_OF((weft_scan_with(2, NULL, 8, no_fold, no_merge, no_fold, NULL), 0)),
                "weft_scan_with: acc is NULL of 8 bytes: it must hold an accumulator");
    ASSERT_TEXT(PANIC_OF((weft_scan_with(2, &acc, 8, no_fold, no_merge, NULL, NULL), 0)),
                "weft_scan_with: walk is NULL: it must be a function");
    CU_ASSERT_EQUAL(weft_scan(x, x + 2, 2), 3.0);
}

CU_TestInfo scan_tests[] = {
    { "sums_of_what_is_not_negative_never_decrease", sums_of_what_is_not_negative_never_decrease },
    { "exclusive_is_inclusive_one_later", exclusive_is_inclusive_one_later },
    { "the_error_is_within_its_bound", the_error_is_within_its_bound },
    { "the_hosts_rounding_leaves_no_trace", the_hosts_rounding_leaves_no_trace },
    { "many_more_threads_than_cores_are_right", many_more_threads_than_cores_are_right },
    { "every_alignment_gives_the_same_and_no_byte_beyond",
      every_alignment_gives_the_same_and_no_byte_beyond },
    { "a_scan_may_be_in_place", a_scan_may_be_in_place },
    { "empty_input_gives_the_identity", empty_input_gives_the_identity },
    { "from_the_first_nan_on_all_sums_are_one_nan", from_the_first_nan_on_all_sums_are_one_nan },
    { "running_extremes_skip_nan", running_extremes_skip_nan },
    { "of_two_zeros_the_first_stays", of_two_zeros_the_first_stays },
    { "integer_sums_wrap_like_their_type", integer_sums_wrap_like_their_type },
    { "an_expression_is_converted_to_the_outputs_type",
      an_expression_is_converted_to_the_outputs_type },
    { "an_expression_may_read_its_own_output", an_expression_may_read_its_own_output },
    { "expressions_nest", expressions_nest },
    { "a_few_costly_values_get_a_team", a_few_costly_values_get_a_team },
    { "every_instruction_set_gives_the_same_bits", every_instruction_set_gives_the_same_bits },
    { "misuse_panics_with_function_argument_and_rule",
      misuse_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
