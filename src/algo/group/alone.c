/* alone.c - groups by one table of the calling thread, for few elements.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The table begins on the stack, and so does the room to sort its groups. */
#include <weft/alloc.h>

#include "algo/group/grouping.h"
#include "base/at_most.h"

enum {
    stack_slots = 512,
    stack_groups = stack_slots / 4 + 1,
};

bool weft__group_add(const struct weft__grouping *g, struct weft__table *t, size_t part)
{
    uint64_t key[weft__group_tile], room[weft__group_tile];
    const size_t begin = part * g->part, end = weft__at_most(begin + g->part, g->n);
    for (size_t i = begin, m; i < end; i += m) {
        m = weft__at_most(weft__group_tile, end - i);
        weft__group_keys(g, i, m, key);
        const uint64_t *const value = weft__group_values(g, weft__group_value_at(g, i), m, room);
        if (weft__table_add(t, key, value, m, part) < m)
            return false;
    }
    return true;
}

/* Keys, values and as much room, in one. */
static size_t deliver(const struct weft__grouping *g, const struct weft__table *t, uint64_t *list)
{
    const size_t groups = weft__table_keys(t);
    weft__table_list(t, list, list + groups);
    weft__group_sort(list, list + groups, list + 2 * groups, groups);
    weft__group_deliver(g, 0, list, list + groups, groups);
    return groups;
}

size_t weft__group_deliver_table(const struct weft__grouping *g, const struct weft__table *t)
{
    uint64_t stack[4 * stack_groups];
    const size_t groups = weft__table_keys(t);
    if (groups <= stack_groups)
        return deliver(g, t, stack);
    uint64_t *const list = weft_alloc(4 * groups * sizeof *list);
    if (!list)
        return SIZE_MAX;
    deliver(g, t, list);
    weft_dealloc(list);
    return groups;
}

size_t weft__group_alone(const struct weft__grouping *g)
{
    struct weft__sum_slot stack[stack_slots];
    struct weft__table t = weft__table_in(g->op, stack, sizeof stack, SIZE_MAX);
    bool fits = weft__table_clear(&t, weft__at_most(g->n, stack_slots / 4));
    for (size_t part = 0; part < g->parts && fits; part++)
        fits = weft__group_add(g, &t, part);
    const size_t groups = fits ? weft__group_deliver_table(g, &t) : SIZE_MAX;
    weft__table_free(&t);
    return groups;
}
