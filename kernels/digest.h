/* digest.h - many numbers as one, for an answer in one line.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef KERNELS_DIGEST_H
#define KERNELS_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* FNV-1a, 64 bits at a time: two answers that differ in one bit have different digests. */
static const uint64_t digest_of_nothing = 0xcbf29ce484222325u;

static inline uint64_t digest_u64(uint64_t digest, uint64_t value)
{
    return (digest ^ value) * 0x100000001b3u;
}

/* The bits of doubles. */
static inline uint64_t digest_f64(uint64_t digest, const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &x[i], sizeof bits);
        digest = digest_u64(digest, bits);
    }
    return digest;
}

#endif
