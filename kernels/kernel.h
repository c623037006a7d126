/* kernel.h - what a kernel is: one entry in the table, five functions.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_KERNEL_H
#define KERNELS_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

/* One piece of work of a kernel. */
typedef struct job {
    size_t n;                  /* how much: of the user's, or the kernel's default */
    const char *const *inputs; /* paths of the user's */
    size_t input_count;
    void *data;   /* the kernel's own */
    double bytes; /* of work in a run; set by open */
} job;

typedef struct kernel {
    const char *name;
    const char *what; /* it does, in a line; with how bytes are counted */
    const char *twin; /* the same in raw OpenMP, or NULL */
    size_t n;         /* default size; with input of the user's, all of that */
    bool reads_input;

    /* Makes the data ready; on failure says why on stderr. */
    bool (*open)(job *j);
    /* The measured part. It may be run many times and does the same each time. */
    void (*run)(job *j);
    /* Compares what run left with a serial reference, and prints the answer; on failure says on
     * stderr what is wrong. */
    bool (*check)(const job *j);
    /* Makes what run left wrong in one place: the check must see it. */
    void (*spoil)(job *j);
    void (*close)(job *j);
} kernel;

/* The table; ends with a nameless kernel. */
extern const kernel kernels[];

/* kernel_nearest - the kernel whose name is most like this one; NULL where none is like it. */
const kernel *kernel_nearest(const char *name);

/* One line on stderr, "weft-kernel: ..."; returns false. */
__attribute__((format(printf, 1, 2))) bool complain(const char *format, ...);

/* Functions of the table. */
bool triad_open(job *j);
void triad_run(job *j);
void triad_omp_run(job *j);
bool triad_check(const job *j);
void triad_spoil(job *j);
void triad_close(job *j);

bool sum_open(job *j);
void sum_run(job *j);
void sum_omp_run(job *j);
bool sum_check(const job *j);
void sum_spoil(job *j);
void sum_close(job *j);

bool wordcount_open(job *j);
void wordcount_run(job *j);
bool wordcount_check(const job *j);
void wordcount_spoil(job *j);
void wordcount_close(job *j);

#endif
