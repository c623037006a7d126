/* partition_test.c - weft_partition: in order, in place, for every team, with memory and without.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "isa.h"
#include "memory.h"
#include "probe.h"
#include "races.h"
#include "suites.h"

enum { team = 100003, streamed = RACES_ARE_LOOKED_FOR ? 200003 : 1100003 };

/* Which indices are in front: of every kind of pattern. */
static bool chosen(size_t i, int pattern)
{
    switch (pattern) {
    case 0:
        return false;
    case 1:
        return true;
    case 2:
        return i % 2;
    case 3:
        return i < 5000 || i % 7 == 0;
    case 4:
        return i > 5000;
    default:
        return i * 0x9e3779b97f4a7c15u >> 63;
    }
}

enum { patterns = 6 };

/* ---- elements of every size ---- */

#define ELEMENTS(X)       \
    X(one, uint8_t, 1)    \
    X(two, uint16_t, 1)   \
    X(three, uint8_t, 3)  \
    X(four, float, 1)     \
    X(eight, double, 1)   \
    X(sixteen, double, 2) \
    X(star, float, 6)     \
    X(odd, uint8_t, 100)  \
    X(large, uint8_t, 5000)

/* The byte k of the element that an array begins with at index i. */
static unsigned char byte_at(size_t i, size_t k)
{
    return (unsigned char)((i * 0x9e3779b97f4a7c15u >> 40) + k);
}

static bool is_at(const void *element, size_t size, size_t i)
{
    const unsigned char *const bytes = element;
    return bytes[0] == byte_at(i, 0) && bytes[size - 1] == byte_at(i, size - 1);
}

/* Apart: of an index; in place: of what is there. */
#define FUNCTIONS(name, type, parts)                                                        \
    typedef struct name {                                                                   \
        type part[parts];                                                                   \
    } name;                                                                                 \
    static name name##_at(size_t i)                                                         \
    {                                                                                       \
        name e;                                                                             \
        unsigned char *const bytes = (unsigned char *)&e;                                   \
        for (size_t k = 0; k < sizeof e; k++)                                               \
            bytes[k] = byte_at(i, k);                                                       \
        return e;                                                                           \
    }                                                                                       \
    static name name##_twisted(name e, size_t i)                                            \
    {                                                                                       \
        unsigned char *const bytes = (unsigned char *)&e;                                   \
        for (size_t k = 0; k < sizeof e; k++)                                               \
            bytes[k] = (unsigned char)(3 * bytes[k] + i);                                   \
        return e;                                                                           \
    }                                                                                       \
    static size_t name##_apart(void *to, size_t n, int pattern)                             \
    {                                                                                       \
        name *const out = to;                                                               \
        return weft_partition(out, i, n, chosen(i, pattern), name##_at(i));                 \
    }                                                                                       \
    static size_t name##_in_place(void *to, size_t n, int pattern)                          \
    {                                                                                       \
        name *const x = to;                                                                 \
        for (size_t i = 0; i < n; i++)                                                      \
            x[i] = name##_at(i);                                                            \
        return weft_partition(x, i, n, chosen(i, pattern) && is_at(&x[i], sizeof(name), i), \
                              name##_twisted(x[i], i));                                     \
    }                                                                                       \
    static size_t name##_loop(void *to, size_t n, int pattern, bool twist)                  \
    {                                                                                       \
        name *const out = to;                                                               \
        size_t kept = 0, k = 0;                                                             \
        for (int rest = 0; rest < 2; rest++)                                                \
            for (size_t i = 0; i < n; i++)                                                  \
                if (chosen(i, pattern) != rest) {                                           \
                    out[k++] = twist ? name##_twisted(name##_at(i), i) : name##_at(i);      \
                    kept += !rest;                                                          \
                }                                                                           \
        return kept;                                                                        \
    }
ELEMENTS(FUNCTIONS)

static const struct element {
    size_t size;
    size_t (*way[2])(void *to, size_t n, int pattern); /* apart and in place */
    size_t (*loop)(void *to, size_t n, int pattern, bool twist);
} elements[] = {
#define ROW(name, type, parts) { sizeof(name), { name##_apart, name##_in_place }, name##_loop },
    ELEMENTS(ROW)
};

static void expect(const struct element *e, size_t n, int pattern, int in_place)
{
    char *const out = calloc(n + 1, e->size), *const want = calloc(n + 1, e->size);
    const size_t wanted = e->loop(want, n, pattern, in_place);
    const size_t kept = e->way[in_place](out, n, pattern);
    const bool right = kept == wanted && memcmp(out, want, (n + 1) * e->size) == 0;
    if (!right)
        printf("\n    elements of %zu bytes, n = %zu, pattern %d, %s: wrong", e->size, n, pattern,
               in_place ? "in place" : "apart");
    CU_ASSERT_TRUE(right);
    free(out), free(want);
}

static void every_size_of_element_is_moved(void)
{
    static const size_t sizes[] = { 0, 1, 2, 511, 512, 513, 4097, 9001, 70001 };
    for (size_t k = 0; k < COUNT(elements); k++)
        for (size_t s = 0; s < COUNT(sizes); s++)
            for (int in_place = 0; in_place < 2; in_place++)
                if (elements[k].size * sizes[s] < 8 << 20)
                    expect(&elements[k], sizes[s], (int)(k + s) % patterns, in_place);
}

static void every_pattern_is_kept_in_order_by_every_team(void)
{
    for (size_t threads = 1; threads <= 16; threads += threads < 3 ? 1 : threads)
        weft_with_threads (threads)
            for (int pattern = 0; pattern < patterns; pattern++)
                for (int in_place = 0; in_place < 2; in_place++)
                    expect(&elements[4], team, pattern, in_place);
}

static void arrays_beyond_the_cache_are_partitioned(void)
{
    for (int in_place = 0; in_place < 2; in_place++) {
        expect(&elements[4], streamed, 5, in_place);
        expect(&elements[6], streamed / 2, 3, in_place);
        expect(&elements[8], streamed / 500, 5, in_place);
    }
}

/* ---- without memory ---- */

static void no_memory_for_the_rest_partitions_all_the_same(void)
{
    static const size_t sizes[] = { 4097, 10000, 65537 };
    for (size_t k = 0; k < COUNT(elements); k++)
        for (size_t s = 0; s < COUNT(sizes); s++)
            for (int in_place = 0; in_place < 2; in_place++) {
                const size_t n = sizes[s] * elements[k].size < 3 << 20 ? sizes[s] : 600;
                memory_lasts(0);
                expect(&elements[k], n, (int)(k + s) % patterns, in_place);
                CU_ASSERT_TRUE(memory_ran_out());
                memory_lasts(SIZE_MAX);
            }
}

static void no_memory_partitions_every_pattern(void)
{
    for (int pattern = 0; pattern < patterns; pattern++) {
        memory_lasts(0);
        expect(&elements[4], team, pattern, 1);
        memory_lasts(SIZE_MAX);
    }
}

static void whatever_allocation_fails_the_result_is_right(void)
{
    double *const out = malloc(team * sizeof *out), *const want = malloc(team * sizeof *want);
    const size_t wanted = eight_loop(want, team, 5, false);
    for (size_t k = 0;; k++) {
        fault_begin(k);
        const size_t kept = eight_apart(out, team, 5);
        const bool failed = fault_end();
        CU_ASSERT_EQUAL(kept, wanted);
        CU_ASSERT_EQUAL(memcmp(out, want, team * sizeof *out), 0);
        if (!failed)
            break;
    }
    free(out), free(want);
}

static void all_memory_is_given_back(void)
{
    double *const out = malloc(team * sizeof *out);
    (void)eight_apart(out, team, 5); /* threads keep their scratch memory */
    const long before = fault_live();
    for (size_t k = 0; k < 10; k++)
        (void)eight_apart(out, team, 5);
    CU_ASSERT_TRUE(fault_live() <= before + 2 * 512 * 1024); /* of a thread that had none */
    free(out);
}

/* ---- what is evaluated ---- */

static void each_index_is_evaluated_once(void)
{
    static unsigned char looked[team], taken[team];
    size_t *const out = malloc(team * sizeof *out);
    memset(looked, 0, sizeof looked), memset(taken, 0, sizeof taken);
    const size_t kept = weft_partition(out, i, team, (looked[i]++, i % 3 == 0), (taken[i]++, i));
    size_t wrong = 0;
    for (size_t i = 0; i < team; i++)
        wrong += looked[i] != 1 || taken[i] != 1;
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(kept, (team + 2) / 3);
    free(out);
}

static void n_is_evaluated_once(void)
{
    int out[3], *p = out;
    size_t n = 2;
    CU_ASSERT_EQUAL(weft_partition(p++, i, n++, i == 1, (int)i), 1);
    CU_ASSERT(p == out + 1 && n == 3 && out[0] == 1 && out[1] == 0);
}

static void partitions_nest(void)
{
    enum { n = 60 };
    size_t out[n];
    const size_t kept = weft_partition(out, i, n, __extension__({
                                           size_t inner[n];
                                           weft_partition(inner, j, i, j % 2 == 0, j) > 20;
                                       }),
                                       i);
    CU_ASSERT_EQUAL(kept, 19);
    CU_ASSERT(out[0] == 41 && out[kept] == 0 && out[n - 1] == 40);
}

static size_t busy(size_t i)
{
    const double start = weft_now();
    while (weft_now() - start < 2e-4)
        ;
    return i;
}

static void a_few_costly_predicates_get_a_team(void)
{
    enum { n = 40 };
    static _Thread_local char here;
    const void *where[n];
    size_t out[n], elsewhere = 0;
    weft_with_threads (2)
        CU_ASSERT_EQUAL(weft_partition(out, i, n, (where[i] = &here, busy(i) % 2 == 0), i), n / 2);
    for (size_t i = 0; i < n; i++)
        elsewhere += where[i] != where[0];
    CU_ASSERT_TRUE(elsewhere > 0);
    CU_ASSERT(out[n / 2 - 1] == n - 2 && out[n / 2] == 1 && out[n - 1] == n - 1);
}

/* ---- instruction sets ---- */

/* Prints how many are in front, and how many stand at a wrong place. */
int partitions_probe(int argc, char **argv)
{
    (void)argv;
    uint32_t *const out = malloc(team * sizeof *out), *const want = malloc(team * sizeof *want);
    const size_t kept = weft_partition(out, i, team, chosen(i, 5), (uint32_t)i);
    size_t m = 0, wrong = 0;
    for (int rest = 0; rest < 2; rest++)
        for (uint32_t i = 0; i < team; i++)
            if (chosen(i, 5) != rest)
                want[m++] = i;
    for (size_t k = 0; k < team; k++)
        wrong += out[k] != want[k];
    printf("%zu in front, %zu wrong\n", kept, wrong);
    free(out), free(want);
    return argc != 0;
}

static void every_instruction_set_does_the_same(void)
{
    every_isa_says("partitions", "50002 in front, 0 wrong\n");
}

/* ---- misuse ---- */

static void null_panics_unless_it_is_empty(void)
{
    double *const none = NULL;
    CU_ASSERT_EQUAL(weft_partition(none, i, 0, true, 1.0), 0);
    ASSERT_TEXT(PANIC_OF(weft_partition(none, i, SIZE_MAX / 8, true, 1.0)),
                "weft_partition: out is NULL with n = 2305843009213693951: it must point to n "
                "elements");
}

CU_TestInfo partition_tests[] = {
    { "every_size_of_element_is_moved", every_size_of_element_is_moved },
    { "every_pattern_is_kept_in_order_by_every_team",
      every_pattern_is_kept_in_order_by_every_team },
    { "arrays_beyond_the_cache_are_partitioned", arrays_beyond_the_cache_are_partitioned },
    { "no_memory_for_the_rest_partitions_all_the_same",
      no_memory_for_the_rest_partitions_all_the_same },
    { "no_memory_partitions_every_pattern", no_memory_partitions_every_pattern },
    { "whatever_allocation_fails_the_result_is_right",
      whatever_allocation_fails_the_result_is_right },
    { "all_memory_is_given_back", all_memory_is_given_back },
    { "each_index_is_evaluated_once", each_index_is_evaluated_once },
    { "n_is_evaluated_once", n_is_evaluated_once },
    { "partitions_nest", partitions_nest },
    { "a_few_costly_predicates_get_a_team", a_few_costly_predicates_get_a_team },
    { "every_instruction_set_does_the_same", every_instruction_set_does_the_same },
    { "null_panics_unless_it_is_empty", null_panics_unless_it_is_empty },
    CU_TEST_INFO_NULL,
};
