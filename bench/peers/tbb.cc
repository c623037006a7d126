/* tbb.cc - oneTBB.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The leaves are simd loops: what is compared is the division of work, not the vectoriser. */
#include "jobs.h"

#include <algorithm>
#include <cmath>

#include <tbb/blocked_range.h>
#include <tbb/blocked_range2d.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/parallel_reduce.h>
#include <tbb/parallel_scan.h>

using range = tbb::blocked_range<size_t>;

void tbb_setup(int threads)
{
    /* Lives as long as the process: the number holds for std::execution, too. */
    new tbb::global_control(tbb::global_control::max_allowed_parallelism, (size_t)threads);
}

template <class Partitioner> static double loop(const work *w, const Partitioner &partitioner)
{
    const double *x = w->x;
    double *y = w->out;
    tbb::parallel_for(
        range(0, w->n),
        [=](const range &r) {
            for (size_t i = r.begin(); i != r.end(); i++)
                y[i] = 2 * x[i] + 1;
        },
        partitioner);
    return 0;
}

static double sum_leaf(const double *x, const range &r, double sum)
{
    const size_t end = r.end();
#pragma omp simd reduction(+ : sum)
    for (size_t i = r.begin(); i < end; i++)
        sum += x[i];
    return sum;
}

static double dot_leaf(const double *x, const double *y, const range &r, double sum)
{
    const size_t end = r.end();
#pragma omp simd reduction(+ : sum)
    for (size_t i = r.begin(); i < end; i++)
        sum += x[i] * y[i];
    return sum;
}

namespace
{
struct best {
    double value;
    size_t index;
};
} // namespace

static best smaller(best a, best b)
{
    return b.value < a.value || (b.value == a.value && b.index < a.index) ? b : a;
}

double tbb_loop_static(const work *w) { return loop(w, tbb::static_partitioner()); }
double tbb_loop_auto(const work *w) { return loop(w, tbb::auto_partitioner()); }

double tbb_loop_dynamic(const work *w)
{
    const double *x = w->x;
    double *y = w->out;
    tbb::parallel_for(
        range(0, w->n, 1),
        [=](const range &r) {
            for (size_t i = r.begin(); i != r.end(); i++)
                if (x[i] < 0)
                    y[i] = 2 * x[i] + 1;
        },
        tbb::simple_partitioner());
    return 0;
}

double tbb_triad(const work *w)
{
    const double *b = w->x, *c = w->y;
    double *a = w->out;
    tbb::parallel_for(
        range(0, w->n),
        [=](const range &r) {
            for (size_t i = r.begin(); i != r.end(); i++)
                a[i] = b[i] + 3 * c[i];
        },
        tbb::static_partitioner());
    return 0;
}

double tbb_sum(const work *w)
{
    const double *x = w->x;
    return tbb::parallel_reduce(
        range(0, w->n), 0.0, [=](const range &r, double s) { return sum_leaf(x, r, s); },
        std::plus<double>());
}

double tbb_sum_deterministic(const work *w)
{
    const double *x = w->x;
    return tbb::parallel_deterministic_reduce(
        range(0, w->n, 4096), 0.0, [=](const range &r, double s) { return sum_leaf(x, r, s); },
        std::plus<double>());
}

double tbb_dot(const work *w)
{
    const double *x = w->x, *y = w->y;
    return tbb::parallel_reduce(
        range(0, w->n), 0.0, [=](const range &r, double s) { return dot_leaf(x, y, r, s); },
        std::plus<double>());
}

double tbb_argmin(const work *w)
{
    const double *x = w->x;
    const best b = tbb::parallel_reduce(
        range(0, w->n), best{ INFINITY, w->n },
        [=](const range &r, best now) {
            for (size_t i = r.begin(); i != r.end(); i++)
                if (x[i] < now.value)
                    now = best{ x[i], i };
            return now;
        },
        smaller);
    return (double)b.index;
}

double tbb_scan(const work *w)
{
    const double *x = w->x;
    double *out = w->out;
    return tbb::parallel_scan(
        tbb::blocked_range<std::size_t>(0, w->n), 0.0,
        [=](const tbb::blocked_range<std::size_t> &r, double sum, bool last) {
            for (std::size_t i = r.begin(); i < r.end(); i++) {
                sum += x[i];
                if (last)
                    out[i] = sum;
            }
            return sum;
        },
        [](double a, double b) { return a + b; });
}

double tbb_copy(const work *w)
{
    const double *x = w->x;
    double *y = w->out;
    tbb::parallel_for(
        range(0, w->n),
        [=](const range &r) { std::copy(x + r.begin(), x + r.end(), y + r.begin()); },
        tbb::static_partitioner());
    return 0;
}

double tbb_fill(const work *w)
{
    double *y = w->out;
    tbb::parallel_for(
        range(0, w->n), [=](const range &r) { std::fill(y + r.begin(), y + r.end(), 2.5); },
        tbb::static_partitioner());
    return 0;
}

double tbb_gather(const work *w)
{
    const double *x = w->x;
    const size_t *index = (const size_t *)w->y;
    double *y = w->out;
    tbb::parallel_for(
        range(0, gather_count),
        [=](const range &r) {
            for (size_t k = r.begin(); k != r.end(); k++)
                y[k] = x[index[k]];
        },
        tbb::static_partitioner());
    return 0;
}

double tbb_transpose(const work *w)
{
    const size_t m = (size_t)std::sqrt((double)w->n);
    const double *x = w->x;
    double *y = w->out;
    tbb::parallel_for(tbb::blocked_range2d<size_t>(0, m, 0, m), [=](const auto &r) {
        for (size_t i = r.rows().begin(); i != r.rows().end(); i++)
            for (size_t j = r.cols().begin(); j != r.cols().end(); j++)
                y[j * m + i] = x[i * m + j];
    });
    return 0;
}

double tbb_stencil(const work *w)
{
    const size_t m = (size_t)std::sqrt((double)w->n);
    const double *x = w->x;
    double *y = w->out;
    tbb::parallel_for(tbb::blocked_range2d<size_t>(1, m - 1, 1, m - 1), [=](const auto &r) {
        for (size_t i = r.rows().begin(); i != r.rows().end(); i++)
            for (size_t j = r.cols().begin(); j != r.cols().end(); j++)
                y[i * m + j] = 0.5 * x[i * m + j] + 0.125 * (x[(i - 1) * m + j] + x[(i + 1) * m + j] +
                                                             x[i * m + j - 1] + x[i * m + j + 1]);
    });
    return 0;
}
