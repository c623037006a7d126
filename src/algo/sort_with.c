/* sort_with.c - weft_sort_with: anything, by a function as for qsort.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The loops of sort_t.h once for each usual size, since an element of known size moves in registers,
 * and once for all others. */
#include <weft/sort.h>

#include <weft/sort_t.h>

#include "base/detail.h"

struct comparison {
    weft_compare *compare;
    void *ctx;
    size_t size;
};

static inline bool less(const void *a, const void *b, const void *ctx)
{
    const struct comparison *const c = ctx;
    return c->compare(a, b, c->ctx) < 0;
}

#define SIZE_OF(ctx) (((const struct comparison *)(ctx))->size)

WEFT_MERGING_(of_4, 4, less)
WEFT_MERGING_(of_8, 8, less)
WEFT_MERGING_(of_16, 16, less)
WEFT_MERGING_(of_24, 24, less)
WEFT_MERGING_(of_32, 32, less)
WEFT_MERGING_(of_any, SIZE_OF(ctx), less)

static const weft_merging_ usual[] = {
    { .size = 4, .sort = of_4_sort, .merge = of_4_merge },
    { .size = 8, .sort = of_8_sort, .merge = of_8_merge },
    { .size = 16, .sort = of_16_sort, .merge = of_16_merge },
    { .size = 24, .sort = of_24_sort, .merge = of_24_merge },
    { .size = 32, .sort = of_32_sort, .merge = of_32_merge },
};

void weft_sort_with(void *base, size_t n, size_t size, weft_compare *compare, void *ctx)
{
    if (!compare)
        weft__panic("weft_sort_with: compare is NULL: it must be a function");
    weft__need(base, n, "weft_sort_with", "base");
    const struct comparison c = { compare, ctx, size };
    weft_merging_ how = { .sort = of_any_sort, .merge = of_any_merge };
    for (size_t k = 0; k < sizeof usual / sizeof usual[0]; k++)
        if (usual[k].size == size)
            how = usual[k];
    how.function = "weft_sort_with";
    how.size = size;
    how.less = less;
    how.ctx = &c;
    weft_merge_sort_(base, n, &how);
}
