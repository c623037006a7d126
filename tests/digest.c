/* digest.c - all bits of every algorithm's answers.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * An input is made once for all rows of a family. */
#include "digest.h"

#include <stdlib.h>
#include <string.h>

enum { end = -1, specials = input_kinds - 1 };

static const int every_kind[] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                  11, 12, 13, 14, 15, 16, 17, 18, 19, 20, end };
static const int some_kinds[] = { ROUGH, TINY, specials, end };
static const int rough[] = { ROUGH, end }, special[] = { specials, end };

static const int few[] = { 0,  1,  2,  3,  4,  5,   7,   8,   9,   15,  16,  17, 31,
                           32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, end };
static const int two_sizes[] = { 100, 3001, end };
static const int blocks[] = { 513, 2047, 2048, 2049, 8193, 16384, 16385, 24577, 49153, 70001, end };
static const int a_team[] = { 50007, end };
static const int slow_blocks[] = { 513, 2049, 8193, 16385, 24577, end },
                 slow_team[] = { 17001, end };
static const int large[] = { (1 << 21) + 7, end }, large_and_slow[] = { (1 << 18) + 7, end };

_Static_assert(sizeof every_kind / sizeof *every_kind == input_kinds + 1, "every kind is named");

static const struct patch {
    enum digest_part part;
    const int *sizes, *kinds;
} grid[] = {
    { FEW, few, some_kinds },    { INPUTS, two_sizes, every_kind }, { BLOCKS, blocks, rough },
    { BLOCKS, a_team, special }, { LARGE, large, rough },
};

enum { patches = sizeof grid / sizeof grid[0] };

/* To sort 70000 elements takes a hundred times as long as to add them. */
static const int *sizes_of(const struct family *f, const struct patch *p)
{
    static const int none[] = { end };
    if (f->heavy && p->sizes != a_team && p->part != LARGE)
        return none;
    return !f->slow || f->heavy ? p->sizes
           : p->sizes == large  ? large_and_slow
           : p->sizes == blocks ? slow_blocks
           : p->sizes == a_team ? slow_team
                                : p->sizes;
}

/* ---- bits to a number ---- */

static uint64_t stir(uint64_t h, uint64_t bits)
{
    h ^= bits;
    return (h << 29 | h >> 35) * 0x9e3779b97f4a7c15u;
}

/* Four chains, since each waits for its own multiplication. */
static uint64_t stir_bytes(uint64_t h, const unsigned char *p, size_t bytes)
{
    uint64_t lane[4] = { h, 1, 2, 3 }, word[4];
    for (; bytes >= sizeof word; p += sizeof word, bytes -= sizeof word) {
        memcpy(word, p, sizeof word);
        for (size_t k = 0; k < 4; k++)
            lane[k] = stir(lane[k], word[k]);
    }
    memset(word, 0, sizeof word);
    memcpy(word, p, bytes);
    for (size_t k = 0; k < 4; k++)
        h = stir(stir(h, word[k]), lane[k]);
    return h;
}

static uint64_t stir_answer(uint64_t h, const struct law *law, const struct answer *a, size_t n)
{
    uint64_t f64;
    uint32_t f32;
    memcpy(&f64, &a->f64, sizeof f64);
    memcpy(&f32, &a->f32, sizeof f32);
    h = stir(stir(stir(stir(h, n), (uint64_t)a->i), f64), f32);
    return stir_bytes(h, a->y, n * law->width);
}

/* ---- the grid ---- */

struct work {
    struct input in;
    struct answer a;
    digest_call *call;
};

static void stir_rows(struct work *w, const struct family *f, enum digest_part part,
                      struct digest *digest)
{
    for (size_t k = 0; k < f->count; k++) {
        const struct law *const law = &f->law[k];
        answer_clear(&w->a, law, w->in.n);
        if (w->call)
            w->call(law->weft, &w->in, &w->a);
        else
            law->weft(&w->in, &w->a);
        digest[k].part[part] = stir_answer(digest[k].part[part], law, &w->a, w->in.n);
    }
}

static void digest_patch(struct work *w, const struct family *f, const struct patch *p,
                         struct digest *digest)
{
    for (const int *kind = p->kinds; *kind != end; kind++)
        for (const int *size = sizes_of(f, p); *size != end; size++) {
            input_fill(&w->in, (size_t)*kind, (size_t)*size);
            stir_rows(w, f, p->part, digest);
        }
}

static size_t most(const struct family *f, unsigned parts)
{
    int n = 0;
    for (size_t k = 0; k < patches; k++)
        for (const int *size = sizes_of(f, &grid[k]); *size != end; size++)
            n = parts >> grid[k].part & 1 && *size > n ? *size : n;
    return (size_t)n;
}

void digest_family(const struct family *f, unsigned parts, digest_call *call, struct digest *digest)
{
    const size_t n = most(f, parts);
    struct work w = { input_new(n), answer_new(n), call };
    memset(digest, 0, f->count * sizeof *digest);
    for (size_t k = 0; k < patches; k++)
        if (parts >> grid[k].part & 1)
            digest_patch(&w, f, &grid[k], digest);
    input_free(&w.in);
    answer_free(&w.a);
}
