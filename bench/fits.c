/* fits.c - the laws of scaling, fitted to speedups against one thread.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "fits.h"

#include <math.h>

double fits_karp_flatt(double p, double s) { return (1 / s - 1 / p) / (1 - 1 / p); }

/* One unknown: f (1 - 1/p) = 1/s - 1/p. */
double fits_amdahl(const double *p, const double *s, size_t n)
{
    double square = 0, product = 0;
    for (size_t k = 0; k < n; k++) {
        const double x = 1 - 1 / p[k];
        square += x * x;
        product += x * (1 / s[k] - 1 / p[k]);
    }
    return product / square;
}

/* p/s - 1 = contention x + coherency y, x = p - 1, y = p (p - 1): the normal equations. */
static usl_fit solve(const double *p, const double *s, size_t n)
{
    double xx = 0, xy = 0, yy = 0, xz = 0, yz = 0;
    for (size_t k = 0; k < n; k++) {
        const double x = p[k] - 1, y = p[k] * x, z = p[k] / s[k] - 1;
        xx += x * x, xy += x * y, yy += y * y, xz += x * z, yz += y * z;
    }
    const double det = xx * yy - xy * xy;
    usl_fit u = { .contention = (xz * yy - yz * xy) / det, .coherency = (xx * yz - xy * xz) / det };
    if (u.coherency < 0)
        u.contention = xz / xx, u.coherency = 0;
    else if (u.contention < 0)
        u.contention = 0, u.coherency = yz / yy;
    u.contention = fmax(u.contention, 0), u.coherency = fmax(u.coherency, 0);
    return u;
}

static double residual(const usl_fit *u, const double *p, const double *s, size_t n)
{
    double sum = 0;
    for (size_t k = 0; k < n; k++) {
        const double x = p[k] - 1;
        const double law = p[k] / (1 + u->contention * x + u->coherency * p[k] * x);
        sum += (s[k] / law - 1) * (s[k] / law - 1);
    }
    return sqrt(sum / (double)n);
}

usl_fit fits_usl(const double *p, const double *s, size_t n)
{
    usl_fit u = solve(p, s, n);
    u.peak = u.coherency > 0 ? sqrt(fmax(1 - u.contention, 0) / u.coherency) : INFINITY;
    u.residual = residual(&u, p, s, n);
    return u;
}
