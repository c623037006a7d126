/* weft/reduce.h - sums, extremes and any other fold, with the same bits for every team size.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Three forms:
 *
 *     weft_sum(x, n)                   over an array of one of the six types i32 i64 u32 u64 f32 f64
 *     weft_sum_of(i, n, x[i] * y[i])   over an expression, as if its values stood in an array
 *     weft_reduce(n, &acc, ...)        over anything, with a fold and a merge of your own
 *
 * n is cut into blocks of 2048; the elements of a block go to a fixed number of lanes in turn (64 for
 * f64, 128 for f32); lanes are added in a fixed tree, blocks in a fixed tree. The shape depends on n
 * alone, so the bits depend on the input alone: not on the number of threads, the schedule, the
 * vector width of the processor, nor on the flags of your file. The error of a sum of n elements is
 * at most (2048 / lanes + log2(lanes) + log2(n / 2048) + 1) ulp of sum |x[i]|, where the serial loop
 * has n (N. Higham, Accuracy and Stability of Numerical Algorithms, section 4.2).
 *
 * Rounding is to nearest and denormals count, whatever the host has set. Small inputs run on the
 * calling thread. Nothing here fails; NULL with n > 0 panics. */
#ifndef WEFT_REDUCE_H
#define WEFT_REDUCE_H

#include <weft/api.h>
#include <weft/region.h>
#include <weft/team.h>
#include <weft/typed.h>

WEFT_BEGIN_C

/* weft_sum - the sum of an array.
 *
 *     for (sum = 0, i = 0; i < n; i++) sum += x[i];
 *
 * x  n elements of i32, i64, u32, u64, f32 or f64, also `long long` and const
 *
 * i32 and i64 give int64_t, u32 and u64 uint64_t, wrapping mod 2^64; f32 and f64 their own type.
 * The empty sum is 0. NaN and infinities propagate as in the loop.
 *
 * weft_dot - the sum of products; arrays of one type.
 *
 *     for (sum = 0, i = 0; i < n; i++) sum += x[i] * y[i];
 *
 * Products are rounded before they are added (no fused multiply-add), so that all processors agree;
 * i32 and u32 are widened to 64 bits first. */
#define weft_sum(x, n)    WEFT_TYPED_(weft_sum, x)((const void *)(x), (n))
#define weft_dot(x, y, n) WEFT_TYPED_(weft_dot, x)((const void *)(x), WEFT_SAME_(x, y), (n))

/* weft_min, weft_max - the least and the greatest element.
 *
 *     for (min = IDENTITY, i = 0; i < n; i++) if (x[i] < min) min = x[i];
 *
 * The identity, which is also the answer for n = 0, is the greatest value of the type for min and the
 * least for max: +-infinity, INT32_MAX and so on. NaN is skipped. Of -0.0 and +0.0 together either
 * may come, always the same one for the same input.
 *
 * weft_argmin, weft_argmax - the lowest index of the least and of the greatest element; n where there
 * is none: n = 0, or all NaN. */
#define weft_min(x, n)    WEFT_TYPED_(weft_min, x)((const void *)(x), (n))
#define weft_max(x, n)    WEFT_TYPED_(weft_max, x)((const void *)(x), (n))
#define weft_argmin(x, n) WEFT_TYPED_(weft_argmin, x)((const void *)(x), (n))
#define weft_argmax(x, n) WEFT_TYPED_(weft_argmax, x)((const void *)(x), (n))

/* weft_sum_of and so on - the same over an expression of the index.
 *
 *     for (sum = 0, i = 0; i < n; i++) sum += expression;
 *
 * i           the name of the index, a size_t
 * n           evaluated once
 * expression  of int, unsigned, long, long long (and their unsigned forms), float or double; narrower
 *             types count as int. Evaluated once an element, on several threads: it may have a cost,
 *             no effect
 *
 * The answer has the bits of the array form over the values of the expression, whatever their cost:
 * the first few are timed, and a team is forked when the rest is worth it. (Under -ffast-math the
 * values themselves may differ from run to run where the compiler has two versions of a function
 * such as sin, one for vectors.)
 *
 * weft_count_of - how many times a condition holds, as size_t.
 * weft_all_of, weft_any_of - whether it holds for all, for any; stops soon after the first that
 * settles it. For n = 0 true and false. */
#define weft_sum_of(i, n, ...)    WEFT_FOLD_(WEFT_OP_SUM_, WEFT_WIDE_, i, n, +(__VA_ARGS__))
#define weft_min_of(i, n, ...)    WEFT_FOLD_(WEFT_OP_MIN_, WEFT_OWN_, i, n, +(__VA_ARGS__))
#define weft_max_of(i, n, ...)    WEFT_FOLD_(WEFT_OP_MAX_, WEFT_OWN_, i, n, +(__VA_ARGS__))
#define weft_argmin_of(i, n, ...) WEFT_FOLD_(WEFT_OP_ARGMIN_, WEFT_AT_, i, n, +(__VA_ARGS__))
#define weft_argmax_of(i, n, ...) WEFT_FOLD_(WEFT_OP_ARGMAX_, WEFT_AT_, i, n, +(__VA_ARGS__))
#define weft_count_of(i, n, ...) \
    WEFT_FOLD_(WEFT_OP_COUNT_, WEFT_AT_, i, n, WEFT_HOLDS_(__VA_ARGS__))
#define weft_any_of(i, n, ...) \
    WEFT_FOLD_(WEFT_OP_ANY_, 0 != WEFT_AT_, i, n, WEFT_HOLDS_(__VA_ARGS__))
#define weft_all_of(i, n, ...) \
    WEFT_FOLD_(WEFT_OP_ANY_, 0 == WEFT_AT_, i, n, WEFT_HOLDS_(!(__VA_ARGS__)))

/* weft_reduce - folds ranges into accumulators of your own and merges these in order.
 *
 *     fold(acc, (weft_range){ 0, n }, ctx)
 *
 * acc    size bytes: on entry the identity of merge, on return the answer
 * fold   folds the indices of a range into an accumulator, in order
 * merge  into = into followed by from; called in one fixed tree, neighbours only, so it need not
 *        commute, and need be associative only as far as you care for the last bits
 * ctx    handed to fold
 *
 * There are at most 1024 ranges, and at most 64 MiB of accumulators besides acc; both follow from n
 * and size alone, and with them the bits. Where not even that memory can be had, the calling thread
 * folds all of it into acc: the answer is right, its last bits may differ. */
typedef void weft_fold(void *acc, weft_range range, void *ctx);
typedef void weft_merge(void *into, const void *from);
WEFT_API void weft_reduce(size_t n, void *acc, size_t size, weft_fold *fold, weft_merge *merge,
                          void *ctx);

/* The typed functions behind the array forms; these are the ABI, for C++ and other languages. */
#define WEFT_REDUCE_TYPES_(X)  \
    X(i32, int32_t, int64_t)   \
    X(i64, int64_t, int64_t)   \
    X(u32, uint32_t, uint64_t) \
    X(u64, uint64_t, uint64_t) \
    X(f32, float, float)       \
    X(f64, double, double)

#define WEFT_REDUCE_DECLARE_(t, T, S)                          \
    WEFT_API S weft_sum_##t(const T *x, size_t n);             \
    WEFT_API S weft_dot_##t(const T *x, const T *y, size_t n); \
    WEFT_API T weft_min_##t(const T *x, size_t n);             \
    WEFT_API T weft_max_##t(const T *x, size_t n);             \
    WEFT_API size_t weft_argmin_##t(const T *x, size_t n);     \
    WEFT_API size_t weft_argmax_##t(const T *x, size_t n);
WEFT_REDUCE_TYPES_(WEFT_REDUCE_DECLARE_)
#undef WEFT_REDUCE_DECLARE_

/* From here on: what the expression macros expand to. A unary plus promotes narrow types to int, and
 * leaves -0.0 and NaN as they are. */

/* y; the compiler warns unless it points to what x points to. */
#define WEFT_SAME_(x, y) ((const void *)(1 ? (y) : (x)))

typedef enum weft_op_ {
    WEFT_OP_SUM_,
    WEFT_OP_DOT_,
    WEFT_OP_MIN_,
    WEFT_OP_MAX_,
    WEFT_OP_ARGMIN_,
    WEFT_OP_ARGMAX_,
    WEFT_OP_COUNT_,
    WEFT_OP_ANY_
} weft_op_;

typedef enum weft_type_ {
    WEFT_TYPE_I32_,
    WEFT_TYPE_I64_,
    WEFT_TYPE_U32_,
    WEFT_TYPE_U64_,
    WEFT_TYPE_F32_,
    WEFT_TYPE_F64_,
    WEFT_TYPE_BYTE_
} weft_type_;

/* What a block, a tree of blocks or the whole input amounts to. */
typedef struct weft_value_ {
    union {
        int32_t i32;
        int64_t i64;
        uint32_t u32;
        uint64_t u64;
        float f32;
        double f64;
    } is;
    size_t at; /* an index, or a count */
} weft_value_;

enum { weft_tile_ = 512, weft_levels_ = 64 };

struct weft__leaf;

typedef struct weft_folding_ {
    weft_pieces_ pieces;
    const struct weft__leaf *leaf;
    void *values; /* n values, when n is small: evaluated in any order, folded at the end */
    weft_value_ *partials;
    weft_op_ op;
    weft_type_ type;
    size_t size; /* bytes a value */
    bool stop;   /* nothing more can change the answer */
    weft_value_ value;
} weft_folding_;

typedef struct weft_folder_ {
    weft_piece_ piece;
    weft_folding_ *folding;
    void *out;           /* where the values of the piece at hand go */
    size_t filled;       /* values in the block so far */
    size_t depth, count; /* of the tree of blocks */
    char tile[weft_tile_ * 8] __attribute__((aligned(64)));
    char state[1024] __attribute__((aligned(64)));
    weft_value_ tree[weft_levels_];
} weft_folder_;

WEFT_API void weft_fold_begin_(weft_folding_ *folding, weft_folder_ *alone, weft_op_ op,
                               weft_type_ type, size_t n);
WEFT_API bool weft_fold_fork_(weft_folding_ *folding);
WEFT_API void weft_fold_enter_(weft_folder_ *folder, weft_folding_ *folding);
WEFT_API bool weft_fold_next_(weft_folder_ *folder);
WEFT_API void weft_fold_end_(weft_folding_ *folding);

#define WEFT_HOLDS_(...) ((unsigned char)((__VA_ARGS__) ? 1 : 0))

/* The answer where it is an index or a count; weft/typed.h has the others. */
#define WEFT_AT_(T, v) ((v).at)

/* The expression stands there twice: for the calling thread alone, since even a team of one costs
 * 0.3 us to fork, and for the team. */
#define WEFT_FOLD_(op, answer, i, n, ...) WEFT_UNIQUE_(WEFT_FOLD__, op, answer, i, n, __VA_ARGS__)
#define WEFT_FOLD__(f, op, answer, i, n, ...)                      \
    __extension__({                                                \
        typedef __typeof__(__extension__({                         \
            const size_t i WEFT_MAYBE_UNUSED_ = 0;                 \
            (void)i;                                               \
            __VA_ARGS__;                                           \
        })) f##t;                                                  \
        weft_folding_ f;                                           \
        weft_folder_ f##w;                                         \
        weft_fold_begin_(&f, &f##w, op, WEFT_TYPE_CODE_(f##t), n); \
        WEFT_EVALUATE_(f, f##w, i, __VA_ARGS__)                    \
        if (weft_fold_fork_(&f))                                   \
            WEFT_TEAM_(f.pieces.region.threads)                    \
            {                                                      \
                weft_folder_ f##v;                                 \
                weft_fold_enter_(&f##v, &f);                       \
                WEFT_EVALUATE_(f, f##v, i, __VA_ARGS__)            \
            }                                                      \
        weft_fold_end_(&f);                                        \
        answer(f##t, f.value);                                     \
    })

#define WEFT_EVALUATE_(f, w, i, ...)                             \
    while (weft_fold_next_(&w)) {                                \
        f##t *const f##o = (f##t *)w.out;                        \
        const size_t f##b = w.piece.begin, f##c = w.piece.count; \
        WEFT_INDEPENDENT_                                        \
        for (size_t f##k = 0; f##k < f##c; f##k++) {             \
            const size_t i WEFT_MAYBE_UNUSED_ = f##b + f##k;     \
            f##o[f##k] = (__VA_ARGS__);                          \
        }                                                        \
    }

WEFT_END_C

#endif
