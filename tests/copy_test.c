/* copy_test.c - weft_copy and weft_fill: every size of element, every way into memory, not a byte beyond.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "fenced.h"
#include "isa.h"
#include "probe.h"
#include "races.h"
#include "suites.h"

/* As in src/algo/copy.c and fill.c: bytes from which on a team works, an output is streamed. */
enum { by_team = 192 * 1024, streamed = 8 << 20 };

/* ---- elements of every size ---- */

/* name; bytes */
#define ELEMENTS(X)   \
    X(one, 1)         \
    X(two, 2)         \
    X(three, 3)       \
    X(four, 4)        \
    X(eight, 8)       \
    X(twelve, 12)     \
    X(sixteen, 16)    \
    X(twentyfour, 24) \
    X(line, 64)       \
    X(odd, 100)       \
    X(large, 1001)    \
    X(huge, 5000)

#define FUNCTIONS(name, bytes)                                           \
    typedef struct name {                                                \
        unsigned char part[bytes];                                       \
    } name;                                                              \
    static void name##_copy(void *out, const void *x, size_t n)          \
    {                                                                    \
        weft_copy((name *)out, (const name *)x, n);                      \
    }                                                                    \
    static void name##_fill(void *out, const void *value, size_t n)      \
    {                                                                    \
        weft_fill((name *)out, n, *(const name *)value);                 \
    }                                                                    \
    static void name##_copy_loop(void *out, const void *x, size_t n)     \
    {                                                                    \
        for (size_t i = 0; i < n; i++)                                   \
            ((name *)out)[i] = ((const name *)x)[i];                     \
    }                                                                    \
    static void name##_fill_loop(void *out, const void *value, size_t n) \
    {                                                                    \
        for (size_t i = 0; i < n; i++)                                   \
            ((name *)out)[i] = *(const name *)value;                     \
    }
ELEMENTS(FUNCTIONS)

typedef void mover(void *out, const void *x, size_t n);

static const struct element {
    size_t size;
    mover *move[2], *loop[2]; /* copy and fill */
} elements[] = {
#define ROW(name, bytes) \
    { sizeof(name), { name##_copy, name##_fill }, { name##_copy_loop, name##_fill_loop } },
    ELEMENTS(ROW)
};

static unsigned char *random_bytes(size_t n)
{
    unsigned char *const x = malloc(n + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x);
    uint64_t seed = 1;
    for (size_t k = 0; k < n; k++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        x[k] = (unsigned char)(seed >> 56);
    }
    return x;
}

/* What the loop writes. */
static char *expected_new(const struct element *e, int op, const void *x, size_t n)
{
    char *const out = malloc(n * e->size + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    e->loop[op](out, x, n);
    return out;
}

static void expect(const struct element *e, int op, size_t n, size_t offset, const void *x,
                   const char *expected)
{
    struct fenced f = fenced_new(n * e->size, offset);
    e->move[op](f.y, x, n);
    const bool right = memcmp(f.y, expected, f.bytes) == 0 && fences_stand(&f);
    if (!right)
        printf("\n    %s of elements of %zu bytes, n = %zu, offset %zu: wrong",
               op ? "fill" : "copy", e->size, n, offset);
    CU_ASSERT_TRUE(right);
    fenced_free(&f);
}

/* Both operations, sizes as a list of bytes; they are at an offset that differs from size to size. */
static void check(const struct element *e, const size_t *bytes, size_t count, const void *x)
{
    for (int op = 0; op < 2; op++) {
        char *const expected = expected_new(e, op, x, bytes[count - 1] / e->size + 2);
        for (size_t k = 0; k < count; k++)
            for (size_t more = 0; more < 2; more++)
                expect(e, op, bytes[k] / e->size + more, (7 * k + more) % 64, x, expected);
        free(expected);
    }
}

static void every_size_of_element_is_moved_at_every_size_of_array(void)
{
    static const size_t bytes[] = { 0, 64, 4096, 8192, by_team - 1, by_team, 300007 };
    unsigned char *const x = random_bytes(400000);
    for (size_t k = 0; k < COUNT(elements); k++)
        check(&elements[k], bytes, COUNT(bytes), x);
    free(x);
}

static void every_size_of_element_is_moved_past_the_cache(void)
{
    static const size_t bytes[] = { streamed - 1, streamed + 1000 };
    unsigned char *const x = random_bytes(streamed + 20000);
    for (size_t k = 0; k < COUNT(elements); k++)
        check(&elements[k], bytes, COUNT(bytes), x);
    free(x);
}

static void every_alignment_is_served(void)
{
    unsigned char *const x = random_bytes(by_team + 1000);
    for (size_t k = 0; k < COUNT(elements); k += 2)
        for (size_t offset = 0; offset < 64; offset++)
            for (int op = 0; op < 2; op++) {
                const struct element *const e = &elements[k];
                const size_t n = (by_team + 500) / e->size;
                char *const expected = expected_new(e, op, x + offset / 3, n);
                expect(e, op, n, offset, x + offset / 3, expected);
                free(expected);
            }
    free(x);
}

static void a_team_of_any_size_moves_the_same(void)
{
    static const size_t bytes[] = { by_team, streamed };
    unsigned char *const x = random_bytes(streamed + 2000);
    for (size_t threads = 1; threads <= 16; threads += threads < 5 ? 1 : 5)
        weft_with_threads (threads)
            for (size_t k = 2; k < COUNT(elements); k += 5)
                check(&elements[k], bytes, COUNT(bytes) - RACES_ARE_LOOKED_FOR, x);
    free(x);
}

/* ---- what is read soon after ---- */

static void what_was_written_past_the_cache_is_there_for_everyone(void)
{
    enum { n = streamed / sizeof(uint64_t) };
    uint64_t *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    for (uint64_t round = 1; round <= 5; round++) {
        weft_fill(x, n, round);
        weft_copy(y, x, n);
        CU_ASSERT_EQUAL(weft_sum(y, n), round * n);
    }
    free(x), free(y);
}

/* ---- arguments ---- */

static void arguments_are_evaluated_once(void)
{
    double all[4] = { 0 }, *y = all, value = 3;
    const double from[4] = { 5, 6, 7, 8 }, *x = from;
    size_t n = 1;
    weft_fill(y++, n++, value++);
    CU_ASSERT(y == all + 1 && n == 2 && value == 4 && all[0] == 3 && all[1] == 0);
    weft_copy(y++, x++, n++);
    CU_ASSERT(y == all + 2 && x == from + 1 && n == 3);
    CU_ASSERT(all[1] == 5 && all[2] == 6 && all[3] == 0);
}

static void a_value_converts_as_in_an_assignment(void)
{
    const double more_than_one = 1.75;
    int32_t y[3];
    weft_fill(y, 3, more_than_one);
    CU_ASSERT(y[0] == 1 && y[2] == 1);
    float z[2];
    weft_fill(z, 2, 3);
    CU_ASSERT(z[1] == 3.0f);
    struct pair {
        int a, b;
    } p[2];
    weft_fill(p, 2, { .a = 1, .b = 2 });
    CU_ASSERT(p[1].a == 1 && p[1].b == 2);
}

static void an_array_may_be_copied_to_itself(void)
{
    double x[] = { 1, 2, 3 };
    weft_copy(x, x, 3);
    CU_ASSERT(x[0] == 1 && x[1] == 2 && x[2] == 3);
}

static void neighbours_do_not_overlap(void)
{
    double x[] = { 1, 2, 3, 4 };
    weft_copy(x + 2, x, 2);
    CU_ASSERT(x[2] == 1 && x[3] == 2);
    weft_copy(x, x + 2, 2);
    CU_ASSERT(x[0] == 1 && x[1] == 2);
}

/* ---- without memory ---- */

static void no_memory_moves_the_same(void)
{
    enum { n = by_team };
    uint64_t *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    for (size_t k = 0; k < n; k++)
        x[k] = k;
    for (size_t k = 0;; k++) {
        weft_fill(y, n, 0);
        fault_begin(k);
        weft_copy(y, x, n);
        const bool failed = fault_end();
        CU_ASSERT_EQUAL(memcmp(x, y, n * sizeof *x), 0);
        fault_begin(k);
        weft_fill(y, n, 7);
        if (!fault_end() && !failed)
            break;
        CU_ASSERT(y[0] == 7 && y[n / 2] == 7 && y[n - 1] == 7);
    }
    free(x), free(y);
}

/* ---- misuse ---- */

static void null_panics_unless_it_is_empty(void)
{
    double *const none = NULL, x[2] = { 0 };
    weft_copy(none, none, 0);
    weft_copy(none, x, 0);
    weft_fill(none, 0, 1.0);
    const size_t many = SIZE_MAX / 8;
    ASSERT_TEXT(PANIC_OF(weft_copy(none, x, 2)),
                "weft_copy: out is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_copy(x, (const double *)none, many)),
                "weft_copy: x is NULL with n = 2305843009213693951: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(({
                    weft_fill(none, many, 1.0);
                    0;
                })),
                "weft_fill: out is NULL with n = 2305843009213693951: it must point to n elements");
}

static void overlap_panics(void)
{
    double x[10] = { 0 };
    static const char *const text = "weft_copy: out overlaps x: it must be apart from it";
    ASSERT_TEXT(PANIC_OF(weft_copy(x, x + 1, 2)), text);
    ASSERT_TEXT(PANIC_OF(weft_copy(x + 1, x, 2)), text);
    ASSERT_TEXT(PANIC_OF(weft_copy((char *)x + 9, (char *)x, 10)), text);
    ASSERT_TEXT(PANIC_OF(weft_copy(x + 2, x, 2)), "");
}

static void more_elements_than_memory_holds_panic(void)
{
    double x[2] = { 0 }, y[2];
    ASSERT_TEXT(PANIC_OF(weft_copy(y, x, SIZE_MAX / 4)),
                "weft_copy: n is 4611686018427387903: so many elements of 8 bytes are more than "
                "memory can hold");
    ASSERT_TEXT(PANIC_OF(({
                    weft_fill(y, SIZE_MAX / 4, 1.0);
                    0;
                })),
                "weft_fill: n is 4611686018427387903: so many elements of 8 bytes are more than "
                "memory can hold");
}

/* ---- instruction sets ---- */

static uint64_t digest(const void *p, size_t bytes)
{
    const unsigned char *const b = p;
    uint64_t h = 14695981039346656037u;
    for (size_t k = 0; k < bytes; k++)
        h = (h ^ b[k]) * 1099511628211u;
    return h;
}

/* Prints a digest of all that copy, fill, gather and scatter write, and whether it is what loops do. */
int moves_probe(int argc, char **argv)
{
    (void)argv;
    enum { n = 1100003 };
    uint64_t *const x = malloc(n * sizeof *x), *const y = malloc((n + 1) * sizeof *y);
    uint64_t *const want = malloc(n * sizeof *want);
    uint32_t *const index = malloc(n * sizeof *index);
    for (size_t k = 0; k < n; k++)
        x[k] = k * 0x9e3779b97f4a7c15u, index[k] = (uint32_t)(k * 7919 % n);
    uint64_t *const out = (uint64_t *)((char *)y + 3); /* within a line and within an element */
    weft_copy((char *)out, (const char *)x, n * sizeof *x);
    printf("%d", digest(out, n * sizeof *x) == digest(x, n * sizeof *x));
    weft_fill(y, n, x[5]);
    for (size_t k = 0; k < n; k++)
        want[k] = x[5];
    printf("%d", memcmp(y, want, n * sizeof *y) == 0);
    weft_fill(y, 1000, x[6]);
    for (size_t k = 0; k < 1000; k++)
        want[k] = x[6];
    printf("%d", memcmp(y, want, n * sizeof *y) == 0);
    weft_gather(y, x, index, n);
    for (size_t k = 0; k < n; k++)
        want[k] = x[index[k]];
    printf("%d", memcmp(y, want, n * sizeof *y) == 0);
    weft_scatter(y, x, index, n);
    for (size_t k = 0; k < n; k++)
        want[index[k]] = x[k];
    printf("%d\n", memcmp(y, want, n * sizeof *y) == 0);
    free(x), free(y), free(want), free(index);
    return argc != 0;
}

static void every_instruction_set_moves_the_same(void) { every_isa_says("moves", "11111\n"); }

CU_TestInfo copy_tests[] = {
    { "every_size_of_element_is_moved_at_every_size_of_array",
      every_size_of_element_is_moved_at_every_size_of_array },
    { "every_size_of_element_is_moved_past_the_cache",
      every_size_of_element_is_moved_past_the_cache },
    { "every_alignment_is_served", every_alignment_is_served },
    { "a_team_of_any_size_moves_the_same", a_team_of_any_size_moves_the_same },
    { "what_was_written_past_the_cache_is_there_for_everyone",
      what_was_written_past_the_cache_is_there_for_everyone },
    { "arguments_are_evaluated_once", arguments_are_evaluated_once },
    { "a_value_converts_as_in_an_assignment", a_value_converts_as_in_an_assignment },
    { "an_array_may_be_copied_to_itself", an_array_may_be_copied_to_itself },
    { "neighbours_do_not_overlap", neighbours_do_not_overlap },
    { "no_memory_moves_the_same", no_memory_moves_the_same },
    { "null_panics_unless_it_is_empty", null_panics_unless_it_is_empty },
    { "overlap_panics", overlap_panics },
    { "more_elements_than_memory_holds_panic", more_elements_than_memory_holds_panic },
    { "every_instruction_set_moves_the_same", every_instruction_set_moves_the_same },
    CU_TEST_INFO_NULL,
};
