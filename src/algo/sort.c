/* sort.c - weft_sort, weft_is_sorted, weft_sort_pairs and weft_argsort over arrays.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Here is who has which memory: a few elements are sorted with room on the stack, more with memory of
 * their own, and in place where there is none. */
#include <weft/sort.h>

#include "algo/leaf.h"
#include "algo/sort/column.h"
#include "algo/sort/keys.h"
#include "algo/sort/order.h"
#include "algo/sort/room.h"
#include "algo/types.h"
#include "base/detail.h"
#include "team/team.h"

enum {
    stack_bytes = 4096,
    worth_a_team = 64 * 1024, /* bytes of keys and values */
};

static size_t threads_for(size_t bytes) { return bytes < worth_a_team ? 1 : weft__threads(); }

static struct weft__sorting sorting_of(weft_type_ type, size_t n, size_t value_size)
{
    const size_t size = weft__size_of(type);
    return (struct weft__sorting){
        .leaf = weft__sort_leaf_of(type),
        .kind = weft__kind_of(type),
        .key_size = size,
        .value_size = value_size,
        .n = n,
        .threads = threads_for(n * (size + value_size)),
    };
}

/* Keys, and values if any, in their own arrays. */
static void sort_arrays(struct weft__sorting *s, void *keys, void *values)
{
    char stack[stack_bytes] __attribute__((aligned(128)));
    s->from = s->to = (struct weft__column){ keys, values };
    if (weft__rises(s, keys, s->kind, s->n))
        return;
    if (weft__falls(s)) {
        weft__turn_round(s);
        return;
    }
    const size_t bytes = weft__column_bytes(s);
    char *const memory = bytes <= stack_bytes ? stack : weft__room_take(bytes);
    if (memory)
        s->room = weft__column_in(s, memory);
    weft__sort_keys(s);
    if (memory != stack)
        weft__room_give(memory);
}

static void sort(weft_type_ type, void *x, size_t n)
{
    if (n < 2)
        return;
    struct weft__sorting s = sorting_of(type, n, 0);
    sort_arrays(&s, x, NULL);
}

static bool is_sorted(weft_type_ type, const void *x, size_t n)
{
    if (n < 2)
        return true;
    const struct weft__sorting s = sorting_of(type, n, 0);
    return weft__rises(&s, x, s.kind, n);
}

static void sort_pairs(weft_type_ type, void *keys, void *values, size_t size, size_t n)
{
    if (size != 4 && size != 8)
        weft__panic("weft_sort_pairs: size is %zu: a value must have 4 or 8 bytes", size);
    if (n < 2)
        return;
    struct weft__sorting s = sorting_of(type, n, size);
    sort_arrays(&s, keys, values);
}

static void argsort(weft_type_ type, const void *x, size_t n, size_t *index)
{
    char stack[stack_bytes] __attribute__((aligned(128)));
    struct weft__sorting s = sorting_of(type, n, n <= UINT32_MAX ? 4 : 8);
    s.from.keys = (void *)x;
    s.index = index;
    const size_t bytes = weft__column_bytes(&s);
    char *const memory = 2 * bytes <= stack_bytes ? stack : weft__room_take(2 * bytes);
    if (memory) {
        s.to = weft__column_in(&s, memory);
        s.room = weft__column_in(&s, memory + bytes);
    }
    weft__sort_keys(&s);
    if (memory != stack)
        weft__room_give(memory);
}

#define DEFINE_TYPE(t, CODE, T)                                            \
    void weft_sort_##t(T *x, size_t n)                                     \
    {                                                                      \
        weft__need(x, n, "weft_sort", "x");                                \
        sort(CODE, x, n);                                                  \
    }                                                                      \
    bool weft_is_sorted_##t(const T *x, size_t n)                          \
    {                                                                      \
        weft__need(x, n, "weft_is_sorted", "x");                           \
        return is_sorted(CODE, x, n);                                      \
    }                                                                      \
    void weft_sort_pairs_##t(T *keys, void *values, size_t size, size_t n) \
    {                                                                      \
        weft__need(keys, n, "weft_sort_pairs", "keys");                    \
        weft__need(values, n, "weft_sort_pairs", "values");                \
        sort_pairs(CODE, keys, values, size, n);                           \
    }                                                                      \
    void weft_argsort_##t(const T *x, size_t n, size_t *index)             \
    {                                                                      \
        weft__need(x, n, "weft_argsort", "x");                             \
        weft__need(index, n, "weft_argsort", "index");                     \
        argsort(CODE, x, n, index);                                        \
    }

WEFT__TYPES(DEFINE_TYPE)
