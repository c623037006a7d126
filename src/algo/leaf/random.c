/* random.c - the innermost loops of the random numbers; compiled once for each instruction set, which
 * -DISA names.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Philox multiplies 32-bit words to 64 bits: each word lies in a lane of 64, whose upper half no
 * multiplication looks at and is left as it comes. */
#include "algo/leaf/random.h"

#include <string.h>

#include "algo/leaf/vector.h"
#include "algo/random/normal.h"
#include "algo/random/normal_table.h"

enum { lanes = vector_bytes / 8, vectors = weft__random_group / lanes };

typedef uint64_t words __attribute__((vector_size(vector_bytes)));
typedef uint64_t words_anywhere __attribute__((vector_size(vector_bytes), aligned(8), may_alias));

static const uint64_t low_half = 0xffffffffu;

/* The products of the lower halves. */
static inline words product(words a, words b)
{
#if defined __AVX512F__
    return (words)_mm512_mul_epu32((__m512i)a, (__m512i)b);
#elif defined __AVX2__
    return (words)_mm256_mul_epu32((__m256i)a, (__m256i)b);
#elif defined __SSE2__
    return (words)_mm_mul_epu32((__m128i)a, (__m128i)b);
#else
    return (a & low_half) * (b & low_half);
#endif
}

/* The upper halves, where the lower ones are; what comes above them is no matter. */
static inline words upper(words a)
{
#if defined __AVX512F__
    return (words)_mm512_shuffle_epi32((__m512i)a, (_MM_PERM_ENUM)0xf5);
#else
    return a >> 32;
#endif
}

static inline words all(uint64_t x) { return (words){ 0 } + x; }

static inline words iota(void)
{
    static const uint64_t lane[8] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    return *(const words_anywhere *)lane;
}

/* The halves of `lanes` blocks, in order. */
static inline void put(uint64_t *out, words a, words b)
{
#if defined __AVX512F__
    const words lower = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    const words upper = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif defined __AVX2__
    const words lower = __builtin_shufflevector(a, b, 0, 4, 1, 5);
    const words upper = __builtin_shufflevector(a, b, 2, 6, 3, 7);
#else
    const words lower = __builtin_shufflevector(a, b, 0, 2);
    const words upper = __builtin_shufflevector(a, b, 1, 3);
#endif
    *(words_anywhere *)out = lower;
    *(words_anywhere *)(out + lanes) = upper;
}

/* What a round of Philox adds in. */
struct keys {
    words k0[10], k1[10];
};

static inline void philox(uint64_t *out, words b, uint64_t draw, uint64_t what,
                          const struct keys *k)
{
    const words m0 = all(0xd2511f53u), m1 = all(0xcd9e8d57u);
    words c0 = b, c1 = b >> 32, c2 = all(draw), c3 = all(what);
#pragma GCC unroll 10
    for (int round = 0; round < 10; round++) {
        const words p0 = product(c0, m0), p1 = product(c2, m1);
        c0 = upper(p1) ^ c1 ^ k->k0[round], c1 = p1;
        c2 = upper(p0) ^ c3 ^ k->k1[round], c3 = p0;
    }
    put(out, c1 << 32 | (c0 & low_half), c3 << 32 | (c2 & low_half));
}

static void philox_blocks(uint64_t *out, const struct weft__counters *c, size_t groups)
{
    struct keys k;
    uint32_t k0 = (uint32_t)c->key[0], k1 = (uint32_t)(c->key[0] >> 32);
    for (int round = 0; round < 10; round++, k0 += 0x9e3779b9u, k1 += 0xbb67ae85u)
        k.k0[round] = all(k0), k.k1[round] = all(k1);
    words b = all(c->first) + iota();
    for (size_t g = 0; g < groups * vectors; g++, b += lanes, out += 2 * lanes)
        philox(out, b, c->draw, c->what, &k);
}

#define MIX(bits) x0 += x1, x1 = x0 ^ (x1 << (bits) | x1 >> (64 - (bits)))

static inline void threefry(uint64_t *out, words b, uint64_t rest, const uint64_t *k)
{
    words x0 = b + k[0], x1 = all(rest + k[1]);
#pragma GCC unroll 5
    for (uint64_t four = 1; four <= 5; four += 1) {
        if (four & 1) {
            MIX(16), MIX(42), MIX(12), MIX(31);
        } else {
            MIX(16), MIX(32), MIX(24), MIX(21);
        }
        x0 += k[four % 3], x1 += k[(four + 1) % 3] + four;
    }
    put(out, x0, x1);
}

static void threefry_blocks(uint64_t *out, const struct weft__counters *c, size_t groups)
{
    const uint64_t k[3] = { c->key[0], c->key[1], c->key[0] ^ c->key[1] ^ 0x1bd11bdaa9fc1a22u };
    const uint64_t rest = c->draw | (uint64_t)c->what << 32;
    words b = all(c->first) + iota();
    for (size_t g = 0; g < groups * vectors; g++, b += lanes, out += 2 * lanes)
        threefry(out, b, rest, k);
}

static inline double f64_of(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline float f32_of(uint32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static const uint64_t one_f64 = 0x3ff0000000000000u, half_unit = 0x3ca0000000000000u;
static const uint32_t one_f32 = 0x3f800000u;

/* 52 bits behind a leading 1, and the 53rd: without a conversion, which not all processors have. */
static void uniform_f64(double *restrict out, const uint64_t *restrict bits, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const uint64_t u = bits[k], last = -(u >> 11 & 1) & half_unit;
        out[k] = f64_of(u >> 12 | one_f64) - 1 + f64_of(last);
    }
}

static void uniform_f32(float *restrict out, const uint32_t *restrict bits, size_t n)
{
    for (size_t k = 0; k < n; k++)
        out[k] = (float)(int32_t)(bits[k] >> 8) * 0x1p-24f;
}

/* ---- normal ---- */

enum { dwords = vector_bytes / 4 };

typedef int32_t small __attribute__((vector_size(vector_bytes)));
typedef int32_t small_anywhere __attribute__((vector_size(vector_bytes), aligned(4), may_alias));

/* Of a vector of dwords of bits, a bit each: does it lie outside of all layers? `layer` is 255 where a
 * layer is chosen, else 0. */
static inline uint32_t outside_of(const void *bits, small layer)
{
    const small chosen = *(const small_anywhere *)bits & layer;
    const small last = (small){ 0 } + (weft__normal_layers - 1);
#if defined __AVX512F__
    return _mm512_cmpgt_epi32_mask((__m512i)chosen, (__m512i)last);
#elif defined __AVX2__
    return (uint32_t)_mm256_movemask_ps((__m256)(chosen > last));
#elif defined __SSE2__
    return (uint32_t)_mm_movemask_ps((__m128)(chosen > last));
#else
    uint32_t mask = 0;
    for (int k = 0; k < dwords; k++)
        mask |= (uint32_t)(chosen[k] > last[k]) << k;
    return mask;
#endif
}

/* Where they are among n numbers of so many dwords each. */
static inline size_t places_outside(uint16_t *place, const void *bits, size_t n, size_t size,
                                    small layer)
{
    const uint32_t *const u = bits;
    size_t count = 0, k = 0;
    for (; k + dwords <= n * size; k += dwords)
        for (uint32_t m = outside_of(u + k, layer); m; m &= m - 1)
            place[count++] = (uint16_t)((k + (size_t)__builtin_ctz(m)) / size);
    for (; k < n * size; k += size)
        if ((u[k] & 255) >= weft__normal_layers)
            place[count++] = (uint16_t)(k / size);
    return count;
}

/* What normal.c does inside of the layers: 1.m - (1 - half a unit) is (m + 1/2) units. */
static size_t normal_f64(double *restrict out, const uint64_t *restrict bits, size_t n,
                         uint16_t *outside)
{
    for (size_t k = 0; k < n; k++) {
        const uint64_t u = bits[k];
        const double place = f64_of(u >> 12 | one_f64) - (1 - 0x1p-53);
        const double x = place * weft__normal_width[u & 255];
        uint64_t sign;
        memcpy(&sign, &x, sizeof sign);
        out[k] = f64_of(sign | (u << 55 & 1ull << 63));
    }
    return places_outside(outside, bits, n, 2, (small)all(255));
}

static size_t normal_f32(float *restrict out, const uint32_t *restrict bits, size_t n,
                         uint16_t *outside)
{
    for (size_t k = 0; k < n; k++) {
        const uint32_t u = bits[k];
        const float place = f32_of(u >> 9 | one_f32) - (1 - 0x1p-24f);
        const float x = place * weft__normal_width_f32[u & 255];
        uint32_t sign;
        memcpy(&sign, &x, sizeof sign);
        out[k] = f32_of(sign | (u << 23 & 1u << 31));
    }
    return places_outside(outside, bits, n, 1, (small){ 0 } + 255);
}

#define TABLE(isa)  TABLE_(isa)
#define TABLE_(isa) weft__random_leaves_##isa

extern const struct weft__random_leaves TABLE(ISA);

const struct weft__random_leaves TABLE(ISA) = {
    .blocks = { [WEFT_PHILOX] = philox_blocks, [WEFT_THREEFRY] = threefry_blocks },
    .uniform_f64 = uniform_f64,
    .uniform_f32 = uniform_f32,
    .normal_f64 = normal_f64,
    .normal_f32 = normal_f32,
};
