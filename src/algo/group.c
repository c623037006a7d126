/* group.c - weft_unique, weft_count_by_key and the reductions by key.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Four ways lead to the same groups: a table of the calling thread, a table of each thread, scattered
 * ranges, and a sort in the outputs. The first that can is taken. */
#include <weft/group.h>

#include <weft/team.h>

#include "algo/group/grouping.h"
#include "algo/leaf.h"
#include "algo/sort/keys.h"
#include "algo/types.h"
#include "base/at_most.h"
#include "base/detail.h"
#include "team/rounding.h"

enum { alone_most = 32 * 1024 }; /* elements */

static size_t find_groups(const struct weft__grouping *g)
{
    size_t groups = SIZE_MAX;
    if (g->n > alone_most)
        groups = weft__group_few(g);
    if (groups == SIZE_MAX && g->n > alone_most)
        groups = weft__group_many(g);
    if (groups == SIZE_MAX)
        groups = weft__group_alone(g);
    if (groups == SIZE_MAX)
        groups = weft__group_in_place(g);
    return groups;
}

/* Where the order does not matter: a few parts a thread. */
static size_t part_of_any_order(size_t n, size_t threads)
{
    enum { parts_a_thread = 4, parts_most = 64 };
    const size_t parts = weft__at_most(parts_a_thread * threads, parts_most);
    return n / parts + 1;
}

static size_t group(struct weft__grouping g)
{
    if (g.n == 0)
        return 0;
    g.threads = g.n > alone_most ? weft_threads() : 1;
    g.key_size = weft__size_of(g.key_type);
    g.value_size = g.values ? weft__size_of(g.value_type) : 0;
    g.kind = weft__kind_of(g.key_type);
    g.part = g.op == WEFT__SUM ? weft_group_part(g.n) : part_of_any_order(g.n, g.threads);
    g.parts = (g.n - 1) / g.part + 1;
    const unsigned host = weft__rounding_begin();
    const size_t groups = find_groups(&g);
    weft__rounding_end(host);
    return groups;
}

/* ---- the calls ---- */

static size_t count(weft_type_ type, const void *keys, size_t n, void *unique, size_t *counts)
{
    return group((struct weft__grouping){ .keys = keys,
                                          .n = n,
                                          .key_type = type,
                                          .value_type = WEFT_TYPE_U64_,
                                          .op = WEFT__COUNT,
                                          .unique = unique,
                                          .out = counts,
                                          .out_type = WEFT_TYPE_U64_ });
}

static weft_type_ type_of_sum(weft_type_ type)
{
    return type == WEFT_TYPE_I32_ ? WEFT_TYPE_I64_ : type == WEFT_TYPE_U32_ ? WEFT_TYPE_U64_ : type;
}

static const char *name_of(weft_op_ op)
{
    return op == WEFT_OP_SUM_   ? "weft_sum_by_key"
           : op == WEFT_OP_MIN_ ? "weft_min_by_key"
           : op == WEFT_OP_MAX_ ? "weft_max_by_key"
                                : NULL;
}

static size_t reduce(weft_type_ type, const void *keys, const void *values, weft_type_ value_type,
                     weft_op_ op, size_t n, void *unique, void *out)
{
    const char *const name = name_of(op);
    if (!name)
        weft__panic("weft_reduce_by_key: op is %d: it must be a sum, min or max", (int)op);
    if (value_type > WEFT_TYPE_F64_)
        weft__panic("weft_reduce_by_key: type is %d: it must be one of the six types",
                    (int)value_type);
    weft__need(keys, n, name, "keys");
    weft__need(values, n, name, "values");
    weft__need(unique, n, name, "unique");
    weft__need(out, n, name, "the output");
    const bool sums = op == WEFT_OP_SUM_, floating = weft__kind_of(value_type) == WEFT__FLOATING;
    return group((struct weft__grouping){
        .keys = keys,
        .values = values,
        .n = n,
        .key_type = type,
        .value_type = value_type,
        .op = !sums      ? WEFT__LEAST
              : floating ? WEFT__SUM
                         : WEFT__ADD,
        .greatest = op == WEFT_OP_MAX_,
        .unique = unique,
        .out = out,
        .out_type = sums ? type_of_sum(value_type) : value_type,
    });
}

#define DEFINE_TYPE(t, CODE, T)                                                                    \
    size_t weft_unique_##t(const T *x, size_t n, T *out)                                           \
    {                                                                                              \
        weft__need(x, n, "weft_unique", "x");                                                      \
        weft__need(out, n, "weft_unique", "out");                                                  \
        return count(CODE, x, n, out, NULL);                                                       \
    }                                                                                              \
    size_t weft_count_by_key_##t(const T *keys, size_t n, T *unique, size_t *counts)               \
    {                                                                                              \
        weft__need(keys, n, "weft_count_by_key", "keys");                                          \
        weft__need(unique, n, "weft_count_by_key", "unique");                                      \
        weft__need(counts, n, "weft_count_by_key", "counts");                                      \
        return count(CODE, keys, n, unique, counts);                                               \
    }                                                                                              \
    size_t weft_reduce_by_key_##t(const T *keys, const void *values, weft_type_ type, weft_op_ op, \
                                  size_t n, T *unique, void *out)                                  \
    {                                                                                              \
        return reduce(CODE, keys, values, type, op, n, unique, out);                               \
    }

WEFT__TYPES(DEFINE_TYPE)
