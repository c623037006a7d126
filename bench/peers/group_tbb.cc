/* group_tbb.cc - oneTBB: one map that all threads share, and a sort whose runs are counted.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <atomic>

#include <tbb/blocked_range.h>
#include <tbb/concurrent_unordered_map.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/parallel_sort.h>

using range = tbb::blocked_range<size_t>;

double tbb_map_count(const work *w)
{
    tbb::concurrent_unordered_map<uint64_t, std::atomic<size_t>> map;
    const uint64_t *keys = peer_keys;
    tbb::parallel_for(range(0, w->n), [&, keys](const range &r) {
        for (size_t i = r.begin(); i != r.end(); i++)
            map[keys[i]].fetch_add(1, std::memory_order_relaxed);
    });
    return (double)map.size();
}

double tbb_sort_count(const work *w)
{
    uint64_t *x = reinterpret_cast<uint64_t *>(w->out);
    tbb::parallel_sort(x, x + w->n);
    return (double)tbb::parallel_reduce(
        range(0, w->n), (size_t)0,
        [=](const range &r, size_t runs) {
            for (size_t i = r.begin(); i != r.end(); i++)
                runs += i == 0 || x[i] != x[i - 1];
            return runs;
        },
        std::plus<size_t>());
}
