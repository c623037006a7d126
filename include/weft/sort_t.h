/* weft/sort_t.h - makes a stable sort for a type and a comparison of your own; the comparison is inlined.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     #define WEFT_SORT_NAME       sort_stars
 *     #define WEFT_SORT_TYPE       struct star
 *     #define WEFT_SORT_LESS(a, b) ((a)->mass < (b)->mass)
 *     #include <weft/sort_t.h>
 *
 * makes
 *
 *     static void sort_stars(struct star *x, size_t n);
 *
 * and forgets the three names, so that the next sort can be made. a and b are const pointers to two
 * elements; LESS must be a strict weak order, has no effect, and runs on several threads. The loops of
 * the sort are in your file, a call into the library for each chunk of thousands.
 *
 * A merge sort: chunks on the team, then rounds of merges, each cut into equal parts of the result, so
 * that all threads work to the end. Scratch: n elements; where there is none it sorts in place, on the
 * calling thread, slower. The result is unique, whatever the team. Never fails; panics when x is NULL
 * with n > 0. */
#ifndef WEFT_SORT_T_H
#define WEFT_SORT_T_H

#include <string.h>

#include <weft/api.h>

WEFT_BEGIN_C

/* What is made for a type. */
typedef bool weft_less_(const void *a, const void *b, const void *ctx);

typedef struct weft_merging_ {
    const char *function; /* that is called */
    size_t size;          /* bytes an element */
    /* Sorts n elements; the result is in `room`, which is as large, where it is wanted there. */
    void (*sort)(char *x, char *room, size_t n, bool into_room, const void *ctx);
    /* Merges two sorted arrays; of equals those of a come first. */
    void (*merge)(const char *a, size_t na, const char *b, size_t nb, char *out, const void *ctx);
    weft_less_ *less;
    const void *ctx;
} weft_merging_;

WEFT_API void weft_merge_sort_(void *x, size_t n, const weft_merging_ *how);

/* The loops. `size` and `less` are constants where they are called, all is inlined. Which of two
 * elements is taken is computed, not branched on: a branch would be wrong half of the time. */
#define WEFT_CORE_ static inline __attribute__((always_inline))

/* a, or b if it is wanted. */
WEFT_CORE_ const char *weft_either_(const char *a, const char *b, size_t b_is_wanted)
{
    return (const char *)((uintptr_t)a ^ (((uintptr_t)a ^ (uintptr_t)b) & -(uintptr_t)b_is_wanted));
}

/* Up to four elements: each goes to where those are counted that come before it. */
WEFT_CORE_ void weft_sort_four_(char *x, char *room, size_t n, bool into_room, size_t size,
                                weft_less_ *less, const void *ctx)
{
    char *const out = into_room ? room : x;
    const char *const from = into_room ? x : room;
    size_t before[4] = { 0, 0, 0, 0 };
    if (!into_room)
        memcpy(room, x, n * size);
    for (size_t j = 1; j < n; j++)
        for (size_t i = 0; i < j; i++) {
            const size_t exchanged = less(from + j * size, from + i * size, ctx);
            before[i] += exchanged;
            before[j] += !exchanged;
        }
    for (size_t i = 0; i < n; i++)
        memcpy(out + before[i] * size, from + i * size, size);
}

/* The first `steps` of the merged elements, from the front, and as many from the back: two chains
 * that do not wait for each other. Neither array may end on the way. */
WEFT_CORE_ void weft_merge_ends_(const char **pa, const char **pa_end, const char **pb,
                                 const char **pb_end, char **pout, char **pout_end, size_t steps,
                                 size_t size, weft_less_ *less, const void *ctx)
{
    const char *a = *pa, *b = *pb, *a_end = *pa_end, *b_end = *pb_end;
    char *out = *pout, *out_end = *pout_end;
    for (size_t k = 0; k < steps; k++) {
        const size_t front = less(b, a, ctx);
        memcpy(out, weft_either_(a, b, front), size);
        out += size;
        b += front * size;
        a += !front * size;
        const size_t back = !less(b_end - size, a_end - size, ctx);
        out_end -= size;
        memcpy(out_end, weft_either_(a_end - size, b_end - size, back), size);
        b_end -= back * size;
        a_end -= !back * size;
    }
    *pa = a, *pa_end = a_end, *pb = b, *pb_end = b_end, *pout = out, *pout_end = out_end;
}

/* Equal lengths meet in the middle; others go on with as many steps as the shorter one lasts. */
WEFT_CORE_ void weft_merge_core_(const char *a, size_t na, const char *b, size_t nb, char *out,
                                 size_t size, weft_less_ *less, const void *ctx)
{
    const char *a_end = a + na * size, *b_end = b + nb * size;
    char *out_end = out + (na + nb) * size;
    const bool in_order = !na || !nb || !less(b, a_end - size, ctx);
    if (na == nb && !in_order) {
        weft_merge_ends_(&a, &a_end, &b, &b_end, &out, &out_end, na, size, less, ctx);
        return;
    }
    while (!in_order && a < a_end && b < b_end) {
        const size_t left_a = (size_t)(a_end - a) / size, left_b = (size_t)(b_end - b) / size;
        const size_t least = left_a < left_b ? left_a : left_b;
        if (least > 1) {
            weft_merge_ends_(&a, &a_end, &b, &b_end, &out, &out_end, least / 2, size, less, ctx);
            continue;
        }
        const size_t front = less(b, a, ctx);
        memcpy(out, front ? b : a, size);
        out += size;
        b += front * size;
        a += !front * size;
    }
    memcpy(out, a, (size_t)(a_end - a));
    memcpy(out + (a_end - a), b, (size_t)(b_end - b));
}

/* The left part is a power of two, so that nearly all merges are of equal lengths. */
WEFT_CORE_ size_t weft_left_of_(size_t n)
{
    return (size_t)1 << (63 - __builtin_clzll((unsigned long long)n - 1));
}

/* The two functions of weft_merging_ for elements of SIZE bytes: PREFIX_sort and PREFIX_merge. */
#define WEFT_MERGING_(PREFIX, SIZE, LESS)                                                       \
    static __attribute__((unused)) void PREFIX##_merge(const char *a, size_t na, const char *b, \
                                                       size_t nb, char *out, const void *ctx)   \
    {                                                                                           \
        weft_merge_core_(a, na, b, nb, out, SIZE, LESS, ctx);                                   \
    }                                                                                           \
    static __attribute__((unused)) void PREFIX##_sort(char *x, char *room, size_t n,            \
                                                      bool into_room, const void *ctx)          \
    {                                                                                           \
        const size_t size = SIZE, left = n > 4 ? weft_left_of_(n) : n;                          \
        if (left == n) {                                                                        \
            weft_sort_four_(x, room, n, into_room, size, LESS, ctx);                            \
            return;                                                                             \
        }                                                                                       \
        PREFIX##_sort(x, room, left, !into_room, ctx);                                          \
        PREFIX##_sort(x + left * size, room + left * size, n - left, !into_room, ctx);          \
        const char *const from = into_room ? x : room;                                          \
        PREFIX##_merge(from, left, from + left * size, n - left, into_room ? room : x, ctx);    \
    }

#define WEFT_SORT_PASTE_(a, b)            WEFT_SORT_PASTE__(a, b)
#define WEFT_SORT_PASTE__(a, b)           a##b
#define WEFT_SORT_TEXT_(a)                WEFT_SORT_TEXT__(a)
#define WEFT_SORT_TEXT__(a)               #a
#define WEFT_SORT_MAKE_(NAME, TYPE, LESS) WEFT_MERGING_(NAME, sizeof(TYPE), LESS)

WEFT_END_C

#endif

#if defined WEFT_SORT_NAME || defined WEFT_SORT_TYPE || defined WEFT_SORT_LESS
#if !defined WEFT_SORT_NAME || !defined WEFT_SORT_TYPE || !defined WEFT_SORT_LESS
#error "weft/sort_t.h wants WEFT_SORT_NAME, WEFT_SORT_TYPE and WEFT_SORT_LESS(a, b)"
#endif

#define WEFT_SORT_LESS_ WEFT_SORT_PASTE_(WEFT_SORT_NAME, _less)

static inline bool WEFT_SORT_LESS_(const void *a, const void *b, const void *ctx)
{
    (void)ctx;
    return WEFT_SORT_LESS((const WEFT_SORT_TYPE *)a, (const WEFT_SORT_TYPE *)b);
}

WEFT_SORT_MAKE_(WEFT_SORT_NAME, WEFT_SORT_TYPE, WEFT_SORT_LESS_)

static __attribute__((unused)) void WEFT_SORT_NAME(WEFT_SORT_TYPE *x, size_t n)
{
    /* In the order of the members: names are not in C++ before 2020. */
    static const weft_merging_ how = { WEFT_SORT_TEXT_(WEFT_SORT_NAME),
                                       sizeof(WEFT_SORT_TYPE),
                                       WEFT_SORT_PASTE_(WEFT_SORT_NAME, _sort),
                                       WEFT_SORT_PASTE_(WEFT_SORT_NAME, _merge),
                                       WEFT_SORT_LESS_,
                                       NULL };
    weft_merge_sort_(x, n, &how);
}

#undef WEFT_SORT_LESS_
#undef WEFT_SORT_NAME
#undef WEFT_SORT_TYPE
#undef WEFT_SORT_LESS
#endif
