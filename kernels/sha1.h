/* sha1.h - SHA-1 of at most 55 bytes, one block: what UTS draws its trees from.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * FIPS 180-4. No longer fit to sign anything; here it is only a published function that all
 * implementations of UTS share. */
#ifndef KERNELS_SHA1_H
#define KERNELS_SHA1_H

#include <stddef.h>
#include <stdint.h>

enum { sha1_words = 5 };

/* digest = SHA-1 of `bytes` bytes, which are the big-endian words of text; bytes is a multiple of 4,
 * at most 52. */
void sha1(uint32_t digest[sha1_words], const uint32_t *text, size_t bytes);

#endif
