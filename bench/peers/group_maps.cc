/* group_maps.cc - std::unordered_map, one for each thread of OpenMP, merged by one.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <unordered_map>
#include <vector>

#include <omp.h>

template <class V, class Value> static double group(const work *w, int threads, Value value)
{
    std::vector<std::unordered_map<uint64_t, V>> maps((size_t)threads);
    const uint64_t *keys = peer_keys;
#pragma omp parallel num_threads(threads)
    {
        std::unordered_map<uint64_t, V> &mine = maps[(size_t)omp_get_thread_num()];
#pragma omp for
        for (size_t i = 0; i < w->n; i++)
            mine[keys[i]] += value(i);
    }
    for (size_t t = 1; t < maps.size(); t++)
        for (const auto &entry : maps[t])
            maps[0][entry.first] += entry.second;
    return (double)maps[0].size();
}

double map_count(const work *w)
{
    return group<size_t>(w, 1, [](size_t) { return 1; });
}

double maps_count(const work *w)
{
    return group<size_t>(w, peer_threads, [](size_t) { return 1; });
}

double maps_sum(const work *w)
{
    return group<double>(w, peer_threads, [w](size_t i) { return w->x[i]; });
}
