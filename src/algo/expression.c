/* expression.c - behind weft_sum_of and its kin: collects the values of an expression and folds them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Up to 65536 values are stored, evaluated in any order and grain, then folded as the array that they
 * are: so ten expensive values keep ten threads busy. More than that are folded as they come: 512 at a
 * time into a tile that stays in the L1 cache, tiles into the lanes of a block, blocks into the tree of
 * a run. Either way the shape is that of fold.c, and the bits those of the array form.
 *
 * The stored values and the partial values of runs live in the caller's scratch. Where there is none, or
 * no team to be had, the caller folds all of it as it comes. */
#include <weft/reduce.h>

#include <weft/team.h>

#include "algo/fold.h"
#include "algo/scratch.h"
#include "algo/tree.h"
#include "team/pieces.h"
#include "team/rounding.h"

enum {
    stored_most = weft__scratch_bytes / sizeof(double),
    units_a_thread = 16,
    unit_most = 1024, /* stored values a unit */
};

_Static_assert(weft__block % weft_tile_ == 0, "tiles end where blocks end");
_Static_assert(weft__runs_most * sizeof(weft_value_) <= weft__scratch_bytes, "partials fit");
_Static_assert(sizeof(struct weft__state) <= sizeof(((weft_folder_ *)0)->state), "state fits");

static size_t clamp(size_t n, size_t least, size_t most)
{
    return n < least ? least : n > most ? most : n;
}

/* Scratch for the values, or for the partials; where there is none, the caller stays alone. */
static size_t threads_with_memory(weft_folding_ *f, size_t n)
{
    const size_t threads = n > 1 ? weft_threads() : 1;
    void *const scratch = threads > 1 ? weft__scratch() : NULL;
    if (n <= stored_most)
        f->values = scratch;
    else
        f->partials = scratch;
    return scratch ? threads : 1;
}

static struct weft__cut cut(const weft_folding_ *f, size_t n, size_t threads)
{
    return (struct weft__cut){
        .n = n,
        .threads = threads,
        .unit = f->values ? clamp(n / (threads * units_a_thread), 1, unit_most)
                          : weft__runs_of(n).length,
        .most = f->values ? stored_most : weft_tile_,
        .timed = f->values,
    };
}

static void begin_blocks(weft_folder_ *w, weft_folding_ *f)
{
    w->folding = f;
    w->filled = w->depth = w->count = 0;
}

void weft_fold_begin_(weft_folding_ *f, weft_folder_ *alone, weft_op_ op, weft_type_ type, size_t n)
{
    f->leaf = &weft__leaves()->op[op][type];
    f->values = f->partials = NULL;
    f->op = op, f->type = type, f->size = weft__size_of(type);
    f->stop = false;
    const size_t threads = threads_with_memory(f, n);
    begin_blocks(alone, f);
    weft__pieces_open(&f->pieces, &alone->piece, cut(f, n, threads));
}

static weft_value_ of_stored(const weft_folding_ *f)
{
    const struct weft__input in = {
        .leaf = f->leaf, .x = f->values, .size = f->size, .n = f->pieces.n
    };
    return weft__fold_serial(&in, 0, in.n);
}

static weft_value_ of_nothing(const struct weft__leaf *leaf)
{
    struct weft__state s;
    weft_value_ v = { .at = 0 };
    leaf->start(&s);
    leaf->tie(&s, &v);
    return v;
}

static void finish(weft_folding_ *f)
{
    const size_t n = f->pieces.n;
    if (n == 0)
        f->value = of_nothing(f->leaf);
    else if (f->op == WEFT_OP_ANY_)
        f->value.at = f->stop;
    else if (f->values)
        f->value = of_stored(f);
    else if (f->partials)
        f->value = weft__fold_runs(f->leaf, f->partials, weft__runs_of(n).count);
    if ((f->op == WEFT_OP_ARGMIN_ || f->op == WEFT_OP_ARGMAX_) && f->value.at == SIZE_MAX)
        f->value.at = n;
    f->value = weft__one_nan(f->value, f->op, f->type);
}

bool weft_fold_fork_(weft_folding_ *f)
{
    const bool more = !f->stop && weft__pieces_fork(&f->pieces);
    if (more && f->pieces.region.threads == 1)
        f->partials = NULL; /* no team was to be had: one thread folds all of it, as one run */
    return more;
}

void weft_fold_enter_(weft_folder_ *w, weft_folding_ *f)
{
    begin_blocks(w, f);
    weft__piece_enter(&w->piece, &f->pieces);
}

void weft_fold_end_(weft_folding_ *f)
{
    weft__pieces_end(&f->pieces);
    const unsigned host = weft__rounding_begin();
    finish(f);
    weft__rounding_end(host);
}

static void end_block(weft_folder_ *w, struct weft__tree *tree)
{
    weft_value_ v = { .at = 0 };
    tree->leaf->tie((const struct weft__state *)w->state, &v);
    weft__tree_add(tree, v);
    w->filled = 0;
}

static void end_run(weft_folder_ *w, struct weft__tree *tree)
{
    weft_folding_ *const f = w->folding;
    const weft_value_ v = weft__tree_root(tree);
    if (f->partials)
        f->partials[w->piece.begin / weft__runs_of(f->pieces.n).length] = v;
    else
        f->value = v;
}

/* Folds the tile into its block, the block into its run. */
static void absorb(weft_folder_ *w)
{
    struct weft__state *const state = (struct weft__state *)w->state;
    const struct weft__leaf *const leaf = w->folding->leaf;
    struct weft__tree tree = { leaf, w->tree, w->depth, w->count };
    if (w->filled == 0)
        leaf->start(state);
    leaf->fold(state, w->tile, NULL, w->piece.count, w->piece.begin);
    w->filled += w->piece.count;
    const bool last = !weft__piece_continues(&w->piece);
    if (last || w->filled == weft__block)
        end_block(w, &tree);
    if (last)
        end_run(w, &tree);
    w->depth = tree.depth, w->count = tree.count;
}

static bool any_of_them(const weft_folder_ *w)
{
    const unsigned char *const holds = w->out;
    for (size_t k = 0; k < w->piece.count; k++)
        if (holds[k])
            return true;
    return false;
}

static void take_in(weft_folder_ *w)
{
    weft_folding_ *const f = w->folding;
    if (f->op != WEFT_OP_ANY_) {
        if (!f->values)
            absorb(w);
    } else if (any_of_them(w)) {
        __atomic_store_n(&f->stop, true, __ATOMIC_RELAXED); /* with the load in weft_fold_next_ */
    }
}

bool weft_fold_next_(weft_folder_ *w)
{
    weft_folding_ *const f = w->folding;
    if (w->piece.count)
        take_in(w);
    /* relaxed: seeing it late costs a tile, no more; the join of the team publishes it */
    if (__atomic_load_n(&f->stop, __ATOMIC_RELAXED))
        return weft__piece_leave(&w->piece);
    if (!weft__piece_next(&w->piece))
        return false;
    w->out = f->values ? (char *)f->values + w->piece.begin * f->size : w->tile;
    return true;
}
