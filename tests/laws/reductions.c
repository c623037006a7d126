/* reductions.c - reduce.h over arrays and over expressions.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "rows.h"

/* ---- the loops ---- */

#define SERIAL_SUM(op, t, member, wide, term)                      \
    ALGORITHM(serial_##op##_##t)                                   \
    {                                                              \
        wide sum = 0;                                              \
        for (size_t k = 0; k < in->n; k++) {                       \
            const wide x = (wide)in->t[k], y = (wide)in->t[k + 1]; \
            (void)y;                                               \
            sum += term;                                           \
            a->magnitude += fabsl((long double)(term));            \
        }                                                          \
        ANSWER(member, sum);                                       \
    }
#define SERIAL_EXTREME(op, t, T, member, identity, before)                                  \
    ALGORITHM(serial_##op##_##t)                                                            \
    {                                                                                       \
        T m = (T)identity;                                                                  \
        for (size_t k = 0; k < in->n; k++)                                                  \
            m = in->t[k] before m ? in->t[k] : m;                                           \
        ANSWER(member, m);                                                                  \
    }                                                                                       \
    ALGORITHM(serial_arg##op##_##t)                                                         \
    {                                                                                       \
        size_t best = in->n;                                                                \
        for (size_t k = 0; k < in->n; k++)                                                  \
            if (!isnan((double)in->t[k]) && (best == in->n || in->t[k] before in->t[best])) \
                best = k;                                                                   \
        ANSWER(i, best);                                                                    \
    }
#define SERIAL(t, T, member, wide, ulp, lanes, greatest, least) \
    SERIAL_SUM(sum, t, member, wide, x)                         \
    SERIAL_SUM(dot, t, member, wide, x *y)                      \
    SERIAL_EXTREME(min, t, T, member, greatest, <)              \
    SERIAL_EXTREME(max, t, T, member, least, >)
TYPES(SERIAL)

/* ---- arrays ---- */

#define ARRAY_FORM(op, t, member, ...) \
    ALGORITHM(op##_##t) { ANSWER(member, weft_##op(__VA_ARGS__)); }
#define ARRAY_FORMS(t, T, member, wide, ulp, lanes, greatest, least) \
    ARRAY_FORM(sum, t, member, in->t, in->n)                         \
    ARRAY_FORM(dot, t, member, in->t, in->t + 1, in->n)              \
    ARRAY_FORM(min, t, member, in->t, in->n)                         \
    ARRAY_FORM(max, t, member, in->t, in->n)                         \
    ARRAY_FORM(argmin, t, i, in->t, in->n)                           \
    ARRAY_FORM(argmax, t, i, in->t, in->n)
TYPES(ARRAY_FORMS)

#define ARRAY_LAW(op, t, ...) LAW("weft_" #op " " #t, op##_##t, serial_##op##_##t, __VA_ARGS__)
#define ARRAY_LAWS(t, T, member, wide, u, l, greatest, least)                         \
    ARRAY_LAW(sum, t, .ulp = u, .lanes = l), ARRAY_LAW(dot, t, .ulp = u, .lanes = l), \
        ARRAY_LAW(min, t), ARRAY_LAW(max, t), ARRAY_LAW(argmin, t), ARRAY_LAW(argmax, t),

/* ---- expressions ---- */

#define OF_FORM(op, t, member) \
    ALGORITHM(op##_of_##t) { ANSWER(member, weft_##op##_of(k, in->n, (a->seen[k]++, in->t[k]))); }
#define OF_FORMS(t, T, member, wide, ulp, lanes, greatest, least) \
    OF_FORM(sum, t, member)                                       \
    OF_FORM(min, t, member)                                       \
    OF_FORM(max, t, member)                                       \
    OF_FORM(argmin, t, i)                                         \
    OF_FORM(argmax, t, i)
TYPES(OF_FORMS)

ALGORITHM(dot_of_f64)
{
    a->f64 = weft_sum_of(k, in->n, (a->seen[k]++, in->f64[k] * in->f64[k + 1]));
}

#define OF_LAW(op, t, ...) \
    LAW("weft_" #op "_of " #t, op##_of_##t, serial_##op##_##t, .visits = EACH_ONCE, __VA_ARGS__)
#define OF_LAWS(t, T, member, wide, u, l, greatest, least)                                   \
    OF_LAW(sum, t, .ulp = u, .lanes = l), OF_LAW(min, t), OF_LAW(max, t), OF_LAW(argmin, t), \
        OF_LAW(argmax, t),

/* ---- conditions ---- */

static bool is_large(int32_t x) { return x > 500; }

ALGORITHM(count_of)
{
    a->i = (int64_t)weft_count_of(k, in->n, (a->seen[k]++, is_large(in->i32[k])));
}

ALGORITHM(serial_count)
{
    for (size_t k = 0; k < in->n; k++)
        a->i += is_large(in->i32[k]);
}

ALGORITHM(any_of_none) { a->i = weft_any_of(k, in->n, (a->seen[k]++, k > in->n)); }
ALGORITHM(any_of_last) { a->i = weft_any_of(k, in->n, (a->seen[k]++, k == in->n - 1)); }
ALGORITHM(any_of_many) { a->i = weft_any_of(k, in->n, (a->seen[k]++, k % 3 == 0)); }
ALGORITHM(all_of_all) { a->i = weft_all_of(k, in->n, (a->seen[k]++, k < in->n)); }
ALGORITHM(all_but_the_first) { a->i = weft_all_of(k, in->n, (a->seen[k]++, k > 0)); }

ALGORITHM(yes) { (void)in, a->i = 1; }
ALGORITHM(no) { (void)in, a->i = 0; }
ALGORITHM(not_empty) { a->i = in->n > 0; }
ALGORITHM(is_empty) { a->i = in->n == 0; }

static const struct law rows[] = {
    TYPES(ARRAY_LAWS) TYPES(OF_LAWS) LAW("weft_sum_of x * y f64", dot_of_f64, serial_dot_f64,
                                         .visits = EACH_ONCE, .ulp = DBL_EPSILON, .lanes = 64),
    LAW("weft_count_of", count_of, serial_count, .visits = EACH_ONCE),
    LAW("weft_any_of, none", any_of_none, no, .visits = EACH_ONCE),
    LAW("weft_any_of, the last", any_of_last, not_empty, .visits = EACH_AT_MOST_ONCE),
    LAW("weft_any_of, many", any_of_many, not_empty, .visits = EACH_AT_MOST_ONCE),
    LAW("weft_all_of, all", all_of_all, yes, .visits = EACH_ONCE),
    LAW("weft_all_of, all but one", all_but_the_first, is_empty, .visits = EACH_AT_MOST_ONCE),
};

FAMILY(reductions, rows)
