/* randoms.c - the arrays of random.h: their answer is that of the calls by index.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Order and samples have loops of their own in shuffle_test.c; here they are to be in some order, the
 * same one always. */
#include "rows.h"

static const weft_random philox = { .key = { 42 } };
static const weft_random threefry = { .key = { 42, 7 }, .generator = WEFT_THREEFRY };

#define FILLS(op, t, T, call)                                                              \
    ALGORITHM(op##_##t) { weft_fill_##op((T *)(void *)a->y, in->n, &philox, .first = 3); } \
    ALGORITHM(op##_threefry_##t)                                                           \
    {                                                                                      \
        weft_fill_##op((T *)(void *)a->y, in->n, &threefry, .draw = 1);                    \
    }                                                                                      \
    ALGORITHM(serial_##op##_##t)                                                           \
    {                                                                                      \
        for (size_t k = 0; k < in->n; k++)                                                 \
            ((T *)(void *)a->y)[k] = call(&philox, k + 3);                                 \
    }                                                                                      \
    ALGORITHM(serial_##op##_threefry_##t)                                                  \
    {                                                                                      \
        for (size_t k = 0; k < in->n; k++)                                                 \
            ((T *)(void *)a->y)[k] = call(&threefry, k, 1);                                \
    }
FILLS(random, u32, uint32_t, weft_random_u32)
FILLS(random, u64, uint64_t, weft_random_u64)
FILLS(uniform, f32, float, weft_uniform_f32)
FILLS(uniform, f64, double, weft_uniform)
FILLS(normal, f32, float, weft_normal_f32)
FILLS(normal, f64, double, weft_normal)

#define FILL_LAWS(op, t, T)                                                                   \
    LAW("weft_fill_" #op " " #t, op##_##t, serial_##op##_##t, .width = sizeof(T)),            \
        LAW("weft_fill_" #op ", threefry " #t, op##_threefry_##t, serial_##op##_threefry_##t, \
            .width = sizeof(T)),

/* The loop sees whether all of them are there, once. */
#define P ((size_t *)(void *)a->y)

ALGORITHM(shuffle)
{
    for (size_t k = 0; k < in->n; k++)
        P[k] = k;
    weft_shuffle(P, in->n, &philox);
}

ALGORITHM(permutation) { weft_permutation(P, in->n, &philox); }
ALGORITHM(sample) { weft_sample(P, in->n, 3 * in->n + 5, &philox); }

/* Its draws have no calls of their own. */
ALGORITHM(sample_alone)
{
    weft_with_threads (1)
        sample(in, a);
}

static const struct law rows[] = {
    FILL_LAWS(random, u32, uint32_t) FILL_LAWS(random, u64, uint64_t) FILL_LAWS(uniform, f32, float)
        FILL_LAWS(uniform, f64, double) FILL_LAWS(normal, f32, float) FILL_LAWS(normal, f64, double)
            LAW("weft_shuffle", shuffle, permutation, .width = sizeof(size_t)),
    LAW("weft_permutation", permutation, shuffle, .width = sizeof(size_t)),
    LAW("weft_sample", sample, sample_alone, .width = sizeof(size_t)),
};

FAMILY(randoms, rows)
