/* sort_pstl.cc - std::execution::par_unseq.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <algorithm>
#include <cstdint>
#include <execution>

template <class T> static double sort(const work *w)
{
    T *x = reinterpret_cast<T *>(w->out);
    std::sort(std::execution::par_unseq, x, x + w->n);
    return 0;
}

double pstl_sort_u64(const work *w) { return sort<uint64_t>(w); }
double pstl_sort_u32(const work *w) { return sort<uint32_t>(w); }
double pstl_sort_f64(const work *w) { return sort<double>(w); }

/* The mean of the middle two elements. */
double pstl_median(const work *w)
{
    double *x = w->out;
    const size_t n = w->n;
    std::nth_element(std::execution::par_unseq, x, x + n / 2, x + n);
    return n % 2 ? x[n / 2]
                 : (*std::max_element(std::execution::par_unseq, x, x + n / 2) + x[n / 2]) / 2;
}
