/* sort_by.c - behind weft_sort_by: sorts by keys that the user's file evaluates.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The keys are evaluated into an array and sorted with the numbers of their elements; then the elements
 * are gathered in that order and brought back. All of it is one piece of memory:
 *
 *     numbers, sorted | keys | keys once more | numbers once more |
 *                     | elements, gathered when the keys are done with ...
 *
 * Where there is none, the sort in place asks for two keys at each comparison (in_place.c). */
#include <weft/sort.h>

#include <string.h>

#include <weft/team.h>

#include "algo/leaf.h"
#include "algo/sort/column.h"
#include "algo/sort/in_place.h"
#include "algo/sort/on_team.h"
#include "algo/sort/order.h"
#include "algo/sort/room.h"
#include "base/at_most.h"
#include "base/detail.h"

_Static_assert(sizeof(struct weft__in_place) <= sizeof(((weft_sorting_ *)0)->state), "state fits");

enum {
    unit = 4096,              /* elements that are moved at once */
    worth_a_team = 64 * 1024, /* bytes */
};

static size_t whole_lines(size_t bytes) { return (bytes + 127) / 128 * 128; }

/* ---- without memory ---- */

static void swap_elements(void *ctx, size_t i, size_t j)
{
    const weft_sorting_ *const s = ctx;
    weft__swap_bytes(s->base + i * s->size, s->base + j * s->size, s->size);
}

static uint64_t as_unsigned(weft_type_ type, const void *key)
{
    uint32_t narrow = 0;
    uint64_t wide = 0;
    const bool is_wide = weft__size_of(type) == 8;
    weft__sort_leaf_of(type)->encode(key, is_wide ? (void *)&wide : (void *)&narrow, 1,
                                     weft__kind_of(type));
    return is_wide ? wide : narrow;
}

/* Asks for the first key of a comparison, then for the second. The first call brings no key. */
bool weft_sort_by_next_(weft_sorting_ *s, const void *key)
{
    struct weft__in_place *const p = (struct weft__in_place *)s->state;
    if (s->at != SIZE_MAX && !s->second) {
        s->first = as_unsigned(s->type, key);
        s->second = true;
        s->at = p->j;
        return true;
    }
    const bool more = s->at == SIZE_MAX
                          ? weft__in_place_begin(p, s->n, swap_elements, s)
                          : weft__in_place_next(p, s->first < as_unsigned(s->type, key));
    s->second = false;
    s->at = p->i;
    return more;
}

/* ---- with memory ---- */

static struct weft__sorting sorting_of(const weft_sorting_ *s)
{
    const size_t bytes = s->n * (s->size + 16);
    return (struct weft__sorting){
        .leaf = weft__sort_leaf_of(s->type),
        .kind = weft__kind_of(s->type),
        .key_size = weft__size_of(s->type),
        .value_size = s->n <= UINT32_MAX ? 4 : 8,
        .n = s->n,
        .threads = bytes < worth_a_team ? 1 : weft_threads(),
    };
}

static char *memory_for(const weft_sorting_ *s)
{
    const struct weft__sorting sorting = sorting_of(s);
    const size_t numbers = whole_lines(s->n * sorting.value_size);
    const size_t keys = whole_lines(s->n * sorting.key_size) + weft__column_bytes(&sorting);
    const size_t elements = s->n * s->size;
    if (s->n > PTRDIFF_MAX / 2 / (s->size + 32))
        return NULL;
    return weft__room_take(numbers + (keys > elements ? keys : elements));
}

struct gathering {
    const weft_sorting_ *s;
    struct weft__sorting sorting;
    const char *numbers;
    char *elements;
};

static void gather(const struct gathering *g, size_t begin, size_t end, size_t size)
{
    const uint32_t *const narrow = (const uint32_t *)g->numbers;
    const uint64_t *const wide = (const uint64_t *)g->numbers;
    for (size_t k = begin; k < end; k++) {
        const size_t from = g->sorting.value_size == 4 ? narrow[k] : (size_t)wide[k];
        memcpy(g->elements + k * size, g->s->base + from * size, size);
    }
}

static void gather_units(weft_worker_ *worker, void *ctx)
{
    const struct gathering *const g = ctx;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * unit, end = weft__at_most(begin + unit, g->s->n);
        if (g->s->size == 8) /* so that an element moves in a register */
            gather(g, begin, end, 8);
        else if (g->s->size == 16)
            gather(g, begin, end, 16);
        else
            gather(g, begin, end, g->s->size);
    }
}

static void bring_back_units(weft_worker_ *worker, void *ctx)
{
    const struct gathering *const g = ctx;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * unit, end = weft__at_most(begin + unit, g->s->n);
        const size_t size = g->s->size;
        memcpy(g->s->base + begin * size, g->elements + begin * size, (end - begin) * size);
    }
}

static void sort_elements(const weft_sorting_ *s)
{
    struct weft__sorting sorting = sorting_of(s);
    char *const numbers = s->memory, *const keys = s->keys;
    if (weft__rises(&sorting, keys, sorting.kind, s->n))
        return;
    sorting.from.keys = sorting.to.keys = keys;
    sorting.to.values = numbers;
    sorting.room = weft__column_in(&sorting, keys + whole_lines(s->n * sorting.key_size));
    weft__sort_keys(&sorting);
    struct gathering g = { .s = s, .sorting = sorting, .numbers = numbers, .elements = keys };
    const size_t units = (s->n + unit - 1) / unit;
    weft__on_team(units, sorting.threads, gather_units, &g);
    weft__on_team(units, sorting.threads, bring_back_units, &g);
}

void weft_sort_by_begin_(weft_sorting_ *s, void *base, size_t n, size_t size, weft_type_ type)
{
    weft__need(base, n, "weft_sort_by", "base");
    s->base = base, s->n = n, s->size = size, s->type = type;
    s->at = SIZE_MAX, s->second = false, s->first = 0;
    s->memory = n > 1 ? memory_for(s) : NULL;
    s->keys = s->memory ? (char *)s->memory + whole_lines(n * sorting_of(s).value_size) : NULL;
}

void weft_sort_by_end_(weft_sorting_ *s)
{
    if (s->keys)
        sort_elements(s);
    weft__room_give(s->memory);
}
