/* fenced.h - arrays between two fences, so that a byte written beside them is seen.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_FENCED_H
#define WEFT_TESTS_FENCED_H

#include <stdbool.h>
#include <stddef.h>

/* `bytes` bytes at y, between two margins. */
struct fenced {
    char *all, *y;
    size_t bytes;
};

/* fenced_new - memory that begins `offset` bytes behind the beginning of a cache line, each byte 0xa5.
 *
 * fences_stand - whether both margins are as they were.
 * fenced_free - gives it back. */
struct fenced fenced_new(size_t bytes, size_t offset);
bool fences_stand(const struct fenced *f);
void fenced_free(struct fenced *f);

#endif
