/* place.c - argmin and argmax over arrays.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * To find an extreme takes one pass at the speed of memory; to know where it is takes a comparison for
 * each element more. So the team finds the extreme of each run of blocks, and only the first run that
 * has the extreme of all of them is searched. A run that is all NaN has the identity for an extreme
 * and no place: then the next run is searched. */
#include "algo/place.h"

#include "algo/fold.h"
#include "base/at_most.h"
#include "team/rounding.h"

/* By the leaf of argmin or argmax, which knows the place. */
static size_t search(const struct weft__input *in, size_t begin, size_t end)
{
    return weft__fold_serial(in, begin, end).at;
}

/* The first run that has the extreme, of those whose `at` is still its own index; or SIZE_MAX. */
static size_t first_best(const struct weft__leaf *leaf, const weft_value_ *partial, size_t runs)
{
    weft_value_ best = { .at = SIZE_MAX };
    for (size_t k = 0; k < runs; k++)
        leaf->join(&best, &partial[k]);
    return best.at;
}

static size_t search_runs(const struct weft__input *in, weft_value_ *partial)
{
    const struct weft__runs runs = weft__runs_of(in->n);
    for (size_t k = 0; k < runs.count; k++)
        partial[k].at = k;
    for (size_t k; (k = first_best(in->leaf, partial, runs.count)) != SIZE_MAX;) {
        const size_t begin = k * runs.length;
        const size_t at = search(in, begin, weft__at_most(begin + runs.length, in->n));
        if (at != SIZE_MAX)
            return at;
        partial[k].at = SIZE_MAX;
    }
    return SIZE_MAX;
}

static size_t place(weft_op_ op, weft_type_ type, const void *x, size_t n)
{
    const struct weft__leaves *const leaves = weft__leaves();
    struct weft__input in = { .x = x, .size = weft__size_of(type), .n = n };
    weft_value_ partial[weft__runs_most];
    if (n > weft__block) {
        in.leaf = &leaves->op[op == WEFT_OP_ARGMIN_ ? WEFT_OP_MIN_ : WEFT_OP_MAX_][type];
        weft__fold_apart(&in, partial);
    }
    in.leaf = &leaves->op[op][type];
    const size_t at = n > weft__block ? search_runs(&in, partial) : search(&in, 0, n);
    return at == SIZE_MAX ? n : at;
}

/* A mode that takes denormals for zero would take them for equal. */
size_t weft__place(weft_op_ op, weft_type_ type, const void *x, size_t n)
{
    const unsigned host = weft__rounding_begin();
    const size_t at = place(op, type, x, n);
    weft__rounding_end(host);
    return at;
}
