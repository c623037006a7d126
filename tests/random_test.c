/* random_test.c - random numbers by index are the published ones, and the same everywhere.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Whether they are random is shown by random_chance_test.c. */
#include <weft/random.h>

#include <fenv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "probe.h"
#include "suites.h"

static const weft_generator generators[] = { WEFT_PHILOX, WEFT_THREEFRY };

static weft_random seeded(size_t k, uint64_t seed)
{
    return weft_random_seed(seed, .generator = generators[k]);
}

/* ---- the generators ---- */

/* kat_vectors of Random123: counter, key, answer; all zero, all one, and digits of pi. */
static void philox_gives_the_published_numbers(void)
{
    static const uint32_t known[3][10] = {
        { 0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 },
        { ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd },
        { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09,
          0x94fdcceb, 0x5001e420, 0x24126ea1 },
    };
    for (size_t k = 0; k < 3; k++) {
        uint32_t out[4];
        weft_philox4x32(known[k], known[k] + 4, out);
        CU_ASSERT_EQUAL(memcmp(out, known[k] + 6, sizeof out), 0);
    }
}

static void threefry_gives_the_published_numbers(void)
{
    static const uint64_t known[3][6] = {
        { 0, 0, 0, 0, 0xc2b6e3a8c2c69865, 0x6f81ed42f350084d },
        { ~0ull, ~0ull, ~0ull, ~0ull, 0xe02cb7c4d95d277a, 0xd06633d0893b8b68 },
        { 0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
          0x263c7d30bb0f0af1, 0x56be8361d3311526 },
    };
    for (size_t k = 0; k < 3; k++) {
        uint64_t out[2];
        weft_threefry2x64(known[k], known[k] + 2, out);
        CU_ASSERT_EQUAL(memcmp(out, known[k] + 4, sizeof out), 0);
    }
}

/* Of the generator by itself; `what` is the last word of its counter. */
static uint64_t half_of_block(const weft_random *r, uint64_t b, size_t half, uint32_t draw,
                              uint32_t what)
{
    if (r->generator == WEFT_THREEFRY) {
        uint64_t c[2] = { b, draw | (uint64_t)what << 32 };
        weft_threefry2x64(c, r->key, c);
        return c[half];
    }
    const uint32_t key[2] = { (uint32_t)r->key[0], (uint32_t)(r->key[0] >> 32) };
    uint32_t c[4] = { (uint32_t)b, (uint32_t)(b >> 32), draw, what };
    weft_philox4x32(c, key, c);
    return c[2 * half] | (uint64_t)c[2 * half + 1] << 32;
}

static void a_number_is_the_part_of_a_block_that_the_header_says(void)
{
    for (size_t g = 0; g < COUNT(generators); g++) {
        const weft_random r = seeded(g, 0x0123456789abcdef);
        for (uint64_t k = 0; k < 64; k++) {
            const uint64_t i = k < 32 ? k : (uint64_t)0 - k;
            const uint32_t draw = (uint32_t)k * 0x10001u;
            CU_ASSERT_EQUAL(weft_random_u64(&r, i, draw), half_of_block(&r, i / 2, i % 2, draw, 0));
            CU_ASSERT_EQUAL(
                weft_random_u32(&r, i, draw),
                (uint32_t)(half_of_block(&r, i / 4, i / 2 % 2, draw, 1 << 24) >> i % 2 * 32));
        }
    }
}

static void a_draw_that_is_left_out_is_draw_0(void)
{
    const weft_random r = weft_random_seed(5);
    CU_ASSERT_EQUAL(weft_random_u32(&r, 7), weft_random_u32(&r, 7, 0));
    CU_ASSERT_EQUAL(weft_random_u64(&r, 7), weft_random_u64(&r, 7, 0));
    CU_ASSERT(weft_uniform(&r, 7) == weft_uniform(&r, 7, 0));
    CU_ASSERT(weft_uniform_f32(&r, 7) == weft_uniform_f32(&r, 7, 0));
    CU_ASSERT(weft_normal(&r, 7) == weft_normal(&r, 7, 0));
    CU_ASSERT(weft_normal_f32(&r, 7) == weft_normal_f32(&r, 7, 0));
    CU_ASSERT_EQUAL(weft_below(&r, 7, 1000000), weft_below(&r, 7, 1000000, 0));
}

static void philox_of_stream_0_has_the_seed_as_its_key(void)
{
    CU_ASSERT_EQUAL(weft_random_seed(0xabc).key[0], 0xabc);
    CU_ASSERT_NOT_EQUAL(weft_random_seed(0xabc, .stream = 1).key[0], 0xabc);
}

static void threefry_has_seed_and_stream_as_its_key(void)
{
    const weft_random r = weft_random_seed(3, .stream = 4, .generator = WEFT_THREEFRY);
    CU_ASSERT(r.key[0] == 3 && r.key[1] == 4);
}

/* ---- the same everywhere ---- */

enum { most = 4500, large = 2100000 };

/* Every kind of fill of n elements, as bytes, and the calls by index that it stands for. */
typedef void filler(void *x, size_t n, const weft_random *r, uint64_t first, uint32_t draw);

#define FILLERS(X)                                                \
    X(u32, uint32_t, weft_fill_random, weft_random_u32)           \
    X(i32, int32_t, weft_fill_random, (int32_t)weft_random_u32)   \
    X(u64, uint64_t, weft_fill_random, weft_random_u64)           \
    X(i64, long long, weft_fill_random, (int64_t)weft_random_u64) \
    X(uniform, double, weft_fill_uniform, weft_uniform)           \
    X(uniform_f32, float, weft_fill_uniform, weft_uniform_f32)    \
    X(normal, double, weft_fill_normal, weft_normal)              \
    X(normal_f32, float, weft_fill_normal, weft_normal_f32)

#define DEFINE(name, T, fill, one)                                                   \
    static void fill_##name(void *x, size_t n, const weft_random *r, uint64_t first, \
                            uint32_t draw)                                           \
    {                                                                                \
        fill((T *)x, n, r, .first = first, .draw = draw);                            \
    }                                                                                \
    static void loop_##name(void *x, size_t n, const weft_random *r, uint64_t first, \
                            uint32_t draw)                                           \
    {                                                                                \
        for (size_t i = 0; i < n; i++)                                               \
            ((T *)x)[i] = one(r, first + i, draw);                                   \
    }
FILLERS(DEFINE)

static const struct {
    const char *name;
    size_t size;
    filler *fill, *loop;
} fillers[] = {
#define ROW(name, T, fill, one) { #name, sizeof(T), fill_##name, loop_##name },
    FILLERS(ROW)
};

static bool fills_like_the_loop(size_t k, size_t n, const weft_random *r, uint64_t first)
{
    char *const x = malloc((n + 1) * 8), *const y = malloc((n + 1) * 8);
    memset(x, 7, (n + 1) * 8), memset(y, 7, (n + 1) * 8);
    fillers[k].fill(x, n, r, first, 3);
    fillers[k].loop(y, n, r, first, 3);
    const bool same = memcmp(x, y, (n + 1) * 8) == 0;
    if (!same)
        printf("\n    %s, n = %zu, first = %llu: wrong", fillers[k].name, n,
               (unsigned long long)first);
    free(x), free(y);
    return same;
}

static void elements_have_the_bits_of_the_calls_by_index(void)
{
    static const size_t sizes[] = { 0, 1, 2, 3, 15, 16, 17, 511, 512, 513, 1025, most };
    static const uint64_t firsts[] = { 0, 1, 2, 3, 511, 0xfffffffff, UINT64_MAX - most };
    for (size_t g = 0; g < COUNT(generators); g++) {
        const weft_random r = seeded(g, 11);
        for (size_t k = 0; k < COUNT(fillers); k++)
            for (size_t s = 0; s < COUNT(sizes); s++)
                for (size_t f = 0; f < COUNT(firsts); f++)
                    CU_ASSERT_TRUE(fills_like_the_loop(k, sizes[s], &r, firsts[f]));
    }
}

static void elements_have_them_also_past_the_cache(void)
{
    const weft_random r = weft_random_seed(12);
    for (size_t k = 0; k < COUNT(fillers); k++)
        if (fillers[k].size == 8)
            CU_ASSERT_TRUE(fills_like_the_loop(k, large / 2 + k, &r, k));
    CU_ASSERT_TRUE(fills_like_the_loop(5, large, &r, 1));
    CU_ASSERT_TRUE(fills_like_the_loop(7, large, &r, 1));
}

static void the_last_indices_of_all_can_be_filled(void)
{
    const weft_random r = weft_random_seed(1);
    uint64_t x[4];
    weft_fill_random(x, 4, &r, .first = UINT64_MAX - 3);
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT_EQUAL(x[i], weft_random_u64(&r, UINT64_MAX - 3 + i));
}

static void every_team_fills_the_same(void)
{
    enum { n = 70001 };
    double *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    const weft_random r = weft_random_seed(13);
    weft_with_threads (1)
        weft_fill_normal(y, n, &r);
    for (size_t threads = 2; threads <= 16; threads++)
        weft_with_threads (threads) {
            weft_fill_normal(x, n, &r);
            CU_ASSERT_EQUAL(memcmp(x, y, n * sizeof *x), 0);
        }
    free(x), free(y);
}

static void a_body_of_a_loop_fills_its_own_part(void)
{
    enum { n = 4096, part = 512 };
    static double x[n], y[n];
    const weft_random r = weft_random_seed(14);
    weft_for (p, n / part)
        weft_fill_uniform(x + p * part, part, &r, .first = p * part);
    weft_fill_uniform(y, n, &r);
    CU_ASSERT_EQUAL(memcmp(x, y, sizeof x), 0);
}

static void the_hosts_rounding_leaves_no_trace(void)
{
    enum { n = 70001 };
    double *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    const weft_random r = weft_random_seed(15);
    const int before = fegetround();
    for (size_t threads = 1; threads <= 2; threads++)
        weft_with_threads (threads) {
            weft_fill_normal(y, n, &r);
            fesetround(FE_UPWARD);
            weft_fill_normal(x, n, &r);
            fesetround(before);
            CU_ASSERT_EQUAL(memcmp(x, y, n * sizeof *x), 0);
        }
    free(x), free(y);
}

static void fills_need_no_memory(void)
{
    enum { n = 70001 };
    double *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    const weft_random r = weft_random_seed(16);
    weft_fill_uniform(y, n, &r);
    for (size_t failures = 0;; failures++) {
        memset(x, 0, n * sizeof *x);
        fault_begin(failures);
        weft_fill_uniform(x, n, &r);
        const bool failed = fault_end();
        CU_ASSERT_EQUAL(memcmp(x, y, n * sizeof *x), 0);
        if (!failed)
            break;
    }
    free(x), free(y);
}

static uint64_t digest(const void *x, size_t words)
{
    uint64_t d = 0xcbf29ce484222325u;
    for (size_t k = 0; k < words; k++)
        d = (d ^ ((const uint64_t *)x)[k]) * 0x100000001b3u;
    return d;
}

/* Prints a digest of 60000 elements of every kind. */
int random_probe(int argc, char **argv)
{
    (void)argv;
    enum { n = 60000 };
    uint64_t *const x = calloc(n, sizeof *x);
    for (size_t g = 0; g < COUNT(generators); g++) {
        const weft_random r = weft_random_seed(1, .stream = 2, .generator = generators[g]);
        for (size_t k = 0; k < COUNT(fillers); k++) {
            fillers[k].fill(x, n, &r, 3, 4);
            printf("%s %016llx\n", fillers[k].name,
                   (unsigned long long)digest(x, n * fillers[k].size / sizeof *x));
        }
    }
    free(x);
    return argc != 0;
}

/* Noted once: no compiler, flag or processor may change a bit of it. */
static void every_instruction_set_and_compiler_draws_the_same(void)
{
    static const char *const isa[] = { "WEFT_ISA=plain", "WEFT_ISA=avx2", "WEFT_ISA=avx512" };
    static const char *const noted = "u32 5198a0bd8d8c63c6\n"
                                     "i32 5198a0bd8d8c63c6\n"
                                     "u64 655ca803e9cd6fe1\n"
                                     "i64 655ca803e9cd6fe1\n"
                                     "uniform a9f1c34054f286e7\n"
                                     "uniform_f32 57446687c26466a4\n"
                                     "normal de43d41cf22d3dc3\n"
                                     "normal_f32 4a4a30beb1767cf4\n"
                                     "u32 21d06f5554080d12\n"
                                     "i32 21d06f5554080d12\n"
                                     "u64 ae3a5d8156184175\n"
                                     "i64 ae3a5d8156184175\n"
                                     "uniform b3ea2f97c3271837\n"
                                     "uniform_f32 68eab18a136884e3\n"
                                     "normal c358d6a765d25013\n"
                                     "normal_f32 e79435186d03b9a9\n";
    for (size_t k = 0; k < 3; k++) {
        said s = probe_run((const char *[]){ "random", NULL }, (const char *[]){ isa[k], NULL });
        ASSERT_TEXT(s.out, noted);
        said_free(&s);
    }
}

/* ---- in expressions and in code that is compiled otherwise ---- */

static void expressions_draw_the_same_on_every_team(void)
{
    enum { n = 100000 };
    const weft_random r = weft_random_seed(61);
    double one = 0;
    weft_with_threads (1)
        one = weft_sum_of(i, n, weft_normal(&r, i) * weft_uniform(&r, i));
    for (size_t threads = 2; threads <= 5; threads++)
        weft_with_threads (threads)
            CU_ASSERT(weft_sum_of(i, n, weft_normal(&r, i) * weft_uniform(&r, i)) == one);
}

/* A program that prints digests of inline calls, built with flags of its own. */
static said compiled(const char *flags)
{
    char script[2000];
    snprintf(
        script, sizeof script,
        "d=$(mktemp -d) && trap 'rm -r $d' EXIT && printf '%%s\\n' '#include <weft/random.h>' "
        "'#include <stdio.h>' 'int main(void) { double x[999]; uint64_t b = 0; float y = 0;' "
        "'for (int g = 0; g < 2; g++) {' 'weft_random r = { { 5, 6 }, (weft_generator)g };' "
        "'for (int i = 0; i < 999; i++) x[i] = 2 * weft_uniform(&r, i) - 1;' "
        "'for (int i = 0; i < 999; i++) b = b * 31 + weft_random_u32(&r, i) + "
        "weft_random_u64(&r, i) + weft_below(&r, i, 12345678912345), y += weft_uniform_f32(&r, i) "
        "> 0.5f;' 'for (int i = 0; i < 999; i++) b = b * 31 + (uint64_t)(int64_t)(x[i] * 0x1p53);' "
        "} "
        "'printf(\"%%llu %%g\\n\", (unsigned long long)b, y); }' "
        "'void weft_below_zero_(void) { __builtin_trap(); }' >$d/a.c && "
        "${CC:-cc} -std=gnu11 -Iinclude %s $d/a.c -o $d/a && $d/a",
        flags);
    const char *const compiler = getenv("CC");
    char chosen[200];
    snprintf(chosen, sizeof chosen, "CC=%s", compiler ? compiler : "");
    return program_run((char *[]){ "sh", "-c", script, NULL }, (const char *[]){ chosen, NULL });
}

static void flags_of_the_users_change_no_bit(void)
{
    static const char *const flags[] = { "-O3", "-O3 -ffast-math", "-O3 -march=native",
                                         "-O3 -march=native -ffast-math -ffp-contract=fast" };
    said plain = compiled("-O0");
    CU_ASSERT_EQUAL(plain.status, 0);
    CU_ASSERT(strlen(plain.out) > 10);
    for (size_t k = 0; k < COUNT(flags); k++) {
        said s = compiled(flags[k]);
        ASSERT_TEXT(s.out, plain.out);
        ASSERT_TEXT(s.err, "");
        said_free(&s);
    }
    said_free(&plain);
}

/* ---- misuse ---- */

static void arrays_that_are_null_panic(void)
{
    const weft_random r = weft_random_seed(1);
    double *const none = NULL;
    uint32_t *const no_words = NULL;
    ASSERT_TEXT(PANIC_OF(weft_fill_uniform(none, 2, &r)),
                "weft_fill_uniform: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_fill_normal(none, 3, &r)),
                "weft_fill_normal: x is NULL with n = 3: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_fill_random(no_words, 4, &r)),
                "weft_fill_random: x is NULL with n = 4: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_fill_uniform(none, 0, &r)), "");
}

static void indices_beyond_the_last_panic(void)
{
    const weft_random r = weft_random_seed(1);
    double x[2];
    ASSERT_TEXT(PANIC_OF(weft_fill_uniform(x, 2, &r, .first = UINT64_MAX)),
                "weft_fill_uniform: first is 18446744073709551615 with n = 2: first + n must be at "
                "most 2^64");
    ASSERT_TEXT(PANIC_OF(weft_fill_uniform(x, 1, &r, .first = UINT64_MAX)), "");
}

static void below_0_panics(void)
{
    const weft_random r = weft_random_seed(1);
    ASSERT_TEXT(PANIC_OF(weft_below(&r, 5, 0)), "weft_below: n is 0: it must be at least 1");
}

static void a_generator_that_is_none_panics(void)
{
    ASSERT_TEXT(PANIC_OF(weft_random_seed(1, .generator = (weft_generator)2)),
                "weft_random_seed: generator is 2: it must be WEFT_PHILOX or WEFT_THREEFRY");
}

CU_TestInfo random_tests[] = {
    { "philox_gives_the_published_numbers", philox_gives_the_published_numbers },
    { "threefry_gives_the_published_numbers", threefry_gives_the_published_numbers },
    { "a_number_is_the_part_of_a_block_that_the_header_says",
      a_number_is_the_part_of_a_block_that_the_header_says },
    { "a_draw_that_is_left_out_is_draw_0", a_draw_that_is_left_out_is_draw_0 },
    { "philox_of_stream_0_has_the_seed_as_its_key", philox_of_stream_0_has_the_seed_as_its_key },
    { "threefry_has_seed_and_stream_as_its_key", threefry_has_seed_and_stream_as_its_key },
    { "elements_have_the_bits_of_the_calls_by_index",
      elements_have_the_bits_of_the_calls_by_index },
    { "elements_have_them_also_past_the_cache", elements_have_them_also_past_the_cache },
    { "the_last_indices_of_all_can_be_filled", the_last_indices_of_all_can_be_filled },
    { "every_team_fills_the_same", every_team_fills_the_same },
    { "the_hosts_rounding_leaves_no_trace", the_hosts_rounding_leaves_no_trace },
    { "fills_need_no_memory", fills_need_no_memory },
    { "a_body_of_a_loop_fills_its_own_part", a_body_of_a_loop_fills_its_own_part },
    { "every_instruction_set_and_compiler_draws_the_same",
      every_instruction_set_and_compiler_draws_the_same },
    { "expressions_draw_the_same_on_every_team", expressions_draw_the_same_on_every_team },
    { "flags_of_the_users_change_no_bit", flags_of_the_users_change_no_bit },
    { "arrays_that_are_null_panic", arrays_that_are_null_panic },
    { "indices_beyond_the_last_panic", indices_beyond_the_last_panic },
    { "below_0_panics", below_0_panics },
    { "a_generator_that_is_none_panics", a_generator_that_is_none_panics },
    CU_TEST_INFO_NULL,
};
