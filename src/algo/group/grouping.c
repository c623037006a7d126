/* grouping.c - keys and values as 64 bits, and groups as what they were made from.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     keys     the unsigned numbers that sorts work on; -0.0 becomes +0.0, any NaN the one NAN
 *     values   of sums: 64 bits wide, floats as doubles
 *              of extremes: such unsigned numbers, turned round for the greatest; NaN is the greatest
 *              number's own, infinity, which changes nothing */
#include "algo/group/grouping.h"

#include <math.h>
#include <string.h>

#include "algo/leaf.h"
#include "algo/sort/keys.h"
#include "base/at_most.h"

/* ---- wide numbers ---- */

/* x[i] of a type as i64, u64 or f64; those that are so already are copied. */
#define WIDEN(T, W)                             \
    do {                                        \
        const T *const x = (const T *)from;     \
        for (size_t i = 0; i < n; i++) {        \
            const W wide = (W)x[i];             \
            memcpy(&to[i], &wide, sizeof wide); \
        }                                       \
    } while (0)

static void widen(weft_type_ type, const void *from, size_t n, uint64_t *to)
{
    switch (type) {
    case WEFT_TYPE_I32_:
        WIDEN(int32_t, int64_t);
        break;
    case WEFT_TYPE_U32_:
        WIDEN(uint32_t, uint64_t);
        break;
    case WEFT_TYPE_F32_:
        WIDEN(float, double);
        break;
    default:
        memcpy(to, from, n * sizeof *to);
    }
}

#define NARROW(T, W)                              \
    do {                                          \
        T *const x = (T *)to;                     \
        for (size_t i = 0; i < n; i++) {          \
            W wide;                               \
            memcpy(&wide, &from[i], sizeof wide); \
            x[i] = (T)wide;                       \
        }                                         \
    } while (0)

static void narrow(weft_type_ type, const uint64_t *from, size_t n, void *to)
{
    switch (type) {
    case WEFT_TYPE_I32_:
        NARROW(int32_t, int64_t);
        break;
    case WEFT_TYPE_U32_:
        NARROW(uint32_t, uint64_t);
        break;
    case WEFT_TYPE_F32_:
        NARROW(float, double);
        break;
    default:
        memcpy(to, from, n * sizeof *from);
    }
}

static bool is_floating(weft_type_ type)
{
    return type == WEFT_TYPE_F32_ || type == WEFT_TYPE_F64_;
}

static weft_type_ wide_type(weft_type_ type)
{
    return is_floating(type)                                  ? WEFT_TYPE_F64_
           : type == WEFT_TYPE_U32_ || type == WEFT_TYPE_U64_ ? WEFT_TYPE_U64_
                                                              : WEFT_TYPE_I64_;
}

/* ---- keys ---- */

static uint64_t key_of(weft_type_ type, double x)
{
    uint64_t wide = 0;
    uint32_t four = 0;
    const float f = (float)x;
    if (type == WEFT_TYPE_F64_)
        weft__sort_leaf_of(type)->encode(&x, &wide, 1, WEFT__FLOATING);
    else
        weft__sort_leaf_of(type)->encode(&f, &four, 1, WEFT__FLOATING);
    return type == WEFT_TYPE_F64_ ? wide : four;
}

static void unify(weft_type_ type, uint64_t *key, size_t n)
{
    const uint64_t zero = key_of(type, 0.0), most = key_of(type, (double)INFINITY);
    const uint64_t nan = key_of(type, (double)NAN);
    for (size_t i = 0; i < n; i++) {
        const uint64_t k = key[i] + 1 == zero ? zero : key[i];
        key[i] = k > most ? nan : k;
    }
}

void weft__group_keys(const struct weft__grouping *g, size_t begin, size_t n, uint64_t *key)
{
    const struct weft__sort_leaf *const leaf = weft__sort_leaf_of(g->key_type);
    const char *const x = g->keys + begin * g->key_size;
    uint32_t four[weft__group_tile];
    if (g->key_size == sizeof *key) {
        leaf->encode(x, key, n, g->kind);
    } else {
        leaf->encode(x, four, n, g->kind);
        for (size_t i = 0; i < n; i++)
            key[i] = four[i];
    }
    if (g->kind == WEFT__FLOATING)
        unify(g->key_type, key, n);
}

static void deliver_keys(const struct weft__grouping *g, size_t at, const uint64_t *key, size_t n)
{
    const struct weft__sort_leaf *const leaf = weft__sort_leaf_of(g->key_type);
    char *const to = (char *)g->unique + at * g->key_size;
    uint32_t four[weft__group_tile];
    if (g->key_size == sizeof *key) {
        leaf->decode(key, to, n, g->kind);
        return;
    }
    for (size_t i = 0; i < n; i++)
        four[i] = (uint32_t)key[i];
    leaf->decode(four, to, n, g->kind);
}

/* ---- values ---- */

static uint64_t turned(const struct weft__grouping *g, uint64_t number)
{
    return g->greatest ? ~number : number;
}

static void to_numbers(const struct weft__grouping *g, uint64_t *value, size_t n)
{
    const weft_type_ wide = wide_type(g->value_type);
    weft__sort_leaf_of(wide)->encode(value, value, n, weft__kind_of(wide));
    const uint64_t most = key_of(WEFT_TYPE_F64_, (double)INFINITY);
    const uint64_t nothing = g->greatest ? key_of(WEFT_TYPE_F64_, -(double)INFINITY) : most;
    const bool floating = wide == WEFT_TYPE_F64_;
    for (size_t i = 0; i < n; i++)
        value[i] = turned(g, floating && value[i] > most ? nothing : value[i]);
}

const uint64_t *weft__group_values(const struct weft__grouping *g, const char *from, size_t n,
                                   uint64_t *room)
{
    if (g->op == WEFT__COUNT)
        return NULL;
    widen(g->value_type, from, n, room);
    if (g->op == WEFT__LEAST)
        to_numbers(g, room, n);
    return room;
}

static void one_nan(uint64_t *value, size_t n)
{
    const double nan = (double)NAN;
    for (size_t i = 0; i < n; i++) {
        double v;
        memcpy(&v, &value[i], sizeof v);
        if (isnan(v))
            memcpy(&value[i], &nan, sizeof nan);
    }
}

static void deliver_values(const struct weft__grouping *g, size_t at, const uint64_t *value,
                           size_t n)
{
    uint64_t result[weft__group_tile];
    const weft_type_ wide = wide_type(g->value_type);
    memcpy(result, value, n * sizeof *result);
    if (g->op == WEFT__SUM)
        one_nan(result, n);
    if (g->op == WEFT__LEAST) {
        for (size_t i = 0; i < n; i++)
            result[i] = turned(g, result[i]);
        weft__sort_leaf_of(wide)->decode(result, result, n, weft__kind_of(wide));
    }
    narrow(g->out_type, result, n, (char *)g->out + at * weft__size_of(g->out_type));
}

void weft__group_deliver(const struct weft__grouping *g, size_t at, const uint64_t *key,
                         const uint64_t *value, size_t n)
{
    for (size_t i = 0; i < n; i += weft__group_tile) {
        const size_t m = weft__at_most(weft__group_tile, n - i);
        deliver_keys(g, at + i, key + i, m);
        if (g->out)
            deliver_values(g, at + i, value + i, m);
    }
}

void weft__group_sort(uint64_t *key, uint64_t *value, uint64_t *room, size_t n)
{
    const struct weft__column from = { key, value }, more = { room, room + n };
    if (n == 0 || !weft__leaves()->sort->by_key[1].by_value[2].run(from, more, n))
        return;
    memcpy(key, more.keys, n * sizeof *key);
    memcpy(value, more.values, n * sizeof *value);
}
