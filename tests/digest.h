/* digest.h - all bits of every algorithm's answers, in four numbers a row.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * digests.txt holds those that are right. Nobody rewrites it but you, when a change of bits is meant:
 *
 *     make && build/release/weft-digests > tests/digests.txt
 *     git diff tests/digests.txt                              which algorithms, which types */
#ifndef WEFT_TESTS_DIGEST_H
#define WEFT_TESTS_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "laws.h"

/* The parts of the grid, a column of the table each. */
enum digest_part {
    FEW,    /* 0 to 257 elements, around every vector and row */
    INPUTS, /* every kind of input, at two sizes */
    BLOCKS, /* around every block, tile and threshold, to 70001 elements */
    LARGE,  /* written past the cache, more blocks than runs */
    digest_parts
};

enum { EVERY_PART = (1 << digest_parts) - 1 };

struct digest {
    uint64_t part[digest_parts];
};

/* Calls an algorithm: where and under which circumstances is for the test to say. */
typedef void digest_call(algorithm *f, const struct input *in, struct answer *a);

/* The digests of the rows of a family, those parts whose bits are set in `parts`.
 *
 * digest  f->count of them, written
 * call    NULL: just calls */
void digest_family(const struct family *f, unsigned parts, digest_call *call,
                   struct digest *digest);

#endif
