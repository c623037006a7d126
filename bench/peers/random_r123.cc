/* random_r123.cc - Random123, the reference implementation of the counter-based generators.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A block of Philox4x32-10 gives two numbers, as in weft. */
#include "jobs.h"

#include <Random123/boxmuller.hpp>
#include <Random123/philox.h>
#include <Random123/uniform.hpp>

#include "hand.h"

static r123::Philox4x32::ctr_type block(size_t b)
{
    r123::Philox4x32 philox;
    return philox({ { (uint32_t)b, (uint32_t)(b >> 32), 0, 0 } }, { { 1, 0 } });
}

static uint64_t half(const r123::Philox4x32::ctr_type &c, size_t k)
{
    return c[2 * k] | (uint64_t)c[2 * k + 1] << 32;
}

double r123_normals(const work *w)
{
    const size_t n = w->n / 2;
    double *const x = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t b = 0; b < n; b++) {
        const auto c = block(b);
        const r123::double2 pair = r123::boxmuller(half(c, 0), half(c, 1));
        x[2 * b] = pair.x, x[2 * b + 1] = pair.y;
    }
    return 0;
}

double r123_uniforms(const work *w)
{
    const size_t n = w->n / 2;
    double *const x = w->out;
#pragma omp parallel for num_threads(peer_threads)
    for (size_t b = 0; b < n; b++) {
        const auto c = block(b);
        x[2 * b] = r123::u01<double>(half(c, 0)), x[2 * b + 1] = r123::u01<double>(half(c, 1));
    }
    return 0;
}
