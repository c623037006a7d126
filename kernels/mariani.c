/* mariani.c - the Mandelbrot set by Mariani and Silver: a square whose border is one colour is one colour.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The border of a square is computed. Is it all the same, the inside is filled; else the square is cut
 * into four, each a task, down to a side of 16. The set is connected and so is its complement, which is
 * why this works at all; on a grid of pixels a thin filament can be missed, so the reference is the
 * same algorithm, one square after the other (described by A. Dewdney, Computer Recreations,
 * Scientific American, February 1989). */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "digest.h"
#include "escape.h"
#include "kernel.h"

enum { small_side = 16 };

/* Rows and columns of an image. */
typedef struct area {
    steps *image;
    size_t n; /* of the image */
    size_t row, rows, column, columns;
} area;

static steps *at(const area *a, size_t row, size_t column)
{
    return &a->image[(a->row + row) * a->n + a->column + column];
}

static steps compute(const area *a, size_t row, size_t column)
{
    return *at(a, row, column) = pixel(a->row + row, a->column + column, a->n);
}

static void compute_all(const area *a)
{
    for (size_t row = 0; row < a->rows; row++)
        for (size_t column = 0; column < a->columns; column++)
            compute(a, row, column);
}

/* True where it is all the same. */
static bool compute_border(const area *a)
{
    const steps first = compute(a, 0, 0);
    bool same = true;
    for (size_t column = 0; column < a->columns; column++) {
        same &= compute(a, 0, column) == first;
        same &= compute(a, a->rows - 1, column) == first;
    }
    for (size_t row = 1; row + 1 < a->rows; row++) {
        same &= compute(a, row, 0) == first;
        same &= compute(a, row, a->columns - 1) == first;
    }
    return same;
}

static void fill_inside(const area *a)
{
    for (size_t row = 1; row + 1 < a->rows; row++)
        for (size_t column = 1; column + 1 < a->columns; column++)
            *at(a, row, column) = *at(a, 0, 0);
}

/* True when nothing is left to do. */
static bool is_done(const area *a)
{
    if (a->rows <= small_side || a->columns <= small_side) {
        compute_all(a);
        return true;
    }
    if (!compute_border(a))
        return false;
    fill_inside(a);
    return true;
}

static void quarter(const area *a, area part[4])
{
    const size_t upper = a->rows / 2, left = a->columns / 2;
    for (size_t k = 0; k < 4; k++) {
        part[k] = *a;
        part[k].rows = k / 2 ? a->rows - upper : upper;
        part[k].columns = k % 2 ? a->columns - left : left;
        part[k].row += k / 2 ? upper : 0;
        part[k].column += k % 2 ? left : 0;
    }
}

static int draw(void *arg);

static int draw_two(void *arg)
{
    area *const part = arg;
    weft_fork2(draw, &part[0], draw, &part[1]);
    return 0;
}

static int draw(void *arg)
{
    const area *const a = arg;
    if (is_done(a))
        return 0;
    area part[4];
    quarter(a, part);
    weft_fork2(draw_two, &part[0], draw_two, &part[2]);
    return 0;
}

static void draw_omp(const area *a)
{
    if (is_done(a))
        return;
    area part[4];
    quarter(a, part);
    for (size_t k = 0; k < 4; k++) {
#pragma omp task shared(part) firstprivate(k)
        draw_omp(&part[k]);
    }
#pragma omp taskwait
}

static void draw_serial(const area *a)
{
    if (is_done(a))
        return;
    area part[4];
    quarter(a, part);
    for (size_t k = 0; k < 4; k++)
        draw_serial(&part[k]);
}

static area whole(steps *image, size_t n)
{
    return (area){ .image = image, .n = n, .rows = n, .columns = n };
}

void mariani_run(job *j)
{
    area all = whole(j->data, j->n);
    draw(&all);
}

void mariani_omp_run(job *j)
{
    const area all = whole(j->data, j->n);
#pragma omp parallel num_threads(weft_threads())
#pragma omp single
    draw_omp(&all);
}

static bool mariani_open(job *j)
{
    steps *image = j->data = weft_alloc(j->n * j->n * sizeof *image);
    if (!image)
        return complain("mariani: %s", weft_detail());
    weft_for (i, j->n * j->n)
        image[i] = 0;
    return true;
}

/* Compares with the serial image, and with every pixel computed. */
static bool compare(const steps *image, const steps *serial, size_t n, size_t *missed)
{
    for (size_t i = 0; i < n * n; i++) {
        if (image[i] != serial[i])
            return complain("mariani: pixel (%zu, %zu) takes %d steps: it must be %d", i / n, i % n,
                            image[i], serial[i]);
        *missed += image[i] != pixel(i / n, i % n, n);
    }
    return true;
}

static bool mariani_check(job *j)
{
    const size_t n = j->n;
    const steps *image = j->data;
    steps *const serial = malloc(n * n * sizeof *serial);
    if (!serial)
        return complain("mariani: no memory for the reference");
    const area all = whole(serial, n);
    draw_serial(&all);
    size_t missed = 0;
    uint64_t digest = digest_of_nothing;
    const bool right = compare(image, serial, n, &missed);
    for (size_t i = 0; i < n * n; i++)
        digest = digest_u64(digest, serial[i]);
    free(serial);
    if (right)
        printf("mariani: %zu x %zu pixels, of which %zu hide something, digest %016llx\n", n, n,
               missed, (unsigned long long)digest);
    return right;
}

static void mariani_spoil(job *j, size_t way)
{
    (void)way;
    steps *image = j->data;
    image[j->n / 2 * j->n + j->n / 3] ^= 1;
}

static void mariani_close(job *j) { weft_dealloc(j->data); }

const problem mariani_problem = { .name = "mariani",
                                  .unit = "rows and columns",
                                  .item = "pixels",
                                  .n = 1024,
                                  .most = 1 << 16,
                                  .square = true,
                                  .each = 2 * sizeof(steps),
                                  .open = mariani_open,
                                  .check = mariani_check,
                                  .spoil = mariani_spoil,
                                  .ways = 1,
                                  .close = mariani_close };
