/* sort_vqsort.cc - Highway's vqsort: a quicksort by vectors, on one thread.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <cstdint>

#include <hwy/contrib/sort/vqsort.h>

template <class T> static double sort(const work *w)
{
    static const hwy::Sorter sorter; /* owns memory: made once */
    sorter(reinterpret_cast<T *>(w->out), w->n, hwy::SortAscending());
    return 0;
}

double vqsort_u64(const work *w) { return sort<uint64_t>(w); }
double vqsort_u32(const work *w) { return sort<uint32_t>(w); }
double vqsort_f64(const work *w) { return sort<double>(w); }
