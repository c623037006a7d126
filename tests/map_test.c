/* map_test.c - weft_map: every size of element, every way into memory, and not a byte beyond.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

#include "fenced.h"
#include "suites.h"

/* As in src/algo/map.c: from here on an array is streamed, a tile at a time. */
enum { streamed_from = 8 << 20, tile = weft_map_tile_ };

/* ---- elements of every size ---- */

/* Bytes that depend on the index, all of them. */
static void fill(void *element, size_t size, size_t i)
{
    unsigned char *const bytes = element;
    for (size_t k = 0; k < size; k++)
        bytes[k] = (unsigned char)((i * 0x9e3779b97f4a7c15u >> 24) + 37 * k);
}

static void twist(void *element, size_t size, size_t i)
{
    unsigned char *const bytes = element;
    for (size_t k = 0; k < size; k++)
        bytes[k] = (unsigned char)(3 * bytes[k] + i);
}

/* name; type of its parts; how many */
#define ELEMENTS(X)         \
    X(one, uint8_t, 1)      \
    X(two, uint16_t, 1)     \
    X(three, uint8_t, 3)    \
    X(four, float, 1)       \
    X(eight, double, 1)     \
    X(sixteen, double, 2)   \
    X(twentyfour, float, 6) \
    X(large, uint8_t, tile + 1)

#define FUNCTIONS(name, type, parts)                     \
    typedef struct name {                                \
        type part[parts];                                \
    } name;                                              \
    static name name##_at(size_t i)                      \
    {                                                    \
        name e;                                          \
        fill(&e, sizeof e, i);                           \
        return e;                                        \
    }                                                    \
    static name name##_twisted(name e, size_t i)         \
    {                                                    \
        twist(&e, sizeof e, i);                          \
        return e;                                        \
    }                                                    \
    static void name##_map(void *to, size_t n)           \
    {                                                    \
        name *const y = to;                              \
        weft_map(y, i, n, name##_at(i));                 \
    }                                                    \
    static void name##_map_in_place(void *to, size_t n)  \
    {                                                    \
        name *const y = to;                              \
        weft_map(y, i, n, name##_twisted(y[i], i));      \
    }                                                    \
    static void name##_loop(void *to, size_t n)          \
    {                                                    \
        for (size_t i = 0; i < n; i++)                   \
            fill((name *)to + i, sizeof(name), i);       \
    }                                                    \
    static void name##_loop_in_place(void *to, size_t n) \
    {                                                    \
        for (size_t i = 0; i < n; i++)                   \
            twist((name *)to + i, sizeof(name), i);      \
    }
ELEMENTS(FUNCTIONS)

typedef void filler(void *y, size_t n);

static const struct element {
    size_t size, alignment;
    filler *map, *map_in_place, *loop, *loop_in_place;
} elements[] = {
#define ROW(name, type, parts)                         \
    { sizeof(name),        _Alignof(name), name##_map, \
      name##_map_in_place, name##_loop,    name##_loop_in_place },
    ELEMENTS(ROW)
};

enum { elements_count = COUNT(elements) };

/* What the loop gives for `n` elements, and for fewer. */
static char *expected_new(const struct element *e, filler *loop, size_t n)
{
    char *const y = calloc(n + 1, e->size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(y);
    loop(y, n);
    return y;
}

static bool maps(const struct element *e, size_t n, size_t offset, const char *expected)
{
    struct fenced f = fenced_new(n * e->size, offset * e->alignment);
    e->map(f.y, n);
    const bool right = memcmp(f.y, expected, f.bytes) == 0 && fences_stand(&f);
    fenced_free(&f);
    return right;
}

static void expect(bool right, const struct element *e, size_t n, size_t offset)
{
    if (!right)
        printf("\n    elements of %zu bytes, n = %zu, offset %zu: wrong", e->size, n, offset);
    CU_ASSERT_TRUE(right);
}

/* ---- sizes ---- */

static void every_size_of_element_is_filled_around_a_tile(void)
{
    for (size_t k = 0; k < elements_count; k++) {
        const struct element *const e = &elements[k];
        const size_t a_tile = tile / e->size;
        const size_t sizes[] = { 0, 1, 2, a_tile, a_tile + 1, 2 * a_tile + 3, 70001 };
        char *const expected = expected_new(e, e->loop, 70001);
        for (size_t s = 0; s < COUNT(sizes); s++)
            expect(maps(e, sizes[s], 0, expected), e, sizes[s], 0);
        free(expected);
    }
}

static void every_alignment_is_served(void)
{
    for (size_t k = 0; k < elements_count; k++) {
        const struct element *const e = &elements[k];
        const size_t n = 2 * tile / e->size + 3;
        char *const expected = expected_new(e, e->loop, n);
        for (size_t offset = 0; offset * e->alignment < 64; offset++)
            expect(maps(e, n, offset, expected), e, n, offset);
        free(expected);
    }
}

static void an_array_is_filled_also_past_the_cache(void)
{
    for (size_t k = 0; k < elements_count; k++) {
        const struct element *const e = &elements[k];
        const size_t from = streamed_from / e->size, a_tile = tile / e->size;
        const size_t sizes[] = { from - 1, from, from + a_tile + 1 };
        char *const expected = expected_new(e, e->loop, from + a_tile + 1);
        for (size_t s = 0; s < COUNT(sizes); s++)
            expect(maps(e, sizes[s], 5 * s, expected), e, sizes[s], 5 * s);
        free(expected);
    }
}

static void a_team_of_any_size_fills_it(void)
{
    const struct element *const e = &elements[2];
    const size_t n = streamed_from / e->size + 100;
    char *const expected = expected_new(e, e->loop, n);
    for (size_t threads = 1; threads <= 5; threads++)
        weft_with_threads (threads)
            expect(maps(e, n, threads, expected), e, n, threads);
    free(expected);
}

/* ---- in place ---- */

static void an_element_may_be_computed_from_itself(void)
{
    for (size_t k = 0; k < elements_count; k++) {
        const struct element *const e = &elements[k];
        const size_t sizes[] = { 1, 3 * tile / e->size + 1, streamed_from / e->size + 1 };
        for (size_t s = 0; s < COUNT(sizes); s++) {
            const size_t n = sizes[s];
            char *const y = expected_new(e, e->loop, n), *const x = expected_new(e, e->loop, n);
            e->map_in_place(y, n);
            e->loop_in_place(x, n);
            expect(memcmp(x, y, n * e->size) == 0, e, n, 0);
            free(x), free(y);
        }
    }
}

/* ---- arguments ---- */

static void arguments_are_evaluated_once(void)
{
    double all[6] = { 0 }, *y = all;
    size_t n = 2;
    weft_map(y++, i, n++, (double)i + 1);
    CU_ASSERT_PTR_EQUAL(y, all + 1);
    CU_ASSERT_EQUAL(n, 3);
    CU_ASSERT(all[0] == 1 && all[1] == 2 && all[2] == 0);
}

static void an_expression_may_hold_commas(void)
{
    const double x[] = { 3, 4 };
    double y[2];
    size_t evaluated = 0;
    weft_with_threads (1)
        weft_map(y, i, 2, (evaluated++, x[i] * x[i]));
    CU_ASSERT(y[0] == 9 && y[1] == 16 && evaluated == 2);
}

static void values_convert_as_in_an_assignment(void)
{
    int32_t y[3];
    weft_map(y, i, 3, 1.75 * (double)i);
    CU_ASSERT(y[0] == 0 && y[1] == 1 && y[2] == 3);
}

static void maps_nest(void)
{
    double y[4], x[4][3] = { { 0 } };
    weft_map(y, i, 4, __extension__({
                 weft_map(x[i], k, 3, (double)(10 * i + k));
                 weft_sum_of(k, 3, x[i][k]);
             }));
    for (size_t i = 0; i < 4; i++)
        CU_ASSERT_EQUAL(y[i], 30.0 * (double)i + 3);
}

/* Returns i when a second thread is here, or after ten seconds. */
static double meet(size_t i, pid_t *first, bool *met)
{
    const double start = weft_now();
    const pid_t me = gettid();
    pid_t nobody = 0;
    /* relaxed, all of them: nothing else is published by them */
    if (!__atomic_compare_exchange_n(first, &nobody, me, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
        if (nobody != me)
            __atomic_store_n(met, true, __ATOMIC_RELAXED);
    while (!__atomic_load_n(met, __ATOMIC_RELAXED) && weft_now() - start < 10)
        ;
    return (double)i;
}

/* A handful of elements is enough for a team when each takes long. */
static void costly_elements_get_a_team(void)
{
    enum { n = 10 };
    double y[n];
    pid_t first = 0;
    bool met = false;
    weft_with_threads (2)
        weft_map(y, i, n, i == 0 ? (usleep(100), 0.0) : meet(i, &first, &met));
    CU_ASSERT_TRUE(met);
    for (size_t i = 0; i < n; i++)
        CU_ASSERT_EQUAL(y[i], (double)i);
}

/* ---- misuse ---- */

static jmp_buf misused;
static char message[200];

static void note(const char *line)
{
    snprintf(message, sizeof message, "%s", line);
    longjmp(misused, 1);
}

static void null_panics_unless_it_is_empty(void)
{
    double *const none = NULL;
    weft_map(none, i, 0, (double)i);
    weft_panic_handler *const before = weft_set_panic(note);
    if (setjmp(misused) == 0)
        weft_map(none, i, 3, (double)i);
    weft_set_panic(before);
    ASSERT_TEXT(message, "weft_map: y is NULL with n = 3: it must point to n elements");
}

CU_TestInfo map_tests[] = {
    { "every_size_of_element_is_filled_around_a_tile",
      every_size_of_element_is_filled_around_a_tile },
    { "every_alignment_is_served", every_alignment_is_served },
    { "an_array_is_filled_also_past_the_cache", an_array_is_filled_also_past_the_cache },
    { "a_team_of_any_size_fills_it", a_team_of_any_size_fills_it },
    { "an_element_may_be_computed_from_itself", an_element_may_be_computed_from_itself },
    { "arguments_are_evaluated_once", arguments_are_evaluated_once },
    { "an_expression_may_hold_commas", an_expression_may_hold_commas },
    { "values_convert_as_in_an_assignment", values_convert_as_in_an_assignment },
    { "maps_nest", maps_nest },
    { "costly_elements_get_a_team", costly_elements_get_a_team },
    { "null_panics_unless_it_is_empty", null_panics_unless_it_is_empty },
    CU_TEST_INFO_NULL,
};
