/* laws_test.c - the table of all algorithms, beside the loops that they equal.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A new algorithm adds its two functions and its row. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "laws.h"
#include "suites.h"

/* t; type; member of the answer; type that a sum is exact in, or nearly; ulp; lanes;
 * identities of min and max */
#define INTEGERS(X)                                          \
    X(i32, int32_t, i, uint64_t, 0, 1, INT32_MAX, INT32_MIN) \
    X(i64, int64_t, i, uint64_t, 0, 1, INT64_MAX, INT64_MIN) \
    X(u32, uint32_t, i, uint64_t, 0, 1, UINT32_MAX, 0)       \
    X(u64, uint64_t, i, uint64_t, 0, 1, (int64_t)UINT64_MAX, 0)
#define FLOATS(X)                                                        \
    X(f32, float, f, long double, FLT_EPSILON, 128, INFINITY, -INFINITY) \
    X(f64, double, f, long double, DBL_EPSILON, 64, INFINITY, -INFINITY)
#define TYPES(X) INTEGERS(X) FLOATS(X)

/* ---- over arrays ---- */

#define SERIAL(t, T, member, wide, ulp, lanes, greatest, least)             \
    static void serial_sum_##t(const struct input *in, struct answer *a)    \
    {                                                                       \
        wide sum = 0;                                                       \
        for (size_t k = 0; k < in->n; k++) {                                \
            sum += (wide)in->t[k];                                          \
            a->magnitude += fabsl((long double)in->t[k]);                   \
        }                                                                   \
        a->member = (__typeof__(a->member))sum;                             \
    }                                                                       \
    static void serial_dot_##t(const struct input *in, struct answer *a)    \
    {                                                                       \
        wide sum = 0;                                                       \
        for (size_t k = 0; k < in->n; k++) {                                \
            sum += (wide)in->t[k] * (wide)in->t[k + 1];                     \
            a->magnitude += fabsl((long double)in->t[k] * in->t[k + 1]);    \
        }                                                                   \
        a->member = (__typeof__(a->member))sum;                             \
    }                                                                       \
    static void serial_min_##t(const struct input *in, struct answer *a)    \
    {                                                                       \
        T m = (T)greatest;                                                  \
        for (size_t k = 0; k < in->n; k++)                                  \
            m = in->t[k] < m ? in->t[k] : m;                                \
        a->member = (__typeof__(a->member))m;                               \
    }                                                                       \
    static void serial_max_##t(const struct input *in, struct answer *a)    \
    {                                                                       \
        T m = (T)least;                                                     \
        for (size_t k = 0; k < in->n; k++)                                  \
            m = in->t[k] > m ? in->t[k] : m;                                \
        a->member = (__typeof__(a->member))m;                               \
    }                                                                       \
    static void serial_argmin_##t(const struct input *in, struct answer *a) \
    {                                                                       \
        size_t best = in->n;                                                \
        for (size_t k = 0; k < in->n; k++)                                  \
            best = best == in->n || in->t[k] < in->t[best] ? k : best;      \
        a->i = (int64_t)best;                                               \
    }                                                                       \
    static void serial_argmax_##t(const struct input *in, struct answer *a) \
    {                                                                       \
        size_t best = in->n;                                                \
        for (size_t k = 0; k < in->n; k++)                                  \
            best = best == in->n || in->t[k] > in->t[best] ? k : best;      \
        a->i = (int64_t)best;                                               \
    }
TYPES(SERIAL)

#define ARRAY_FORM(op, t, member, ...)                             \
    static void op##_##t(const struct input *in, struct answer *a) \
    {                                                              \
        a->member = (__typeof__(a->member))weft_##op(__VA_ARGS__); \
    }
#define ARRAY_FORMS(t, T, member, wide, ulp, lanes, greatest, least) \
    ARRAY_FORM(sum, t, member, in->t, in->n)                         \
    ARRAY_FORM(dot, t, member, in->t, in->t + 1, in->n)              \
    ARRAY_FORM(min, t, member, in->t, in->n)                         \
    ARRAY_FORM(max, t, member, in->t, in->n)                         \
    ARRAY_FORM(argmin, t, i, in->t, in->n)                           \
    ARRAY_FORM(argmax, t, i, in->t, in->n)
TYPES(ARRAY_FORMS)

#define ARRAY_LAWS(t, T, member, wide, ulp, lanes, greatest, least)        \
    { "weft_sum " #t, sum_##t, serial_sum_##t, BLIND, ulp, lanes },        \
        { "weft_dot " #t, dot_##t, serial_dot_##t, BLIND, ulp, lanes },    \
        { "weft_min " #t, min_##t, serial_min_##t, BLIND, 0, 0 },          \
        { "weft_max " #t, max_##t, serial_max_##t, BLIND, 0, 0 },          \
        { "weft_argmin " #t, argmin_##t, serial_argmin_##t, BLIND, 0, 0 }, \
        { "weft_argmax " #t, argmax_##t, serial_argmax_##t, BLIND, 0, 0 },

static const struct law array_laws[] = { TYPES(ARRAY_LAWS) };

/* ---- over expressions ---- */

#define OF_FORM(op, t, member, ...)                                                               \
    static void op##_of_##t(const struct input *in, struct answer *a)                             \
    {                                                                                             \
        a->member = (__typeof__(a->member))weft_##op##_of(k, in->n, (a->seen[k]++, __VA_ARGS__)); \
    }
#define OF_FORMS(t, T, member, wide, ulp, lanes, greatest, least) \
    OF_FORM(sum, t, member, in->t[k])                             \
    OF_FORM(min, t, member, in->t[k])                             \
    OF_FORM(max, t, member, in->t[k])                             \
    OF_FORM(argmin, t, i, in->t[k])                               \
    OF_FORM(argmax, t, i, in->t[k])
TYPES(OF_FORMS)

static void dot_of_f64(const struct input *in, struct answer *a)
{
    a->f = weft_sum_of(k, in->n, (a->seen[k]++, in->f64[k] * in->f64[k + 1]));
}

static void count_of(const struct input *in, struct answer *a)
{
    a->i = (int64_t)weft_count_of(k, in->n, (a->seen[k]++, in->i32[k] > 500));
}

static void serial_count(const struct input *in, struct answer *a)
{
    for (size_t k = 0; k < in->n; k++)
        a->i += in->i32[k] > 500;
}

static void any_of_none(const struct input *in, struct answer *a)
{
    a->i = weft_any_of(k, in->n, (a->seen[k]++, in->i32[k] > 1000));
}

static void any_of_last(const struct input *in, struct answer *a)
{
    a->i = weft_any_of(k, in->n, (a->seen[k]++, k == in->n - 1));
}

static void any_of_many(const struct input *in, struct answer *a)
{
    a->i = weft_any_of(k, in->n, (a->seen[k]++, in->i32[k] != 0));
}

static void all_of_all(const struct input *in, struct answer *a)
{
    a->i = weft_all_of(k, in->n, (a->seen[k]++, in->i32[k] <= 1000));
}

static void all_but_the_first(const struct input *in, struct answer *a)
{
    a->i = weft_all_of(k, in->n, (a->seen[k]++, k > 0));
}

static void yes(const struct input *in, struct answer *a) { (void)in, a->i = 1; }
static void no(const struct input *in, struct answer *a) { (void)in, a->i = 0; }
static void not_empty(const struct input *in, struct answer *a) { a->i = in->n > 0; }
static void is_empty(const struct input *in, struct answer *a) { a->i = in->n == 0; }

#define OF_LAWS(t, T, member, wide, ulp, lanes, greatest, least)                     \
    { "weft_sum_of " #t, sum_of_##t, serial_sum_##t, EACH_ONCE, ulp, lanes },        \
        { "weft_min_of " #t, min_of_##t, serial_min_##t, EACH_ONCE, 0, 0 },          \
        { "weft_max_of " #t, max_of_##t, serial_max_##t, EACH_ONCE, 0, 0 },          \
        { "weft_argmin_of " #t, argmin_of_##t, serial_argmin_##t, EACH_ONCE, 0, 0 }, \
        { "weft_argmax_of " #t, argmax_of_##t, serial_argmax_##t, EACH_ONCE, 0, 0 },

static const struct law expression_laws[] = {
    TYPES(OF_LAWS){ "weft_sum_of x y", dot_of_f64, serial_dot_f64, EACH_ONCE, DBL_EPSILON, 64 },
    { "weft_count_of", count_of, serial_count, EACH_ONCE, 0, 0 },
    { "weft_any_of, none", any_of_none, no, EACH_ONCE, 0, 0 },
    { "weft_any_of, the last", any_of_last, not_empty, EACH_AT_MOST_ONCE, 0, 0 },
    { "weft_any_of, many", any_of_many, not_empty, EACH_AT_MOST_ONCE, 0, 0 },
    { "weft_all_of, all", all_of_all, yes, EACH_ONCE, 0, 0 },
    { "weft_all_of, all but one", all_but_the_first, is_empty, EACH_AT_MOST_ONCE, 0, 0 },
};

/* ---- loops ---- */

static double image(const struct input *in, size_t k) { return 2 * in->f64[k] + 1; }

static void loop_serial(const struct input *in, struct answer *a)
{
    for (size_t k = 0; k < in->n; k++)
        a->y[k] = image(in, k);
}

static void loop(const struct input *in, struct answer *a)
{
    weft_for (k, in->n)
        a->seen[k]++, a->y[k] = image(in, k);
}

static void loop_dynamic(const struct input *in, struct answer *a)
{
    weft_for_dynamic (k, in->n)
        a->seen[k]++, a->y[k] = image(in, k);
}

struct range_call {
    const struct input *in;
    struct answer *a;
};

static void range_body(weft_range r, void *ctx)
{
    const struct range_call *const c = ctx;
    weft_each (k, r)
        c->a->seen[k]++, c->a->y[k] = image(c->in, k);
}

static void loop_range(const struct input *in, struct answer *a)
{
    struct range_call c = { in, a };
    weft_for_range(in->n, range_body, &c);
}

static void map(const struct input *in, struct answer *a)
{
    weft_map(a->y, k, in->n, (a->seen[k]++, image(in, k)));
}

static void map_in_place(const struct input *in, struct answer *a)
{
    memcpy(a->y, in->f64, in->n * sizeof *a->y);
    weft_map(a->y, k, in->n, 2 * a->y[k] + 1);
}

/* Not commutative: where ranges would be merged out of order, `orderly` is lost. */
struct chain {
    size_t begin, end;
    bool orderly;
    double sum;
};

static void chain_fold(void *acc, weft_range r, void *ctx)
{
    struct chain *const c = acc;
    const struct range_call *const call = ctx;
    if (c->begin == c->end)
        c->begin = c->end = r.begin;
    c->orderly = c->orderly && c->end == r.begin;
    weft_each (k, r)
        call->a->seen[k]++, c->sum += call->in->f64[k];
    c->end = r.end;
}

static void chain_merge(void *into, const void *from)
{
    struct chain *const a = into;
    const struct chain *const b = from;
    *a = (struct chain){ a->begin, b->end, a->orderly && b->orderly && a->end == b->begin,
                         a->sum + b->sum };
}

static void reduce(const struct input *in, struct answer *a)
{
    struct range_call call = { in, a };
    struct chain c = { .orderly = true };
    weft_reduce(in->n, &c, sizeof c, chain_fold, chain_merge, &call);
    a->i = c.orderly && c.begin == 0 && c.end == in->n;
    a->f = c.sum;
}

static void reduce_serial(const struct input *in, struct answer *a)
{
    serial_sum_f64(in, a);
    a->i = 1;
}

static const struct law loop_laws[] = {
    { "weft_for", loop, loop_serial, EACH_ONCE, 0, 0 },
    { "weft_for_dynamic", loop_dynamic, loop_serial, EACH_ONCE, 0, 0 },
    { "weft_for_range", loop_range, loop_serial, EACH_ONCE, 0, 0 },
    { "weft_map", map, loop_serial, EACH_ONCE, 0, 0 },
    { "weft_map in place", map_in_place, loop_serial, BLIND, 0, 0 },
    { "weft_reduce", reduce, reduce_serial, EACH_ONCE, DBL_EPSILON, 1 },
};

/* ---- scans ---- */

/* The order of additions that weft/scan.h describes: halves, units, rows, tiles. */
#define SCAN_SHAPE(t, T)                                                                   \
    static void scan_halves_##t(T *s, size_t n)                                            \
    {                                                                                      \
        if (n == 1)                                                                        \
            return;                                                                        \
        scan_halves_##t(s, n / 2);                                                         \
        scan_halves_##t(s + n / 2, n / 2);                                                 \
        for (size_t k = n / 2; k < n; k++)                                                 \
            s[k] = s[n / 2 - 1] + s[k];                                                    \
    }                                                                                      \
    static T scan_shape_##t(const T *x, T *out, size_t n, bool inclusive)                  \
    {                                                                                      \
        enum { unit = 64 / sizeof(T), row = 8 * unit };                                    \
        const size_t tile = n < (size_t)1 << 19 ? 16384 : 32768;                           \
        T tiles = 0, rows = 0, units = 0;                                                  \
        for (size_t k = 0; k < n; k += unit) {                                             \
            if (k % row == 0)                                                              \
                rows += units, units = 0;                                                  \
            if (k % tile == 0)                                                             \
                tiles += rows, rows = 0;                                                   \
            T s[unit] = { 0 };                                                             \
            memcpy(s, x + k, (n - k < unit ? n - k : unit) * sizeof(T));                   \
            scan_halves_##t(s, unit);                                                      \
            for (size_t j = 0; j < unit && k + j < n; j++)                                 \
                out[k + j] =                                                               \
                    tiles + (rows + (inclusive || j ? units + s[j - !inclusive] : units)); \
            units += s[unit - 1];                                                          \
        }                                                                                  \
        return tiles + (rows + units);                                                     \
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

#define SERIAL_SCANS(t, T, member, wide, ulp, lanes, greatest, least)                      \
    static void serial_scan_##t(const struct input *in, struct answer *a)                  \
    {                                                                                      \
        a->member = (__typeof__(a->member))scan_shape_##t(in->t, (T *)a->y, in->n, false); \
    }                                                                                      \
    static void serial_scan_inclusive_##t(const struct input *in, struct answer *a)        \
    {                                                                                      \
        a->member = (__typeof__(a->member))scan_shape_##t(in->t, (T *)a->y, in->n, true);  \
    }                                                                                      \
    static void serial_scan_min_##t(const struct input *in, struct answer *a)              \
    {                                                                                      \
        T m = (T)greatest, *const out = (T *)a->y;                                         \
        for (size_t k = 0; k < in->n; k++) {                                               \
            out[k] = m;                                                                    \
            m = in->t[k] < m ? in->t[k] : m;                                               \
        }                                                                                  \
        a->member = (__typeof__(a->member))m;                                              \
    }                                                                                      \
    static void serial_scan_max_inclusive_##t(const struct input *in, struct answer *a)    \
    {                                                                                      \
        T m = (T)least, *const out = (T *)a->y;                                            \
        for (size_t k = 0; k < in->n; k++)                                                 \
            out[k] = m = in->t[k] > m ? in->t[k] : m;                                      \
        a->member = (__typeof__(a->member))m;                                              \
    }
TYPES(SERIAL_SCANS)

#define SCAN_FORM(op, t, T, member)                                                         \
    static void op##_##t(const struct input *in, struct answer *a)                          \
    {                                                                                       \
        a->member = (__typeof__(a->member))weft_##op(in->t, (T *)a->y, in->n);              \
    }                                                                                       \
    static void op##_in_place_##t(const struct input *in, struct answer *a)                 \
    {                                                                                       \
        T *const out = (T *)a->y;                                                           \
        memcpy(out, in->t, in->n * sizeof *out);                                            \
        a->member = (__typeof__(a->member))weft_##op(out, out, in->n);                      \
    }                                                                                       \
    static void op##_of_##t(const struct input *in, struct answer *a)                       \
    {                                                                                       \
        T *const out = (T *)a->y;                                                           \
        a->member =                                                                         \
            (__typeof__(a->member))weft_##op##_of(out, k, in->n, (a->seen[k]++, in->t[k])); \
    }
#define SCAN_FORMS(t, T, member, wide, ulp, lanes, greatest, least) \
    SCAN_FORM(scan, t, T, member)                                   \
    SCAN_FORM(scan_inclusive, t, T, member)                         \
    SCAN_FORM(scan_min, t, T, member)                               \
    SCAN_FORM(scan_max_inclusive, t, T, member)
TYPES(SCAN_FORMS)

#define SCAN_LAW(op, t)                                                                     \
    { "weft_" #op " " #t, op##_##t, serial_##op##_##t, BLIND, 0, 0 },                       \
        { "weft_" #op " in place " #t, op##_in_place_##t, serial_##op##_##t, BLIND, 0, 0 }, \
        { "weft_" #op "_of " #t, op##_of_##t, serial_##op##_##t, EACH_ONCE, 0, 0 },
#define SCAN_LAWS(t, T, member, wide, ulp, lanes, greatest, least) \
    SCAN_LAW(scan, t)                                              \
    SCAN_LAW(scan_inclusive, t)                                    \
    SCAN_LAW(scan_min, t)                                          \
    SCAN_LAW(scan_max_inclusive, t)

/* Writes, for each index, what precedes it; `orderly` is lost where that is not all before it. */
static void chain_walk(void *acc, weft_range r, void *ctx)
{
    struct chain *const c = acc;
    const struct range_call *const call = ctx;
    c->orderly = c->orderly && c->begin == 0 && c->end == r.begin;
    weft_each (k, r) {
        call->a->seen[k] += 16;
        call->a->y[k] = c->orderly ? (double)(k - c->begin) : -1;
        c->sum += (double)call->in->i32[k];
    }
    c->end = r.end;
}

static void chain_fold_once(void *acc, weft_range r, void *ctx)
{
    struct chain *const c = acc;
    const struct range_call *const call = ctx;
    if (c->begin == c->end)
        c->begin = c->end = r.begin;
    c->orderly = c->orderly && c->end == r.begin;
    weft_each (k, r)
        call->a->seen[k]++, c->sum += (double)call->in->i32[k];
    c->end = r.end;
}

static void scan_with(const struct input *in, struct answer *a)
{
    struct range_call call = { in, a };
    struct chain c = { .orderly = true };
    weft_scan_with(in->n, &c, sizeof c, chain_fold_once, chain_merge, chain_walk, &call);
    a->i = c.orderly && c.begin == 0 && c.end == in->n;
    for (size_t k = 0; k < in->n; k++) /* folded at most once, walked once */
        a->seen[k] = a->seen[k] == 16 || a->seen[k] == 17;
    a->f = c.sum;
}

static void scan_with_serial(const struct input *in, struct answer *a)
{
    for (size_t k = 0; k < in->n; k++) {
        a->y[k] = (double)k;
        a->f += (double)in->i32[k];
    }
    a->i = 1;
}

static const struct law scan_laws[] = {
    TYPES(SCAN_LAWS){ "weft_scan_with", scan_with, scan_with_serial, EACH_ONCE, 0, 0 },
};

/* ---- filters ---- */

#define FILTERS(t, T, member, wide, ulp, lanes, greatest, least)                            \
    static void filter_##t(const struct input *in, struct answer *a)                        \
    {                                                                                       \
        T *const out = (T *)a->y;                                                           \
        a->i = (int64_t)weft_filter(out, k, in->n, (a->seen[k]++, in->t[k] > in->t[k + 1]), \
                                    in->t[k]);                                              \
    }                                                                                       \
    static void filter_in_place_##t(const struct input *in, struct answer *a)               \
    {                                                                                       \
        T *const out = (T *)a->y;                                                           \
        memcpy(out, in->t, in->n * sizeof *out);                                            \
        a->i = (int64_t)weft_filter(out, k, in->n, in->t[k] > in->t[k + 1], out[k]);        \
        memset(out + a->i, 0, (in->n - (size_t)a->i) * sizeof *out);                        \
    }                                                                                       \
    static void serial_filter_##t(const struct input *in, struct answer *a)                 \
    {                                                                                       \
        T *const out = (T *)a->y;                                                           \
        for (size_t k = 0; k < in->n; k++)                                                  \
            if (in->t[k] > in->t[k + 1])                                                    \
                out[a->i++] = in->t[k];                                                     \
    }
TYPES(FILTERS)

#define FILTER_LAWS(t, T, member, wide, ulp, lanes, greatest, least)       \
    { "weft_filter " #t, filter_##t, serial_filter_##t, EACH_ONCE, 0, 0 }, \
        { "weft_filter in place " #t, filter_in_place_##t, serial_filter_##t, BLIND, 0, 0 },

static void filter_few(const struct input *in, struct answer *a)
{
    a->i = (int64_t)weft_filter(a->y, k, in->n, in->i32[k] == 7, (a->seen[k]++, in->f64[k]));
}

static void serial_few(const struct input *in, struct answer *a)
{
    for (size_t k = 0; k < in->n; k++)
        if (in->i32[k] == 7)
            a->y[a->i++] = in->f64[k];
}

static void filter_all(const struct input *in, struct answer *a)
{
    a->i = (int64_t)weft_filter(a->y, k, in->n, true, (a->seen[k]++, in->f64[k]));
}

static void serial_all(const struct input *in, struct answer *a)
{
    memcpy(a->y, in->f64, in->n * sizeof *a->y);
    a->i = (int64_t)in->n;
}

static const struct law filter_laws[] = {
    TYPES(FILTER_LAWS){ "weft_filter, few", filter_few, serial_few, EACH_AT_MOST_ONCE, 0, 0 },
    { "weft_filter, all", filter_all, serial_all, EACH_ONCE, 0, 0 },
};

/* ---- */

#define HOLD(laws) laws_hold(laws, sizeof(laws) / sizeof(laws)[0])

static void laws_hold_for_arrays(void) { HOLD(array_laws); }
static void laws_hold_for_expressions(void) { HOLD(expression_laws); }
static void laws_hold_for_loops(void) { HOLD(loop_laws); }
static void laws_hold_for_scans(void) { HOLD(scan_laws); }
static void laws_hold_for_filters(void) { HOLD(filter_laws); }

CU_TestInfo laws_tests[] = {
    { "laws_hold_for_arrays", laws_hold_for_arrays },
    { "laws_hold_for_expressions", laws_hold_for_expressions },
    { "laws_hold_for_loops", laws_hold_for_loops },
    { "laws_hold_for_scans", laws_hold_for_scans },
    { "laws_hold_for_filters", laws_hold_for_filters },
    CU_TEST_INFO_NULL,
};
