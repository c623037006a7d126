/* fits.h - the laws of scaling, fitted to speedups against one thread.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * p[0..n-1]  numbers of threads; s[0..n-1]  speedups */
#ifndef BENCH_FITS_H
#define BENCH_FITS_H

#include <stddef.h>

/* fits_karp_flatt - the serial share that would explain this one speedup:
 *
 *     (1/s - 1/p) / (1 - 1/p)
 *
 * NaN for p = 1. Where it grows with p, overhead grows too. Karp and Flatt, CACM 33(5), 1990. */
double fits_karp_flatt(double p, double s);

/* fits_amdahl - the serial share f of 1/s = f + (1 - f)/p, by least squares in 1/s. NaN where no p is
 * above 1. */
double fits_amdahl(const double *p, const double *s, size_t n);

/* fits_usl - Gunther's universal scalability law, by least squares in p/s:
 *
 *     p/s = 1 + contention (p - 1) + coherency p (p - 1)
 *
 * Neither is below 0. The speedup peaks at sqrt((1 - contention) / coherency) threads. The residual
 * is the root of the mean square of s over the law's s, less 1. */
typedef struct usl_fit {
    double contention, coherency;
    double peak; /* threads; infinity: none */
    double residual;
} usl_fit;
usl_fit fits_usl(const double *p, const double *s, size_t n);

#endif
