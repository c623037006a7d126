/* weft/random.h - random numbers by index: item i draws the same numbers whoever draws them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     const weft_random r = weft_random_seed(42);
 *     double pi = 4.0 / n * weft_count_of(i, n, hypot(weft_uniform(&r, i), weft_uniform(&r, i, 1)) < 1);
 *
 * A generator here is a function, not a sequence: it has no state that threads would share or part.
 * A number depends on seed, stream, index and draw alone, so loops draw inside, in any order, and the
 * bits are the same at every thread count, for every schedule, processor and compiler.
 *
 * The functions are the counter-based generators of J. Salmon, M. Moraes, R. Dror and D. Shaw, Parallel
 * random numbers: as easy as 1, 2, 3 (SC 2011): keyed bijections of a counter of 128 bits. In the counter
 * stand the index, the draw and what is asked for, in the key the seed and the stream; so
 *
 *     calls at different indices, with different draws, and different calls at the same index
 *
 * read different counters: they are independent of each other as far as the generator is good, and
 * both pass TestU01's BigCrush. They are not meant for secrets. */
#ifndef WEFT_RANDOM_H
#define WEFT_RANDOM_H

#include <weft/api.h>

WEFT_BEGIN_C

/* Short names of parameters below may be names of yours. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"

typedef enum weft_generator {
    WEFT_PHILOX,   /* Philox4x32-10, the fastest in vectors */
    WEFT_THREEFRY, /* Threefry2x64-20, without multiplications */
} weft_generator;

/* A value: copy it, share it between threads, store it. */
typedef struct weft_random {
    uint64_t key[2];
    weft_generator generator;
} weft_random;

typedef struct weft_random_opts {
    size_t size;
    uint64_t stream;          /* another stream of the same seed; default 0 */
    weft_generator generator; /* default WEFT_PHILOX */
} weft_random_opts;

/* weft_random_seed - the generator of a seed: weft_random_seed(42, .stream = k).
 *
 * Any seed is as good as any other, 0 and small ones too. The streams of a seed have different keys. The
 * key of Threefry is seed and stream; that of Philox has 64 bits, seed ^ mix(stream), where mix is a
 * bijection that leaves 0 alone: two pairs of seed and stream have the same key with a chance of 2^-64.
 * Panics where there is no such generator. */
#define weft_random_seed(...) WEFT_RANDOM_SEED_(__VA_ARGS__, .size = sizeof(weft_random_opts))
#define WEFT_RANDOM_SEED_(seed, ...) \
    weft_random_seed_opts((seed), &(weft_random_opts){ __VA_ARGS__ })
WEFT_API weft_random weft_random_seed_opts(uint64_t seed, const weft_random_opts *opts);

/* One number.
 *
 *     weft_random_u32(&r, i)    32 random bits
 *     weft_random_u64(&r, i)    64 of them
 *     weft_uniform(&r, i)       a double from [0, 1): a multiple of 2^-53, each as likely
 *     weft_uniform_f32(&r, i)   a float from [0, 1): a multiple of 2^-24
 *     weft_normal(&r, i)        a double of the normal distribution of mean 0 and variance 1
 *     weft_normal_f32(&r, i)    a float of it
 *     weft_below(&r, i, n)      a whole number from 0 to n - 1, each as likely; n > 0, or it panics
 *
 * i     any 64-bit number
 * draw  may follow as the last argument, weft_uniform(&r, i, 3): numbers 0, 1, 2, ... of the same item,
 *       independent of each other; 32 bits, default 0
 *
 * All but the normals are inline, on whole numbers: they vectorise, and -ffast-math does not change them.
 * below is unbiased (D. Lemire, Fast random integer generation in an interval, 2019); where it has to
 * draw again it reads counters that nobody else reads. Normals are by a ziggurat (C. McFarland, A modified
 * ziggurat algorithm, 2016): the layer by 8 bits, the place in it by 52 (f32: 23); they reach 13.7 on
 * either side, which is where 53 bits for the tail end. Rounding must be to nearest, as it is in all
 * loops of weft. */
#define weft_random_u32(r, ...)              WEFT_DRAW_(weft_random_u32, r, __VA_ARGS__, 0, 0)
#define weft_random_u64(r, ...)              WEFT_DRAW_(weft_random_u64, r, __VA_ARGS__, 0, 0)
#define weft_uniform(r, ...)                 WEFT_DRAW_(weft_uniform, r, __VA_ARGS__, 0, 0)
#define weft_uniform_f32(r, ...)             WEFT_DRAW_(weft_uniform_f32, r, __VA_ARGS__, 0, 0)
#define weft_normal(r, ...)                  WEFT_DRAW_(weft_normal, r, __VA_ARGS__, 0, 0)
#define weft_normal_f32(r, ...)              WEFT_DRAW_(weft_normal_f32, r, __VA_ARGS__, 0, 0)
#define weft_below(r, i, ...)                WEFT_DRAW_BELOW_(r, i, __VA_ARGS__, 0, 0)
#define WEFT_DRAW_(f, r, i, draw, ...)       f((r), (i), (draw))
#define WEFT_DRAW_BELOW_(r, i, n, draw, ...) (weft_below)((r), (i), (n), (draw))

/* Arrays.
 *
 *     for (i = 0; i < n; i++) x[i] = weft_random_u64(&r, first + i, draw);     and so on
 *
 * weft_fill_random   random bits, for i32 i64 u32 u64
 * weft_fill_uniform  from [0, 1), for f32 f64
 * weft_fill_normal   normal, for f32 f64
 *
 * x  n elements, written
 *
 * Further arguments, default 0: .first = the index of x[0], .draw. Elements have the bits of the calls by
 * index. In vectors on the team, past the cache where n elements are more than it holds; inside a loop of
 * weft on the calling thread, which is how a body gets many numbers fast. Never fails; panics when x is
 * NULL with n > 0, and where first + n is beyond 2^64. */
#define weft_fill_random(x, n, ...) \
    WEFT_FILL_(WEFT_FILL_BITS_(x), x, n, __VA_ARGS__, .size = sizeof(weft_fill_opts))
#define weft_fill_uniform(x, n, ...)                                       \
    WEFT_FILL_(WEFT_FILL_FLOATS_(weft_fill_uniform, x), x, n, __VA_ARGS__, \
               .size = sizeof(weft_fill_opts))
#define weft_fill_normal(x, n, ...)                                       \
    WEFT_FILL_(WEFT_FILL_FLOATS_(weft_fill_normal, x), x, n, __VA_ARGS__, \
               .size = sizeof(weft_fill_opts))
#define WEFT_FILL_(f, x, n, r, ...) f((x), (n), (r), &(weft_fill_opts){ __VA_ARGS__ })

typedef struct weft_fill_opts {
    size_t size;
    uint64_t first;
    uint32_t draw;
} weft_fill_opts;

/* clang-format off */
#define WEFT_FILL_BITS_(x)                       \
    _Generic((x)[0],                             \
        int:                weft_fill_random_32, \
        unsigned:           weft_fill_random_32, \
        long:               weft_fill_random_64, \
        long long:          weft_fill_random_64, \
        unsigned long:      weft_fill_random_64, \
        unsigned long long: weft_fill_random_64)
#define WEFT_FILL_FLOATS_(name, x) _Generic((x)[0], float: name##_f32, double: name##_f64)
/* clang-format on */

/* The typed functions behind them; these are the ABI. */
WEFT_API void weft_fill_random_32(void *x, size_t n, const weft_random *r,
                                  const weft_fill_opts *opts);
WEFT_API void weft_fill_random_64(void *x, size_t n, const weft_random *r,
                                  const weft_fill_opts *opts);
WEFT_API void weft_fill_uniform_f32(float *x, size_t n, const weft_random *r,
                                    const weft_fill_opts *opts);
WEFT_API void weft_fill_uniform_f64(double *x, size_t n, const weft_random *r,
                                    const weft_fill_opts *opts);
WEFT_API void weft_fill_normal_f32(float *x, size_t n, const weft_random *r,
                                   const weft_fill_opts *opts);
WEFT_API void weft_fill_normal_f64(double *x, size_t n, const weft_random *r,
                                   const weft_fill_opts *opts);

/* weft_shuffle - puts an array into a random order; every order is as likely.
 *
 *     for (i = 1; i < n; i++) swap(x[i], x[below(i + 1)]);      for n < 262144
 *
 * x  n elements of any type
 *
 * Which element goes where depends on n and r alone, not on the type: two arrays shuffled by the same
 * r stay side by side. Longer arrays are first dealt into buckets, each element by random bits of its own,
 * then each bucket is shuffled (C. Rao, 1961; M. Sandelius, 1962), which makes every order as likely
 * again. Scratch: n elements. Where there is none, the calling thread deals in place, slower, into
 * the same order. Never fails; panics when x is NULL with n > 0.
 *
 * weft_permutation - 0, 1, ..., n - 1 in random order: the indices, shuffled. */
#define weft_shuffle(x, n, r) weft_shuffle_size((x), (n), sizeof((x)[0]), (r))
WEFT_API void weft_shuffle_size(void *x, size_t n, size_t size, const weft_random *r);
WEFT_API void weft_permutation(size_t *out, size_t n, const weft_random *r);

/* weft_sample - k different numbers of 0 to n - 1, smallest first; every set of k is as likely.
 *
 *     for (set = {}, j = n - k; j < n; j++) { t = below(j + 1); add t, or j where t is in it; }
 *
 * out  k elements, written; shuffle them where their order is to be random
 *
 * Time and scratch grow as k, whatever n is (R. Floyd, in J. Bentley, More programming pearls, 1988).
 * Where there is no scratch it takes longer, and the answer is the same. Never fails; panics when k is more
 * than n, or out is NULL with k > 0. */
WEFT_API void weft_sample(size_t *out, size_t k, size_t n, const weft_random *r);

/* weft_philox4x32, weft_threefry2x64 - the generators themselves, for counters and keys of your own;
 * out may be counter.
 *
 * weft_random_u64(r, i, draw) is the 64-bit half i % 2 of the block whose counter is
 *
 *     Philox    { b, b >> 32, draw, 0 }   as 32-bit words, b = i / 2; the first word lowest
 *     Threefry  { b, draw }               as 64-bit words
 *
 * and weft_random_u32(r, i, draw) the 32-bit quarter i % 4 of the one with b = i / 4 and 1 << 24 in place of
 * the 0, which Threefry has as draw | 1 << 56. The key is r->key: Philox takes the lower half of key[0] first. */
static inline void weft_philox4x32(const uint32_t counter[4], const uint32_t key[2],
                                   uint32_t out[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < 10; round++) {
        const uint64_t p0 = (uint64_t)0xd2511f53u * c0, p1 = (uint64_t)0xcd9e8d57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0, c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1, c3 = (uint32_t)p0;
        k0 += 0x9e3779b9u, k1 += 0xbb67ae85u;
    }
    out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

static inline uint64_t weft_mix_(uint64_t x0, uint64_t x1, int bits)
{
    return x0 ^ (x1 << bits | x1 >> (64 - bits));
}

static inline void weft_threefry2x64(const uint64_t counter[2], const uint64_t key[2],
                                     uint64_t out[2])
{
    const uint64_t k[3] = { key[0], key[1], key[0] ^ key[1] ^ 0x1bd11bdaa9fc1a22u };
    uint64_t x0 = counter[0] + k[0], x1 = counter[1] + k[1];
    for (unsigned four = 1; four <= 5; four++) {
        const bool odd = four & 1;
        x0 += x1, x1 = weft_mix_(x0, x1, 16);
        x0 += x1, x1 = weft_mix_(x0, x1, odd ? 42 : 32);
        x0 += x1, x1 = weft_mix_(x0, x1, odd ? 12 : 24);
        x0 += x1, x1 = weft_mix_(x0, x1, odd ? 31 : 21);
        x0 += k[four % 3], x1 += k[(four + 1) % 3] + four;
    }
    out[0] = x0, out[1] = x1;
}

/* From here on: what the calls by index are made of. */

/* What is asked for; the upper 8 bits of a counter's last word. Below them stands how many times an
 * item has drawn again. */
enum {
    WEFT_FOR_U64_,
    WEFT_FOR_U32_ = 1 << 24,
    WEFT_FOR_UNIFORM_ = 2 << 24,
    WEFT_FOR_UNIFORM_F32_ = 3 << 24,
    WEFT_FOR_NORMAL_ = 4 << 24,
    WEFT_FOR_NORMAL_F32_ = 5 << 24,
    WEFT_FOR_BELOW_ = 6 << 24,
    WEFT_FOR_SAMPLE_ = 7 << 24,
    WEFT_FOR_BUCKET_ = 8 << 24,
    WEFT_FOR_SHUFFLE_ = 9 << 24
};

typedef struct weft_random_block_ {
    uint64_t half[2];
} weft_random_block_;

static inline weft_random_block_ weft_block_(const weft_random *r, uint64_t b, uint32_t draw,
                                             uint32_t what)
{
    weft_random_block_ x;
    if (r->generator == WEFT_PHILOX) {
        const uint32_t key[2] = { (uint32_t)r->key[0], (uint32_t)(r->key[0] >> 32) };
        uint32_t c[4] = { (uint32_t)b, (uint32_t)(b >> 32), draw, what };
        weft_philox4x32(c, key, c);
        x.half[0] = c[0] | (uint64_t)c[1] << 32, x.half[1] = c[2] | (uint64_t)c[3] << 32;
    } else {
        const uint64_t c[2] = { b, draw | (uint64_t)what << 32 };
        weft_threefry2x64(c, r->key, x.half);
    }
    return x;
}

static inline uint64_t weft_half_(const weft_random *r, uint64_t i, uint32_t draw, uint32_t what)
{
    const weft_random_block_ x = weft_block_(r, i >> 1, draw, what);
    return i & 1 ? x.half[1] : x.half[0];
}

static inline uint32_t weft_quarter_(const weft_random *r, uint64_t i, uint32_t draw, uint32_t what)
{
    return (uint32_t)(weft_half_(r, i >> 1, draw, what) >> (i & 1) * 32);
}

/* For an item that draws again, which `what` counts: then it has a block of its own. */
static inline uint64_t weft_again_(const weft_random *r, uint64_t i, uint32_t draw, uint32_t what)
{
    return weft_block_(r, i, draw, what).half[0];
}

static inline uint32_t(weft_random_u32)(const weft_random *r, uint64_t i, uint32_t draw)
{
    return weft_quarter_(r, i, draw, WEFT_FOR_U32_);
}

static inline uint64_t(weft_random_u64)(const weft_random *r, uint64_t i, uint32_t draw)
{
    return weft_half_(r, i, draw, WEFT_FOR_U64_);
}

static inline double(weft_uniform)(const weft_random *r, uint64_t i, uint32_t draw)
{
    return (double)(int64_t)(weft_half_(r, i, draw, WEFT_FOR_UNIFORM_) >> 11) * 0x1p-53;
}

static inline float(weft_uniform_f32)(const weft_random *r, uint64_t i, uint32_t draw)
{
    return (float)(int32_t)(weft_quarter_(r, i, draw, WEFT_FOR_UNIFORM_F32_) >> 8) * 0x1p-24f;
}

WEFT_API double(weft_normal)(const weft_random *r, uint64_t i, uint32_t draw);
WEFT_API float(weft_normal_f32)(const weft_random *r, uint64_t i, uint32_t draw);

__extension__ typedef unsigned __int128 weft_u128_;

WEFT_API void weft_below_zero_(void) __attribute__((noreturn, cold));

/* x n / 2^64, rounded down; those x that make some values likelier than others are drawn again. */
static inline uint64_t weft_scaled_(const weft_random *r, uint64_t i, uint32_t draw, uint32_t what,
                                    uint64_t x, uint64_t n)
{
    weft_u128_ m = (weft_u128_)x * n;
    if (__builtin_expect((uint64_t)m < n, 0))
        for (const uint64_t surplus = -n % n; (uint64_t)m < surplus;)
            m = (weft_u128_)weft_again_(r, i, draw, ++what) * n;
    return (uint64_t)(m >> 64);
}

static inline uint64_t(weft_below)(const weft_random *r, uint64_t i, uint64_t n, uint32_t draw)
{
    if (__builtin_expect(n == 0, 0))
        weft_below_zero_();
    return weft_scaled_(r, i, draw, WEFT_FOR_BELOW_, weft_half_(r, i, draw, WEFT_FOR_BELOW_), n);
}

#pragma GCC diagnostic pop

WEFT_END_C

#endif
