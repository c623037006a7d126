/* fenced.c - arrays between two fences.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "fenced.h"

#include <stdlib.h>
#include <string.h>

#include <CUnit/CUnit.h>

enum { margin = 64, fence = 0xa5 }; /* bytes before and behind an array, and what is in them */

struct fenced fenced_new(size_t bytes, size_t offset)
{
    const size_t room = (margin + offset + bytes + margin + 63) / 64 * 64;
    struct fenced f = { .all = aligned_alloc(64, room), .bytes = bytes };
    CU_ASSERT_PTR_NOT_NULL_FATAL(f.all);
    memset(f.all, fence, room);
    f.y = f.all + margin + offset;
    return f;
}

bool fences_stand(const struct fenced *f)
{
    unsigned char intact[margin];
    memset(intact, fence, margin);
    return memcmp(f->y - margin, intact, margin) == 0 &&
           memcmp(f->y + f->bytes, intact, margin) == 0;
}

void fenced_free(struct fenced *f) { free(f->all); }
