/* pstl.cc - C++17's parallel algorithms, as libstdc++ has them (on top of oneTBB).
 * SPDX-License-Identifier: BSD-3-Clause */
#include "jobs.h"

#include <algorithm>
#include <execution>
#include <numeric>

static const auto &policy = std::execution::par_unseq;

double pstl_map(const work *w)
{
    std::transform(policy, w->x, w->x + w->n, w->out, [](double v) { return 2 * v + 1; });
    return 0;
}

double pstl_triad(const work *w)
{
    std::transform(policy, w->x, w->x + w->n, w->y, w->out,
                   [](double b, double c) { return b + 3 * c; });
    return 0;
}

double pstl_sum(const work *w) { return std::reduce(policy, w->x, w->x + w->n, 0.0); }

double pstl_dot(const work *w)
{
    return std::transform_reduce(policy, w->x, w->x + w->n, w->y, 0.0);
}

double pstl_argmin(const work *w)
{
    return (double)(std::min_element(policy, w->x, w->x + w->n) - w->x);
}

double pstl_scan(const work *w)
{
    return *(std::inclusive_scan(policy, w->x, w->x + w->n, w->out) - 1);
}

double pstl_filter(const work *w)
{
    return (double)(std::copy_if(policy, w->x, w->x + w->n, w->out,
                                 [](double v) { return v > 0.5; }) -
                    w->out);
}

double std_filter(const work *w)
{
    return (double)(std::copy_if(w->x, w->x + w->n, w->out, [](double v) { return v > 0.5; }) -
                    w->out);
}

static bool above_half(double v) { return v > 0.5; }

double pstl_partition(const work *w)
{
    return (double)(std::stable_partition(policy, w->out, w->out + w->n, above_half) - w->out);
}

double std_partition(const work *w)
{
    return (double)(std::stable_partition(w->out, w->out + w->n, above_half) - w->out);
}

/* The rest goes to y. */
double pstl_partition_copy(const work *w)
{
    double *const rest = (double *)w->y;
    const auto ends = std::partition_copy(policy, w->x, w->x + w->n, w->out, rest, above_half);
    return (double)(ends.first - w->out);
}

double pstl_copy(const work *w)
{
    std::copy(policy, w->x, w->x + w->n, w->out);
    return 0;
}

double pstl_fill(const work *w)
{
    std::fill(policy, w->out, w->out + w->n, 2.5);
    return 0;
}

double pstl_gather(const work *w)
{
    const double *x = w->x;
    const size_t *index = (const size_t *)w->y;
    std::transform(policy, index, index + gather_count, w->out, [=](size_t k) { return x[k]; });
    return 0;
}
