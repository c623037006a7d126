/* sort_gnu.cc - the parallel mode of libstdc++, and std::sort on one thread.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <algorithm>
#include <cstdint>

#include <parallel/algorithm>

namespace
{
struct pair {
    uint64_t key, value;
    bool operator<(const pair &other) const { return key < other.key; }
};
} // namespace

template <class T> static double sort(const work *w, bool stable, size_t n)
{
    T *x = reinterpret_cast<T *>(w->out);
    if (stable)
        __gnu_parallel::stable_sort(x, x + n);
    else
        __gnu_parallel::sort(x, x + n);
    return 0;
}

template <class T> static double sort_alone(const work *w)
{
    T *x = reinterpret_cast<T *>(w->out);
    std::sort(x, x + w->n);
    return 0;
}

double gnu_sort_u64(const work *w) { return sort<uint64_t>(w, false, w->n); }
double gnu_sort_u32(const work *w) { return sort<uint32_t>(w, false, w->n); }
double gnu_sort_f64(const work *w) { return sort<double>(w, false, w->n); }
double gnu_stable_sort_u64(const work *w) { return sort<uint64_t>(w, true, w->n); }
double gnu_sort_pairs(const work *w) { return sort<pair>(w, true, w->n / 2), 2; }
double std_sort_u64(const work *w) { return sort_alone<uint64_t>(w); }
double std_sort_u32(const work *w) { return sort_alone<uint32_t>(w); }
double std_sort_f64(const work *w) { return sort_alone<double>(w); }

/* The mean of the middle two elements. */
template <class F> static double median(const work *w, F nth_element)
{
    double *x = w->out;
    const size_t n = w->n;
    nth_element(x, x + n / 2, x + n);
    return n % 2 ? x[n / 2] : (*std::max_element(x, x + n / 2) + x[n / 2]) / 2;
}

double gnu_median(const work *w)
{
    return median(w, [](double *a, double *b, double *c) { __gnu_parallel::nth_element(a, b, c); });
}

double std_median(const work *w)
{
    return median(w, [](double *a, double *b, double *c) { std::nth_element(a, b, c); });
}
