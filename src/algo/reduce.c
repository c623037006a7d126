/* reduce.c - sum, dot, min, max, argmin and argmax over arrays.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Six operations over six types are one call of fold.c or place.c each. */
#include <weft/reduce.h>

#include "algo/fold.h"
#include "algo/place.h"
#include "base/detail.h"

static weft_value_ reduce(weft_op_ op, weft_type_ type, const void *x, const void *y, size_t n)
{
    const struct weft__input in = {
        .leaf = &weft__leaves()->op[op][type],
        .x = x,
        .y = y,
        .size = weft__size_of(type),
        .n = n,
    };
    return weft__one_nan(weft__fold_all(&in), op, type);
}

#define DEFINE_ARRAY(op, OP, t, CODE, T, R, member)    \
    R weft_##op##_##t(const T *x, size_t n)            \
    {                                                  \
        weft__need(x, n, "weft_" #op, "x");            \
        return reduce(OP, CODE, x, NULL, n).is.member; \
    }

#define DEFINE_PLACE(op, OP, t, CODE, T)         \
    size_t weft_##op##_##t(const T *x, size_t n) \
    {                                            \
        weft__need(x, n, "weft_" #op, "x");      \
        return weft__place(OP, CODE, x, n);      \
    }

/* t: suffix and member; R, r: type and member of its sums. */
#define DEFINE_TYPE(t, CODE, T, R, r)                    \
    DEFINE_ARRAY(sum, WEFT_OP_SUM_, t, CODE, T, R, r)    \
    DEFINE_ARRAY(min, WEFT_OP_MIN_, t, CODE, T, T, t)    \
    DEFINE_ARRAY(max, WEFT_OP_MAX_, t, CODE, T, T, t)    \
    DEFINE_PLACE(argmin, WEFT_OP_ARGMIN_, t, CODE, T)    \
    DEFINE_PLACE(argmax, WEFT_OP_ARGMAX_, t, CODE, T)    \
    R weft_dot_##t(const T *x, const T *y, size_t n)     \
    {                                                    \
        weft__need(x, n, "weft_dot", "x");               \
        weft__need(y, n, "weft_dot", "y");               \
        return reduce(WEFT_OP_DOT_, CODE, x, y, n).is.r; \
    }

DEFINE_TYPE(i32, WEFT_TYPE_I32_, int32_t, int64_t, i64)
DEFINE_TYPE(i64, WEFT_TYPE_I64_, int64_t, int64_t, i64)
DEFINE_TYPE(u32, WEFT_TYPE_U32_, uint32_t, uint64_t, u64)
DEFINE_TYPE(u64, WEFT_TYPE_U64_, uint64_t, uint64_t, u64)
DEFINE_TYPE(f32, WEFT_TYPE_F32_, float, float, f32)
DEFINE_TYPE(f64, WEFT_TYPE_F64_, double, double, f64)
