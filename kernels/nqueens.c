/* nqueens.c - in how many ways n queens stand on an n x n board, none attacked by another.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Row by row: a board is what the queens so far attack in the next row, by column and by both
 * diagonals, as bits; each free column is a board more. The first rows make a task of each board,
 * the others are searched by the task that meets them.
 *
 * The numbers of solutions are published: The On-Line Encyclopedia of Integer Sequences, A000170. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"

enum { most_queens = 18, task_rows = 4 };

static const uint64_t published[most_queens + 1] = { 1,       1,        0,        0,        2,
                                                     10,      4,        40,       92,       352,
                                                     724,     2680,     14200,    73712,    365596,
                                                     2279184, 14772512, 95815104, 666090624 };

typedef struct board {
    uint32_t all;                      /* the columns */
    uint32_t columns, rising, falling; /* attacked in the next row */
    size_t row;
} board;

/* What comes of a board: solutions, and queens placed on the way. */
typedef struct count {
    uint64_t solutions, placed;
} count;

static count add(count a, count b)
{
    return (count){ a.solutions + b.solutions, a.placed + b.placed };
}

static bool is_full(const board *b) { return b->columns == b->all; }
static uint32_t free_columns(const board *b)
{
    return b->all & ~(b->columns | b->rising | b->falling);
}

/* With a queen in the next row, in the column of that bit. */
static board with_queen(const board *b, uint32_t column)
{
    return (board){ .all = b->all,
                    .columns = b->columns | column,
                    .rising = (b->rising | column) << 1,
                    .falling = (b->falling | column) >> 1,
                    .row = b->row + 1 };
}

static count search(const board *b)
{
    if (is_full(b))
        return (count){ .solutions = 1 };
    count sum = { 0 };
    for (uint32_t left = free_columns(b); left; left &= left - 1) {
        const board next = with_queen(b, left & -left);
        sum = add(sum, search(&next));
        sum.placed++;
    }
    return sum;
}

/* ---- on weft: halves of the free columns, down to one of them ---- */

typedef struct branch {
    board at;
    uint32_t columns; /* free ones, at least one */
    count found;
} branch;

static int explore(void *arg);

static void explore_one(branch *b)
{
    const board next = with_queen(&b->at, b->columns);
    const uint32_t columns = free_columns(&next);
    if (next.row >= task_rows || !columns) {
        b->found = search(&next);
    } else {
        branch below = { .at = next, .columns = columns };
        explore(&below);
        b->found = below.found;
    }
    b->found.placed++;
}

/* The lower half of the bits that are set. */
static uint32_t lower_half(uint32_t bits)
{
    uint32_t half = 0;
    for (int k = __builtin_popcount(bits) / 2; k > 0; k--) {
        half |= bits & -bits;
        bits &= bits - 1;
    }
    return half;
}

static int explore(void *arg)
{
    branch *const b = arg;
    const uint32_t half = lower_half(b->columns);
    if (!half) {
        explore_one(b);
        return 0;
    }
    branch low = { .at = b->at, .columns = half },
           high = { .at = b->at, .columns = b->columns & ~half };
    weft_fork2(explore, &low, explore, &high);
    b->found = add(low.found, high.found);
    return 0;
}

static board empty_board(size_t n) { return (board){ .all = (1u << n) - 1 }; }

void nqueens_run(job *j)
{
    branch root = { .at = empty_board(j->n), .columns = (1u << j->n) - 1 };
    explore(&root);
    *(count *)j->data = root.found;
}

/* ---- in raw OpenMP: a task a board ---- */

static void explore_omp(const board *b, count *total)
{
    if (b->row >= task_rows || is_full(b)) {
        const count found = search(b);
#pragma omp atomic
        total->solutions += found.solutions;
#pragma omp atomic
        total->placed += found.placed;
        return;
    }
    for (uint32_t left = free_columns(b); left; left &= left - 1) {
        const board next = with_queen(b, left & -left);
#pragma omp atomic
        total->placed++;
#pragma omp task firstprivate(next)
        explore_omp(&next, total);
    }
#pragma omp taskwait
}

void nqueens_omp_run(job *j)
{
    const board root = empty_board(j->n);
    count total = { 0 };
#pragma omp parallel num_threads(weft_threads())
#pragma omp single
    explore_omp(&root, &total);
    *(count *)j->data = total;
}

/* ---- the problem ---- */

static bool nqueens_open(job *j)
{
    j->data = calloc(1, sizeof(count));
    return j->data || complain("nqueens: no memory");
}

static bool nqueens_check(job *j)
{
    const count *const found = j->data;
    const board root = empty_board(j->n);
    const count expected = search(&root);
    if (found->solutions != published[j->n])
        return complain("nqueens: %zu queens stand in %" PRIu64 " ways: it must be %" PRIu64, j->n,
                        found->solutions, published[j->n]);
    if (found->placed != expected.placed)
        return complain("nqueens: %" PRIu64 " queens were placed: it must be %" PRIu64,
                        found->placed, expected.placed);
    j->items = (double)found->placed;
    printf("nqueens: %zu queens stand in %" PRIu64 " ways, found by placing %" PRIu64 "\n", j->n,
           found->solutions, found->placed);
    return true;
}

static void nqueens_spoil(job *j, size_t way)
{
    count *const found = j->data;
    if (way == 1)
        found->solutions++;
    else
        found->placed++;
}

static void nqueens_close(job *j) { free(j->data); }

const problem nqueens_problem = { .name = "nqueens",
                                  .unit = "queens",
                                  .item = "queens",
                                  .n = 12,
                                  .most = most_queens,
                                  .open = nqueens_open,
                                  .check = nqueens_check,
                                  .spoil = nqueens_spoil,
                                  .ways = 2,
                                  .close = nqueens_close };
