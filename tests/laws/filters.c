/* filters.c - filter.h.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "rows.h"

/* Of integers: what -ffast-math makes of a comparison with NaN is the row's own affair. */
static bool falls(const struct input *in, size_t k) { return in->i32[k] > in->i32[k + 1]; }

#define FILTERS(t, T, member, wide, ulp, lanes, greatest, least)                       \
    ALGORITHM(filter_##t)                                                              \
    {                                                                                  \
        T *const out = (T *)(void *)a->y;                                              \
        ANSWER(i, weft_filter(out, k, in->n, (a->seen[k]++, falls(in, k)), in->t[k])); \
    }                                                                                  \
    ALGORITHM(filter_in_place_##t)                                                     \
    {                                                                                  \
        T *const out = (T *)(void *)a->y;                                              \
        memcpy(out, in->t, in->n * sizeof *out);                                       \
        ANSWER(i, weft_filter(out, k, in->n, falls(in, k), out[k]));                   \
        memset(out + a->i, 0, (in->n - (size_t)a->i) * sizeof *out);                   \
    }                                                                                  \
    ALGORITHM(serial_filter_##t)                                                       \
    {                                                                                  \
        T *const out = (T *)(void *)a->y;                                              \
        for (size_t k = 0; k < in->n; k++)                                             \
            if (falls(in, k))                                                          \
                out[a->i++] = in->t[k];                                                \
    }
TYPES(FILTERS)

#define FILTER_LAWS(t, T, member, wide, ulp, lanes, greatest, least)            \
    LAW("weft_filter " #t, filter_##t, serial_filter_##t, .width = sizeof(T),   \
        .visits = EACH_ONCE),                                                   \
        LAW("weft_filter in place " #t, filter_in_place_##t, serial_filter_##t, \
            .width = sizeof(T)),

#define PARTITIONS(t, T, member, wide, ulp, lanes, greatest, least)                       \
    ALGORITHM(partition_##t)                                                              \
    {                                                                                     \
        T *const out = (T *)(void *)a->y;                                                 \
        ANSWER(i, weft_partition(out, k, in->n, falls(in, k), (a->seen[k]++, in->t[k]))); \
    }                                                                                     \
    ALGORITHM(partition_in_place_##t)                                                     \
    {                                                                                     \
        T *const out = (T *)(void *)a->y;                                                 \
        memcpy(out, in->t, in->n * sizeof *out);                                          \
        ANSWER(i, weft_partition(out, k, in->n, falls(in, k), out[k]));                   \
    }                                                                                     \
    ALGORITHM(serial_partition_##t)                                                       \
    {                                                                                     \
        T *const out = (T *)(void *)a->y;                                                 \
        for (size_t k = 0; k < in->n; k++)                                                \
            if (falls(in, k))                                                             \
                out[a->i++] = in->t[k];                                                   \
        size_t at = (size_t)a->i;                                                         \
        for (size_t k = 0; k < in->n; k++)                                                \
            if (!falls(in, k))                                                            \
                out[at++] = in->t[k];                                                     \
    }
TYPES(PARTITIONS)

#define PARTITION_LAWS(t, T, member, wide, ulp, lanes, greatest, least)                  \
    LAW("weft_partition " #t, partition_##t, serial_partition_##t, .width = sizeof(T),   \
        .visits = EACH_ONCE),                                                            \
        LAW("weft_partition in place " #t, partition_in_place_##t, serial_partition_##t, \
            .width = sizeof(T)),

#define Y ((double *)(void *)a->y)

ALGORITHM(filter_few)
{
    ANSWER(i, weft_filter(Y, k, in->n, in->i32[k] == 7, (a->seen[k]++, in->f64[k])));
}

ALGORITHM(serial_few)
{
    for (size_t k = 0; k < in->n; k++)
        if (in->i32[k] == 7)
            Y[a->i++] = in->f64[k];
}

ALGORITHM(filter_all) { ANSWER(i, weft_filter(Y, k, in->n, true, (a->seen[k]++, in->f64[k]))); }

ALGORITHM(serial_all)
{
    memcpy(a->y, in->f64, in->n * sizeof(double));
    a->i = (int64_t)in->n;
}

static const struct law rows[] = {
    TYPES(FILTER_LAWS) LAW("weft_filter, few", filter_few, serial_few, .width = sizeof(double),
                           .visits = EACH_AT_MOST_ONCE),
    TYPES(PARTITION_LAWS) LAW("weft_filter, all", filter_all, serial_all, .width = sizeof(double),
                              .visits = EACH_ONCE),
};

FAMILY(filters, rows)
