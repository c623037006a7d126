/* leaves.c - the innermost loops; compiled once for each instruction set, which -DISA names.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every version gives the same bits: lanes are fixed, products are rounded before they are added. */
#include "algo/leaf.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "algo/leaf/vector.h"

_Static_assert(FLT_EVAL_METHOD == 0, "float and double are computed as such");

#define PASTE(a, b)  PASTE_(a, b)
#define PASTE_(a, b) a##_##b
#define NAME(stem)   PASTE(stem, S)

#include "algo/leaf/block.h"

#define S        f64
#define T        double
#define GREATEST ((double)INFINITY)
#define LEAST    (-(double)INFINITY)
#define MIN      MIN_f64
#define MAX      MAX_f64
#include "algo/leaf/floats.h"
#include "algo/leaf/places.h"
#include "algo/leaf/undefine.h"

#define S        f32
#define T        float
#define GREATEST INFINITY
#define LEAST    (-INFINITY)
#define MIN      MIN_f32
#define MAX      MAX_f32
#include "algo/leaf/floats.h"
#include "algo/leaf/places.h"
#include "algo/leaf/undefine.h"

#define S        i32
#define T        int32_t
#define WIDE     int64_t
#define GREATEST INT32_MAX
#define LEAST    INT32_MIN
#include "algo/leaf/integers.h"
#include "algo/leaf/places.h"
#include "algo/leaf/undefine.h"

#define S        u32
#define T        uint32_t
#define WIDE     uint64_t
#define GREATEST UINT32_MAX
#define LEAST    0
#include "algo/leaf/integers.h"
#include "algo/leaf/places.h"
#include "algo/leaf/undefine.h"

#define S        i64
#define T        int64_t
#define WIDE     int64_t
#define GREATEST INT64_MAX
#define LEAST    INT64_MIN
#include "algo/leaf/integers.h"
#include "algo/leaf/places.h"
#include "algo/leaf/undefine.h"

#define S        u64
#define T        uint64_t
#define WIDE     uint64_t
#define GREATEST UINT64_MAX
#define LEAST    0
#include "algo/leaf/integers.h"
#include "algo/leaf/places.h"
#include "algo/leaf/undefine.h"

/* How many of n bytes, each 0 or 1, are 1. */
static void count_start(struct weft__state *s) { s->value.at = 0; }

static void count_fold(struct weft__state *s, const void *px, const void *py, size_t n,
                       size_t first)
{
    (void)py, (void)first;
    const unsigned char *const x = px;
    size_t ones = 0;
    for (size_t k = 0; k < n; k++)
        ones += x[k];
    s->value.at += ones;
}

static void count_tie(const struct weft__state *s, weft_value_ *value) { *value = s->value; }

static void count_block(const void *x, const void *y, size_t n, size_t first, weft_value_ *value)
{
    struct weft__state s;
    count_start(&s);
    count_fold(&s, x, y, n, first);
    count_tie(&s, value);
}

static void count_join(weft_value_ *left, const weft_value_ *right) { left->at += right->at; }

/* Without a branch: it would be missed each second time where half of them hold. */
static size_t places(uint32_t *place, const float *holds, size_t n)
{
    size_t count = 0, k = 0;
#if defined __AVX512F__
    __m512i index = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (; k + 16 <= n; k += 16) {
        const __m512i words = _mm512_loadu_si512(holds + k);
        const __mmask16 ones = _mm512_test_epi32_mask(words, words);
        _mm512_storeu_si512(place + count, _mm512_maskz_compress_epi32(ones, index));
        count += (size_t)__builtin_popcount(ones);
        index = _mm512_add_epi32(index, _mm512_set1_epi32(16));
    }
#endif
    for (; k < n; k++) {
        place[count] = (uint32_t)k;
        count += holds[k] != 0;
    }
    return count;
}

/* The indices of those of n numbers that are not 0, and of those that are. */
static size_t split(uint32_t *ones, uint32_t *zeros, const float *holds, size_t n)
{
    size_t count = 0, k = 0;
#if defined __AVX512F__
    __m512i index = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (; k + 16 <= n; k += 16) {
        const __m512i words = _mm512_loadu_si512(holds + k);
        const __mmask16 is_one = _mm512_test_epi32_mask(words, words);
        const __mmask16 is_zero = _mm512_testn_epi32_mask(words, words);
        _mm512_storeu_si512(ones + count, _mm512_maskz_compress_epi32(is_one, index));
        _mm512_storeu_si512(zeros + (k - count), _mm512_maskz_compress_epi32(is_zero, index));
        count += (size_t)__builtin_popcount(is_one);
        index = _mm512_add_epi32(index, _mm512_set1_epi32(16));
    }
#endif
    for (; k < n; k++) {
        ones[count] = zeros[k - count] = (uint32_t)k;
        count += holds[k] != 0;
    }
    return count;
}

/* Writes 64 bytes again and again. */
static void repeat(void *to, const void *line, size_t bytes)
{
    typedef char vector __attribute__((vector_size(vector_bytes), aligned(1), may_alias));
    char *d = to;
    vector v[64 / vector_bytes];
    memcpy(v, line, sizeof v);
    for (; bytes >= sizeof v; d += sizeof v, bytes -= sizeof v)
        for (size_t k = 0; k < sizeof v / sizeof *v; k++)
            ((vector *)d)[k] = v[k];
    memcpy(d, line, bytes);
}

/* Non-temporal stores of whole cache lines; what is before and after them goes the usual way. */
#ifdef __SSE2__

static void stream(void *to, const void *from, size_t bytes)
{
    char *d = to;
    const char *s = from;
    size_t head = -(uintptr_t)d % 64;
    head = head < bytes ? head : bytes;
    memcpy(d, s, head);
    d += head, s += head, bytes -= head;
    for (; bytes >= 64; d += 64, s += 64, bytes -= 64)
#if defined __AVX512F__
        _mm512_stream_si512((void *)d, _mm512_loadu_si512(s));
#elif defined __AVX2__
        for (int k = 0; k < 64; k += 32)
            _mm256_stream_si256((void *)(d + k), _mm256_loadu_si256((const void *)(s + k)));
#else
        for (int k = 0; k < 64; k += 16)
            _mm_stream_si128((void *)(d + k), _mm_loadu_si128((const void *)(s + k)));
#endif
    memcpy(d, s, bytes);
}

static void stream_end(void) { _mm_sfence(); }

#else

static void stream(void *to, const void *from, size_t bytes) { memcpy(to, from, bytes); }
static void stream_end(void) {}

#endif

#define LEAF(op, t)                                                                \
    {                                                                              \
        op##_start_##t, op##_fold_##t, op##_tie_##t, op##_block_##t, op##_join_##t \
    }
#define COUNT                                                       \
    {                                                               \
        count_start, count_fold, count_tie, count_block, count_join \
    }
#define ROW(op)                                                             \
    {                                                                       \
        [WEFT_TYPE_I32_] = LEAF(op, i32), [WEFT_TYPE_I64_] = LEAF(op, i64), \
        [WEFT_TYPE_U32_] = LEAF(op, u32), [WEFT_TYPE_U64_] = LEAF(op, u64), \
        [WEFT_TYPE_F32_] = LEAF(op, f32), [WEFT_TYPE_F64_] = LEAF(op, f64), \
    }

#define TABLE(isa)  TABLE_(isa)
#define TABLE_(isa) weft__leaves_##isa

/* The table of a kind, which a file of its own defines. */
#define TABLE_OF(kind, isa)  TABLE_OF_(kind, isa)
#define TABLE_OF_(kind, isa) weft__##kind##_leaves_##isa
extern const struct weft__among_leaves TABLE_OF(among, ISA);
extern const struct weft__exact_leaves TABLE_OF(exact, ISA);
extern const struct weft__histogram_leaves TABLE_OF(histogram, ISA);
extern const struct weft__random_leaves TABLE_OF(random, ISA);
extern const struct weft__scan_leaves TABLE_OF(scan, ISA);
extern const struct weft__sort_leaves TABLE_OF(sort, ISA);
extern const struct weft__sums_leaves TABLE_OF(sums, ISA);
extern const struct weft__leaves TABLE(ISA);

const struct weft__leaves TABLE(ISA) = {
    .op = {
        [WEFT_OP_SUM_] = ROW(sum),
        [WEFT_OP_DOT_] = ROW(dot),
        [WEFT_OP_MIN_] = ROW(min),
        [WEFT_OP_MAX_] = ROW(max),
        [WEFT_OP_ARGMIN_] = ROW(argmin),
        [WEFT_OP_ARGMAX_] = ROW(argmax),
        [WEFT_OP_COUNT_] = { [WEFT_TYPE_BYTE_] = COUNT },
        [WEFT_OP_ANY_] = { [WEFT_TYPE_BYTE_] = COUNT },
    },
    .scan = &TABLE_OF(scan, ISA),
    .histogram = &TABLE_OF(histogram, ISA),
    .repeat = repeat,
    .stream = stream,
    .stream_end = stream_end,
    .sort = &TABLE_OF(sort, ISA),
    .random = &TABLE_OF(random, ISA),
    .places = places,
    .split = split,
    .exact = &TABLE_OF(exact, ISA),
    .among = &TABLE_OF(among, ISA),
    .sums = &TABLE_OF(sums, ISA),
};
