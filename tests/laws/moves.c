/* moves.c - copy.h.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "rows.h"

#include <stdlib.h>

/* A permutation of n indices: each a multiple of a number that has no divisor in common with n. */
static size_t place(size_t k, size_t n)
{
    static const size_t primes[] = { 7919, 7907, 7901 };
    size_t p = 0;
    while (p < 2 && n % primes[p] == 0)
        p++;
    return k * primes[p] % n;
}

static uint32_t *places_new(size_t n)
{
    uint32_t *index = NULL;
    while (!index) /* a test may let one allocation fail */
        index = malloc((n + 1) * sizeof *index);
    for (size_t k = 0; k < n; k++)
        index[k] = (uint32_t)place(k, n);
    return index;
}

#define MOVES(t, T, member, wide, ulp, lanes, greatest, least)                \
    ALGORITHM(copy_##t) { weft_copy((T *)(void *)a->y, in->t, in->n); }       \
    ALGORITHM(serial_copy_##t) { memcpy(a->y, in->t, in->n * sizeof(T)); }    \
    ALGORITHM(fill_##t) { weft_fill((T *)(void *)a->y, in->n, in->t[0]); }    \
    ALGORITHM(serial_fill_##t)                                                \
    {                                                                         \
        for (size_t k = 0; k < in->n; k++)                                    \
            memcpy(a->y + k * sizeof(T), in->t, sizeof(T));                   \
    }                                                                         \
    ALGORITHM(gather_##t)                                                     \
    {                                                                         \
        uint32_t *const index = places_new(in->n);                            \
        weft_gather((T *)(void *)a->y, in->t, index, in->n);                  \
        free(index);                                                          \
    }                                                                         \
    ALGORITHM(serial_gather_##t)                                              \
    {                                                                         \
        for (size_t k = 0; k < in->n; k++)                                    \
            memcpy(a->y + k * sizeof(T), in->t + place(k, in->n), sizeof(T)); \
    }                                                                         \
    ALGORITHM(scatter_##t)                                                    \
    {                                                                         \
        uint32_t *const index = places_new(in->n);                            \
        weft_scatter((T *)(void *)a->y, in->t, index, in->n);                 \
        free(index);                                                          \
    }                                                                         \
    ALGORITHM(serial_scatter_##t)                                             \
    {                                                                         \
        for (size_t k = 0; k < in->n; k++)                                    \
            memcpy(a->y + place(k, in->n) * sizeof(T), in->t + k, sizeof(T)); \
    }
TYPES(MOVES)

#define MOVE_LAWS(t, T, member, wide, ulp, lanes, greatest, least)                 \
    LAW("weft_copy " #t, copy_##t, serial_copy_##t, .width = sizeof(T)),           \
        LAW("weft_fill " #t, fill_##t, serial_fill_##t, .width = sizeof(T)),       \
        LAW("weft_gather " #t, gather_##t, serial_gather_##t, .width = sizeof(T)), \
        LAW("weft_scatter " #t, scatter_##t, serial_scatter_##t, .width = sizeof(T)),

static const struct law rows[] = { TYPES(MOVE_LAWS) };

FAMILY(moves, rows)
