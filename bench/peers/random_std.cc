/* random_std.cc - the generators of the C++ library: one for all, or one a thread.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <algorithm>
#include <random>

#include <parallel/algorithm>

#include "hand.h"

template <class D> static double fill(double *x, size_t n, unsigned seed)
{
    std::mt19937_64 generator(seed);
    D distribution;
    for (size_t i = 0; i < n; i++)
        x[i] = distribution(generator);
    return 0;
}

template <class D> static double fill_by_team(const work *w)
{
#pragma omp parallel num_threads(peer_threads)
    {
        const part p = my_part(w->n);
        fill<D>(w->out + p.begin, p.n, 1 + (unsigned)omp_get_thread_num());
    }
    return 0;
}

double std_normals(const work *w) { return fill<std::normal_distribution<>>(w->out, w->n, 1); }
double std_normals_omp(const work *w) { return fill_by_team<std::normal_distribution<>>(w); }
double std_uniforms_omp(const work *w) { return fill_by_team<std::uniform_real_distribution<>>(w); }

double std_shuffle(const work *w)
{
    std::mt19937_64 generator(1);
    std::shuffle(w->out, w->out + w->n, generator);
    return 0;
}

double gnu_shuffle(const work *w)
{
    __gnu_parallel::random_shuffle(w->out, w->out + w->n);
    return 0;
}
