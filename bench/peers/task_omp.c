/* task_omp.c - the tasks of the OpenMP runtime.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include "task.h"

static long fib(size_t n)
{
    if (n < 2)
        return (long)n;
    long a, b;
#pragma omp task shared(a)
    a = fib(n - 1);
    b = fib(n - 2);
#pragma omp taskwait
    return a + b;
}

double omp_fib(const work *w)
{
    long value = 0;
#pragma omp parallel num_threads(peer_threads)
#pragma omp single
    value = fib(w->n);
    return (double)value;
}

static size_t walk(uint64_t node, unsigned children)
{
    size_t nodes[uts_children], total = 1;
    for (unsigned k = 0; k < children; k++) {
        const uint64_t child = uts_child(node, k);
#pragma omp task shared(nodes) firstprivate(child, k)
        nodes[k] = walk(child, uts_children_of(child));
    }
#pragma omp taskwait
    for (unsigned k = 0; k < children; k++)
        total += nodes[k];
    return total;
}

double omp_uts(const work *w)
{
    static size_t nodes[uts_root_children];
    size_t total = 1;
    (void)w;
#pragma omp parallel num_threads(peer_threads)
#pragma omp single
    for (unsigned k = 0; k < uts_root_children; k++) {
        const uint64_t child = uts_child(1, k);
#pragma omp task firstprivate(child, k)
        nodes[k] = walk(child, uts_children_of(child));
    }
    for (unsigned k = 0; k < uts_root_children; k++)
        total += nodes[k];
    return (double)total;
}
