/* task_tbb.cc - oneTBB's task_group.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <tbb/task_group.h>

#include "task.h"

static long fib(size_t n)
{
    if (n < 2)
        return (long)n;
    long a, b;
    tbb::task_group group;
    group.run([&a, n] { a = fib(n - 1); });
    b = fib(n - 2);
    group.wait();
    return a + b;
}

double tbb_fib(const work *w) { return (double)fib(w->n); }

static size_t walk(uint64_t node, unsigned children)
{
    size_t nodes[uts_children], total = 1;
    if (children == 0)
        return 1;
    tbb::task_group group;
    for (unsigned k = 0; k < children; k++)
        group.run([=, &nodes] {
            const uint64_t child = uts_child(node, k);
            nodes[k] = walk(child, uts_children_of(child));
        });
    group.wait();
    for (unsigned k = 0; k < children; k++)
        total += nodes[k];
    return total;
}

double tbb_uts(const work *)
{
    static size_t nodes[uts_root_children];
    size_t total = 1;
    tbb::task_group group;
    for (unsigned k = 0; k < uts_root_children; k++)
        group.run([=] {
            const uint64_t child = uts_child(1, k);
            nodes[k] = walk(child, uts_children_of(child));
        });
    group.wait();
    for (size_t n : nodes)
        total += n;
    return (double)total;
}
