/* statistics.c - statistics.h and quantile.h.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What has an error bound of its own is held against a thread alone: statistics_test.c has the bounds. */
#include <stdlib.h>

#include "rows.h"

/* All bytes as one number. */
static int64_t bits_of(const void *x, size_t bytes)
{
    const unsigned char *const byte = x;
    uint64_t all = 0;
    for (size_t k = 0; k < bytes; k++)
        all = (all ^ byte[k]) * 0x100000001b3u;
    return (int64_t)all;
}

/* ---- moments ---- */

#define MOMENTS(t, ...)                                                      \
    ALGORITHM(mean_##t) { a->f64 = weft_mean(in->t, in->n); }                \
    ALGORITHM(variance_##t) { a->f64 = weft_variance(in->t, in->n); }        \
    ALGORITHM(norm1_##t) { a->f64 = weft_norm1(in->t, in->n); }              \
    ALGORITHM(norm2_##t) { a->f64 = weft_norm2(in->t, in->n); }              \
    ALGORITHM(moments_##t)                                                   \
    {                                                                        \
        const weft_moments m = weft_statistics(in->t, in->n);                \
        a->i = bits_of(&m, sizeof m);                                        \
    }                                                                        \
    ALGORITHM(comoments_##t)                                                 \
    {                                                                        \
        const weft_comoments m = weft_costatistics(in->t, in->t + 1, in->n); \
        a->i = bits_of(&m, sizeof m);                                        \
    }
TYPES(MOMENTS)

#define ALONE(f, t)            \
    ALGORITHM(alone_##f##_##t) \
    {                          \
        weft_with_threads (1)  \
            f##_##t(in, a);    \
    }
#define ALL_ALONE(t, ...) \
    ALONE(mean, t)        \
    ALONE(variance, t) ALONE(norm1, t) ALONE(norm2, t) ALONE(moments, t) ALONE(comoments, t)
TYPES(ALL_ALONE)

/* ---- extremes ---- */

#define EXTREMES(t, T, member, wide, ulp, lanes, greatest, least)                       \
    ALGORITHM(extent_##t)                                                               \
    {                                                                                   \
        const weft_interval_##t e = weft_extent(in->t, in->n);                          \
        a->i = bits_of(&e, sizeof e);                                                   \
    }                                                                                   \
    ALGORITHM(serial_extent_##t)                                                        \
    {                                                                                   \
        const weft_interval_##t e = { weft_min(in->t, in->n), weft_max(in->t, in->n) }; \
        a->i = bits_of(&e, sizeof e);                                                   \
    }                                                                                   \
    ALGORITHM(norm_max_##t) { a->f64 = weft_norm_max(in->t, in->n); }                   \
    ALGORITHM(serial_norm_max_##t)                                                      \
    {                                                                                   \
        for (size_t k = 0; k < in->n && !isnan(a->f64); k++) {                          \
            const double x = fabs((double)in->t[k]);                                    \
            a->f64 = isnan(x) ? (double)NAN : x > a->f64 ? x : a->f64;                  \
        }                                                                               \
    }
TYPES(EXTREMES)

/* ---- quantiles ---- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of n numbers in order. */
static double quantile_of(const double *x, size_t n, double p)
{
    if (n == 0)
        return (double)NAN;
    const double h = (double)(n - 1) * p, k = floor(h);
    const double low = x[(size_t)k], high = h > k ? x[(size_t)k + 1] : low;
    return low + (h - k) * (high - low) + 0.0;
}

#define QUANTILES(t, ...)                                         \
    ALGORITHM(median_##t) { a->f64 = weft_median(in->t, in->n); } \
    ALGORITHM(serial_median_##t)                                  \
    {                                                             \
        double *const x = row_memory(in->n * sizeof *x);          \
        size_t numbers = 0;                                       \
        for (size_t k = 0; k < in->n; k++)                        \
            if (!isnan((double)in->t[k]))                         \
                x[numbers++] = (double)in->t[k];                  \
        qsort(x, numbers, sizeof *x, compare);                    \
        a->f64 = quantile_of(x, numbers, 0.5);                    \
        free(x);                                                  \
    }                                                             \
    ALGORITHM(quantiles_##t)                                      \
    {                                                             \
        static const double p[] = { 0.9, 0, 0.25, 0.999, 1 };     \
        double out[5];                                            \
        weft_quantiles(in->t, in->n, p, 5, out);                  \
        a->i = bits_of(out, sizeof out);                          \
    }                                                             \
    ALONE(quantiles, t)
TYPES(QUANTILES)

#define ROW(text, f, t) LAW(text " " #t, f##_##t, alone_##f##_##t)
#define ROWS(t, ...)                                                                           \
    ROW("weft_mean", mean, t), ROW("weft_variance", variance, t), ROW("weft_norm1", norm1, t), \
        ROW("weft_norm2", norm2, t), ROW("weft_statistics", moments, t),                       \
        ROW("weft_costatistics", comoments, t),                                                \
        LAW("weft_extent " #t, extent_##t, serial_extent_##t),                                 \
        LAW("weft_norm_max " #t, norm_max_##t, serial_norm_max_##t),                           \
        LAW("weft_median " #t, median_##t, serial_median_##t),                                 \
        ROW("weft_quantiles", quantiles, t),

static const struct law rows[] = { TYPES(ROWS) };

FAMILY(statistics, rows)
