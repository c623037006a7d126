/* transpose.c - b = a transposed, cache-oblivious.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The longer side of a block is halved until the block is 32 x 32 at most: at some level blocks fit into
 * each cache, whatever its size (M. Frigo, C. Leiserson, H. Prokop, S. Ramachandran, Cache-oblivious
 * algorithms, FOCS 1999). Row by row, one of the two arrays is touched a line an element. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "digest.h"
#include "kernel.h"
#include "vectors.h"

enum { block_side = 32 };

typedef struct matrices {
    size_t n;
    double *a, *b; /* n x n, by rows */
} matrices;

/* Rows and columns of a that one task moves. */
typedef struct block {
    const matrices *m;
    size_t row, rows, column, columns;
} block;

static void transpose_block(const block *k)
{
    const double *const a = k->m->a;
    double *const b = k->m->b;
    const size_t n = k->m->n;
    for (size_t column = k->column; column < k->column + k->columns; column++)
        for (size_t row = k->row; row < k->row + k->rows; row++)
            b[column * n + row] = a[row * n + column];
}

static bool is_small(const block *k) { return k->rows <= block_side && k->columns <= block_side; }

static void halve(const block *k, block half[2])
{
    half[0] = half[1] = *k;
    if (k->rows >= k->columns) {
        half[0].rows = k->rows / 2;
        half[1].row += half[0].rows, half[1].rows -= half[0].rows;
    } else {
        half[0].columns = k->columns / 2;
        half[1].column += half[0].columns, half[1].columns -= half[0].columns;
    }
}

static int transpose(void *arg)
{
    const block *const k = arg;
    if (is_small(k)) {
        transpose_block(k);
        return 0;
    }
    block half[2];
    halve(k, half);
    weft_fork2(transpose, &half[0], transpose, &half[1]);
    return 0;
}

static void transpose_omp(const block *k)
{
    if (is_small(k)) {
        transpose_block(k);
        return;
    }
    block half[2];
    halve(k, half);
#pragma omp task shared(half)
    transpose_omp(&half[0]);
    transpose_omp(&half[1]);
#pragma omp taskwait
}

static block whole(const job *j) { return (block){ .m = j->data, .rows = j->n, .columns = j->n }; }

void transpose_run(job *j)
{
    block all = whole(j);
    transpose(&all);
}

void transpose_omp_run(job *j)
{
    const block all = whole(j);
#pragma omp parallel num_threads(weft_threads())
#pragma omp single
    transpose_omp(&all);
}

static bool transpose_open(job *j)
{
    const size_t items = j->n * j->n;
    matrices *m = j->data = calloc(1, sizeof *m);
    if (!m || !(m->a = weft_alloc(items * sizeof(double))) ||
        !(m->b = weft_alloc(items * sizeof(double))))
        return complain("transpose: no memory for %zu x %zu elements", j->n, j->n);
    m->n = j->n;
    double *a = m->a, *b = m->b;
    weft_for (i, items)
        a[i] = x_of(i), b[i] = 0;
    return true;
}

static bool transpose_check(job *j)
{
    const matrices *const m = j->data;
    const size_t n = j->n;
    for (size_t row = 0; row < n; row++)
        for (size_t column = 0; column < n; column++)
            if (m->b[column * n + row] != x_of(row * n + column))
                return complain("transpose: b[%zu][%zu] is %.17g: it must be %.17g", column, row,
                                m->b[column * n + row], x_of(row * n + column));
    printf("transpose: %zu x %zu elements are right, digest %016llx\n", n, n,
           (unsigned long long)digest_f64(digest_of_nothing, m->b, n * n));
    return true;
}

static void transpose_spoil(job *j, size_t way)
{
    (void)way;
    const matrices *const m = j->data;
    m->b[j->n * j->n / 2] += 1;
}

static void transpose_close(job *j)
{
    matrices *const m = j->data;
    if (m) {
        weft_dealloc(m->a);
        weft_dealloc(m->b);
    }
    free(m);
}

const problem transpose_problem = { .name = "transpose",
                                    .unit = "rows and columns",
                                    .item = "elements",
                                    .n = 2048,
                                    .most = 1 << 16,
                                    .square = true,
                                    .each = 2 * sizeof(double),
                                    .bytes = 2 * sizeof(double),
                                    .open = transpose_open,
                                    .check = transpose_check,
                                    .spoil = transpose_spoil,
                                    .ways = 1,
                                    .close = transpose_close };
