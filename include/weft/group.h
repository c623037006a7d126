/* weft/group.h - distinct keys, how often each occurs, and what the values that go with it amount to.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_unique(x, n, out)                               the distinct elements
 *     weft_count_by_key(keys, n, unique, counts)           and how many there are of each
 *     weft_sum_by_key(keys, values, n, unique, sums)       reduce by key: the sum of the values,
 *     weft_min_by_key(keys, values, n, unique, least)      the least,
 *     weft_max_by_key(keys, values, n, unique, greatest)   the greatest of each key
 *
 * Keys are of the six types i32 i64 u32 u64 f32 f64, and so are values. Groups come out ascending by key,
 * so the result depends on the input alone. Keys of f32 and f64 are the same when they are equal; all
 * NaNs are one key, which comes last and is given back as NAN; -0.0 is +0.0, which is given back.
 *
 * As long as keys are few, threads count them in hash tables that stay in cache. Where they are many the
 * keys are first scattered, past the cache, to ascending ranges by sampled splitters, as weft_sort does,
 * and each range has a table in cache (after Müller, Sanders, Lacurie, Lehner and Färber, Cache-Efficient
 * Aggregation: Hashing Is Sorting, 2015). Scratch: one key and one value an element, and 16 bytes a group;
 * where there is none the calling thread sorts in the output, slower, and the answer is the same. Nothing
 * here fails; NULL with n > 0 panics. */
#ifndef WEFT_GROUP_H
#define WEFT_GROUP_H

#include <weft/api.h>
#include <weft/reduce.h>
#include <weft/typed.h>

WEFT_BEGIN_C

/* weft_unique - the distinct elements, ascending; returns how many.
 *
 *     for (groups = 0, i = 0; i < n; i++)
 *         if (x[i] is not in out[0..groups-1]) out[groups++] = x[i];
 *     sort out[0..groups-1]
 *
 * x    n elements of one of the six types, const or not
 * out  room for n of them; what lies behind those found is undefined. May be x itself
 *
 * weft_count_by_key - the distinct keys, ascending, and how often each occurs; returns how many.
 *
 *     unique[g] = the g-th distinct key
 *     for (counts[g] = 0, i = 0; i < n; i++) if (keys[i] == unique[g]) counts[g]++;
 *
 * unique  room for n keys, as above; may be keys itself
 * counts  room for n of size_t */
#define weft_unique(x, n, out) \
    WEFT_TYPED_(weft_unique, x)((const void *)(x), (n), WEFT_OUT_SAME_(x, out))
#define weft_count_by_key(keys, n, unique, counts) \
    WEFT_TYPED_(weft_count_by_key, keys)           \
    ((const void *)(keys), (n), WEFT_OUT_SAME_(keys, unique), (counts))

/* weft_sum_by_key - the distinct keys, ascending, and the sum of the values of each; returns how many.
 *
 *     unique[g] = the g-th distinct key
 *     for (sums[g] = 0, p = 0; p < parts; p++) {
 *         for (sum = 0, i = begin of part p; i < its end; i++) if (keys[i] == unique[g]) sum += values[i];
 *         sums[g] += sum;
 *     }
 *
 * keys    n keys
 * values  n values of one of the six types
 * unique  room for n keys
 * sums    room for n: int64_t for i32 and i64, uint64_t for u32 and u64, which wrap; float for f32,
 *         double for f64. The compiler refuses others
 *
 * Parts have weft_group_part(n) elements, the last one less: at most 64 parts, by n alone. So the bits
 * of a sum depend on the input alone. f32 is added in double and rounded once. A sum that is NaN is NAN.
 *
 * weft_min_by_key, weft_max_by_key - the same of the least and the greatest value, which have the type of
 * the values. NaN is skipped; of nothing but NaN the least is infinity, the greatest -infinity. -0.0 is
 * below +0.0.
 *
 * No output may overlap an input. */
#define weft_sum_by_key(keys, values, n, unique, sums)        \
    WEFT_BY_KEY_(WEFT_OP_SUM_, keys, values, n, unique, sums, \
                 WEFT_SUM_CODE_(__typeof__((values)[0])))
#define weft_min_by_key(keys, values, n, unique, least)        \
    WEFT_BY_KEY_(WEFT_OP_MIN_, keys, values, n, unique, least, \
                 WEFT_TYPE_CODE_(__typeof__((values)[0])))
#define weft_max_by_key(keys, values, n, unique, greatest)        \
    WEFT_BY_KEY_(WEFT_OP_MAX_, keys, values, n, unique, greatest, \
                 WEFT_TYPE_CODE_(__typeof__((values)[0])))

/* weft_group_part - elements in a part of the sums of n. */
static inline size_t weft_group_part(size_t n)
{
    const size_t least = 16384, part = n / 64 + (n % 64 != 0);
    return part < least ? least : part;
}

/* The typed functions behind these; they are the ABI, for C++ and other languages. `type` is that of the
 * values, op one of WEFT_OP_SUM_, WEFT_OP_MIN_ and WEFT_OP_MAX_. */
#define WEFT_GROUP_DECLARE_(t, T, S)                                                           \
    WEFT_API size_t weft_unique_##t(const T *x, size_t n, T *out);                             \
    WEFT_API size_t weft_count_by_key_##t(const T *keys, size_t n, T *unique, size_t *counts); \
    WEFT_API size_t weft_reduce_by_key_##t(const T *keys, const void *values, weft_type_ type, \
                                           weft_op_ op, size_t n, T *unique, void *out);
WEFT_REDUCE_TYPES_(WEFT_GROUP_DECLARE_)
#undef WEFT_GROUP_DECLARE_

/* From here on: what the macros expand to. */

/* out; the compiler warns unless it points to what x points to, and can be written. */
#define WEFT_OUT_SAME_(x, out) \
    ((void)sizeof(1 ? (x) : (out)), (void)sizeof((out)[0] = (out)[0]), (void *)(out))

/* clang-format off */
#define WEFT_SUM_CODE_(T)              \
    _Generic((T)0,                     \
        int:      WEFT_TYPE_I64_,      \
        unsigned: WEFT_TYPE_U64_,      \
        default:  WEFT_TYPE_CODE_(T))
/* clang-format on */

/* 0 where the elements of `out` have the type of that code; -1 for the compiler to refuse. */
#define WEFT_IS_OF_(out, code) \
    (0 * sizeof(char[WEFT_TYPE_CODE_(__typeof__((out)[0])) == (code) ? 1 : -1]))

#define WEFT_BY_KEY_(op, keys, values, n, unique, out, code)                       \
    WEFT_TYPED_(weft_reduce_by_key, keys)                                          \
    ((const void *)(keys), (values), WEFT_TYPE_CODE_(__typeof__((values)[0])), op, \
     (n) + WEFT_IS_OF_(out, code), WEFT_OUT_SAME_(keys, unique), (out))

WEFT_END_C

#endif
