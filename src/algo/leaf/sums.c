/* sums.c - sums of powers over a block; compiled once for each instruction set, which -DISA names.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every version gives the same bits: lanes are fixed (sums.h), and elements are doubles before anything
 * else is done. */
#include "algo/statistics/sums.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "algo/leaf/vector.h"

_Static_assert(FLT_EVAL_METHOD == 0, "double is computed as such");

#define PASTE(a, b)  PASTE_(a, b)
#define PASTE_(a, b) a##_##b
#define NAME(stem)   PASTE(stem, S)
#define INLINE       static inline __attribute__((always_inline))

typedef double vector __attribute__((vector_size(vector_bytes), aligned(8), may_alias));
typedef int64_t vector_bits __attribute__((vector_size(vector_bytes), aligned(8), may_alias));

enum {
    lanes = weft__sums_lanes,
    width = vector_bytes / sizeof(double),
    vectors = lanes / width,
    group_most = 8,
    registers = vector_bytes == 64 ? 32 : 16,
    joint_sums = 5,
    sums_most = 5,
};

typedef double lane_sums[sums_most][lanes];

/* The lanes of a vector side by side, of each sum. */
struct running {
    vector sum[sums_most];
};

/* Vectors whose sums stay in registers, of so many sums each: elements are walked once for each such
 * group, some at a time. While later walks read what is in the cache, prefetchers run that far ahead,
 * not farther. */
INLINE size_t group_of(size_t count)
{
    const size_t group = registers == 32 ? 4 : count == 1 ? 8 : count == 2 ? 4 : 2;
    return group < vectors ? group : vectors;
}

INLINE size_t stretch_of(size_t group) { return group == vectors ? 2048 : 256; }

INLINE size_t count_of(enum weft__sums kind)
{
    return kind == WEFT__FOURTH ? 4 : kind == WEFT__SECOND ? 2 : 1;
}

INLINE void add(struct running *r, enum weft__sums kind, vector x, vector centre)
{
    const vector d = x - centre, square = d * d;
    if (kind == WEFT__ABSOLUTE) {
        r->sum[0] += (vector)((vector_bits)x & INT64_MAX);
    } else if (kind == WEFT__SQUARES) {
        r->sum[0] += x * x;
    } else {
        r->sum[0] += d;
        r->sum[1] += square;
    }
    if (kind == WEFT__FOURTH) {
        r->sum[2] += square * d;
        r->sum[3] += square * square;
    }
}

INLINE void add_joint(struct running *r, vector x, vector y, const vector centre[2])
{
    const vector d = x - centre[0], e = y - centre[1];
    r->sum[0] += d;
    r->sum[1] += e;
    r->sum[2] += d * d;
    r->sum[3] += e * e;
    r->sum[4] += d * e;
}

INLINE void load(struct running *r, lane_sums all, size_t count, size_t lane)
{
    const size_t group = group_of(count);
    for (size_t v = 0; v < group; v++)
        for (size_t s = 0; s < count; s++)
            memcpy(&r[v].sum[s], &all[s][lane + v * width], sizeof(vector));
}

INLINE void store(const struct running *r, lane_sums all, size_t count, size_t lane)
{
    const size_t group = group_of(count);
    for (size_t v = 0; v < group; v++)
        for (size_t s = 0; s < count; s++)
            memcpy(&all[s][lane + v * width], &r[v].sum[s], sizeof(vector));
}

/* The lanes in halves. */
static inline double tie(const double lane[lanes])
{
    vector v[vectors];
    double last[width];
    memcpy(v, lane, sizeof v);
    for (size_t w = vectors / 2; w > 0; w /= 2)
        for (size_t k = 0; k < w; k++)
            v[k] += v[k + w];
    memcpy(last, &v[0], sizeof last);
    for (size_t w = width / 2; w > 0; w /= 2)
        for (size_t k = 0; k < w; k++)
            last[k] += last[k + w];
    return last[0];
}

static void tie_all(lane_sums all, size_t count, double *sums)
{
    for (size_t s = 0; s < count; s++)
        sums[s] = tie(all[s]);
}

#define S f64
#define T double
#include "algo/leaf/sums_of.h"
#undef S
#undef T

#define S f32
#define T float
#include "algo/leaf/sums_of.h"
#undef S
#undef T

#define S i32
#define T int32_t
#include "algo/leaf/sums_of.h"
#undef S
#undef T

#define S u32
#define T uint32_t
#include "algo/leaf/sums_of.h"
#undef S
#undef T

#define S i64
#define T int64_t
#include "algo/leaf/sums_of.h"
#undef S
#undef T

#define S u64
#define T uint64_t
#include "algo/leaf/sums_of.h"
#undef S
#undef T

#define TABLE(isa)  TABLE_(isa)
#define TABLE_(isa) weft__sums_leaves_##isa
#define LEAF(t)                                                                            \
    {                                                                                      \
        .widen = widen_##t, .sums = { absolute_##t, squares_##t, second_##t, fourth_##t }, \
        .joint = joint_##t,                                                                \
    }

extern const struct weft__sums_leaves TABLE(ISA);

const struct weft__sums_leaves TABLE(ISA) = {
    .type = {
        [WEFT_TYPE_I32_] = LEAF(i32),
        [WEFT_TYPE_I64_] = LEAF(i64),
        [WEFT_TYPE_U32_] = LEAF(u32),
        [WEFT_TYPE_U64_] = LEAF(u64),
        [WEFT_TYPE_F32_] = LEAF(f32),
        [WEFT_TYPE_F64_] = LEAF(f64),
    },
};
