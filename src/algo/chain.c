/* chain.c - tiles that threads take in order; each learns what the tiles before its own amount to.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The look-back of D. Merrill and M. Garland (Single-pass parallel prefix scan with decoupled
 * look-back, 2016), with one order of operations. A link is one tile's; its state only grows:
 *
 *     EMPTY -> TOTAL    what the tile amounts to is known
 *           -> THROUGH  what all tiles up to it amount to is known too
 *
 * A thread walks back from its tile to the nearest THROUGH, then forward again, joining totals. Tiles are
 * taken in order and a total is told before anything is waited for, so each link that is waited for
 * belongs to a thread that runs and will fill it, however few threads there are: nobody waits for
 * ever. model/chain.pml checks that. */
#include "algo/chain.h"

#include <stdlib.h>

#include <sched.h>

#include "base/assert.h"
#include "base/pause.h"

enum state { EMPTY, TOTAL, THROUGH };

struct weft__link {
    weft_value_ total, through;
    int state;
} __attribute__((aligned(64)));

bool weft__chain_open(struct weft__chain *c, size_t tiles, weft_value_ first,
                      void (*join)(weft_value_ *left, const weft_value_ *right))
{
    c->links = aligned_alloc(64, tiles * sizeof *c->links);
    c->tiles = tiles;
    c->join = join;
    c->first = first;
    c->next = 0;
    for (size_t k = 0; c->links && k < tiles; k++)
        c->links[k].state = EMPTY;
    return c->links;
}

void weft__chain_close(struct weft__chain *c) { free(c->links); }

bool weft__chain_take(struct weft__chain *c, size_t *tile)
{
    /* relaxed: it hands over a number, nothing else */
    *tile = __atomic_fetch_add(&c->next, 1, __ATOMIC_RELAXED);
    return *tile < c->tiles;
}

/* Its owner is about to fill it, unless it was stopped: then it needs our CPU more than we do. */
static int await(const struct weft__link *link)
{
    enum { turns = 2000 }; /* some 30 us */
    int state;
    /* acquire: pairs with the releases in weft__chain_join */
    for (int k = 0; (state = __atomic_load_n(&link->state, __ATOMIC_ACQUIRE)) == EMPTY; k++)
        if (k < turns)
            weft__pause();
        else
            sched_yield();
    return state;
}

static weft_value_ before(const struct weft__chain *c, size_t tile)
{
    size_t k = tile;
    while (k > 0 && await(&c->links[k - 1]) != THROUGH)
        k--;
    weft_value_ v = k ? c->links[k - 1].through : c->first;
    for (; k < tile; k++)
        c->join(&v, &c->links[k].total);
    return v;
}

weft_value_ weft__chain_join(struct weft__chain *c, size_t tile, const weft_value_ *total)
{
    struct weft__link *const mine = &c->links[tile];
    mine->total = *total;
    __atomic_store_n(&mine->state, TOTAL, __ATOMIC_RELEASE); /* pairs with await() */
    const weft_value_ v = before(c, tile);
    mine->through = v;
    c->join(&mine->through, total);
    __atomic_store_n(&mine->state, THROUGH, __ATOMIC_RELEASE); /* pairs with await() */
    return v;
}

weft_value_ weft__chain_all(const struct weft__chain *c)
{
    weft_assert(c->links[c->tiles - 1].state == THROUGH);
    return c->links[c->tiles - 1].through;
}
