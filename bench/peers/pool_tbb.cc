/* pool_tbb.cc - oneTBB's task_group with tasks that do nothing.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <atomic>

#include <tbb/task_group.h>

double tbb_tasks(const work *w)
{
    static tbb::task_group group;
    static std::atomic<size_t> ran;
    ran.store(0, std::memory_order_relaxed);
    for (size_t i = 0; i < w->n; i++)
        group.run([] { ran.fetch_add(1, std::memory_order_relaxed); });
    group.wait();
    return (double)ran.load(std::memory_order_relaxed);
}
