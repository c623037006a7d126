/* scan_rows.h - the scans of leaf/scan.c over T; included once for each element type.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A unit is 64 bytes, 8 or 16 elements, whatever the width of a vector; it is scanned in the network of
 * Sklansky, where each half gets the last element of the half before it:
 *
 *     a  b  c  d      ->   a  ab  c  cd      ->   a  ab  abc  abcd
 *
 * 8 units are a row; rows are scanned apart, so that the processor can overlap them. What stands in
 * front of an element is then joined from the left: before the tile, before the row, before the unit.
 *
 * To find a total alone WIDTH rows are taken side by side, one a lane, in the same order of operations:
 * joining the even with the odd elements of two vectors halves their number, until one is left. */

#define WIDTH  ((int)(vector_bytes / sizeof(T)))
#define UNIT   (64 / sizeof(T))
#define PARTS  (64 / vector_bytes) /* vectors a unit */
#define ROW    (weft__scan_row_bytes / sizeof(T))
#define VECTOR NAME(scan_vector)

typedef T VECTOR __attribute__((vector_size(vector_bytes), aligned(sizeof(T)), may_alias));

#define SHUFFLE(a, b, LANE, apart) __builtin_shufflevector(a, b, EACH(LANE, apart))

/* Where lane k comes from: 0 is the first lane of a, WIDTH the first of b. */
#define SPREAD(k, apart) ((k) & (apart) ? ((k) & -2 * (apart)) + (apart)-1 : WIDTH + (k))
#define LAST(k, unused)  (WIDTH - 1)
#define LATER(k, unused) (WIDTH - 1 + (k)) /* one lane up; lane 0 is the last of a */
#define EVEN(k, unused)  (2 * (k))
#define ODD(k, unused)   (2 * (k) + 1)

static inline VECTOR NAME(splat)(T one)
{
    T lane[WIDTH];
    VECTOR v;
    for (int k = 0; k < WIDTH; k++)
        lane[k] = one;
    memcpy(&v, lane, sizeof v);
    return v;
}

static inline void NAME(put)(T *out, VECTOR v, bool stream)
{
    if (stream)
        STREAM(out, v);
    else
        *(VECTOR *)out = v;
}

static inline T NAME(last_lane)(VECTOR v) { return v[WIDTH - 1]; }

/* JOIN_ALL(a, b) is a op b of vectors, JOIN(a, b) of elements; CLEAN makes the identity of a NaN
 * where the operation skips it; SETTLE gives a NaN its one bit pattern. */
#define DEFINE_SCAN(op, neutral, JOIN, JOIN_ALL, CLEAN, SETTLE)                                    \
    static inline void NAME(op##_unit)(VECTOR * v, VECTOR none)                                    \
    {                                                                                              \
        for (int p = 0; p < PARTS; p++) {                                                          \
            v[p] = JOIN_ALL(SHUFFLE(v[p], none, SPREAD, 1), v[p]);                                 \
            if (WIDTH > 2)                                                                         \
                v[p] = JOIN_ALL(SHUFFLE(v[p], none, SPREAD, 2), v[p]);                             \
            if (WIDTH > 4)                                                                         \
                v[p] = JOIN_ALL(SHUFFLE(v[p], none, SPREAD, 4), v[p]);                             \
            if (WIDTH > 8)                                                                         \
                v[p] = JOIN_ALL(SHUFFLE(v[p], none, SPREAD, 8), v[p]);                             \
        }                                                                                          \
        for (int apart = 1; apart < PARTS; apart *= 2)                                             \
            for (int p = 0; p < PARTS; p++)                                                        \
                if (p & apart) {                                                                   \
                    const VECTOR left = v[(p & -2 * apart) + apart - 1];                           \
                    v[p] = JOIN_ALL(SHUFFLE(left, left, LAST, 0), v[p]);                           \
                }                                                                                  \
    }                                                                                              \
    /* Returns what the row amounts to, in every lane. */                                          \
    static inline VECTOR NAME(op##_row)(T * out, const T *x, VECTOR tiles, VECTOR tile,            \
                                        VECTOR none, bool inclusive, bool stream)                  \
    {                                                                                              \
        VECTOR row = none;                                                                         \
        for (size_t u = 0; u < ROW; u += UNIT) {                                                   \
            VECTOR v[PARTS];                                                                       \
            for (int p = 0; p < PARTS; p++)                                                        \
                v[p] = CLEAN(*(const VECTOR *)(x + u + p * WIDTH), none);                          \
            NAME(op##_unit)(v, none);                                                              \
            for (int p = 0; p < PARTS; p++)                                                        \
                v[p] = JOIN_ALL(row, v[p]);                                                        \
            const VECTOR last = SHUFFLE(v[PARTS - 1], none, LAST, 0);                              \
            for (int p = PARTS - 1; !inclusive && p >= 0; p--)                                     \
                v[p] = SHUFFLE(p ? v[p ? p - 1 : 0] : row, v[p], LATER, 0);                        \
            for (int p = 0; p < PARTS; p++)                                                        \
                NAME(put)(out + u + p * WIDTH, JOIN_ALL(tiles, JOIN_ALL(tile, v[p])), stream);     \
            row = last;                                                                            \
        }                                                                                          \
        return row;                                                                                \
    }                                                                                              \
    static inline void NAME(op##_rows)(T * out, const T *x, size_t n, struct weft__prefix *prefix, \
                                       bool inclusive, bool stream)                                \
    {                                                                                              \
        const VECTOR none = NAME(splat)(neutral), tiles = NAME(splat)(prefix->tiles.is.S);         \
        VECTOR tile = NAME(splat)(prefix->tile.is.S);                                              \
        size_t k = 0;                                                                              \
        for (; k + ROW <= n; k += ROW) {                                                           \
            const VECTOR row =                                                                     \
                NAME(op##_row)(out + k, x + k, tiles, tile, none, inclusive, stream);              \
            tile = JOIN_ALL(tile, row);                                                            \
        }                                                                                          \
        if (k < n) {                                                                               \
            T rest[ROW];                                                                           \
            for (size_t r = 0; r < ROW; r++)                                                       \
                rest[r] = k + r < n ? x[k + r] : neutral;                                          \
            const VECTOR row = NAME(op##_row)(rest, rest, tiles, tile, none, inclusive, false);    \
            memcpy(out + k, rest, (n - k) * sizeof(T));                                            \
            tile = JOIN_ALL(tile, row);                                                            \
        }                                                                                          \
        prefix->tile.is.S = NAME(last_lane)(tile);                                                 \
        SETTLE(out, n, &prefix->tile.is.S, prefix->tiles.is.S);                                    \
    }                                                                                              \
    static void NAME(op##_exclusive)(void *out, const void *x, size_t n,                           \
                                     struct weft__prefix *prefix)                                  \
    {                                                                                              \
        NAME(op##_rows)(out, x, n, prefix, false, false);                                          \
    }                                                                                              \
    static void NAME(op##_inclusive)(void *out, const void *x, size_t n,                           \
                                     struct weft__prefix *prefix)                                  \
    {                                                                                              \
        NAME(op##_rows)(out, x, n, prefix, true, false);                                           \
    }                                                                                              \
    static void NAME(op##_exclusive_past)(void *out, const void *x, size_t n,                      \
                                          struct weft__prefix *prefix)                             \
    {                                                                                              \
        NAME(op##_rows)(out, x, n, prefix, false, true);                                           \
    }                                                                                              \
    static void NAME(op##_inclusive_past)(void *out, const void *x, size_t n,                      \
                                          struct weft__prefix *prefix)                             \
    {                                                                                              \
        NAME(op##_rows)(out, x, n, prefix, true, true);                                            \
    }                                                                                              \
    /* Lane k is what one part of a unit of row k amounts to. */                                   \
    static inline VECTOR NAME(op##_parts)(const T *x, VECTOR none)                                 \
    {                                                                                              \
        VECTOR v[WIDTH];                                                                           \
        for (int k = 0; k < WIDTH; k++)                                                            \
            v[k] = CLEAN(*(const VECTOR *)(x + (size_t)k * ROW), none);                            \
        for (int left = WIDTH / 2; left > 0; left /= 2)                                            \
            for (int k = 0; k < left; k++)                                                         \
                v[k] = JOIN_ALL(SHUFFLE(v[2 * k], v[2 * k + 1], EVEN, 0),                          \
                                SHUFFLE(v[2 * k], v[2 * k + 1], ODD, 0));                          \
        return v[0];                                                                               \
    }                                                                                              \
    static inline VECTOR NAME(op##_totals)(const T *x, VECTOR none)                                \
    {                                                                                              \
        VECTOR row = none;                                                                         \
        for (size_t u = 0; u < ROW; u += UNIT) {                                                   \
            VECTOR v[PARTS];                                                                       \
            for (int p = 0; p < PARTS; p++)                                                        \
                v[p] = NAME(op##_parts)(x + u + p * WIDTH, none);                                  \
            for (int left = PARTS / 2; left > 0; left /= 2)                                        \
                for (int p = 0; p < left; p++)                                                     \
                    v[p] = JOIN_ALL(v[2 * p], v[2 * p + 1]);                                       \
            row = JOIN_ALL(row, v[0]);                                                             \
        }                                                                                          \
        return row;                                                                                \
    }                                                                                              \
    static void NAME(op##_total)(const void *px, size_t n, weft_value_ *total)                     \
    {                                                                                              \
        const VECTOR none = NAME(splat)(neutral);                                                  \
        const T *const x = px;                                                                     \
        struct weft__prefix prefix = { .tiles.is.S = neutral, .tile.is.S = neutral };              \
        size_t k = 0;                                                                              \
        for (; k + WIDTH * ROW <= n; k += WIDTH * ROW) {                                           \
            const VECTOR rows = NAME(op##_totals)(x + k, none);                                    \
            for (int r = 0; r < WIDTH; r++)                                                        \
                prefix.tile.is.S = JOIN(prefix.tile.is.S, rows[r]);                                \
        }                                                                                          \
        while (k < n) {                                                                            \
            T unwanted[ROW];                                                                       \
            const size_t count = n - k < ROW ? n - k : ROW;                                        \
            NAME(op##_rows)(unwanted, x + k, count, &prefix, true, false);                         \
            k += count;                                                                            \
        }                                                                                          \
        *total = prefix.tile;                                                                      \
    }                                                                                              \
    static void NAME(op##_identity)(weft_value_ * value) { value->is.S = neutral; }                \
    static void NAME(op##_join)(weft_value_ * left, const weft_value_ *right)                      \
    {                                                                                              \
        left->is.S = JOIN(left->is.S, right->is.S);                                                \
        SETTLE((T *)NULL, 0, &left->is.S, left->is.S);                                             \
    }

#define SUM_OF(a, b)      ((T)((a) + (b)))
#define SUM_OF_ALL(a, b)  ((a) + (b))
#define LESSER_OF(a, b)   ((b) < (a) ? (b) : (a))
#define GREATER_OF(a, b)  ((b) > (a) ? (b) : (a))
#define LESSER(a, b)      ((VECTOR)MIN(b, a))
#define GREATER(a, b)     ((VECTOR)MAX(b, a))
#define AS_IT_IS(v, none) ((void)(none), (v))
#define LESS_NAN(v, none) LESSER(none, v)
#define MORE_NAN(v, none) GREATER(none, v)

#define SETTLED(out, n, tile, tiles) ((void)(out), (void)(n), (void)(tile), (void)(tiles))

#ifdef SUM
DEFINE_SCAN(sum, 0, SUM_OF, SUM_OF_ALL, AS_IT_IS, SUM)
#endif
DEFINE_SCAN(min, GREATEST, LESSER_OF, LESSER, LESS_NAN, SETTLED)
DEFINE_SCAN(max, LEAST, GREATER_OF, GREATER, MORE_NAN, SETTLED)

#undef WIDTH
#undef UNIT
#undef PARTS
#undef ROW
#undef VECTOR
#undef SHUFFLE
#undef SPREAD
#undef LAST
#undef LATER
#undef EVEN
#undef ODD
#undef DEFINE_SCAN
#undef SUM_OF
#undef SUM_OF_ALL
#undef LESSER_OF
#undef GREATER_OF
#undef LESSER
#undef GREATER
#undef AS_IT_IS
#undef LESS_NAN
#undef MORE_NAN
#undef SETTLED
#undef SUM
#undef EACH
