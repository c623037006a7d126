/* table.c - the kernels, one line each.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "kernel.h"

/* clang-format off */
const kernel kernels[] = {
    { "copy",  "a[i] = b[i] over f64; 16 bytes an element, as STREAM counts",
      &copy_problem, copy_run },
    { "copy-omp", "copy in raw OpenMP", &copy_problem, copy_omp_run },
    { "scale", "a[i] = 3 b[i] over f64; 16 bytes an element", &scale_problem, scale_run },
    { "scale-omp", "scale in raw OpenMP", &scale_problem, scale_omp_run },
    { "add",   "a[i] = b[i] + c[i] over f64; 24 bytes an element", &add_problem, add_run },
    { "add-omp", "add in raw OpenMP", &add_problem, add_omp_run },
    { "triad", "a[i] = b[i] + 3 c[i] over f64; 24 bytes an element", &triad_problem, triad_run },
    { "triad-omp", "triad in raw OpenMP", &triad_problem, triad_omp_run },
    { "dot",   "sum of x[i] y[i], the same bits at every thread count; 16 bytes an element",
      &dot_problem, dot_run },
    { "dot-omp", "dot in raw OpenMP: its last bits depend on the thread count",
      &dot_problem, dot_omp_run },
    { "sum",   "sum of f64, the same bits at every thread count; 8 bytes an element",
      &sum_problem, sum_run },
    { "sum-omp", "sum in raw OpenMP: its last bits depend on the thread count",
      &sum_problem, sum_omp_run },
    { "mandelbrot", "steps until z z + c leaves, for n x n pixels: very uneven work",
      &mandelbrot_problem, mandelbrot_run },
    { "mandelbrot-omp", "mandelbrot in raw OpenMP, schedule(dynamic)",
      &mandelbrot_problem, mandelbrot_omp_run },
    { "nbody", "one step of n bodies under gravity, all pairs; bound by arithmetic",
      &nbody_problem, nbody_run },
    { "nbody-omp", "nbody in raw OpenMP", &nbody_problem, nbody_omp_run },
    { "wordcount", "lines, words and the most frequent words of text; one byte a byte",
      &wordcount_problem, wordcount_run },
    { 0 },
};
