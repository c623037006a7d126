/* order.c - input that is in order already, or exactly the wrong way round.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Random input shows that it is neither within its first few elements; what is nearly sorted costs one
 * reading. */
#include "algo/sort/order.h"

#include "algo/sort/column.h"
#include "algo/sort/on_team.h"

enum {
    glance = 64,      /* elements that are looked at first */
    unit = 32 * 1024, /* elements that a thread takes at once */
};

struct look {
    const struct weft__sort_leaf *leaf;
    const char *x;
    size_t n, size;
    enum weft__kind kind;
    bool falling, strictly;
    bool broken; /* relaxed: seeing it late costs a unit; the join of the team publishes it */
};

/* Each part reaches to the first element of the next. */
static bool part_is_in_order(const struct look *l, size_t begin, size_t n)
{
    const char *const x = l->x + begin * l->size;
    return l->falling ? l->leaf->falls(x, n, l->kind, l->strictly) : l->leaf->rises(x, n, l->kind);
}

static void look_at_units(weft_worker_ *worker, void *ctx)
{
    struct look *const l = ctx;
    while (!__atomic_load_n(&l->broken, __ATOMIC_RELAXED) && weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * unit, left = l->n - begin;
        if (!part_is_in_order(l, begin, left > unit ? unit + 1 : left))
            __atomic_store_n(&l->broken, true, __ATOMIC_RELAXED);
    }
}

static bool in_order(struct look *l, size_t threads)
{
    if (!part_is_in_order(l, 0, l->n < glance ? l->n : glance))
        return false;
    weft__on_team(l->n / unit + 1, threads, look_at_units, l);
    return !l->broken;
}

bool weft__rises(const struct weft__sorting *s, const void *x, enum weft__kind kind, size_t n)
{
    struct look up = { .leaf = s->leaf, .x = x, .n = n, .size = s->key_size, .kind = kind };
    return in_order(&up, s->threads);
}

bool weft__falls(const struct weft__sorting *s)
{
    struct look down = {
        .leaf = s->leaf,
        .x = s->from.keys,
        .n = s->n,
        .size = s->key_size,
        .kind = s->kind,
        .falling = true,
        .strictly = s->value_size,
    };
    return in_order(&down, s->threads);
}

static void mirror_units(weft_worker_ *worker, void *ctx)
{
    const struct weft__sorting *const s = ctx;
    const struct weft__sort_moves *const moves = &s->leaf->by_value[s->value_size / 4];
    const size_t half = s->n / 2;
    while (weft_next_(worker)) {
        const size_t begin = (worker->index - 1) * unit;
        const size_t n = half - begin < unit ? half - begin : unit;
        moves->mirror(weft__column_at(s, s->to, begin), weft__column_at(s, s->to, s->n - begin - n),
                      n);
    }
}

void weft__turn_round(const struct weft__sorting *s)
{
    weft__on_team((s->n / 2 + unit - 1) / unit, s->threads, mirror_units, (void *)s);
}
