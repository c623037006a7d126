/* fits_test.c - the laws of scaling are found again in speedups that follow them.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "fits.h"

#include <math.h>

#include "suites.h"

enum { counts = 6 };

static const double p[counts] = { 1, 2, 4, 8, 16, 32 };

static void amdahl(double serial, double *s)
{
    for (size_t k = 0; k < counts; k++)
        s[k] = 1 / (serial + (1 - serial) / p[k]);
}

static void gunther(double contention, double coherency, double *s)
{
    for (size_t k = 0; k < counts; k++)
        s[k] = p[k] / (1 + contention * (p[k] - 1) + coherency * p[k] * (p[k] - 1));
}

static void amdahl_finds_the_serial_share(void)
{
    double s[counts];
    amdahl(0.12, s);
    CU_ASSERT_DOUBLE_EQUAL(fits_amdahl(p, s, counts), 0.12, 1e-14);
    amdahl(0, s);
    CU_ASSERT_DOUBLE_EQUAL(fits_amdahl(p, s, counts), 0, 1e-14);
    amdahl(1, s);
    CU_ASSERT_DOUBLE_EQUAL(fits_amdahl(p, s, counts), 1, 1e-14);
}

/* (1/1.95 - 1/2) / (1/2) and (1/6.96 - 1/8) / (7/8). */
static void karp_and_flatt_agree_with_sums_by_hand(void)
{
    CU_ASSERT_DOUBLE_EQUAL(fits_karp_flatt(2, 1.95), 0.0256, 5e-5);
    CU_ASSERT_DOUBLE_EQUAL(fits_karp_flatt(8, 6.96), 0.0213, 5e-5);
}

static void karp_and_flatt_are_constant_under_amdahls_law(void)
{
    double s[counts];
    amdahl(0.3, s);
    for (size_t k = 1; k < counts; k++)
        CU_ASSERT_DOUBLE_EQUAL(fits_karp_flatt(p[k], s[k]), 0.3, 1e-14);
}

static void one_thread_alone_has_no_serial_share(void)
{
    const double one = 1;
    CU_ASSERT(isnan(fits_amdahl(&one, &one, 1)));
    CU_ASSERT(isnan(fits_karp_flatt(1, 1)));
}

static void usl_finds_both_of_its_parts_and_the_peak(void)
{
    double s[counts];
    gunther(0.02, 0.0005, s);
    const usl_fit u = fits_usl(p, s, counts);
    CU_ASSERT_DOUBLE_EQUAL(u.contention, 0.02, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(u.coherency, 0.0005, 1e-13);
    CU_ASSERT_DOUBLE_EQUAL(u.peak, sqrt(0.98 / 0.0005), 1e-6);
    CU_ASSERT(u.residual < 1e-12);
}

static void usl_without_coherency_has_no_peak(void)
{
    double s[counts];
    gunther(0.05, 0, s);
    s[5] *= 1.001; /* a little better than the law: coherency would be below 0 */
    const usl_fit u = fits_usl(p, s, counts);
    CU_ASSERT_EQUAL(u.coherency, 0);
    CU_ASSERT(isinf(u.peak));
    CU_ASSERT_DOUBLE_EQUAL(u.contention, 0.05, 1e-3);
}

static void usl_of_superlinear_speedups_stays_at_zero(void)
{
    double s[counts];
    for (size_t k = 0; k < counts; k++)
        s[k] = 1.2 * p[k];
    const usl_fit u = fits_usl(p, s, counts);
    CU_ASSERT_EQUAL(u.contention, 0);
    CU_ASSERT_EQUAL(u.coherency, 0);
    CU_ASSERT_DOUBLE_EQUAL(u.residual, 0.2, 1e-12);
}

CU_TestInfo fits_tests[] = {
    { "amdahl_finds_the_serial_share", amdahl_finds_the_serial_share },
    { "karp_and_flatt_agree_with_sums_by_hand", karp_and_flatt_agree_with_sums_by_hand },
    { "karp_and_flatt_are_constant_under_amdahls_law",
      karp_and_flatt_are_constant_under_amdahls_law },
    { "one_thread_alone_has_no_serial_share", one_thread_alone_has_no_serial_share },
    { "usl_finds_both_of_its_parts_and_the_peak", usl_finds_both_of_its_parts_and_the_peak },
    { "usl_without_coherency_has_no_peak", usl_without_coherency_has_no_peak },
    { "usl_of_superlinear_speedups_stays_at_zero", usl_of_superlinear_speedups_stays_at_zero },
    CU_TEST_INFO_NULL,
};
