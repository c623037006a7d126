/* scan.c - the innermost loops of scans; compiled once for each instruction set, which -DISA names.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every version does the same operations in the same order (scan_rows.h). Sums of signed integers are
 * computed without a sign, since signed overflow is undefined. */
#include "algo/scan.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "algo/leaf/vector.h"

_Static_assert(FLT_EVAL_METHOD == 0, "float and double are computed as such");

#define PASTE(a, b)  PASTE_(a, b)
#define PASTE_(a, b) a##_##b
#define NAME(stem)   PASTE(stem, S)

/* F(lane, a) for every lane of a vector. */
#define EACH_2(F, a) F(0, a), F(1, a)
#define EACH_4(F, a) EACH_2(F, a), F(2, a), F(3, a)
#define EACH_8(F, a) EACH_4(F, a), F(4, a), F(5, a), F(6, a), F(7, a)
#define EACH_16(F, a) \
    EACH_8(F, a), F(8, a), F(9, a), F(10, a), F(11, a), F(12, a), F(13, a), F(14, a), F(15, a)

#if defined __AVX512F__
#define EACH_LONG  EACH_8
#define EACH_SHORT EACH_16
#elif defined __AVX2__
#define EACH_LONG  EACH_4
#define EACH_SHORT EACH_8
#else
#define EACH_LONG  EACH_2
#define EACH_SHORT EACH_4
#endif

/* A sum that is NaN stays so: when the last one is not, none is. */
#define DEFINE_ONE_NAN(t, T)                                           \
    static inline void one_nan_##t(T *out, size_t n, T *tile, T tiles) \
    {                                                                  \
        if (!isnan(tiles + *tile))                                     \
            return;                                                    \
        for (size_t k = 0; k < n; k++)                                 \
            out[k] = isnan(out[k]) ? (T)NAN : out[k];                  \
        *tile = isnan(*tile) ? (T)NAN : *tile;                         \
    }

DEFINE_ONE_NAN(f32, float)
DEFINE_ONE_NAN(f64, double)

#define S        f64
#define T        double
#define EACH     EACH_LONG
#define SUM      NAME(one_nan)
#define GREATEST ((double)INFINITY)
#define LEAST    (-(double)INFINITY)
#define MIN      MIN_f64
#define MAX      MAX_f64
#include "algo/leaf/scan_rows.h"
#include "algo/leaf/undefine.h"

#define S        f32
#define T        float
#define EACH     EACH_SHORT
#define SUM      NAME(one_nan)
#define GREATEST INFINITY
#define LEAST    (-INFINITY)
#define MIN      MIN_f32
#define MAX      MAX_f32
#include "algo/leaf/scan_rows.h"
#include "algo/leaf/undefine.h"

#define S        i32
#define T        int32_t
#define EACH     EACH_SHORT
#define GREATEST INT32_MAX
#define LEAST    INT32_MIN
#define MIN      MIN_i32
#define MAX      MAX_i32
#include "algo/leaf/scan_rows.h"
#include "algo/leaf/undefine.h"

#define S        u32
#define T        uint32_t
#define EACH     EACH_SHORT
#define SUM      SETTLED
#define GREATEST UINT32_MAX
#define LEAST    0
#define MIN      MIN_u32
#define MAX      MAX_u32
#include "algo/leaf/scan_rows.h"
#include "algo/leaf/undefine.h"

#define S        i64
#define T        int64_t
#define EACH     EACH_LONG
#define GREATEST INT64_MAX
#define LEAST    INT64_MIN
#define MIN      MIN_i64
#define MAX      MAX_i64
#include "algo/leaf/scan_rows.h"
#include "algo/leaf/undefine.h"

#define S        u64
#define T        uint64_t
#define EACH     EACH_LONG
#define SUM      SETTLED
#define GREATEST UINT64_MAX
#define LEAST    0
#define MIN      MIN_u64
#define MAX      MAX_u64
#include "algo/leaf/scan_rows.h"
#include "algo/leaf/undefine.h"

#define LEAF(op, t)                                                  \
    {                                                                \
        .identity = op##_identity_##t, .total = op##_total_##t,      \
        .scan = { { op##_exclusive_##t, op##_exclusive_past_##t },   \
                  { op##_inclusive_##t, op##_inclusive_past_##t } }, \
        .join = op##_join_##t,                                       \
    }
#define ROW(op)                                                             \
    {                                                                       \
        [WEFT_TYPE_I32_] = LEAF(op, i32), [WEFT_TYPE_I64_] = LEAF(op, i64), \
        [WEFT_TYPE_U32_] = LEAF(op, u32), [WEFT_TYPE_U64_] = LEAF(op, u64), \
        [WEFT_TYPE_F32_] = LEAF(op, f32), [WEFT_TYPE_F64_] = LEAF(op, f64), \
    }

#define TABLE(isa)  TABLE_(isa)
#define TABLE_(isa) weft__scan_leaves_##isa

extern const struct weft__scan_leaves TABLE(ISA);

const struct weft__scan_leaves TABLE(ISA) = {
    .op = {
        [WEFT_SCAN_SUM_] = {
            [WEFT_TYPE_I32_] = LEAF(sum, u32), [WEFT_TYPE_I64_] = LEAF(sum, u64),
            [WEFT_TYPE_U32_] = LEAF(sum, u32), [WEFT_TYPE_U64_] = LEAF(sum, u64),
            [WEFT_TYPE_F32_] = LEAF(sum, f32), [WEFT_TYPE_F64_] = LEAF(sum, f64),
        },
        [WEFT_SCAN_MIN_] = ROW(min),
        [WEFT_SCAN_MAX_] = ROW(max),
    },
};
