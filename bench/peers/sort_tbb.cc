/* sort_tbb.cc - oneTBB: parallel_sort, which is not stable.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <cstdint>

#include <tbb/parallel_sort.h>

namespace
{
struct pair {
    uint64_t key, value;
    bool operator<(const pair &other) const { return key < other.key; }
};
} // namespace

template <class T> static double sort(const work *w, size_t n)
{
    T *x = reinterpret_cast<T *>(w->out);
    tbb::parallel_sort(x, x + n);
    return 0;
}

double tbb_sort_u64(const work *w) { return sort<uint64_t>(w, w->n); }
double tbb_sort_u32(const work *w) { return sort<uint32_t>(w, w->n); }
double tbb_sort_f64(const work *w) { return sort<double>(w, w->n); }
double tbb_sort_pairs(const work *w) { return sort<pair>(w, w->n / 2), 2; }
