/* weft/quantile.h - quantiles of an array that stays as it is.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Quantile p of n numbers x[0] <= x[1] <= ... is that of numpy and R by default, definition 7 of R.
 * Hyndman and Y. Fan (Sample quantiles in statistical packages, 1996):
 *
 *     h = (n - 1) p,  k = floor(h),  x[k] + (h - k) (x[k + 1] - x[k])
 *
 * Nothing is sorted. A sample of about n^(2/3) elements says between which two bounds an element of the
 * wanted rank lies, most likely; one pass over the array, by the team, counts what is below and at the
 * bounds and keeps what is between them, about a hundredth, in which the rank is then found (R. Floyd and
 * R. Rivest, Expected time bounds for selection, 1975). Where the sample misleads, or there is no memory
 * for what is kept, more passes narrow the bounds down by their bits: slower, with the same answer, in
 * at most 21 passes a probability. The bits depend on the input alone. */
#ifndef WEFT_QUANTILE_H
#define WEFT_QUANTILE_H

#include <weft/api.h>
#include <weft/reduce.h>
#include <weft/typed.h>

WEFT_BEGIN_C

/* weft_quantile - the quantile of a probability, as double.
 *
 * x  n elements of i32, i64, u32, u64, f32 or f64; not changed
 * p  in [0, 1]: 0 is the least element, 0.5 the median, 1 the greatest
 *
 * NaN is skipped, as by weft_min: of n elements only the numbers count. NaN where there is none. Zero is
 * +0.0. Between infinities of both signs is NaN. Integers of 64 bits are rounded to double first, then
 * interpolated.
 *
 * weft_median - weft_quantile(x, n, 0.5).
 *
 * weft_quantiles - many at once: out[k] = weft_quantile(x, n, probabilities[k]).
 *
 * probabilities  `count` of them, in any order
 * out            count doubles, written
 *
 * Up to 128 of them cost one pass over the array; a few are faster than many.
 *
 * Never fails; panics when p is outside of [0, 1] or NaN, and for NULL with n or count > 0. */
#define weft_quantile(x, n, p) WEFT_TYPED_(weft_quantile, x)((const void *)(x), (n), (p))
#define weft_median(x, n)      WEFT_TYPED_(weft_quantile, x)((const void *)(x), (n), 0.5)
#define weft_quantiles(x, n, probabilities, count, out) \
    WEFT_TYPED_(weft_quantiles, x)((const void *)(x), (n), (probabilities), (count), (out))

#define WEFT_QUANTILE_DECLARE_(t, T, S)                                                 \
    WEFT_API double weft_quantile_##t(const T *x, size_t n, double p);                  \
    WEFT_API void weft_quantiles_##t(const T *x, size_t n, const double *probabilities, \
                                     size_t count, double *out);
WEFT_REDUCE_TYPES_(WEFT_QUANTILE_DECLARE_)
#undef WEFT_QUANTILE_DECLARE_

WEFT_END_C

#endif
