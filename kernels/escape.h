/* escape.h - the Mandelbrot set, a pixel at a time.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * n x n pixels cover -2..0.5 by -1.25..1.25. */
#ifndef KERNELS_ESCAPE_H
#define KERNELS_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

enum { steps_most = 1000, step_flops = 8 };

typedef uint16_t steps;

/* How many steps z = z z + c takes to leave the circle of radius 2; at most steps_most. */
static inline steps escape(double re, double im)
{
    double x = 0, y = 0;
    unsigned k = 0;
    for (; k < steps_most && x * x + y * y <= 4; k++) {
        const double next = x * x - y * y + re;
        y = 2 * x * y + im;
        x = next;
    }
    return (steps)k;
}

/* Of the pixel's centre. */
static inline steps pixel(size_t row, size_t column, size_t n)
{
    const double side = 2.5 / (double)n;
    return escape(-2 + side * ((double)column + 0.5), -1.25 + side * ((double)row + 0.5));
}

#endif
