/* moves.c - copy.h.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>

#include "rows.h"

/* The place in 0..n-1 that element k goes to, each of them once; and any place, some of them often. */
static size_t place(size_t k, size_t n) { return n % 7 ? k * 7 % n : n - 1 - k; }
static size_t somewhere(const struct input *in, size_t k) { return in->u64[k] % in->n; }

static size_t *places(const struct input *in, bool once)
{
    size_t *const index = row_memory(in->n * sizeof *index);
    for (size_t k = 0; k < in->n; k++)
        index[k] = once ? place(k, in->n) : somewhere(in, k);
    return index;
}

#define MOVES(t, T, ...)                                                       \
    ALGORITHM(copy_##t) { weft_copy((T *)(void *)a->y, in->t, in->n); }        \
    ALGORITHM(serial_copy_##t) { memcpy(a->y, in->t, in->n * sizeof(T)); }     \
    ALGORITHM(fill_##t) { weft_fill((T *)(void *)a->y, in->n, in->t[in->n]); } \
    ALGORITHM(serial_fill_##t)                                                 \
    {                                                                          \
        for (size_t k = 0; k < in->n; k++)                                     \
            memcpy(a->y + k * sizeof(T), &in->t[in->n], sizeof(T));            \
    }                                                                          \
    ALGORITHM(gather_##t)                                                      \
    {                                                                          \
        size_t *const index = places(in, false);                               \
        weft_gather((T *)(void *)a->y, in->t, index, in->n);                   \
        free(index);                                                           \
    }                                                                          \
    ALGORITHM(serial_gather_##t)                                               \
    {                                                                          \
        for (size_t k = 0; k < in->n; k++)                                     \
            memcpy(a->y + k * sizeof(T), &in->t[somewhere(in, k)], sizeof(T)); \
    }                                                                          \
    ALGORITHM(scatter_##t)                                                     \
    {                                                                          \
        size_t *const index = places(in, true);                                \
        weft_scatter((T *)(void *)a->y, in->t, index, in->n);                  \
        free(index);                                                           \
    }                                                                          \
    ALGORITHM(serial_scatter_##t)                                              \
    {                                                                          \
        for (size_t k = 0; k < in->n; k++)                                     \
            memcpy(a->y + place(k, in->n) * sizeof(T), &in->t[k], sizeof(T));  \
    }

/* By bytes alone: two sizes of element stand for all. */
#define MOVED(X) X(f32, float, ) X(f64, double, )
MOVED(MOVES)

#define MOVE_LAW(op, t, T) LAW("weft_" #op " " #t, op##_##t, serial_##op##_##t, .width = sizeof(T))
#define MOVE_LAWS(t, T, ...) \
    MOVE_LAW(copy, t, T), MOVE_LAW(fill, t, T), MOVE_LAW(gather, t, T), MOVE_LAW(scatter, t, T),

static const struct law rows[] = { MOVED(MOVE_LAWS) };

FAMILY(moves, rows)
