/* sha1.c - SHA-1 of at most 55 bytes, one block.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "sha1.h"

enum { rounds = 80, block_words = 16 };

static uint32_t rotate(uint32_t x, int by) { return x << by | x >> (32 - by); }

/* The message, a 1 bit, zeros, the length in bits; then expanded to a word a round. */
static void schedule(uint32_t w[rounds], const uint32_t *text, size_t bytes)
{
    const size_t words = bytes / 4;
    for (size_t k = 0; k < block_words; k++)
        w[k] = k < words ? text[k] : 0;
    w[words] = 0x80000000u;
    w[block_words - 1] = (uint32_t)bytes * 8;
    for (size_t k = block_words; k < rounds; k++)
        w[k] = rotate(w[k - 3] ^ w[k - 8] ^ w[k - 14] ^ w[k - 16], 1);
}

typedef struct state {
    uint32_t a, b, c, d, e;
} state;

static state step(state s, uint32_t mixed, uint32_t constant, uint32_t word)
{
    return (state){ rotate(s.a, 5) + mixed + s.e + constant + word, s.a, rotate(s.b, 30), s.c,
                    s.d };
}

void sha1(uint32_t digest[sha1_words], const uint32_t *text, size_t bytes)
{
    static const state start = { 0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u };
    uint32_t w[rounds];
    schedule(w, text, bytes);
    state s = start;
    size_t k = 0;
    for (; k < 20; k++)
        s = step(s, (s.b & s.c) | (~s.b & s.d), 0x5a827999u, w[k]);
    for (; k < 40; k++)
        s = step(s, s.b ^ s.c ^ s.d, 0x6ed9eba1u, w[k]);
    for (; k < 60; k++)
        s = step(s, (s.b & s.c) | (s.b & s.d) | (s.c & s.d), 0x8f1bbcdcu, w[k]);
    for (; k < rounds; k++)
        s = step(s, s.b ^ s.c ^ s.d, 0xca62c1d6u, w[k]);
    digest[0] = start.a + s.a, digest[1] = start.b + s.b, digest[2] = start.c + s.c;
    digest[3] = start.d + s.d, digest[4] = start.e + s.e;
}
