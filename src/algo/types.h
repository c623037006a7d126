/* types.h - the six types of elements, one line each.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_ALGO_TYPES_H
#define WEFT_ALGO_TYPES_H

#include <weft/reduce.h>

/* X(suffix, code, type) */
#define WEFT__TYPES(X)               \
    X(i32, WEFT_TYPE_I32_, int32_t)  \
    X(i64, WEFT_TYPE_I64_, int64_t)  \
    X(u32, WEFT_TYPE_U32_, uint32_t) \
    X(u64, WEFT_TYPE_U64_, uint64_t) \
    X(f32, WEFT_TYPE_F32_, float)    \
    X(f64, WEFT_TYPE_F64_, double)

#endif
