/* integers.h - sum, dot, min and max over T; included once for each of the four integer types.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Integer sums are exact mod 2^64 in any order, and extremes in any order too: no lanes are needed and
 * the compiler's vectors do. WIDE is the type of the sum; it is computed without a sign, since signed
 * overflow is undefined. */

#define DEFINE_LEAF(op, M, identity, STEP, JOIN)                                                  \
    static void NAME(op##_start)(struct weft__state * s) { s->value.is.M = identity; }            \
    static void NAME(op##_fold)(struct weft__state * s, const void *px, const void *py, size_t n, \
                                size_t first)                                                     \
    {                                                                                             \
        (void)first;                                                                              \
        const T *const x = px, *const y = py;                                                     \
        __typeof__(s->value.is.M) a = s->value.is.M;                                              \
        for (size_t k = 0; k < n; k++)                                                            \
            a = STEP(a, k);                                                                       \
        s->value.is.M = a;                                                                        \
        (void)y;                                                                                  \
    }                                                                                             \
    static void NAME(op##_tie)(const struct weft__state *s, weft_value_ *value)                   \
    {                                                                                             \
        value->is.M = s->value.is.M;                                                              \
    }                                                                                             \
    DEFINE_BLOCK(op)                                                                              \
    static void NAME(op##_join)(weft_value_ * left, const weft_value_ *right)                     \
    {                                                                                             \
        left->is.M = JOIN(left->is.M, right->is.M);                                               \
    }

#define ADD(a, k)        ((a) + (uint64_t)(WIDE)x[k])
#define MULTIPLY(a, k)   ((a) + (uint64_t)(WIDE)x[k] * (uint64_t)(WIDE)y[k])
#define LESSER(a, k)     (x[k] < (a) ? x[k] : (a))
#define GREATER(a, k)    (x[k] > (a) ? x[k] : (a))
#define SUM_OF(a, b)     ((a) + (b))
#define LESSER_OF(a, b)  ((b) < (a) ? (b) : (a))
#define GREATER_OF(a, b) ((b) > (a) ? (b) : (a))

DEFINE_LEAF(sum, u64, 0, ADD, SUM_OF)
DEFINE_LEAF(dot, u64, 0, MULTIPLY, SUM_OF)
DEFINE_LEAF(min, S, GREATEST, LESSER, LESSER_OF)
DEFINE_LEAF(max, S, LEAST, GREATER, GREATER_OF)

static inline T NAME(extreme)(const T *x, size_t n, bool least)
{
    T m = least ? GREATEST : LEAST;
    for (size_t k = 0; k < n; k++)
        m = least ? LESSER(m, k) : GREATER(m, k);
    return m;
}

#undef DEFINE_LEAF
#undef ADD
#undef MULTIPLY
#undef LESSER
#undef GREATER
#undef SUM_OF
#undef LESSER_OF
#undef GREATER_OF
