/* floats.h - sum, dot, min and max over T in lanes; included once for float and once for double.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Element k of a block belongs to lane k mod LANES. A row is one element for each lane. The lanes of a
 * row are more than the registers of the narrower vectors hold, so rows are walked once for each group
 * of eight vectors; a block stays in the L1 cache meanwhile. The tail of a block that does not fill a
 * row is filled up with the identity. */

#define LANES  (weft__lane_bytes / sizeof(T))
#define WIDTH  (vector_bytes / sizeof(T))
#define VECTOR NAME(vector)

enum { NAME(vectors) = 8 }; /* in flight: additions take 3 or 4 cycles, 2 start each cycle */

typedef T VECTOR __attribute__((vector_size(vector_bytes), aligned(sizeof(T)), may_alias));

#define LOAD(p) (*(const VECTOR *)(p))

/* Rows into lanes. STEP(a, k) is what vector a becomes with the vector at index k. */
#define DEFINE_ROWS(op, STEP)                                                                      \
    static inline void NAME(op##_rows)(T *lanes, const T *x, const T *y, size_t n)                 \
    {                                                                                              \
        (void)y;                                                                                   \
        for (size_t g = 0; g < LANES; g += NAME(vectors) * WIDTH) {                                \
            VECTOR a[NAME(vectors)];                                                               \
            for (size_t v = 0; v < NAME(vectors); v++)                                             \
                a[v] = LOAD(lanes + g + v * WIDTH);                                                \
            for (size_t k = g; k < n; k += LANES)                                                  \
                for (size_t v = 0; v < NAME(vectors); v++)                                         \
                    a[v] = STEP(a[v], k + v * WIDTH);                                              \
            for (size_t v = 0; v < NAME(vectors); v++)                                             \
                *(VECTOR *)(lanes + g + v * WIDTH) = a[v];                                         \
        }                                                                                          \
    }

#define ADD(a, k)      ((a) + LOAD(x + (k)))
#define MULTIPLY(a, k) ((a) + LOAD(x + (k)) * LOAD(y + (k)))
#define LESSER(a, k)   ((VECTOR)MIN(LOAD(x + (k)), a))
#define GREATER(a, k)  ((VECTOR)MAX(LOAD(x + (k)), a))

DEFINE_ROWS(sum, ADD)
DEFINE_ROWS(dot, MULTIPLY)
DEFINE_ROWS(min, LESSER)
DEFINE_ROWS(max, GREATER)

/* One row of `rest` elements and the identity behind them. */
static inline void NAME(fill_row)(T *row, const T *x, size_t rest, T identity)
{
    for (size_t k = 0; k < LANES; k++)
        row[k] = identity;
    memcpy(row, x, rest * sizeof *x);
}

#define SUM_OF(a, b)     ((a) + (b))
#define LESSER_OF(a, b)  ((b) < (a) ? (b) : (a))
#define GREATER_OF(a, b) ((b) > (a) ? (b) : (a))

/* The leaf of an operation: JOIN(a, b) is a op b for two scalars. */
#define DEFINE_LEAF(op, identity, JOIN)                                                            \
    static void NAME(op##_start)(struct weft__state * s)                                           \
    {                                                                                              \
        for (size_t k = 0; k < LANES; k++)                                                         \
            s->lanes.S[k] = identity;                                                              \
    }                                                                                              \
    static void NAME(op##_fold)(struct weft__state * s, const void *px, const void *py, size_t n,  \
                                size_t first)                                                      \
    {                                                                                              \
        (void)first;                                                                               \
        const T *const x = px, *const y = py;                                                      \
        const size_t rest = n % LANES, whole = n - rest;                                           \
        NAME(op##_rows)(s->lanes.S, x, y, whole);                                                  \
        if (rest) {                                                                                \
            T row[2][LANES];                                                                       \
            NAME(fill_row)(row[0], x + whole, rest, identity);                                     \
            if (y)                                                                                 \
                NAME(fill_row)(row[1], y + whole, rest, identity);                                 \
            NAME(op##_rows)(s->lanes.S, row[0], row[1], LANES);                                    \
        }                                                                                          \
    }                                                                                              \
    static void NAME(op##_tie)(const struct weft__state *s, weft_value_ *value)                    \
    {                                                                                              \
        T a[LANES / 2];                                                                            \
        for (size_t k = 0; k < LANES / 2; k++)                                                     \
            a[k] = JOIN(s->lanes.S[k], s->lanes.S[k + LANES / 2]);                                 \
        for (size_t w = LANES / 4; w > 0; w /= 2)                                                  \
            for (size_t k = 0; k < w; k++)                                                         \
                a[k] = JOIN(a[k], a[k + w]);                                                       \
        value->is.S = a[0];                                                                        \
    }                                                                                              \
    static void NAME(op##_join)(weft_value_ * left, const weft_value_ *right)                      \
    {                                                                                              \
        left->is.S = JOIN(left->is.S, right->is.S);                                                \
    }

DEFINE_LEAF(sum, 0, SUM_OF)
DEFINE_LEAF(dot, 0, SUM_OF)
DEFINE_LEAF(min, GREATEST, LESSER_OF)
DEFINE_LEAF(max, LEAST, GREATER_OF)

static inline T NAME(extreme)(const T *x, size_t n, bool least)
{
    struct weft__state s;
    weft_value_ v;
    (least ? NAME(min_start) : NAME(max_start))(&s);
    (least ? NAME(min_fold) : NAME(max_fold))(&s, x, NULL, n, 0);
    (least ? NAME(min_tie) : NAME(max_tie))(&s, &v);
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
