/* groups.c - group.h.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The loops look each key up in the sorted distinct ones, which qsort finds, and add part by part. */
#include <stdlib.h>

#include "rows.h"

/* ---- a group is 16 bytes of y: key and value ---- */

static void show(struct answer *a, size_t groups, const void *unique, size_t key_size,
                 const void *out, size_t out_size)
{
    a->i = (int64_t)groups;
    for (size_t g = 0; g < groups; g++) {
        memcpy(a->y + 16 * g, (const char *)unique + g * key_size, key_size);
        if (out)
            memcpy(a->y + 16 * g + 8, (const char *)out + g * out_size, out_size);
    }
}

/* ---- distinct keys ---- */

#define KEYS(t, T, member, wide, ulp, lanes, greatest, least)                                  \
    static int compare_##t(const void *pa, const void *pb)                                     \
    {                                                                                          \
        const T a = *(const T *)pa, b = *(const T *)pb;                                        \
        return (a != a) != (b != b) ? (a != a) - (b != b) : (a > b) - (a < b);                 \
    }                                                                                          \
    static T one_key_##t(T x) { return x == 0 ? 0 : x != x ? (T)NAN_OF_##t : x; }              \
    static size_t distinct_##t(const T *x, size_t n, T *unique)                                \
    {                                                                                          \
        size_t groups = 0;                                                                     \
        for (size_t k = 0; k < n; k++)                                                         \
            unique[k] = one_key_##t(x[k]);                                                     \
        qsort(unique, n, sizeof *unique, compare_##t);                                         \
        for (size_t k = 0; k < n; k++)                                                         \
            if (k == 0 || compare_##t(&unique[groups - 1], &unique[k]))                        \
                unique[groups++] = unique[k];                                                  \
        return groups;                                                                         \
    }                                                                                          \
    static size_t group_of_##t(T x, const T *unique, size_t groups)                            \
    {                                                                                          \
        const T key = one_key_##t(x);                                                          \
        return (size_t)((T *)bsearch(&key, unique, groups, sizeof key, compare_##t) - unique); \
    }
#define NAN_OF_i32 0
#define NAN_OF_i64 0
#define NAN_OF_u32 0
#define NAN_OF_u64 0
#define NAN_OF_f32 NAN
#define NAN_OF_f64 NAN
TYPES(KEYS)

#define COUNTS(t, T, member, wide, ulp, lanes, greatest, least)                \
    ALGORITHM(unique_##t)                                                      \
    {                                                                          \
        T *const out = row_memory(in->n * sizeof *out + 1);                    \
        show(a, weft_unique(in->t, in->n, out), out, sizeof *out, NULL, 0);    \
        free(out);                                                             \
    }                                                                          \
    ALGORITHM(unique_in_place_##t)                                             \
    {                                                                          \
        T *const out = row_memory(in->n * sizeof *out + 1);                    \
        memcpy(out, in->t, in->n * sizeof *out);                               \
        show(a, weft_unique(out, in->n, out), out, sizeof *out, NULL, 0);      \
        free(out);                                                             \
    }                                                                          \
    ALGORITHM(serial_unique_##t)                                               \
    {                                                                          \
        T *const out = row_memory(in->n * sizeof *out + 1);                    \
        show(a, distinct_##t(in->t, in->n, out), out, sizeof *out, NULL, 0);   \
        free(out);                                                             \
    }                                                                          \
    ALGORITHM(count_##t)                                                       \
    {                                                                          \
        T *const unique = row_memory(in->n * sizeof *unique + 1);              \
        size_t *const counts = row_memory(in->n * sizeof *counts + 1);         \
        const size_t groups = weft_count_by_key(in->t, in->n, unique, counts); \
        show(a, groups, unique, sizeof *unique, counts, sizeof *counts);       \
        free(unique), free(counts);                                            \
    }                                                                          \
    ALGORITHM(serial_count_##t)                                                \
    {                                                                          \
        T *const unique = row_memory(in->n * sizeof *unique + 1);              \
        size_t *const counts = calloc(in->n + 1, sizeof *counts);              \
        const size_t groups = distinct_##t(in->t, in->n, unique);              \
        for (size_t k = 0; k < in->n; k++)                                     \
            counts[group_of_##t(in->t[k], unique, groups)]++;                  \
        show(a, groups, unique, sizeof *unique, counts, sizeof *counts);       \
        free(unique), free(counts);                                            \
    }
TYPES(COUNTS)

/* ---- reductions: keys of type t, values of type v ---- */

#define REDUCE(op, t, T, v, R)                                                          \
    ALGORITHM(op##_##t##_##v)                                                           \
    {                                                                                   \
        T *const unique = row_memory(in->n * sizeof *unique + 1);                       \
        R *const out = row_memory(in->n * sizeof *out + 1);                             \
        const size_t groups = weft_##op##_by_key(in->t, in->v + 1, in->n, unique, out); \
        show(a, groups, unique, sizeof *unique, out, sizeof *out);                      \
        free(unique), free(out);                                                        \
    }
#define SERIAL(op, t, T, v, R, START, ...)                             \
    ALGORITHM(serial_##op##_##t##_##v)                                 \
    {                                                                  \
        T *const unique = row_memory(in->n * sizeof *unique + 1);      \
        R *const out = row_memory(in->n * sizeof *out + 1);            \
        const size_t groups = distinct_##t(in->t, in->n, unique);      \
        for (size_t g = 0; g < groups; g++)                            \
            out[g] = START;                                            \
        for (size_t k = 0; k < in->n; k++) {                           \
            R *const o = &out[group_of_##t(in->t[k], unique, groups)]; \
            const __typeof__(in->v[0]) x = in->v[k + 1];               \
            __VA_ARGS__;                                               \
        }                                                              \
        show(a, groups, unique, sizeof *unique, out, sizeof *out);     \
        free(unique), free(out);                                       \
    }

/* Part by part in double, whatever the type; one NaN. */
#define SERIAL_SUM(t, T, v, R)                                               \
    ALGORITHM(serial_sum_##t##_##v)                                          \
    {                                                                        \
        T *const unique = row_memory(in->n * sizeof *unique + 1);            \
        R *const out = row_memory(in->n * sizeof *out + 1);                  \
        const size_t groups = distinct_##t(in->t, in->n, unique);            \
        double *const sum = calloc(groups + 1, sizeof *sum);                 \
        double *const total = calloc(groups + 1, sizeof *total);             \
        const size_t part = weft_group_part(in->n);                          \
        for (size_t begin = 0; begin < in->n; begin += part) {               \
            for (size_t k = begin; k < in->n && k < begin + part; k++)       \
                sum[group_of_##t(in->t[k], unique, groups)] += in->v[k + 1]; \
            for (size_t g = 0; g < groups; g++)                              \
                total[g] += sum[g], sum[g] = 0;                              \
        }                                                                    \
        for (size_t g = 0; g < groups; g++)                                  \
            out[g] = total[g] != total[g] ? (R)NAN : (R)total[g];            \
        show(a, groups, unique, sizeof *unique, out, sizeof *out);           \
        free(unique), free(out), free(sum), free(total);                     \
    }

/* Of zeros the one with a sign is less. */
#define BELOW(a, b) ((a) < (b) || ((a) == 0 && (b) == 0 && 1 / (double)(a) < 1 / (double)(b)))
#define EXTREMES(t, T, v, V, GREATEST, LEAST)                      \
    REDUCE(min, t, T, v, V)                                        \
    REDUCE(max, t, T, v, V)                                        \
    SERIAL(min, t, T, v, V, (V)GREATEST, if (BELOW(x, *o)) *o = x) \
    SERIAL(max, t, T, v, V, (V)LEAST, if (BELOW(*o, x)) *o = x)
#define OF_INTEGERS(t, T, v, V, W, GREATEST, LEAST)                  \
    REDUCE(sum, t, T, v, W)                                          \
    SERIAL(sum, t, T, v, W, 0, *o = (W)((uint64_t)*o + (uint64_t)x)) \
    EXTREMES(t, T, v, V, GREATEST, LEAST)
#define OF_FLOATS(t, T, v, V) \
    REDUCE(sum, t, T, v, V)   \
    SERIAL_SUM(t, T, v, V)    \
    EXTREMES(t, T, v, V, INFINITY, -INFINITY)

OF_INTEGERS(i32, int32_t, i32, int32_t, int64_t, INT32_MAX, INT32_MIN)
OF_INTEGERS(f32, float, i64, int64_t, int64_t, INT64_MAX, INT64_MIN)
OF_INTEGERS(u64, uint64_t, u32, uint32_t, uint64_t, UINT32_MAX, 0)
OF_INTEGERS(f64, double, u64, uint64_t, uint64_t, UINT64_MAX, 0)
OF_FLOATS(i32, int32_t, f64, double)
OF_FLOATS(i64, int64_t, f64, double)
OF_FLOATS(u32, uint32_t, f32, float)
OF_FLOATS(f64, double, f32, float)

#define ROW(text, f, loop) LAW(text, f, loop, .width = 16)
#define COUNT_ROWS(t, T, member, wide, ulp, lanes, greatest, least)              \
    ROW("weft_unique " #t, unique_##t, serial_unique_##t),                       \
        ROW("weft_unique in place " #t, unique_in_place_##t, serial_unique_##t), \
        ROW("weft_count_by_key " #t, count_##t, serial_count_##t),
#define REDUCE_ROWS(t, v)                                                        \
    ROW("weft_sum_by_key " #t ", " #v, sum_##t##_##v, serial_sum_##t##_##v),     \
        ROW("weft_min_by_key " #t ", " #v, min_##t##_##v, serial_min_##t##_##v), \
        ROW("weft_max_by_key " #t ", " #v, max_##t##_##v, serial_max_##t##_##v),

static const struct law rows[] = { TYPES(COUNT_ROWS) REDUCE_ROWS(i32, i32) REDUCE_ROWS(f32, i64)
                                       REDUCE_ROWS(u64, u32) REDUCE_ROWS(f64, u64)
                                           REDUCE_ROWS(i32, f64) REDUCE_ROWS(i64, f64)
                                               REDUCE_ROWS(u32, f32) REDUCE_ROWS(f64, f32) };

FAMILY(groups, rows, .slow = true)
