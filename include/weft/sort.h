/* weft/sort.h - sorts by value, by a key expression and by a comparison, with the same result for
 * every team size.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_sort(x, n)                        an array of one of the six types i32 i64 u32 u64 f32 f64
 *     weft_sort_pairs(keys, values, n)       keys of the six types, values of 4 or 8 bytes go along
 *     weft_argsort(x, n, index)              the indices in the order of the elements
 *     weft_sort_by(p, base, n, -p->mass)     anything, by a key that is computed from an element
 *     weft_sort_with(base, n, size, compare, ctx)  anything, by a function as for qsort
 *
 * and weft/sort_t.h makes a function for a type and a comparison of your own that is inlined.
 *
 * All are stable: what is equal keeps its order. Keys of f32 and f64 are in a total order:
 *
 *     -infinity < ... < -0.0 < +0.0 < ... < +infinity < NaN < NaN with its sign bit set
 *
 * NaNs of one sign are in the order of their payloads, and none loses a bit. So the result is unique:
 * it depends on the input alone, not on the number of threads, the schedule or the processor.
 *
 * The sorts by key are radix sorts: one scatter into buckets by sampled splitters, past the cache, then
 * each bucket in cache; time grows as n, not n log n (after Axtmann, Witt, Ferizovic and Sanders,
 * Engineering In-place (Shared-memory) Sorting Algorithms, 2020; Satish et al., Fast Sort on CPUs and
 * GPUs, 2010). Sorted input is found at one reading, and so is input that is exactly the wrong way
 * round. Scratch memory is said at each call. What the last call used is kept for the next one, up to
 * an eighth of the machine's memory, and left to the system should it need some (MADV_FREE). Where
 * there is none to be had they sort in place, on the calling thread, slower. Nothing here fails; NULL
 * with n > 0 panics. */
#ifndef WEFT_SORT_H
#define WEFT_SORT_H

#include <weft/api.h>
#include <weft/map.h>
#include <weft/reduce.h>
#include <weft/typed.h>

WEFT_BEGIN_C

/* weft_sort - sorts an array, smallest first.
 *
 *     for (i = 1; i < n; i++)
 *         for (j = i; j > 0 && x[j] < x[j - 1]; j--)
 *             swap(x[j], x[j - 1]);
 *
 * x  n elements of i32, i64, u32, u64, f32 or f64, also `long long`
 *
 * Scratch: n elements.
 *
 * weft_is_sorted - whether weft_sort would leave an array as it is. */
#define weft_sort(x, n)      WEFT_TYPED_(weft_sort, x)((x), (n))
#define weft_is_sorted(x, n) WEFT_TYPED_(weft_is_sorted, x)((x), (n))

/* weft_sort_pairs - sorts keys, and moves values along.
 *
 *     for (i = 1; i < n; i++)
 *         for (j = i; j > 0 && keys[j] < keys[j - 1]; j--)
 *             swap(keys[j], keys[j - 1]), swap(values[j], values[j - 1]);
 *
 * keys    n elements of one of the six types
 * values  n elements of any type of 4 or 8 bytes; the compiler refuses others
 *
 * Stable. Scratch: n keys and n values. */
#define weft_sort_pairs(keys, values, n) \
    WEFT_TYPED_(weft_sort_pairs, keys)   \
    ((keys), (values), sizeof(char[WEFT_WORD_(sizeof *(values))]), (n))

/* weft_argsort - the indices of the elements in sorted order; x stays as it is.
 *
 *     index[0..n-1] = 0..n-1, sorted by x[index[k]], equal ones by index
 *
 * x      n elements of one of the six types, const or not
 * index  n indices, written
 *
 * Scratch: two keys and two numbers of 4 bytes an element (of 8 where n is above 2^32 - 1). */
#define weft_argsort(x, n, index) WEFT_TYPED_(weft_argsort, x)((x), (n), (index))

/* weft_sort_by - sorts elements of any type by a key.
 *
 *     for (i = 1; i < n; i++)
 *         for (j = i; j > 0 && key(&base[j]) < key(&base[j - 1]); j--)
 *             swap(base[j], base[j - 1]);
 *
 * p     the name of a pointer to the element
 * base  n elements of any type
 * key   an expression of p: of int, unsigned, long, long long (and their unsigned forms), float or
 *       double; narrower types count as int. Evaluated once an element, on several threads: it may
 *       have a cost, no effect. -p->mass: heaviest first
 *
 * Stable. Scratch: n elements, or 32 bytes an element if that is more. Where there is none elements
 * trade places in place, and the expression is evaluated twice a comparison. */
#define weft_sort_by(p, base, n, ...) WEFT_UNIQUE_(WEFT_SORT_BY_, p, base, n, +(__VA_ARGS__))

/* weft_sort_with - sorts elements of any type by a comparison.
 *
 *     for (i = 1; i < n; i++)
 *         for (j = i; j > 0 && compare(&base[j], &base[j - 1], ctx) < 0; j--)
 *             swap(base[j], base[j - 1]);
 *
 * base     n elements of size bytes
 * compare  below, equal or above 0 as a comes before b, with it, or behind it: a strict weak order.
 *          Runs on several threads at once
 * ctx      handed on
 *
 * Stable; qsort_r with one thread more or many. Scratch: n elements. Panics when compare is NULL. */
typedef int weft_compare(const void *a, const void *b, void *ctx);
WEFT_API void weft_sort_with(void *base, size_t n, size_t size, weft_compare *compare, void *ctx);

/* The typed functions behind these; they are the ABI, for C++ and other languages. `size` is that of a
 * value: 4 or 8 bytes, anything else panics. */
#define WEFT_SORT_DECLARE_(t, T, S)                                                  \
    WEFT_API void weft_sort_##t(T *x, size_t n);                                     \
    WEFT_API bool weft_is_sorted_##t(const T *x, size_t n);                          \
    WEFT_API void weft_sort_pairs_##t(T *keys, void *values, size_t size, size_t n); \
    WEFT_API void weft_argsort_##t(const T *x, size_t n, size_t *index);
WEFT_REDUCE_TYPES_(WEFT_SORT_DECLARE_)
#undef WEFT_SORT_DECLARE_

/* From here on: what the macros expand to. */

/* size, where it is 4 or 8; -1 for the compiler to refuse. */
#define WEFT_WORD_(size) ((size) == 4 || (size) == 8 ? (size) : -1)

/* A sort by an expression. With memory all keys are evaluated first; without, two at a time. */
typedef struct weft_sorting_ {
    char *base;
    size_t n, size; /* elements, bytes of one */
    weft_type_ type;
    void *memory, *keys; /* n keys, or NULL */
    size_t at;           /* whose key is wanted next */
    bool second;         /* of the two of a comparison */
    uint64_t first;
    char state[2048] __attribute__((aligned(16)));
} weft_sorting_;

WEFT_API void weft_sort_by_begin_(weft_sorting_ *sorting, void *base, size_t n, size_t size,
                                  weft_type_ type);
WEFT_API bool weft_sort_by_next_(weft_sorting_ *sorting, const void *key);
WEFT_API void weft_sort_by_end_(weft_sorting_ *sorting);

#define WEFT_SORT_BY_(s, p, base_, count, ...)                                     \
    do {                                                                           \
        typedef __typeof__(*(base_)) s##e;                                         \
        typedef __typeof__(__extension__({                                         \
            s##e *const p = NULL;                                                  \
            (void)p;                                                               \
            __VA_ARGS__;                                                           \
        })) s##t;                                                                  \
        s##e *const s##b = (base_);                                                \
        weft_sorting_ s;                                                           \
        weft_sort_by_begin_(&s, s##b, count, sizeof(s##e), WEFT_TYPE_CODE_(s##t)); \
        if (s.keys)                                                                \
            WEFT_MAP_(s##m, (s##t *)s.keys, s##i, s.n,                             \
                      WEFT_KEY_AT_(s##e, p, s##b + s##i, __VA_ARGS__));            \
        else                                                                       \
            for (s##t s##k = 0; weft_sort_by_next_(&s, &s##k);)                    \
                s##k = WEFT_KEY_AT_(s##e, p, s##b + s.at, __VA_ARGS__);            \
        weft_sort_by_end_(&s);                                                     \
    } while (0)

#define WEFT_KEY_AT_(E, p, place, ...) \
    __extension__({                    \
        E *const p = (place);          \
        (void)p;                       \
        __VA_ARGS__;                   \
    })

WEFT_END_C

#endif
