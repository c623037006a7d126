/* mandelbrot.c - how many steps z = z z + c takes to leave the circle of radius 2, for each pixel.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A pixel of the set takes all 1000 steps, one beside it a few, and neighbours are alike: in equal
 * parts one thread would get most of the work. So rows are handed out one at a time.
 *
 * Steps are counted exactly, so the answer is compared with ==. A step is 4 multiplications and 4
 * additions; how many there are only the answer tells. */
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "digest.h"
#include "escape.h"
#include "kernel.h"

static void fill_row(steps *image, size_t row, size_t n)
{
    for (size_t column = 0; column < n; column++)
        image[row * n + column] = pixel(row, column, n);
}

static bool mandelbrot_open(job *j)
{
    steps *image = j->data = weft_alloc(j->n * j->n * sizeof *image);
    if (!image)
        return complain("mandelbrot: %s", weft_detail());
    weft_for (i, j->n * j->n)
        image[i] = 0;
    return true;
}

void mandelbrot_run(job *j)
{
    steps *image = j->data;
    const size_t n = j->n;
    weft_for_dynamic (row, n)
        fill_row(image, row, n);
}

void mandelbrot_omp_run(job *j)
{
    steps *image = j->data;
    const size_t n = j->n;
#pragma omp parallel for schedule(dynamic) num_threads(weft_threads())
    for (size_t row = 0; row < n; row++)
        fill_row(image, row, n);
}

static bool mandelbrot_check(job *j)
{
    const steps *image = j->data;
    const size_t n = j->n;
    size_t total = 0, inside = 0;
    uint64_t digest = digest_of_nothing;
    for (size_t i = 0; i < n * n; i++) {
        const steps expected = pixel(i / n, i % n, n);
        if (image[i] != expected)
            return complain("mandelbrot: pixel (%zu, %zu) takes %d steps: it must be %d", i / n,
                            i % n, image[i], expected);
        total += expected, inside += expected == steps_most;
        digest = digest_u64(digest, expected);
    }
    j->flops = (double)step_flops * (double)total;
    printf("mandelbrot: %zu x %zu pixels, %zu steps, %zu pixels never leave within %d, digest "
           "%016llx\n",
           n, n, total, inside, steps_most, (unsigned long long)digest);
    return true;
}

static void mandelbrot_spoil(job *j, size_t way)
{
    (void)way;
    steps *image = j->data;
    image[j->n / 2 * j->n + j->n / 3] ^= 1;
}

static void mandelbrot_close(job *j) { weft_dealloc(j->data); }

const problem mandelbrot_problem = { .name = "mandelbrot",
                                     .unit = "rows and columns",
                                     .item = "pixels",
                                     .n = 512,
                                     .most = 1 << 16,
                                     .square = true,
                                     .each = sizeof(steps),
                                     .open = mandelbrot_open,
                                     .check = mandelbrot_check,
                                     .spoil = mandelbrot_spoil,
                                     .ways = 1,
                                     .close = mandelbrot_close };
