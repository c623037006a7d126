/* digest_table.h - asserts that digests are those of digests.txt.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_DIGEST_TABLE_H
#define WEFT_TESTS_DIGEST_TABLE_H

#include <stddef.h>

#include "digest.h"

/* How many algorithms the file has. */
size_t digest_lines(void);

/* expect_digests - runs a family over parts of the grid, and names each row and part that differs. Where a
 * row's own arithmetic follows its compiler, a family of -ffast-math is not held to it.
 *
 * call   as for digest_family
 * where  what is printed when there is a difference
 *
 * expect_table - the same for a table that weft-digests has printed: `text` is written on. */
void expect_digests(const struct family *f, unsigned parts, digest_call *call, const char *where);
void expect_table(char *text, unsigned parts, const char *where);

#endif
