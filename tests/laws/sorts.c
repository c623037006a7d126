/* sorts.c - sort.h and sort_t.h.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The loops take the order from sort_input.h. Where elements carry their place in the input, that a sort
 * is stable is in the answer. */
#include "rows.h"

#include <stdlib.h>

#include "../sort_input.h"

/* ---- the order ---- */

struct ordered {
    enum element e;
    const char *x;
};

static int compare_places(const void *pa, const void *pb, void *ctx)
{
    const struct ordered *const o = ctx;
    const size_t a = *(const size_t *)pa, b = *(const size_t *)pb, size = element_size(o->e);
    const int order = compare_elements(o->e, o->x + a * size, o->x + b * size);
    return order ? order : (a > b) - (a < b);
}

/* The indices of n elements in sorted order, equal ones by index; the caller frees them. */
static size_t *order_of(enum element e, const void *x, size_t n)
{
    struct ordered o = { e, x };
    size_t *const order = malloc((n + 1) * sizeof *order);
    for (size_t k = 0; k < n; k++)
        order[k] = k;
    qsort_r(order, n, sizeof *order, compare_places, &o);
    return order;
}

/* ---- by value ---- */

#define BY_VALUE(t, T, ...)                                                        \
    ALGORITHM(sort_##t)                                                            \
    {                                                                              \
        T *const x = (T *)(void *)a->y;                                            \
        memcpy(x, in->t, in->n * sizeof *x);                                       \
        weft_sort(x, in->n);                                                       \
    }                                                                              \
    ALGORITHM(serial_sort_##t)                                                     \
    {                                                                              \
        T *const x = (T *)(void *)a->y;                                            \
        size_t *const order = order_of(ELEMENT_##t, in->t, in->n);                 \
        for (size_t k = 0; k < in->n; k++)                                         \
            memcpy(&x[k], &in->t[order[k]], sizeof *x);                            \
        free(order);                                                               \
    }                                                                              \
    ALGORITHM(is_sorted_##t) { a->i = weft_is_sorted(in->t, in->n); }              \
    ALGORITHM(serial_is_sorted_##t)                                                \
    {                                                                              \
        a->i = 1;                                                                  \
        for (size_t k = 1; k < in->n; k++)                                         \
            if (compare_elements(ELEMENT_##t, &in->t[k - 1], &in->t[k]) > 0)       \
                a->i = 0;                                                          \
    }                                                                              \
    ALGORITHM(argsort_##t) { weft_argsort(in->t, in->n, (size_t *)(void *)a->y); } \
    ALGORITHM(serial_argsort_##t)                                                  \
    {                                                                              \
        size_t *const order = order_of(ELEMENT_##t, in->t, in->n);                 \
        memcpy(a->y, order, in->n * sizeof *order);                                \
        free(order);                                                               \
    }
TYPES(BY_VALUE)

#define BY_VALUE_LAWS(t, T, ...)                                         \
    LAW("weft_sort " #t, sort_##t, serial_sort_##t, .width = sizeof(T)), \
        LAW("weft_is_sorted " #t, is_sorted_##t, serial_is_sorted_##t),  \
        LAW("weft_argsort " #t, argsort_##t, serial_argsort_##t, .width = sizeof(size_t)),

/* ---- with values that go along: each is its place in the input ---- */

/* Wide values lie before the keys, narrow ones behind them: all are aligned. */
#define PAIRS(t, T, ...)                                             \
    ALGORITHM(pairs_##t)                                             \
    {                                                                \
        uint64_t *const values = (uint64_t *)(void *)a->y;           \
        T *const keys = (T *)(void *)(values + in->n);               \
        memcpy(keys, in->t, in->n * sizeof *keys);                   \
        for (size_t k = 0; k < in->n; k++)                           \
            values[k] = k;                                           \
        weft_sort_pairs(keys, values, in->n);                        \
    }                                                                \
    ALGORITHM(serial_pairs_##t)                                      \
    {                                                                \
        uint64_t *const values = (uint64_t *)(void *)a->y;           \
        T *const keys = (T *)(void *)(values + in->n);               \
        size_t *const order = order_of(ELEMENT_##t, in->t, in->n);   \
        for (size_t k = 0; k < in->n; k++) {                         \
            values[k] = order[k];                                    \
            memcpy(&keys[k], &in->t[order[k]], sizeof *keys);        \
        }                                                            \
        free(order);                                                 \
    }                                                                \
    ALGORITHM(narrow_##t)                                            \
    {                                                                \
        T *const keys = (T *)(void *)a->y;                           \
        uint32_t *const values = (uint32_t *)(void *)(keys + in->n); \
        memcpy(keys, in->t, in->n * sizeof *keys);                   \
        for (size_t k = 0; k < in->n; k++)                           \
            values[k] = (uint32_t)k;                                 \
        weft_sort_pairs(keys, values, in->n);                        \
    }                                                                \
    ALGORITHM(serial_narrow_##t)                                     \
    {                                                                \
        T *const keys = (T *)(void *)a->y;                           \
        uint32_t *const values = (uint32_t *)(void *)(keys + in->n); \
        size_t *const order = order_of(ELEMENT_##t, in->t, in->n);   \
        for (size_t k = 0; k < in->n; k++) {                         \
            values[k] = (uint32_t)order[k];                          \
            memcpy(&keys[k], &in->t[order[k]], sizeof *keys);        \
        }                                                            \
        free(order);                                                 \
    }
TYPES(PAIRS)

#define PAIR_LAWS(t, T, ...)                                              \
    LAW("weft_sort_pairs " #t, pairs_##t, serial_pairs_##t,               \
        .width = sizeof(T) + sizeof(uint64_t)),                           \
        LAW("weft_sort_pairs, narrow " #t, narrow_##t, serial_narrow_##t, \
            .width = sizeof(T) + sizeof(uint32_t)),

/* ---- structures ---- */

/* name; type of its parts; how many: a key, a place, and what goes along */
#define ITEMS(X)                \
    X(eight, uint32_t, u32, 2)  \
    X(twelve, uint32_t, u32, 3) \
    X(sixteen, uint64_t, u64, 2)

#define ITEM_SORTS(name, T, t, parts)                                                   \
    typedef struct name {                                                               \
        T part[parts];                                                                  \
    } name;                                                                             \
    static int compare_##name(const void *a, const void *b, void *ctx)                  \
    {                                                                                   \
        (void)ctx;                                                                      \
        const T x = ((const name *)a)->part[0], y = ((const name *)b)->part[0];         \
        return (x > y) - (x < y);                                                       \
    }                                                                                   \
    static name *items_##name(const struct input *in, struct answer *a)                 \
    {                                                                                   \
        name *const x = (name *)(void *)a->y;                                           \
        for (size_t k = 0; k < in->n; k++)                                              \
            for (size_t p = 0; p < parts; p++)                                          \
                x[k].part[p] = p ? (T)(k * p) : in->t[k];                               \
        return x;                                                                       \
    }                                                                                   \
    ALGORITHM(with_##name)                                                              \
    {                                                                                   \
        weft_sort_with(items_##name(in, a), in->n, sizeof(name), compare_##name, NULL); \
    }                                                                                   \
    ALGORITHM(by_##name)                                                                \
    {                                                                                   \
        name *const x = items_##name(in, a);                                            \
        weft_sort_by(p, x, in->n, p->part[0]);                                          \
    }                                                                                   \
    ALGORITHM(serial_##name)                                                            \
    {                                                                                   \
        name *const x = (name *)(void *)a->y;                                           \
        size_t *const order = order_of(ELEMENT_##t, in->t, in->n);                      \
        for (size_t k = 0; k < in->n; k++)                                              \
            for (size_t p = 0; p < parts; p++)                                          \
                x[k].part[p] = p ? (T)(order[k] * p) : in->t[order[k]];                 \
        free(order);                                                                    \
    }
ITEMS(ITEM_SORTS)

#define WEFT_SORT_NAME       sort_sixteen
#define WEFT_SORT_TYPE       sixteen
#define WEFT_SORT_LESS(a, b) ((a)->part[0] < (b)->part[0])
#include <weft/sort_t.h>

#define WEFT_SORT_NAME       sort_twelve
#define WEFT_SORT_TYPE       twelve
#define WEFT_SORT_LESS(a, b) ((a)->part[0] < (b)->part[0])
#include <weft/sort_t.h>

ALGORITHM(made_sixteen) { sort_sixteen(items_sixteen(in, a), in->n); }
ALGORITHM(made_twelve) { sort_twelve(items_twelve(in, a), in->n); }

#define ITEM_LAW(text, f, name) LAW(text, f##_##name, serial_##name, .width = sizeof(name))
#define ITEM_LAWS(name, T, t, parts) \
    ITEM_LAW("weft_sort_with " #name, with, name), ITEM_LAW("weft_sort_by " #name, by, name),

/* Keys of floating point, with all that is special. */
#define KEYED(t, T, ...)                                                \
    ALGORITHM(by_key_##t)                                               \
    {                                                                   \
        struct {                                                        \
            T key, place;                                               \
        } *const x = (void *)a->y;                                      \
        for (size_t k = 0; k < in->n; k++)                              \
            memcpy(&x[k].key, &in->t[k], sizeof(T)), x[k].place = (T)k; \
        weft_sort_by(p, x, in->n, p->key);                              \
    }                                                                   \
    ALGORITHM(serial_by_key_##t)                                        \
    {                                                                   \
        T *const x = (T *)(void *)a->y;                                 \
        size_t *const order = order_of(ELEMENT_##t, in->t, in->n);      \
        for (size_t k = 0; k < in->n; k++) {                            \
            memcpy(&x[2 * k], &in->t[order[k]], sizeof(T));             \
            x[2 * k + 1] = (T)order[k];                                 \
        }                                                               \
        free(order);                                                    \
    }
FLOATS(KEYED)

#define KEYED_LAWS(t, T, ...) \
    LAW("weft_sort_by " #t, by_key_##t, serial_by_key_##t, .width = 2 * sizeof(T)),

static const struct law rows[] = {
    TYPES(BY_VALUE_LAWS) TYPES(PAIR_LAWS) FLOATS(KEYED_LAWS) ITEMS(ITEM_LAWS)
        ITEM_LAW("sort_t.h twelve", made, twelve),
    ITEM_LAW("sort_t.h sixteen", made, sixteen),
};

FAMILY(sorts, rows, .slow = true)
