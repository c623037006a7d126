/* words.c - the bits of consecutive items: whole groups of blocks, of which the items are a part.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "algo/random/words.h"

#include "algo/leaf.h"
#include "base/assert.h"

const void *weft__words(struct weft__words *w, const struct weft__drawn *d, uint64_t first,
                        size_t n)
{
    weft_assert(n <= weft__random_tile && (d->size == 4 || d->size == 8));
    const size_t a_block = 16 / d->size, before = first % a_block;
    const size_t blocks = (before + n + a_block - 1) / a_block;
    const struct weft__counters c = {
        .key = { d->r->key[0], d->r->key[1] },
        .first = first / a_block,
        .draw = d->draw,
        .what = d->what,
    };
    const size_t groups = (blocks + weft__random_group - 1) / weft__random_group;
    weft__leaves()->random->blocks[d->r->generator](w->bits, &c, groups);
    return (const char *)w->bits + before * d->size;
}
