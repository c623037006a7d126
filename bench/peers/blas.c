/* blas.c - OpenBLAS.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <cblas.h>

void blas_setup(int threads) { openblas_set_num_threads(threads); }

double blas_sum(const work *w) { return cblas_dasum((blasint)w->n, w->x, 1); }
double blas_dot(const work *w) { return cblas_ddot((blasint)w->n, w->x, 1, w->y, 1); }
double blas_argmin(const work *w) { return (double)cblas_idamin((blasint)w->n, w->x, 1); }
double blas_norm2(const work *w) { return cblas_dnrm2((blasint)w->n, w->x, 1); }
