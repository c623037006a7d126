/* scans.c - scan.h over arrays, over expressions and over anything.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "rows.h"

/* The order of additions that weft/scan.h describes: halves, units, rows, tiles. From the first NaN on
 * all sums are one NaN. */
#define SCAN_SHAPE(t, T)                                                                    \
    static void scan_halves_##t(T *s, size_t n)                                             \
    {                                                                                       \
        if (n == 1)                                                                         \
            return;                                                                         \
        scan_halves_##t(s, n / 2);                                                          \
        scan_halves_##t(s + n / 2, n / 2);                                                  \
        for (size_t k = n / 2; k < n; k++)                                                  \
            s[k] = s[n / 2 - 1] + s[k];                                                     \
    }                                                                                       \
    static T one_nan_##t(T x) { return isnan(x) ? (T)NAN : x; }                             \
    static T scan_shape_##t(const T *x, T *out, size_t n, bool inclusive)                   \
    {                                                                                       \
        enum { unit = 64 / sizeof(T), row = 8 * unit };                                     \
        const size_t tile = n < (size_t)1 << 19 ? 16384 : 32768;                            \
        T tiles = 0, rows = 0, units = 0;                                                   \
        for (size_t k = 0; k < n; k += unit) {                                              \
            if (k % row == 0)                                                               \
                rows += units, units = 0;                                                   \
            if (k % tile == 0)                                                              \
                tiles += rows, rows = 0;                                                    \
            T s[unit] = { 0 };                                                              \
            memcpy(s, x + k, (n - k < unit ? n - k : unit) * sizeof(T));                    \
            scan_halves_##t(s, unit);                                                       \
            for (size_t j = 0; j < unit && k + j < n; j++)                                  \
                out[k + j] = one_nan_##t(                                                   \
                    tiles + (rows + (inclusive || j ? units + s[j - !inclusive] : units))); \
            units += s[unit - 1];                                                           \
        }                                                                                   \
        return one_nan_##t(tiles + (rows + units));                                         \
    }
SCAN_SHAPE(f32, float)
SCAN_SHAPE(f64, double)

#define SCAN_LOOP(t, T, U)                                                \
    static T scan_shape_##t(const T *x, T *out, size_t n, bool inclusive) \
    {                                                                     \
        U sum = 0;                                                        \
        for (size_t k = 0; k < n; k++) {                                  \
            const U before = sum;                                         \
            sum += (U)x[k];                                               \
            out[k] = (T)(inclusive ? sum : before);                       \
        }                                                                 \
        return (T)sum;                                                    \
    }
SCAN_LOOP(i32, int32_t, uint32_t)
SCAN_LOOP(i64, int64_t, uint64_t)
SCAN_LOOP(u32, uint32_t, uint32_t)
SCAN_LOOP(u64, uint64_t, uint64_t)

#define SERIAL_EXTREME(op, t, T, member, identity, before) \
    ALGORITHM(serial_scan_##op##_##t)                      \
    {                                                      \
        T m = (T)identity, *const out = (T *)(void *)a->y; \
        for (size_t k = 0; k < in->n; k++) {               \
            out[k] = m;                                    \
            m = in->t[k] before m ? in->t[k] : m;          \
        }                                                  \
        ANSWER(member, m);                                 \
    }                                                      \
    ALGORITHM(serial_scan_##op##_inclusive_##t)            \
    {                                                      \
        T m = (T)identity, *const out = (T *)(void *)a->y; \
        for (size_t k = 0; k < in->n; k++)                 \
            out[k] = m = in->t[k] before m ? in->t[k] : m; \
        ANSWER(member, m);                                 \
    }
#define SERIAL_SCANS(t, T, member, wide, ulp, lanes, greatest, least)           \
    ALGORITHM(serial_scan_##t)                                                  \
    {                                                                           \
        ANSWER(member, scan_shape_##t(in->t, (T *)(void *)a->y, in->n, false)); \
    }                                                                           \
    ALGORITHM(serial_scan_inclusive_##t)                                        \
    {                                                                           \
        ANSWER(member, scan_shape_##t(in->t, (T *)(void *)a->y, in->n, true));  \
    }                                                                           \
    SERIAL_EXTREME(min, t, T, member, greatest, <)                              \
    SERIAL_EXTREME(max, t, T, member, least, >)
TYPES(SERIAL_SCANS)

#define SCAN_FORM(op, t, T, member)                                              \
    ALGORITHM(op##_##t)                                                          \
    {                                                                            \
        T *const out = (T *)(void *)a->y;                                        \
        ANSWER(member, weft_##op(in->t, out, in->n));                            \
    }                                                                            \
    ALGORITHM(op##_in_place_##t)                                                 \
    {                                                                            \
        T *const out = (T *)(void *)a->y;                                        \
        memcpy(out, in->t, in->n * sizeof *out);                                 \
        ANSWER(member, weft_##op(out, out, in->n));                              \
    }                                                                            \
    ALGORITHM(op##_of_##t)                                                       \
    {                                                                            \
        T *const out = (T *)(void *)a->y;                                        \
        ANSWER(member, weft_##op##_of(out, k, in->n, (a->seen[k]++, in->t[k]))); \
    }
#define EVERY_SCAN(X, ...)             \
    X(scan, __VA_ARGS__)               \
    X(scan_inclusive, __VA_ARGS__)     \
    X(scan_min, __VA_ARGS__)           \
    X(scan_min_inclusive, __VA_ARGS__) \
    X(scan_max, __VA_ARGS__)           \
    X(scan_max_inclusive, __VA_ARGS__)
#define SCAN_FORMS(t, T, member, wide, ulp, lanes, greatest, least) \
    EVERY_SCAN(SCAN_FORM, t, T, member)
TYPES(SCAN_FORMS)

#define SCAN_LAW(op, t, T)                                                             \
    LAW("weft_" #op " " #t, op##_##t, serial_##op##_##t, .width = sizeof(T)),          \
        LAW("weft_" #op " in place " #t, op##_in_place_##t, serial_##op##_##t,         \
            .width = sizeof(T)),                                                       \
        LAW("weft_" #op "_of " #t, op##_of_##t, serial_##op##_##t, .width = sizeof(T), \
            .visits = EACH_ONCE),
#define SCAN_LAWS(t, T, member, wide, ulp, lanes, greatest, least) EVERY_SCAN(SCAN_LAW, t, T)

/* ---- anything ---- */

/* `orderly` is lost where what precedes a range is not all before it. Sums of i32 are exact. */
struct chain {
    size_t begin, end;
    bool orderly;
    double sum;
};

struct call {
    const struct input *in;
    struct answer *a;
};

enum { folded = 1, walked = 16 };

static void chain_fold(void *acc, weft_range r, void *ctx)
{
    struct chain *const c = acc;
    const struct call *const call = ctx;
    if (c->begin == c->end)
        c->begin = c->end = r.begin;
    c->orderly = c->orderly && c->end == r.begin;
    weft_each (k, r)
        call->a->seen[k] += folded, c->sum += (double)call->in->i32[k];
    c->end = r.end;
}

static void chain_merge(void *into, const void *from)
{
    struct chain *const a = into;
    const struct chain *const b = from;
    *a = (struct chain){ a->begin, b->end, a->orderly && b->orderly && a->end == b->begin,
                         a->sum + b->sum };
}

/* Writes, for each index, how many precede it. */
static void chain_walk(void *acc, weft_range r, void *ctx)
{
    struct chain *const c = acc;
    const struct call *const call = ctx;
    double *const out = (double *)(void *)call->a->y;
    c->orderly = c->orderly && c->begin == 0 && c->end == r.begin;
    weft_each (k, r) {
        call->a->seen[k] += walked;
        out[k] = c->orderly ? (double)(k - c->begin) : -1;
        c->sum += (double)call->in->i32[k];
    }
    c->end = r.end;
}

ALGORITHM(scan_with)
{
    struct call call = { in, a };
    struct chain c = { .orderly = true };
    weft_scan_with(in->n, &c, sizeof c, chain_fold, chain_merge, chain_walk, &call);
    a->i = c.orderly && c.begin == 0 && c.end == in->n;
    for (size_t k = 0; k < in->n; k++) /* folded at most once */
        a->seen[k] = a->seen[k] == walked || a->seen[k] == walked + folded;
    a->f64 = c.sum;
}

ALGORITHM(serial_scan_with)
{
    double *const out = (double *)(void *)a->y;
    for (size_t k = 0; k < in->n; k++) {
        out[k] = (double)k;
        a->f64 += (double)in->i32[k];
    }
    a->i = 1;
}

static const struct law rows[] = {
    TYPES(SCAN_LAWS) LAW("weft_scan_with", scan_with, serial_scan_with, .width = sizeof(double),
                         .visits = EACH_ONCE),
};

FAMILY(scans, rows)
