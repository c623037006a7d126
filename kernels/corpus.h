/* corpus.h - real text: files and folders read into one piece of memory.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_CORPUS_H
#define KERNELS_CORPUS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct corpus {
    char *bytes; /* size of them, from weft_alloc */
    size_t size, room, files;
    size_t memory; /* bytes that room may be */
} corpus;

/* corpus_read - the paths one behind the other, up to `most` bytes; folders in alphabetical order
 * with what is below them, links not followed. Text that takes more than `memory` bytes is refused.
 *
 * In folders only files that look like text count, and what cannot be read is left out; a file that
 * is named must be readable. On failure says why on stderr. Freed by weft_dealloc(t->bytes). */
bool corpus_read(corpus *t, const char *const *paths, size_t count, size_t most, size_t memory);

/* corpus_check - whether each path can be read; else says on stderr which cannot. */
bool corpus_check(const char *const *paths, size_t count);

#endif
