/* histogram_tbb.cc - oneTBB: a table for each thread (enumerable_thread_specific), added up in the end.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <cstdint>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_for.h>

using range = tbb::blocked_range<size_t>;
using table = std::vector<uint32_t>;

static double count(const work *w, size_t bins)
{
    tbb::enumerable_thread_specific<table> tables([=] { return table(bins); });
    const double *x = peer_numbers;
    tbb::parallel_for(range(0, w->n), [&, x](const range &r) {
        uint32_t *mine = tables.local().data();
        for (size_t i = r.begin(); i != r.end(); i++)
            mine[(size_t)(x[i] * (double)bins)]++;
    });
    tbb::parallel_for(range(0, bins), [&](const range &r) {
        for (size_t b = r.begin(); b != r.end(); b++)
            peer_counts[b] = 0;
        for (const table &t : tables)
            for (size_t b = r.begin(); b != r.end(); b++)
                peer_counts[b] += t[b];
    });
    return (double)peer_counts[bins / 3];
}

double tbb_histogram_few(const work *w) { return count(w, 256); }
double tbb_histogram_some(const work *w) { return count(w, (size_t)1 << 20); }
double tbb_histogram_many(const work *w) { return count(w, (size_t)1 << 23); }
