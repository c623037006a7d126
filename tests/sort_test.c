/* sort_test.c - sorts by key: the order is right, stable, and the same for every team.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Pairs are checked against the order of sort_input.h element by element; weft_sort and weft_argsort
 * must then agree with them. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "isa.h"
#include "memory.h"
#include "probe.h"
#include "sort_input.h"
#include "crew.h"
#include "suites.h"

/* ---- the calls, by type ---- */

struct calls {
    void (*sort)(void *x, size_t n);
    bool (*is_sorted)(const void *x, size_t n);
    void (*pairs_4)(void *keys, uint32_t *values, size_t n);
    void (*pairs_8)(void *keys, uint64_t *values, size_t n);
    void (*argsort)(const void *x, size_t n, size_t *index);
};

#define CALLS(t, T)                                                  \
    static void sort_##t(void *px, size_t n)                         \
    {                                                                \
        T *const x = px;                                             \
        weft_sort(x, n);                                             \
    }                                                                \
    static bool is_sorted_##t(const void *px, size_t n)              \
    {                                                                \
        const T *const x = px;                                       \
        return weft_is_sorted(x, n);                                 \
    }                                                                \
    static void pairs_4_##t(void *keys, uint32_t *values, size_t n)  \
    {                                                                \
        T *const x = keys;                                           \
        weft_sort_pairs(x, values, n);                               \
    }                                                                \
    static void pairs_8_##t(void *keys, uint64_t *values, size_t n)  \
    {                                                                \
        T *const x = keys;                                           \
        weft_sort_pairs(x, values, n);                               \
    }                                                                \
    static void argsort_##t(const void *px, size_t n, size_t *index) \
    {                                                                \
        const T *const x = px;                                       \
        weft_argsort(x, n, index);                                   \
    }
ELEMENTS(CALLS)

static const struct calls calls[element_count] = {
#define ROW_(t, T) { sort_##t, is_sorted_##t, pairs_4_##t, pairs_8_##t, argsort_##t },
    ELEMENTS(ROW_)
#undef ROW_
};

/* ---- the checks ---- */

struct bench {
    void *x, *keys, *y;
    uint32_t *narrow;
    uint64_t *wide;
    size_t *index;
    unsigned char *seen;
};

static struct bench make_bench(size_t n)
{
    return (struct bench){ malloc(n * 8 + 8), malloc(n * 8 + 8), malloc(n * 8 + 8),
                           malloc(n * 4 + 4), malloc(n * 8 + 8), malloc(n * 8 + 8),
                           malloc(n + 1) };
}

static void free_bench(struct bench b)
{
    void *const all[] = { b.x, b.keys, b.y, b.narrow, b.wide, b.index, b.seen };
    for (size_t k = 0; k < COUNT(all); k++)
        free(all[k]);
}

/* keys[k] is x[from[k]], each element once, in order, and equal ones by place. */
static bool pairs_are_right(const struct bench *b, enum element e, size_t n)
{
    const size_t size = element_size(e);
    const char *const x = b->x, *const keys = b->keys;
    memset(b->seen, 0, n);
    for (size_t k = 0; k < n; k++) {
        const uint64_t from = b->wide[k];
        if (from >= n || b->seen[from]++ || memcmp(keys + k * size, x + from * size, size) != 0)
            return false;
        const int order = k ? compare_elements(e, keys + (k - 1) * size, keys + k * size) : -1;
        if (order > 0 || (order == 0 && b->wide[k - 1] >= from))
            return false;
    }
    return true;
}

static bool narrow_pairs_agree(const struct bench *b, enum element e, size_t n)
{
    memcpy(b->y, b->x, n * element_size(e));
    for (size_t k = 0; k < n; k++)
        b->narrow[k] = (uint32_t)k;
    calls[e].pairs_4(b->y, b->narrow, n);
    for (size_t k = 0; k < n; k++)
        if (b->narrow[k] != b->wide[k])
            return false;
    return memcmp(b->y, b->keys, n * element_size(e)) == 0;
}

static bool sort_agrees(const struct bench *b, enum element e, size_t n)
{
    memcpy(b->y, b->x, n * element_size(e));
    calls[e].sort(b->y, n);
    return memcmp(b->y, b->keys, n * element_size(e)) == 0 && calls[e].is_sorted(b->y, n) &&
           calls[e].is_sorted(b->x, n) == (memcmp(b->x, b->keys, n * element_size(e)) == 0);
}

static bool argsort_agrees(const struct bench *b, enum element e, size_t n)
{
    memset(b->index, 0xff, n * sizeof *b->index);
    calls[e].argsort(b->x, n, b->index);
    for (size_t k = 0; k < n; k++)
        if (b->index[k] != b->wide[k])
            return false;
    return true;
}

/* What is wrong, or NULL. */
static const char *fault(const struct bench *b, enum element e, size_t pattern, size_t n)
{
    fill(b->x, e, pattern, n);
    memcpy(b->keys, b->x, n * element_size(e));
    for (size_t k = 0; k < n; k++)
        b->wide[k] = k;
    calls[e].pairs_8(b->keys, b->wide, n);
    return !pairs_are_right(b, e, n)      ? "pairs are wrong"
           : !narrow_pairs_agree(b, e, n) ? "pairs of 4 bytes differ"
           : !sort_agrees(b, e, n)        ? "weft_sort differs"
           : !argsort_agrees(b, e, n)     ? "weft_argsort differs"
                                          : NULL;
}

static void all_sorts_are_right(const struct bench *b, enum element e, size_t pattern, size_t n)
{
    const char *const wrong = fault(b, e, pattern, n);
    if (wrong)
        printf("\n    %s, %s, n = %zu, team of %zu: %s", element_name(e), pattern_name(pattern), n,
               weft_threads(), wrong);
    CU_ASSERT_PTR_NULL(wrong);
}

/* ---- right for every type, pattern, size, team ---- */

/* Around insertion, tiles, and what a team is asked for. */
static const size_t small_sizes[] = { 0,  1,  2,   3,   5,   8,   23,   24,  25,
                                      33, 64, 100, 255, 256, 257, 1000, 4097 };
static const size_t large_sizes[] = { 8191, 8192, 8193, 32767, 32768, 32769, 50001 };
enum { large_most = 50001, teams_count = 5 };

static void small_arrays_are_sorted(void)
{
    const struct bench b = make_bench(4097);
    for (enum element e = 0; e < element_count; e++)
        for (size_t p = 0; p < pattern_count; p++)
            for (size_t s = 0; s < COUNT(small_sizes); s++)
                all_sorts_are_right(&b, e, p, small_sizes[s]);
    free_bench(b);
}

static size_t team_of(size_t k)
{
    const size_t cores = weft_machine_limits(weft_machine_this())->allowed_cores;
    const size_t teams[teams_count] = { 2, 1, 3, cores, 2 * cores };
    return teams[k % teams_count];
}

/* Each pattern of each type meets another team. */
static void every_pattern_of_every_type_is_sorted_by_a_team(void)
{
    const struct bench b = make_bench(large_most);
    size_t k = 0;
    for (enum element e = 0; e < element_count; e++)
        for (size_t p = 0; p < pattern_count; p++, k++)
            weft_with_threads (team_of(k))
                all_sorts_are_right(&b, e, p, large_most);
    free_bench(b);
}

static void every_team_sorts_the_same(void)
{
    const struct bench b = make_bench(large_most);
    for (size_t k = 0; k < teams_count; k++)
        for (size_t s = 0; s < COUNT(large_sizes); s++)
            weft_with_threads (team_of(k)) {
                all_sorts_are_right(&b, ELEMENT_u64, 0, large_sizes[s]);
                all_sorts_are_right(&b, ELEMENT_f32, pattern_count - 1, large_sizes[s]);
            }
    free_bench(b);
}

/* Keys that one splitter cannot part: most of them are in one bucket, which is cut again. */
static void a_bucket_that_is_large_is_cut_again(void)
{
    enum { n = 700001 };
    const struct bench b = make_bench(n);
    for (size_t p = 0; p < pattern_count; p++) {
        const char *const name = pattern_name(p);
        if (strcmp(name, "far outlier") == 0 || strcmp(name, "clusters") == 0 ||
            strcmp(name, "two values") == 0 || strcmp(name, "specials") == 0)
            weft_with_threads (2)
                all_sorts_are_right(&b, p % 2 ? ELEMENT_u64 : ELEMENT_f64, p, n);
    }
    free_bench(b);
}

/* ---- order ---- */

static void nan_comes_last_and_minus_zero_before_zero(void)
{
    double x[] = { NAN, 0.0, INFINITY, -NAN, -0.0, -INFINITY, 1.0, -0.0 };
    weft_sort(x, COUNT(x));
    const double expected[] = { -INFINITY, -0.0, -0.0, 0.0, 1.0, INFINITY, NAN, -NAN };
    CU_ASSERT_EQUAL(memcmp(x, expected, sizeof x), 0);
}

static void a_sorted_array_stays_where_it_is(void)
{
    const int32_t x[] = { 1, 1, 2, 3 }, y[] = { 1, 2, 1 };
    CU_ASSERT_TRUE(weft_is_sorted(x, 4));
    CU_ASSERT_TRUE(weft_is_sorted(x, 0));
    CU_ASSERT_TRUE(weft_is_sorted(x, 1));
    CU_ASSERT_FALSE(weft_is_sorted(y, 3));
}

static void values_may_be_of_any_type_and_alignment(void)
{
    struct __attribute__((packed)) odd {
        char a[8];
    };
    enum { n = 3000 };
    char *const room = malloc(n * sizeof(struct odd) + 1);
    struct odd *const values = (struct odd *)(room + 1);
    uint32_t *const keys = malloc(n * sizeof *keys);
    for (size_t i = 0; i < n; i++) {
        keys[i] = (uint32_t)random_bits(i) % 100;
        memset(values[i].a, (int)keys[i], 8);
    }
    weft_sort_pairs(keys, values, n);
    bool right = true;
    for (size_t i = 0; i < n; i++)
        right &= (uint32_t)values[i].a[0] == keys[i] && (uint32_t)values[i].a[7] == keys[i];
    CU_ASSERT_TRUE(right);
    free(keys);
    free(room);
}

static void a_sort_inside_a_loop_is_right(void)
{
    enum { rows = 8, n = 9000 };
    uint64_t *const x = malloc(rows * n * sizeof *x);
    for (size_t i = 0; i < rows * n; i++)
        x[i] = random_bits(i);
    weft_for (r, rows)
        weft_sort(x + r * n, n);
    for (size_t r = 0; r < rows; r++)
        CU_ASSERT_TRUE(weft_is_sorted(x + r * n, n));
    free(x);
}

/* ---- memory that is not there ---- */

static void sorts_are_right_with_memory_for(size_t allocations, size_t n)
{
    const struct bench b = make_bench(n);
    memory_lasts(allocations);
    all_sorts_are_right(&b, ELEMENT_u32, 0, n);
    memory_lasts(allocations);
    all_sorts_are_right(&b, ELEMENT_f64, 6, n);
    free_bench(b);
}

static void without_memory_all_is_sorted_in_place(void)
{
    static const size_t sizes[] = { 513, 2000, 9001 };
    for (size_t s = 0; s < COUNT(sizes); s++) {
        sorts_are_right_with_memory_for(0, sizes[s]);
        CU_ASSERT_TRUE(memory_ran_out());
    }
    memory_lasts(SIZE_MAX);
}

static void a_failure_at_any_allocation_changes_nothing(void)
{
    weft_with_threads (2)
        for (size_t k = 1; k < 20; k++)
            sorts_are_right_with_memory_for(k, 9001);
    memory_lasts(SIZE_MAX);
}

/* ---- instruction sets ---- */

static uint64_t digest(const void *x, size_t size)
{
    uint64_t h = size;
    for (size_t k = 0; k < size / 4; k++)
        h = random_bits(h ^ ((const uint32_t *)x)[k]);
    return h;
}

/* Prints a digest of everything sorted. */
int sort_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    enum { n = 40009 };
    const struct bench b = make_bench(n);
    for (enum element e = 0; e < element_count; e++)
        for (size_t p = 0; p < pattern_count; p++) {
            if (fault(&b, e, p, p % 3 ? 3000 + p : n))
                return 1;
            printf("%s %s %016llx\n", element_name(e), pattern_name(p),
                   (unsigned long long)digest(b.y, element_size(e) * 3000));
        }
    free_bench(b);
    return 0;
}

static void every_instruction_set_sorts_the_same(void) { every_isa_says("sort", NULL); }

/* ---- misuse ---- */

static void null_panics_with_function_argument_and_rule(void)
{
    double x[] = { 2, 1 }, *const none = NULL;
    size_t index[2];
    ASSERT_TEXT(PANIC_OF(weft_sort(none, 2)),
                "weft_sort: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(
        PANIC_OF(weft_is_sorted(none, SIZE_MAX / 8)),
        "weft_is_sorted: x is NULL with n = 2305843009213693951: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sort_pairs(none, x, 2)),
                "weft_sort_pairs: keys is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sort_pairs(x, none, 2)),
                "weft_sort_pairs: values is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sort_pairs_f64(x, x, 3, 2)),
                "weft_sort_pairs: size is 3: a value must have 4 or 8 bytes");
    ASSERT_TEXT(PANIC_OF(weft_argsort(none, 2, index)),
                "weft_argsort: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_argsort(x, 2, NULL)),
                "weft_argsort: index is NULL with n = 2: it must point to n elements");
    CU_ASSERT_EQUAL(x[0], 2.0);
}

CU_TestInfo sort_tests[] = {
    { "small_arrays_are_sorted", small_arrays_are_sorted },
    { "every_pattern_of_every_type_is_sorted_by_a_team",
      every_pattern_of_every_type_is_sorted_by_a_team },
    { "every_team_sorts_the_same", every_team_sorts_the_same },
    { "a_bucket_that_is_large_is_cut_again", a_bucket_that_is_large_is_cut_again },
    { "nan_comes_last_and_minus_zero_before_zero", nan_comes_last_and_minus_zero_before_zero },
    { "a_sorted_array_stays_where_it_is", a_sorted_array_stays_where_it_is },
    { "values_may_be_of_any_type_and_alignment", values_may_be_of_any_type_and_alignment },
    { "a_sort_inside_a_loop_is_right", a_sort_inside_a_loop_is_right },
    { "without_memory_all_is_sorted_in_place", without_memory_all_is_sorted_in_place },
    { "a_failure_at_any_allocation_changes_nothing", a_failure_at_any_allocation_changes_nothing },
    { "every_instruction_set_sorts_the_same", every_instruction_set_sorts_the_same },
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
