/* weft/scan.h - prefix sums, running extremes and any other scan, with the same bits for every team.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Three forms, as in weft/reduce.h:
 *
 *     weft_scan(x, out, n)                   over an array of one of the six types
 *     weft_scan_of(out, i, n, x[i] * y[i])   over an expression
 *     weft_scan_with(n, &acc, ...)           over anything, with a fold, a merge and a walk of your own
 *
 * x is read once and out written once: threads take tiles of x that fit in their caches, in order, sum
 * them, learn from each other what precedes them, and scan them. Arrays beyond the cache are written
 * past it.
 *
 * The order of additions depends on n alone. A tile has L elements: 16384, or 32768 for n >= 2^19,
 * doubled while there are more than 8192 tiles. A row has 512 bytes, 8 units of 64; a unit is scanned in a tree of halves, and
 *
 *     out[i] = tiles before + (rows before in the tile + (units before in the row + own unit up to i))
 *
 * where each of the three is a running sum of the totals of tiles, rows and units, begun at 0. So
 *
 *     the bits depend on the input alone, not on the team, the processor or your flags;
 *     where no x[i] is negative (nor NaN), out never decreases, as it must for a cumulative
 *     distribution: rounding is monotone, and each total is the last element of what it sums;
 *     exclusive out[i + 1] and inclusive out[i] are equal, and the last of them is the total;
 *     the error is at most (n / L + L * size / 512 + 12) ulp of sum |x[i]|, where the loop has n.
 *
 * Rounding is to nearest and denormals count, whatever the host has set. Small inputs run on the
 * calling thread. Nothing here fails; NULL with n > 0 panics, and so does an output that overlaps the
 * input without being the same array. */
#ifndef WEFT_SCAN_H
#define WEFT_SCAN_H

#include <weft/api.h>
#include <weft/reduce.h>
#include <weft/region.h>
#include <weft/typed.h>

WEFT_BEGIN_C

/* weft_scan - exclusive prefix sum; returns the total.
 *
 *     for (sum = 0, i = 0; i < n; i++) { T v = x[i]; out[i] = sum; sum += v; }
 *
 * x    n elements of i32, i64, u32, u64, f32 or f64; may be out itself
 * out  n elements of the same type, written; out[i] is the sum of x[0..i-1]
 *
 * Sums and total are of the element type and wrap. The first element that is NaN, or the first sum
 * that is, makes every later one NaN, of one bit pattern.
 *
 * weft_scan_inclusive - the same with out[i] the sum of x[0..i].
 *
 *     for (sum = 0, i = 0; i < n; i++) out[i] = sum += x[i]; */
#define weft_scan(x, out, n)           WEFT_SCAN_(weft_scan, x, out, n)
#define weft_scan_inclusive(x, out, n) WEFT_SCAN_(weft_scan_inclusive, x, out, n)

/* weft_scan_min, weft_scan_max - running extremes; return that of all.
 *
 *     for (min = IDENTITY, i = 0; i < n; i++) { T v = x[i]; out[i] = min; if (v < min) min = v; }
 *
 * The identity is that of weft_min and weft_max, and also out[0]. NaN is skipped; of -0.0 and +0.0
 * the first stays. Exact: the bits are those of the loop. */
#define weft_scan_min(x, out, n)           WEFT_SCAN_(weft_scan_min, x, out, n)
#define weft_scan_max(x, out, n)           WEFT_SCAN_(weft_scan_max, x, out, n)
#define weft_scan_min_inclusive(x, out, n) WEFT_SCAN_(weft_scan_min_inclusive, x, out, n)
#define weft_scan_max_inclusive(x, out, n) WEFT_SCAN_(weft_scan_max_inclusive, x, out, n)

/* weft_scan_of and so on - the same over an expression of the index, as if its values, converted to
 * the type of out, stood in an array.
 *
 *     for (sum = 0, i = 0; i < n; i++) { T v = expression; out[i] = sum; sum += v; }
 *
 * out         n elements of one of the six types; the expression may read out[i], no other of them
 * i           the name of the index, a size_t
 * n           evaluated once
 * expression  evaluated once an element, on several threads: it may have a cost, no effect
 *
 * The first few of up to 65536 are timed, and a team is forked when the rest is worth it. */
#define weft_scan_of(out, i, n, ...) WEFT_SCAN_OF_(WEFT_SCAN_SUM_, false, out, i, n, __VA_ARGS__)
#define weft_scan_inclusive_of(out, i, n, ...) \
    WEFT_SCAN_OF_(WEFT_SCAN_SUM_, true, out, i, n, __VA_ARGS__)
#define weft_scan_min_of(out, i, n, ...) \
    WEFT_SCAN_OF_(WEFT_SCAN_MIN_, false, out, i, n, __VA_ARGS__)
#define weft_scan_max_of(out, i, n, ...) \
    WEFT_SCAN_OF_(WEFT_SCAN_MAX_, false, out, i, n, __VA_ARGS__)
#define weft_scan_min_inclusive_of(out, i, n, ...) \
    WEFT_SCAN_OF_(WEFT_SCAN_MIN_, true, out, i, n, __VA_ARGS__)
#define weft_scan_max_inclusive_of(out, i, n, ...) \
    WEFT_SCAN_OF_(WEFT_SCAN_MAX_, true, out, i, n, __VA_ARGS__)

/* weft_scan_with - scans anything.
 *
 *     walk(acc, (weft_range){ 0, n }, ctx)
 *
 * acc    size bytes: on entry the identity of merge, on return what all indices amount to
 * fold   folds the indices of a range into an accumulator, in order
 * merge  into = into followed by from; need not commute; need be associative only as far as you care
 *        for the last bits
 * walk   as fold, and writes the outputs of the range as it goes: on entry the accumulator is what all
 *        indices before the range amount to
 * ctx    handed to fold and walk
 *
 * Each index is folded at most once and walked once. There are at most 1024 ranges, and at most 64 MiB
 * of accumulators besides acc; both follow from n and size alone, and with them the bits. Where not
 * even that memory can be had, the calling thread walks all of it: the answer is right, its last bits
 * may differ. A small first range that shows that the rest is not worth a team is all that is timed. */
typedef void weft_walk(void *acc, weft_range range, void *ctx);
WEFT_API void weft_scan_with(size_t n, void *acc, size_t size, weft_fold *fold, weft_merge *merge,
                             weft_walk *walk, void *ctx);

/* The typed functions behind the array forms; these are the ABI, for C++ and other languages. */
#define WEFT_SCAN_DECLARE_(t, T, S)                                       \
    WEFT_API T weft_scan_##t(const T *x, T *out, size_t n);               \
    WEFT_API T weft_scan_inclusive_##t(const T *x, T *out, size_t n);     \
    WEFT_API T weft_scan_min_##t(const T *x, T *out, size_t n);           \
    WEFT_API T weft_scan_max_##t(const T *x, T *out, size_t n);           \
    WEFT_API T weft_scan_min_inclusive_##t(const T *x, T *out, size_t n); \
    WEFT_API T weft_scan_max_inclusive_##t(const T *x, T *out, size_t n);
WEFT_REDUCE_TYPES_(WEFT_SCAN_DECLARE_)
#undef WEFT_SCAN_DECLARE_

/* From here on: what the macros expand to. */

/* out, as the functions take it; the compiler objects unless what x points to may be assigned there. */
#define WEFT_OUT_(x, out) \
    ((void)sizeof(*(out) = (x)[0]), (void)sizeof(1 ? (x) : (out)), (void *)(out))

#define WEFT_SCAN_(name, x, out, n) WEFT_TYPED_(name, x)((const void *)(x), WEFT_OUT_(x, out), (n))

typedef enum weft_scan_op_ { WEFT_SCAN_SUM_, WEFT_SCAN_MIN_, WEFT_SCAN_MAX_ } weft_scan_op_;

/* One call over an expression. Few values are evaluated into out in any order, then scanned there;
 * many are evaluated a tile at a time. */
typedef struct weft_scanning_ {
    weft_pieces_ pieces;
    char *out;
    size_t size; /* bytes an element */
    bool many;
    weft_scan_op_ op;
    weft_type_ type;
    bool inclusive;
    weft_value_ value;
    char job[512] __attribute__((aligned(128))); /* of many */
} weft_scanning_;

/* One thread in it. */
typedef struct weft_scanner_ {
    weft_piece_ piece;
    weft_scanning_ *scanning;
    void *out;           /* where the values at hand go, */
    size_t begin, count; /* and of which indices they are; of many these are a tile */
} weft_scanner_;

WEFT_API void weft_scan_begin_(weft_scanning_ *scanning, weft_scanner_ *alone, weft_scan_op_ op,
                               bool inclusive, weft_type_ type, void *out, size_t n);
WEFT_API bool weft_scan_fork_(weft_scanning_ *scanning);
WEFT_API void weft_scan_enter_(weft_scanner_ *scanner, weft_scanning_ *scanning);
WEFT_API bool weft_scan_next_(weft_scanner_ *scanner);
WEFT_API void weft_scan_end_(weft_scanning_ *scanning);

#define WEFT_SCAN_OF_(op, inclusive, out, i, n, ...) \
    WEFT_UNIQUE_(WEFT_SCAN_OF__, op, inclusive, out, i, n, __VA_ARGS__)
/* The total is assigned last: compilers warn of a value that nobody uses, but not of an assignment. */
#define WEFT_SCAN_OF__(s, op, inclusive, out, i, n, ...)                               \
    __extension__({                                                                    \
        typedef __typeof__((out)[0]) s##t;                                             \
        s##t s##a WEFT_MAYBE_UNUSED_;                                                  \
        weft_scanning_ s;                                                              \
        weft_scanner_ s##w;                                                            \
        weft_scan_begin_(&s, &s##w, op, inclusive, WEFT_TYPE_CODE_(s##t), (out), (n)); \
        WEFT_SCAN_PIECES_(s, s##w, i, __VA_ARGS__)                                     \
        if (weft_scan_fork_(&s))                                                       \
            WEFT_TEAM_(s.pieces.region.threads)                                        \
            {                                                                          \
                weft_scanner_ s##v;                                                    \
                weft_scan_enter_(&s##v, &s);                                           \
                WEFT_SCAN_PIECES_(s, s##v, i, __VA_ARGS__)                             \
            }                                                                          \
        weft_scan_end_(&s);                                                            \
        s##a = WEFT_OWN_(s##t, s.value);                                               \
    })

#define WEFT_SCAN_PIECES_(s, w, i, ...)                      \
    while (weft_scan_next_(&w)) {                            \
        s##t *const s##o = (s##t *)w.out;                    \
        const size_t s##b = w.begin, s##c = w.count;         \
        WEFT_INDEPENDENT_                                    \
        for (size_t s##k = 0; s##k < s##c; s##k++) {         \
            const size_t i WEFT_MAYBE_UNUSED_ = s##b + s##k; \
            s##o[s##k] = (s##t)(__VA_ARGS__);                \
        }                                                    \
    }

WEFT_END_C

#endif
