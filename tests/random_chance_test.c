/* random_chance_test.c - random numbers are random.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Seeds are fixed, so a statistic is what it is: no test here can fail by chance. Bounds are at 5 standard
 * deviations or so, where one of a million true generators would be. */
#include <weft/random.h>

#include <math.h>
#include <stdlib.h>

#include <weft.h>

#include "suites.h"

static const weft_generator generators[] = { WEFT_PHILOX, WEFT_THREEFRY };

static weft_random seeded(size_t k, uint64_t seed)
{
    return weft_random_seed(seed, .generator = generators[k]);
}

/* ---- uniform ---- */

/* Chi-square of counts that are expected to be equal, in standard deviations from its mean. */
static double deviation(const size_t *count, size_t bins, size_t n)
{
    const double expected = (double)n / (double)bins, freedom = (double)(bins - 1);
    double chi2 = 0;
    for (size_t k = 0; k < bins; k++)
        chi2 += ((double)count[k] - expected) * ((double)count[k] - expected) / expected;
    return (chi2 - freedom) / sqrt(2 * freedom);
}

static void uniforms_are_as_likely_everywhere(void)
{
    enum { bins = 1000, n = 1000000 };
    for (size_t g = 0; g < COUNT(generators); g++) {
        size_t high[bins] = { 0 }, low[bins] = { 0 }, single[bins] = { 0 };
        const weft_random r = seeded(g, 21);
        for (size_t i = 0; i < n; i++) {
            const double x = weft_uniform(&r, i) * bins;
            high[(size_t)x]++;
            low[(size_t)((x * 1048576 - floor(x * 1048576)) * bins)]++;
            single[(size_t)(weft_uniform_f32(&r, i) * bins)]++;
        }
        CU_ASSERT(fabs(deviation(high, bins, n)) < 5);
        CU_ASSERT(fabs(deviation(low, bins, n)) < 5);
        CU_ASSERT(fabs(deviation(single, bins, n)) < 5);
    }
}

/* Each bit of the grid is used, and nothing is beyond it. */
static void uniforms_are_multiples_of_their_unit_below_1(void)
{
    const weft_random r = weft_random_seed(22);
    uint64_t ones = 0, zeros = 0;
    uint32_t ones_f32 = 0, zeros_f32 = 0;
    for (size_t i = 0; i < 1000; i++) {
        const double x = weft_uniform(&r, i) * 0x1p53;
        const float y = weft_uniform_f32(&r, i) * 0x1p24f;
        CU_ASSERT(x >= 0 && x < 0x1p53 && x == floor(x));
        CU_ASSERT(y >= 0 && y < 0x1p24f && y == floorf(y));
        ones |= (uint64_t)x, zeros |= ~(uint64_t)x;
        ones_f32 |= (uint32_t)y, zeros_f32 |= ~(uint32_t)y;
    }
    CU_ASSERT_EQUAL(ones & zeros & ((1ull << 53) - 1), (1ull << 53) - 1);
    CU_ASSERT_EQUAL(ones_f32 & zeros_f32 & ((1u << 24) - 1), (1u << 24) - 1);
}

static void bits_are_set_half_of_the_time(void)
{
    enum { n = 100000 };
    for (size_t g = 0; g < COUNT(generators); g++) {
        size_t ones[96] = { 0 };
        const weft_random r = seeded(g, 23);
        for (size_t i = 0; i < n; i++) {
            const uint64_t u = weft_random_u64(&r, i), v = weft_random_u32(&r, i);
            for (size_t b = 0; b < 96; b++)
                ones[b] += b < 64 ? u >> b & 1 : v >> (b - 64) & 1;
        }
        for (size_t b = 0; b < 96; b++)
            CU_ASSERT(fabs((double)ones[b] - n / 2.0) < 5 * sqrt(n) / 2);
    }
}

/* ---- below ---- */

static void below_is_as_likely_everywhere(void)
{
    enum { n = 300000 };
    static const uint64_t bounds[] = { 2, 3, 10, 1000 };
    for (size_t b = 0; b < COUNT(bounds); b++) {
        size_t count[1000] = { 0 };
        const weft_random r = weft_random_seed(31);
        for (size_t i = 0; i < n; i++)
            count[weft_below(&r, i, bounds[b])]++;
        CU_ASSERT(fabs(deviation(count, bounds[b], n)) < 5);
    }
}

/* Multiplied and shifted alone, every third value would come twice as often as the others. */
static void below_draws_again_where_values_would_be_likelier(void)
{
    enum { n = 300000 };
    const uint64_t bound = 3ull << 62;
    for (size_t g = 0; g < COUNT(generators); g++) {
        size_t count[3] = { 0 }, place[64] = { 0 };
        const weft_random r = seeded(g, 32);
        for (size_t i = 0; i < n; i++) {
            const uint64_t x = weft_below(&r, i, bound);
            CU_ASSERT_FATAL(x < bound);
            count[x % 3]++, place[x / (bound / 64)]++;
        }
        CU_ASSERT(fabs(deviation(count, 3, n)) < 5);
        CU_ASSERT(fabs(deviation(place, 64, n)) < 5);
    }
}

static void below_1_is_0(void)
{
    const weft_random r = weft_random_seed(33);
    for (size_t i = 0; i < 100; i++)
        CU_ASSERT_EQUAL(weft_below(&r, i, 1), 0);
}

/* ---- normal ---- */

/* Bins of equal probability for the normal distribution, by its distribution function. */
static size_t bin_of(double x, size_t bins)
{
    const double p = 0.5 * erfc(-x * 0.70710678118654752);
    return (size_t)(p * (double)bins) < bins ? (size_t)(p * (double)bins) : bins - 1;
}

enum { normals = 4000000, normal_bins = 2000 };

typedef struct looks {
    double moment[7];
    size_t count[normal_bins];
    size_t beyond[6]; /* of thresholds[] */
} looks;

static const double thresholds[] = { 2.5, 3, 3.5, 3.7, 4, 4.5 };

static void look(looks *l, double x)
{
    double power = 1;
    for (size_t k = 1; k < 7; k++)
        l->moment[k] += power *= x;
    l->count[bin_of(x, normal_bins)]++;
    for (size_t t = 0; t < COUNT(thresholds); t++)
        l->beyond[t] += fabs(x) > thresholds[t];
}

/* Variances of the powers are those of the normal distribution: E x^2k - (E x^k)^2. */
static void expect_normal(const looks *l)
{
    static const double mean[7] = { 1, 0, 1, 0, 3, 0, 15 },
                        variance[7] = { 0, 1, 2, 15, 96, 945, 10170 };
    for (size_t k = 1; k < 7; k++)
        CU_ASSERT(fabs(l->moment[k] / normals - mean[k]) < 5 * sqrt(variance[k] / normals));
    CU_ASSERT(fabs(deviation(l->count, normal_bins, normals)) < 5);
    for (size_t t = 0; t < COUNT(thresholds); t++) {
        const double expected = normals * erfc(thresholds[t] * 0.70710678118654752);
        CU_ASSERT(fabs((double)l->beyond[t] - expected) < 5 * sqrt(expected));
    }
}

static void normals_are_normal(void)
{
    double *const x = malloc(normals * sizeof *x);
    for (size_t g = 0; g < COUNT(generators); g++) {
        looks l = { .moment = { 0 } };
        const weft_random r = seeded(g, 41);
        weft_fill_normal(x, normals, &r);
        for (size_t i = 0; i < normals; i++)
            look(&l, x[i]);
        expect_normal(&l);
    }
    free(x);
}

static void floats_are_normal(void)
{
    float *const x = malloc(normals * sizeof *x);
    looks l = { .moment = { 0 } };
    const weft_random r = weft_random_seed(42);
    weft_fill_normal(x, normals, &r);
    for (size_t i = 0; i < normals; i++)
        look(&l, x[i]);
    expect_normal(&l);
    free(x);
}

/* Kolmogorov and Smirnov: the largest distance of the distributions, times root(n), is beyond 2.4 once in
 * 50000 times. */
static void the_distribution_of_normals_is_nowhere_far_off(void)
{
    enum { n = 500000 };
    double *const x = malloc(n * sizeof *x), far = 0;
    const weft_random r = weft_random_seed(43);
    weft_fill_normal(x, n, &r);
    weft_sort(x, n);
    for (size_t i = 0; i < n; i++) {
        const double p = 0.5 * erfc(-x[i] * 0.70710678118654752);
        far = fmax(far, fmax(fabs(p - (double)i / n), fabs(p - (double)(i + 1) / n)));
    }
    CU_ASSERT(far * sqrt(n) < 2.4);
    free(x);
}

/* ---- independence ---- */

typedef double drawn(size_t i, size_t k);

/* Of n pairs of the numbers 0 and 1 of something; each has mean 0 and variance 1. */
static bool independent(drawn *of)
{
    enum { n = 200000 };
    double product = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = of(i, 0), y = of(i, 1);
        product += x * y, squares += (x * x - 1) * (y * y - 1);
    }
    return fabs(product) < 5 * sqrt(n) && fabs(squares) < 10 * sqrt(n);
}

static double of_neighbour(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return weft_normal(&r, i + k);
}

static double of_block(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return weft_normal(&r, i + 2 * k);
}

static double of_draw(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return weft_normal(&r, i, (uint32_t)k);
}

static double of_swapped(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return k ? weft_normal(&r, 5, (uint32_t)i) : weft_normal(&r, i, 5);
}

static double of_stream(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51, .stream = k);
    return weft_normal(&r, i);
}

static double of_stream_of_threefry(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51, .stream = k, .generator = WEFT_THREEFRY);
    return weft_normal(&r, i);
}

static double of_seed(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(k);
    return weft_normal(&r, i);
}

static double of_generator(size_t i, size_t k)
{
    const weft_random r = seeded(k, 51);
    return weft_normal(&r, i);
}

static double of_function(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return k ? weft_normal(&r, i) : 3.4641016151377544 * (weft_uniform(&r, i) - 0.5);
}

static double of_width(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return 3.4641016151377544 * ((k ? 0x1p-64 * (double)weft_random_u64(&r, i)
                                    : 0x1p-32 * (double)weft_random_u32(&r, i)) -
                                 0.5);
}

static double of_below(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return 3.4641016151377544 *
           ((k ? weft_uniform(&r, i) : 1e-15 * (double)weft_below(&r, i, 1000000000000000)) - 0.5);
}

static void numbers_do_not_follow_from_their_neighbours(void)
{
    CU_ASSERT_TRUE(independent(of_neighbour));
    CU_ASSERT_TRUE(independent(of_block));
    CU_ASSERT_TRUE(independent(of_draw));
    CU_ASSERT_TRUE(independent(of_swapped));
}

static void numbers_do_not_follow_from_other_streams_and_seeds(void)
{
    CU_ASSERT_TRUE(independent(of_stream));
    CU_ASSERT_TRUE(independent(of_stream_of_threefry));
    CU_ASSERT_TRUE(independent(of_seed));
    CU_ASSERT_TRUE(independent(of_generator));
}

static void different_calls_at_an_index_are_independent(void)
{
    CU_ASSERT_TRUE(independent(of_function));
    CU_ASSERT_TRUE(independent(of_width));
    CU_ASSERT_TRUE(independent(of_below));
}

/* The measure sees a number that is used twice. */
static double of_itself(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return weft_normal(&r, i + 0 * k);
}

static double of_its_own_sign(size_t i, size_t k)
{
    const weft_random r = weft_random_seed(51);
    return k && i % 2 ? -weft_normal(&r, i) : weft_normal(&r, i);
}

static void what_is_drawn_twice_is_seen(void)
{
    CU_ASSERT_FALSE(independent(of_itself));
    CU_ASSERT_FALSE(independent(of_its_own_sign));
}

CU_TestInfo random_chance_tests[] = {
    { "uniforms_are_as_likely_everywhere", uniforms_are_as_likely_everywhere },
    { "uniforms_are_multiples_of_their_unit_below_1",
      uniforms_are_multiples_of_their_unit_below_1 },
    { "bits_are_set_half_of_the_time", bits_are_set_half_of_the_time },
    { "below_is_as_likely_everywhere", below_is_as_likely_everywhere },
    { "below_draws_again_where_values_would_be_likelier",
      below_draws_again_where_values_would_be_likelier },
    { "below_1_is_0", below_1_is_0 },
    { "normals_are_normal", normals_are_normal },
    { "floats_are_normal", floats_are_normal },
    { "the_distribution_of_normals_is_nowhere_far_off",
      the_distribution_of_normals_is_nowhere_far_off },
    { "numbers_do_not_follow_from_their_neighbours", numbers_do_not_follow_from_their_neighbours },
    { "numbers_do_not_follow_from_other_streams_and_seeds",
      numbers_do_not_follow_from_other_streams_and_seeds },
    { "different_calls_at_an_index_are_independent", different_calls_at_an_index_are_independent },
    { "what_is_drawn_twice_is_seen", what_is_drawn_twice_is_seen },
    CU_TEST_INFO_NULL,
};
