/* kernel.h - what a kernel is: a problem, and one way to solve it.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_KERNEL_H
#define KERNELS_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

/* Exit statuses of weft-kernel. */
enum { exit_good, exit_wrong, exit_usage };

/* One piece of work of a kernel. */
typedef struct job {
    const struct problem *problem;
    size_t n;                  /* how much: of the user's, or the default */
    size_t memory;             /* bytes that are there for it; SIZE_MAX: nobody knows */
    const char *const *inputs; /* paths of the user's */
    size_t input_count;
    void *data; /* the problem's own */

    /* Work in a run; 0: not counted. From the problem, unless open or check know better. */
    double bytes, flops, items;
} job;

/* Data, and what the answer must be, whoever computes it. */
typedef struct problem {
    const char *name;
    const char *unit; /* what n counts: "elements" */
    const char *item; /* what a rate counts: "pixels" */
    size_t n;     /* default size; 0: as many f64 an array as 4 times the last-level cache holds */
    size_t most;  /* n at most; 0: what memory holds */
    bool square;  /* the items are n squared, not n */
    size_t each;  /* bytes of memory an item */
    double bytes; /* of work an item, */
    double flops; /* and floating-point operations; a division or a root is one */
    bool reads_input; /* then n is the most bytes of it; with input of the user's, by default all */

    /* Makes the data ready; on failure says why on stderr. */
    bool (*open)(job *j);
    /* Compares what run left with a serial reference, and prints the answer; on failure says on
     * stderr what is wrong. */
    bool (*check)(job *j);
    /* Makes what run left wrong, in one of `ways` ways, from 1: the check must see each. */
    void (*spoil)(job *j, size_t way);
    size_t ways;
    void (*close)(job *j);
} problem;

typedef struct kernel {
    const char *name;
    const char *what; /* it does, in a line; with how its work is counted */
    const problem *problem;
    /* The measured part. It may be run many times and does the same each time. */
    void (*run)(job *j);
} kernel;

/* The table; ends with a nameless kernel. */
extern const kernel kernels[];

/* kernel_nearest - the kernel whose name is most like this one; NULL where none is like it. */
const kernel *kernel_nearest(const char *name);

/* One line on stderr, "weft-kernel: ..."; returns false. */
__attribute__((format(printf, 1, 2))) bool complain(const char *format, ...);

/* What the table is made of; NAME_omp_run is the same in raw OpenMP. */
extern const problem copy_problem, scale_problem, add_problem, triad_problem;
void copy_run(job *j);
void copy_omp_run(job *j);
void scale_run(job *j);
void scale_omp_run(job *j);
void add_run(job *j);
void add_omp_run(job *j);
void triad_run(job *j);
void triad_omp_run(job *j);

extern const problem dot_problem;
void dot_run(job *j);
void dot_omp_run(job *j);

extern const problem sum_problem;
void sum_run(job *j);
void sum_omp_run(job *j);

extern const problem mandelbrot_problem;
void mandelbrot_run(job *j);
void mandelbrot_omp_run(job *j);

extern const problem nbody_problem;
void nbody_run(job *j);
void nbody_omp_run(job *j);

extern const problem pi_problem;
void pi_run(job *j);
void pi_omp_run(job *j);

extern const problem walk_problem;
void walk_run(job *j);
void walk_omp_run(job *j);

extern const problem fib_problem;
void fib_run(job *j);
void fib_omp_run(job *j);

extern const problem nqueens_problem;
void nqueens_run(job *j);
void nqueens_omp_run(job *j);

extern const problem uts_problem, uts_binomial_problem;
void uts_run(job *j);
void uts_omp_run(job *j);
void uts_binomial_run(job *j);
void uts_binomial_omp_run(job *j);

extern const problem quadrature_problem;
void quadrature_run(job *j);
void quadrature_omp_run(job *j);

extern const problem mariani_problem;
void mariani_run(job *j);
void mariani_omp_run(job *j);

extern const problem transpose_problem;
void transpose_run(job *j);
void transpose_omp_run(job *j);

extern const problem wordcount_problem;
void wordcount_run(job *j);

#endif
