/* hostmode_test.c - the host's rounding and denormal mode change no bit of a call, and are given back.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A program that is linked with -ffast-math starts with denormals flushed; others call fesetround(). */
#include <fenv.h>
#include <stdio.h>

#include <weft.h>

#ifdef __x86_64__
#include <xmmintrin.h>
#endif

#include "digest_table.h"
#include "suites.h"

/* ---- the mode of this thread ---- */

static int rounding;  /* as for fesetround */
static bool flushing; /* denormals are zero, as operands and as results */
static size_t lost;   /* times that a call has not given it back */

#ifdef __x86_64__
enum { flush = 0x8040, sticky = 0x3f };
static unsigned mode(void) { return _mm_getcsr() & ~(unsigned)sticky; }
static void flush_denormals(void) { _mm_setcsr(_mm_getcsr() | flush); }
static void keep_denormals(void) { _mm_setcsr(_mm_getcsr() & ~(unsigned)flush); }
#else
static unsigned mode(void) { return (unsigned)fegetround(); }
static void flush_denormals(void) {}
static void keep_denormals(void) {}
#endif

static void call_in_mode(algorithm *f, const struct input *in, struct answer *a)
{
    const int before = fegetround();
    fesetround(rounding);
    if (flushing)
        flush_denormals();
    const unsigned mine = mode();
    f(in, a);
    lost += mode() != mine;
    keep_denormals();
    fesetround(before);
}

static void no_bit_changes(int round, bool flushed, const char *where)
{
    rounding = round, flushing = flushed, lost = 0;
#define EXPECT_(name)     \
    weft_with_threads (3) \
        expect_digests(&name##_laws, 1 << FEW | 1 << BLOCKS, call_in_mode, where);
    LAWS(EXPECT_)
#undef EXPECT_
    CU_ASSERT_EQUAL(lost, 0);
}

static void rounding_upward_changes_no_bit(void) { no_bit_changes(FE_UPWARD, false, "upward"); }

static void rounding_toward_zero_changes_no_bit(void)
{
    no_bit_changes(FE_TOWARDZERO, false, "toward zero");
}

static void flushed_denormals_change_no_bit(void)
{
    no_bit_changes(FE_TONEAREST, true, "denormals are flushed");
}

CU_TestInfo hostmode_tests[] = {
    { "rounding_upward_changes_no_bit", rounding_upward_changes_no_bit },
    { "rounding_toward_zero_changes_no_bit", rounding_toward_zero_changes_no_bit },
    { "flushed_denormals_change_no_bit", flushed_denormals_change_no_bit },
    CU_TEST_INFO_NULL,
};
