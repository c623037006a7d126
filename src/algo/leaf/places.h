/* places.h - argmin and argmax over T; included after the extremes of T are there.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The extreme of a block is found at full speed; only a block that beats all before it is searched for
 * the place. `at` is SIZE_MAX while there is no place: nothing yet, or NaN only. */

static inline void NAME(find)(weft_value_ *best, T extreme, const T *x, size_t n, size_t first)
{
    for (size_t k = 0; k < n; k++)
        if (x[k] == extreme) {
            best->is.S = extreme, best->at = first + k;
            return;
        }
}

#define DEFINE_PLACE(op, least, identity, BEATS)                                                  \
    static void NAME(op##_start)(struct weft__state * s)                                          \
    {                                                                                             \
        s->value.is.S = identity, s->value.at = SIZE_MAX;                                         \
    }                                                                                             \
    static void NAME(op##_fold)(struct weft__state * s, const void *px, const void *py, size_t n, \
                                size_t first)                                                     \
    {                                                                                             \
        (void)py;                                                                                 \
        const T e = NAME(extreme)(px, n, least);                                                  \
        if (e BEATS s->value.is.S || s->value.at == SIZE_MAX)                                     \
            NAME(find)(&s->value, e, px, n, first);                                               \
    }                                                                                             \
    static void NAME(op##_tie)(const struct weft__state *s, weft_value_ *value)                   \
    {                                                                                             \
        *value = s->value;                                                                        \
    }                                                                                             \
    DEFINE_BLOCK(op)                                                                              \
    static void NAME(op##_join)(weft_value_ * left, const weft_value_ *right)                     \
    {                                                                                             \
        if (right->at != SIZE_MAX && (right->is.S BEATS left->is.S || left->at == SIZE_MAX))      \
            *left = *right;                                                                       \
    }

DEFINE_PLACE(argmin, true, GREATEST, <)
DEFINE_PLACE(argmax, false, LEAST, >)

#undef DEFINE_PLACE
