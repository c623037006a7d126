/* gnu.cc - the parallel mode of libstdc++, on libgomp.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <parallel/algorithm>
#include <parallel/numeric>

double gnu_map(const work *w)
{
    __gnu_parallel::transform(w->x, w->x + w->n, w->out, [](double v) { return 2 * v + 1; });
    return 0;
}

double gnu_triad(const work *w)
{
    __gnu_parallel::transform(w->x, w->x + w->n, w->y, w->out,
                              [](double b, double c) { return b + 3 * c; });
    return 0;
}

double gnu_sum(const work *w) { return __gnu_parallel::accumulate(w->x, w->x + w->n, 0.0); }

double gnu_dot(const work *w)
{
    return __gnu_parallel::inner_product(w->x, w->x + w->n, w->y, 0.0);
}

double gnu_argmin(const work *w)
{
    return (double)(__gnu_parallel::min_element(w->x, w->x + w->n) - w->x);
}

double gnu_scan(const work *w)
{
    return *(__gnu_parallel::partial_sum(w->x, w->x + w->n, w->out) - 1);
}
