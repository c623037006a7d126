/* among.c - how many elements are below, at and above some bounds; compiled once for each instruction
 * set, which -DISA names.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Few bounds are compared with a vector of elements each, and masks are subtracted from counts; for
 * many of them each element goes down a search tree without a branch. */
#include "algo/quantile/among.h"

#include <string.h>

#include "algo/leaf/vector.h"

#define PASTE(a, b)  PASTE_(a, b)
#define PASTE_(a, b) a##_##b
#define NAME(stem)   PASTE(stem, S)
#define INLINE       static inline __attribute__((always_inline))

enum { compared_most = 8 };

/* A bit for each lane that is all ones. */
#if defined __AVX512F__
#define BITS_8(mask) ((unsigned)_mm512_movepi64_mask((__m512i)(mask)))
#define BITS_4(mask) ((unsigned)_mm512_movepi32_mask((__m512i)(mask)))
#elif defined __AVX2__
#define BITS_8(mask) ((unsigned)_mm256_movemask_pd((__m256d)(mask)))
#define BITS_4(mask) ((unsigned)_mm256_movemask_ps((__m256)(mask)))
#elif defined __SSE2__
#define BITS_8(mask) ((unsigned)_mm_movemask_pd((__m128d)(mask)))
#define BITS_4(mask) ((unsigned)_mm_movemask_ps((__m128)(mask)))
#else
#define BITS_8(mask) ((mask)[0] != 0 ? 1u : 0u) | ((mask)[1] != 0 ? 2u : 0u)
#define BITS_4(mask) (BITS_8(mask) | ((mask)[2] != 0 ? 4u : 0u) | ((mask)[3] != 0 ? 8u : 0u))
#endif

/* From how many are below and at most each bound. */
static void count_between(const size_t *below, const size_t *upto, size_t m, size_t all,
                          size_t *count)
{
    size_t before = 0;
    for (size_t j = 0; j < m; j++) {
        count[2 * j] += below[j] - before;
        count[2 * j + 1] += upto[j] - below[j];
        before = upto[j];
    }
    count[2 * m] += all - before;
}

#define S         f64
#define T         double
#define MASK      int64_t
#define BITS      BITS_8
#define IS_NAN(x) ((x) != (x))
#include "algo/leaf/among_of.h"

#define S         f32
#define T         float
#define MASK      int32_t
#define BITS      BITS_4
#define IS_NAN(x) ((x) != (x))
#include "algo/leaf/among_of.h"

#define S         i32
#define T         int32_t
#define MASK      int32_t
#define BITS      BITS_4
#define IS_NAN(x) 0
#include "algo/leaf/among_of.h"

#define S         u32
#define T         uint32_t
#define MASK      int32_t
#define BITS      BITS_4
#define IS_NAN(x) 0
#include "algo/leaf/among_of.h"

#define S         i64
#define T         int64_t
#define MASK      int64_t
#define BITS      BITS_8
#define IS_NAN(x) 0
#include "algo/leaf/among_of.h"

#define S         u64
#define T         uint64_t
#define MASK      int64_t
#define BITS      BITS_8
#define IS_NAN(x) 0
#include "algo/leaf/among_of.h"

#define TABLE(isa)  TABLE_(isa)
#define TABLE_(isa) weft__among_leaves_##isa

extern const struct weft__among_leaves TABLE(ISA);

const struct weft__among_leaves TABLE(ISA) = {
    .type = {
        [WEFT_TYPE_I32_] = among_i32,
        [WEFT_TYPE_I64_] = among_i64,
        [WEFT_TYPE_U32_] = among_u32,
        [WEFT_TYPE_U64_] = among_u64,
        [WEFT_TYPE_F32_] = among_f32,
        [WEFT_TYPE_F64_] = among_f64,
    },
};
