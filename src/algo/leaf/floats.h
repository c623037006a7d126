/* floats.h - sum, dot, min and max over T in lanes; included once for float and once for double.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Element k of a block belongs to lane k mod LANES. A row is one element for each lane. The lanes of a
 * row are more than the registers of the narrower vectors hold, so rows are walked once for each group
 * of eight vectors; a block stays in the L1 cache meanwhile. */

#define LANES  (weft__lane_bytes / sizeof(T))
#define WIDTH  (vector_bytes / sizeof(T))
#define VECTOR NAME(vector)

enum { NAME(vectors) = 8 }; /* in flight: additions take 3 or 4 cycles, 2 start each cycle */

typedef T VECTOR __attribute__((vector_size(vector_bytes), aligned(sizeof(T)), may_alias));

#define LOAD(p) (*(const VECTOR *)(p))

/* Rows into lanes. STEP(a, k) is what vector a becomes with the vector at index k. */
#define DEFINE_ROWS(op, STEP)                                                       \
    static inline void NAME(op##_rows)(T * lanes, const T *x, const T *y, size_t n) \
    {                                                                               \
        (void)y;                                                                    \
        for (size_t g = 0; g < LANES; g += NAME(vectors) * WIDTH) {                 \
            VECTOR a[NAME(vectors)];                                                \
            for (size_t v = 0; v < NAME(vectors); v++)                              \
                a[v] = LOAD(lanes + g + v * WIDTH);                                 \
            for (size_t k = g; k < n; k += LANES)                                   \
                for (size_t v = 0; v < NAME(vectors); v++)                          \
                    a[v] = STEP(a[v], k + v * WIDTH);                               \
            for (size_t v = 0; v < NAME(vectors); v++)                              \
                *(VECTOR *)(lanes + g + v * WIDTH) = a[v];                          \
        }                                                                           \
    }

#define ADD(a, k)      ((a) + LOAD(x + (k)))
#define MULTIPLY(a, k) ((a) + LOAD(x + (k)) * LOAD(y + (k)))
#define LESSER(a, k)   ((VECTOR)MIN(LOAD(x + (k)), a))
#define GREATER(a, k)  ((VECTOR)MAX(LOAD(x + (k)), a))

DEFINE_ROWS(sum, ADD)
DEFINE_ROWS(dot, MULTIPLY)
DEFINE_ROWS(min, LESSER)
DEFINE_ROWS(max, GREATER)

#define SUM_OF(a, b)     ((a) + (b))
#define LESSER_OF(a, b)  ((b) < (a) ? (b) : (a))
#define GREATER_OF(a, b) ((b) > (a) ? (b) : (a))

/* The lanes of a vector in halves: what a tie ends with. */
#define DEFINE_HALVES(op, JOIN)                       \
    static inline T NAME(op##_halves)(VECTOR a)       \
    {                                                 \
        T lane[WIDTH];                                \
        memcpy(lane, &a, sizeof a);                   \
        for (size_t w = WIDTH / 2; w > 0; w /= 2)     \
            for (size_t k = 0; k < w; k++)            \
                lane[k] = JOIN(lane[k], lane[k + w]); \
        return lane[0];                               \
    }

/* The leaf of an operation: STEP as above, JOIN(a, b) is a op b for two scalars, JOIN_ALL for vectors. */
#define DEFINE_LEAF(op, identity, JOIN, JOIN_ALL, STEP_ONE)                                       \
    DEFINE_HALVES(op, JOIN)                                                                       \
    static void NAME(op##_start)(struct weft__state * s)                                          \
    {                                                                                             \
        for (size_t k = 0; k < LANES; k++)                                                        \
            s->lanes.S[k] = identity;                                                             \
    }                                                                                             \
    static void NAME(op##_fold)(struct weft__state * s, const void *px, const void *py, size_t n, \
                                size_t first)                                                     \
    {                                                                                             \
        (void)first;                                                                              \
        const size_t rest = n % LANES, whole = n - rest;                                          \
        const T *const x = px, *const y = py;                                                     \
        NAME(op##_rows)(s->lanes.S, x, y, whole);                                                 \
        for (size_t k = 0; k < rest; k++)                                                         \
            s->lanes.S[k] = STEP_ONE(s->lanes.S[k], whole + k);                                   \
    }                                                                                             \
    static void NAME(op##_tie)(const struct weft__state *s, weft_value_ *value)                   \
    {                                                                                             \
        VECTOR a[LANES / WIDTH];                                                                  \
        memcpy(a, s->lanes.S, sizeof a);                                                          \
        for (size_t w = LANES / WIDTH / 2; w > 0; w /= 2)                                         \
            for (size_t v = 0; v < w; v++)                                                        \
                a[v] = JOIN_ALL(a[v], a[v + w]);                                                  \
        value->is.S = NAME(op##_halves)(a[0]);                                                    \
    }                                                                                             \
    DEFINE_BLOCK(op)                                                                              \
    static void NAME(op##_join)(weft_value_ * left, const weft_value_ *right)                     \
    {                                                                                             \
        left->is.S = JOIN(left->is.S, right->is.S);                                               \
    }

#define ADD_ONE(a, k)      ((a) + x[k])
#define MULTIPLY_ONE(a, k) ((a) + x[k] * y[k])
#define LESSER_ONE(a, k)   (x[k] < (a) ? x[k] : (a))
#define GREATER_ONE(a, k)  (x[k] > (a) ? x[k] : (a))
#define LESSER_ALL(a, b)   ((VECTOR)MIN(b, a))
#define GREATER_ALL(a, b)  ((VECTOR)MAX(b, a))

DEFINE_LEAF(sum, 0, SUM_OF, SUM_OF, ADD_ONE)
DEFINE_LEAF(dot, 0, SUM_OF, SUM_OF, MULTIPLY_ONE)
DEFINE_LEAF(min, GREATEST, LESSER_OF, LESSER_ALL, LESSER_ONE)
DEFINE_LEAF(max, LEAST, GREATER_OF, GREATER_ALL, GREATER_ONE)

static inline T NAME(extreme)(const T *x, size_t n, bool least)
{
    weft_value_ v;
    (least ? NAME(min_block) : NAME(max_block))(x, NULL, n, 0, &v);
    return v.is.S;
}

#undef LANES
#undef WIDTH
#undef VECTOR
#undef LOAD
#undef DEFINE_ROWS
#undef ADD
#undef MULTIPLY
#undef LESSER
#undef GREATER
#undef SUM_OF
#undef LESSER_OF
#undef GREATER_OF
#undef DEFINE_LEAF
#undef DEFINE_HALVES
#undef ADD_ONE
#undef MULTIPLY_ONE
#undef LESSER_ONE
#undef GREATER_ONE
#undef LESSER_ALL
#undef GREATER_ALL
