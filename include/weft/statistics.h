/* weft/statistics.h - mean, variance, extent, norms and covariance, each in one pass.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     double mean = weft_mean(x, n), v = weft_sample_variance(x, n);
 *     weft_moments m = weft_statistics(x, n);    mean, variance, skewness, kurtosis, extremes at once
 *     double r = weft_correlation(x, y, n);
 *
 * Over arrays of one of the six types i32 i64 u32 u64 f32 f64; elements become doubles before anything
 * else is done, and results are doubles. An array is read once.
 *
 * Of each block of 2048 elements sums of powers of x - c are taken, in 32 lanes, where c is the mean of
 * the first 16 or, if that turns out to be far off, of the block; neighbouring blocks are then joined in
 * a fixed tree by the pairwise updates of T. Chan, G. Golub and R. LeVeque (Algorithms for computing the
 * sample variance, 1983) and P. Pebay (Formulas for robust, one-pass parallel computation of covariances
 * and arbitrary-order statistical moments, 2008). So a large mean does no harm: with K = 2048 / 32 + log2(32) + log2(n / 2048) + 1,
 *
 *     the mean is off by at most 1 ulp of itself and 2 K ulp of the standard deviation,
 *     m2 and the variances by at most 8 K ulp of themselves,
 *     a covariance by at most 8 K ulp of the product of the two standard deviations,
 *
 * where deviations are at least an ulp of the mean and nothing overflows or is below the normal
 * numbers. A constant array has variance 0.
 *
 * The bits depend on the input alone: not on the number of threads, the schedule, the processor, the
 * host's rounding or denormal mode. NaN gives NaN, but the extremes skip it. Infinities of one sign give
 * a mean of that infinity and a variance of NaN. A mean never overflows on the way; squares that do give
 * an infinite variance. Nothing here fails or allocates; NULL with n > 0 panics. */
#ifndef WEFT_STATISTICS_H
#define WEFT_STATISTICS_H

#include <weft/api.h>
#include <weft/reduce.h>
#include <weft/typed.h>

WEFT_BEGIN_C

/* weft_mean - the arithmetic mean.
 *
 *     for (sum = 0, i = 0; i < n; i++) sum += x[i];
 *     mean = sum / n;
 *
 * weft_variance - of the whole population: the mean square deviation from the mean.
 *
 *     for (m2 = 0, i = 0; i < n; i++) m2 += (x[i] - mean) * (x[i] - mean);
 *     variance = m2 / n;
 *
 * weft_sample_variance - the unbiased estimate from a sample: m2 / (n - 1).
 * weft_deviation, weft_sample_deviation - their square roots.
 *
 * NaN where there is nothing to divide by: n = 0, and n = 1 in a sample. */
#define weft_mean(x, n)             WEFT_TYPED_(weft_mean, x)((const void *)(x), (n))
#define weft_variance(x, n)         WEFT_TYPED_(weft_variance, x)((const void *)(x), (n))
#define weft_sample_variance(x, n)  WEFT_TYPED_(weft_sample_variance, x)((const void *)(x), (n))
#define weft_deviation(x, n)        WEFT_TYPED_(weft_deviation, x)((const void *)(x), (n))
#define weft_sample_deviation(x, n) WEFT_TYPED_(weft_sample_deviation, x)((const void *)(x), (n))

/* weft_moments - what one pass over an array tells: mk is the sum of (x[i] - mean)^k.
 *
 * mean and rest add up to the mean at twice the precision; min and max skip NaN, and are +infinity
 * and -infinity where there is nothing. */
typedef struct weft_moments {
    size_t n;
    double mean, rest;
    double m2, m3, m4;
    double min, max;
} weft_moments;

/* weft_statistics - the moments of an array; mean, m2 as weft_mean and weft_variance have them.
 *
 * weft_moments_merge - into = the moments of both; `from` may come from another process.
 *
 * weft_moments_variance and so on - as above.
 * weft_moments_skewness - (m3 / n) / (m2 / n)^1.5.
 * weft_moments_kurtosis - in excess of that of a normal distribution: (m4 / n) / (m2 / n)^2 - 3.
 *
 * Both are NaN where m2 is 0. m3 and m4 have no bound of their own: their terms may cancel. */
#define weft_statistics(x, n) WEFT_TYPED_(weft_statistics, x)((const void *)(x), (n))
WEFT_API void weft_moments_merge(weft_moments *into, const weft_moments *from);
WEFT_API double weft_moments_variance(const weft_moments *moments);
WEFT_API double weft_moments_sample_variance(const weft_moments *moments);
WEFT_API double weft_moments_deviation(const weft_moments *moments);
WEFT_API double weft_moments_sample_deviation(const weft_moments *moments);
WEFT_API double weft_moments_skewness(const weft_moments *moments);
WEFT_API double weft_moments_kurtosis(const weft_moments *moments);

/* weft_covariance - the mean product of deviations of two arrays of one type.
 *
 *     for (mxy = 0, i = 0; i < n; i++) mxy += (x[i] - mean_x) * (y[i] - mean_y);
 *     covariance = mxy / n;
 *
 * weft_sample_covariance - mxy / (n - 1).
 * weft_correlation - mxy / sqrt(m2_x * m2_y), in [-1, 1]; NaN where one of them is constant. */
#define weft_covariance(x, y, n) \
    WEFT_TYPED_(weft_covariance, x)((const void *)(x), WEFT_SAME_(x, y), (n))
#define weft_sample_covariance(x, y, n) \
    WEFT_TYPED_(weft_sample_covariance, x)((const void *)(x), WEFT_SAME_(x, y), (n))
#define weft_correlation(x, y, n) \
    WEFT_TYPED_(weft_correlation, x)((const void *)(x), WEFT_SAME_(x, y), (n))

/* weft_comoments - what one pass over two arrays tells; x and y as in weft_moments.
 *
 * weft_costatistics - that of two arrays.
 * weft_comoments_covariance and so on - as above. */
typedef struct weft_comoments {
    size_t n;
    double mean_x, rest_x, m2_x;
    double mean_y, rest_y, m2_y;
    double mxy;
} weft_comoments;

#define weft_costatistics(x, y, n) \
    WEFT_TYPED_(weft_costatistics, x)((const void *)(x), WEFT_SAME_(x, y), (n))
WEFT_API void weft_comoments_merge(weft_comoments *into, const weft_comoments *from);
WEFT_API double weft_comoments_covariance(const weft_comoments *moments);
WEFT_API double weft_comoments_sample_covariance(const weft_comoments *moments);
WEFT_API double weft_comoments_correlation(const weft_comoments *moments);

/* weft_extent - the least and the greatest element, as weft_min and weft_max have them. */
#define weft_extent(x, n) WEFT_TYPED_(weft_extent, x)((const void *)(x), (n))

/* weft_norm1 - sum of |x[i]|.
 * weft_norm2 - square root of the sum of x[i]^2; nothing overflows or underflows on the way: a block
 *              whose squares would is scaled by a power of 2 (J. Blue, A portable Fortran program to
 *              find the Euclidean norm of a vector, 1978).
 * weft_norm_max - the greatest |x[i]|.
 *
 * 0 for n = 0. Unlike weft_max all three are NaN where an element is: nobody should take a vector for
 * small because the large ones are no numbers. The error is at most K ulp. */
#define weft_norm1(x, n)    WEFT_TYPED_(weft_norm1, x)((const void *)(x), (n))
#define weft_norm2(x, n)    WEFT_TYPED_(weft_norm2, x)((const void *)(x), (n))
#define weft_norm_max(x, n) WEFT_TYPED_(weft_norm_max, x)((const void *)(x), (n))

/* The typed functions behind these; they are the ABI, for C++ and other languages. */
#define WEFT_STATISTICS_DECLARE_(t, T, S)                                            \
    typedef struct weft_interval_##t {                                               \
        T min, max;                                                                  \
    } weft_interval_##t;                                                             \
    WEFT_API double weft_mean_##t(const T *x, size_t n);                             \
    WEFT_API double weft_variance_##t(const T *x, size_t n);                         \
    WEFT_API double weft_sample_variance_##t(const T *x, size_t n);                  \
    WEFT_API double weft_deviation_##t(const T *x, size_t n);                        \
    WEFT_API double weft_sample_deviation_##t(const T *x, size_t n);                 \
    WEFT_API weft_moments weft_statistics_##t(const T *x, size_t n);                 \
    WEFT_API double weft_covariance_##t(const T *x, const T *y, size_t n);           \
    WEFT_API double weft_sample_covariance_##t(const T *x, const T *y, size_t n);    \
    WEFT_API double weft_correlation_##t(const T *x, const T *y, size_t n);          \
    WEFT_API weft_comoments weft_costatistics_##t(const T *x, const T *y, size_t n); \
    WEFT_API weft_interval_##t weft_extent_##t(const T *x, size_t n);                \
    WEFT_API double weft_norm1_##t(const T *x, size_t n);                            \
    WEFT_API double weft_norm2_##t(const T *x, size_t n);                            \
    WEFT_API double weft_norm_max_##t(const T *x, size_t n);
WEFT_REDUCE_TYPES_(WEFT_STATISTICS_DECLARE_)
#undef WEFT_STATISTICS_DECLARE_

WEFT_END_C

#endif
