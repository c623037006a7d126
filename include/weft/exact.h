/* weft/exact.h - sums that are correctly rounded.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_EXACT_H
#define WEFT_EXACT_H

#include <weft/api.h>
#include <weft/reduce.h>
#include <weft/typed.h>

WEFT_BEGIN_C

/* weft_sum_exact - the sum of an array, as if computed without any error and rounded once.
 *
 *     for (sum = 0, i = 0; i < n; i++) sum += x[i];     in exact arithmetic, then to nearest even
 *
 * x  n elements of f64, f32 or one of the four integer types
 *
 * f64 and f32 give their own type, integers what weft_sum gives, which is exact. So the answer does not
 * depend on the order of x, whatever cancels; nothing overflows on the way, subnormals count. One that
 * is too large is an infinity, one that is zero +0.0. NaN gives NaN, and so do infinities of both
 * signs; of one sign they give that infinity.
 *
 * Elements are cut, a block of 2048 at a time, into parts whose sums have no rounding error (T. Ogita,
 * S. Rump, S. Oishi, Accurate floating-point summation I, 2008); these go to an accumulator of
 * integers that is as wide as all finite numbers. Where magnitudes of a block span more than about 2^29
 * its elements go there one by one, at a tenth of the speed. Never fails; NULL with n > 0 panics. */
#define weft_sum_exact(x, n) WEFT_EXACT_(x)((const void *)(x), (n))

WEFT_API float weft_sum_exact_f32(const float *x, size_t n);
WEFT_API double weft_sum_exact_f64(const double *x, size_t n);

/* clang-format off */
#define WEFT_EXACT_(x)                          \
    _Generic((x)[0],                            \
        int:                weft_sum_i32,       \
        unsigned:           weft_sum_u32,       \
        long:               weft_sum_i64,       \
        long long:          weft_sum_i64,       \
        unsigned long:      weft_sum_u64,       \
        unsigned long long: weft_sum_u64,       \
        float:              weft_sum_exact_f32, \
        double:             weft_sum_exact_f64)
/* clang-format on */

WEFT_END_C

#endif
