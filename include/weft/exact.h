/* weft/exact.h - sums and dot products that are correctly rounded.
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
 * its elements go there one by one, at a tenth of the speed. Never fails; NULL with n > 0 panics.
 *
 * weft_dot_exact - the same for the sum of products; arrays of one type.
 *
 *     for (sum = 0, i = 0; i < n; i++) sum += x[i] * y[i];     exactly, then to nearest even
 *
 * Products have no error either: that of two floats is a double, that of two doubles a rounded one and
 * what rounding took from it, which are cut as above. So products may overflow, or be below the least
 * subnormal, and still count; an answer that is rounded to zero keeps its sign. An infinity times
 * zero is NaN. Blocks where products are below 2^-960, but not 0, are slow ones. */
#define weft_sum_exact(x, n)    WEFT_EXACT_(weft_sum, x)((const void *)(x), (n))
#define weft_dot_exact(x, y, n) WEFT_EXACT_(weft_dot, x)((const void *)(x), WEFT_SAME_(x, y), (n))

WEFT_API float weft_sum_exact_f32(const float *x, size_t n);
WEFT_API double weft_sum_exact_f64(const double *x, size_t n);
WEFT_API float weft_dot_exact_f32(const float *x, const float *y, size_t n);
WEFT_API double weft_dot_exact_f64(const double *x, const double *y, size_t n);

/* clang-format off */
#define WEFT_EXACT_(name, x)                   \
    _Generic((x)[0],                           \
        int:                name##_i32,        \
        unsigned:           name##_u32,        \
        long:               name##_i64,        \
        long long:          name##_i64,        \
        unsigned long:      name##_u64,        \
        unsigned long long: name##_u64,        \
        float:              name##_exact_f32,  \
        double:             name##_exact_f64)
/* clang-format on */

WEFT_END_C

#endif
