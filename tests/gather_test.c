/* gather_test.c - weft_gather and weft_scatter: every element, every index, every way into memory.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * That every instruction set moves the same is in copy_test.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "fenced.h"
#include "races.h"
#include "suites.h"

/* As in src/algo/gather.c: bytes from which on memory is asked for ahead and an output is streamed. */
enum { large = 8 << 20, ahead = 128 };

/* ---- every size of element, every type of index ---- */

#define ELEMENTS(X)   \
    X(one, 1)         \
    X(two, 2)         \
    X(three, 3)       \
    X(four, 4)        \
    X(eight, 8)       \
    X(sixteen, 16)    \
    X(twentyfour, 24) \
    X(odd, 100)       \
    X(beyond, 1500)

/* name; type; what an index is moved by */
#define INDICES(X, ...)              \
    X(i32, int32_t, __VA_ARGS__)     \
    X(u32, uint32_t, __VA_ARGS__)    \
    X(i64, int64_t, __VA_ARGS__)     \
    X(u64, uint64_t, __VA_ARGS__)    \
    X(llong, long long, __VA_ARGS__) \
    X(size, const size_t, __VA_ARGS__)

#define OPERATIONS(t, T, name)                                                         \
    static void name##_gather_##t(void *out, const void *x, const void *at, size_t n)  \
    {                                                                                  \
        weft_gather((name *)out, (const name *)x, (T *)at, n);                         \
    }                                                                                  \
    static void name##_scatter_##t(void *out, const void *x, const void *at, size_t n) \
    {                                                                                  \
        weft_scatter((name *)out, (const name *)x, (T *)at, n);                        \
    }
#define FUNCTIONS(name, bytes)     \
    typedef struct name {          \
        unsigned char part[bytes]; \
    } name;                        \
    INDICES(OPERATIONS, name)
ELEMENTS(FUNCTIONS)

typedef void mover(void *out, const void *x, const void *index, size_t n);

enum { I32, U32, I64, U64, LLONG, SIZE, INDEX_TYPES };

static const struct element {
    size_t size;
    mover *move[INDEX_TYPES][2]; /* gather and scatter */
} elements[] = {
#define MOVES(t, T, name) { name##_gather_##t, name##_scatter_##t },
#define ROW(name, bytes)  { sizeof(name), { INDICES(MOVES, name) } },
    ELEMENTS(ROW)
};

/* ---- a permutation of n indices, and elements that know their place ---- */

static size_t *permutation(size_t n)
{
    size_t *const p = malloc((n + 1) * sizeof *p);
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    uint64_t seed = 1;
    for (size_t k = 0; k < n; k++) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        const size_t j = (seed >> 33) % (k + 1);
        p[k] = p[j];
        p[j] = k;
    }
    return p;
}

/* The indices as that type has them. */
static void *converted(const size_t *p, size_t n, int type)
{
    const size_t size = type == I32 || type == U32 ? 4 : 8;
    char *const index = malloc((n + 1) * size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(index);
    for (size_t k = 0; k < n; k++) {
        const uint32_t narrow = (uint32_t)p[k];
        memcpy(index + k * size, size == 4 ? (const void *)&narrow : (const void *)&p[k], size);
    }
    return index;
}

static unsigned char *elements_new(size_t n, size_t size)
{
    unsigned char *const x = malloc(n * size + 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(x);
    for (size_t k = 0; k < n * size; k++)
        x[k] = (unsigned char)(k * 0x9e3779b97f4a7c15u >> 56);
    return x;
}

static bool is_moved(const char *out, const unsigned char *x, const size_t *p, size_t n,
                     size_t size, int scatter)
{
    for (size_t k = 0; k < n; k++)
        if (memcmp(out + (scatter ? p[k] : k) * size, x + (scatter ? k : p[k]) * size, size) != 0)
            return false;
    return true;
}

static void expect(const struct element *e, int type, int scatter, size_t n, size_t offset)
{
    size_t *const p = permutation(n);
    void *const index = converted(p, n, type);
    unsigned char *const x = elements_new(n, e->size);
    struct fenced f = fenced_new(n * e->size, offset);
    e->move[type][scatter](f.y, x, index, n);
    const bool right = is_moved(f.y, x, p, n, e->size, scatter) && fences_stand(&f);
    if (!right)
        printf("\n    %s of elements of %zu bytes, index %d, n = %zu, offset %zu: wrong",
               scatter ? "scatter" : "gather", e->size, type, n, offset);
    CU_ASSERT_TRUE(right);
    fenced_free(&f);
    free(p), free(index), free(x);
}

static void every_size_of_element_is_moved_by_every_type_of_index(void)
{
    static const size_t sizes[] = { 0, 1, ahead, 8191, 8192, 9001 };
    for (size_t k = 0; k < COUNT(elements); k++)
        for (int type = 0; type < INDEX_TYPES; type++)
            for (int scatter = 0; scatter < 2; scatter++)
                for (size_t s = 0; s < COUNT(sizes); s++)
                    if (elements[k].size < 100 || s % 2)
                        expect(&elements[k], type, scatter, sizes[s], (k + s) % 64);
}

static void every_size_of_element_is_moved_past_the_cache(void)
{
    for (size_t k = RACES_ARE_LOOKED_FOR ? 4 : 1; k < COUNT(elements); k++)
        for (int scatter = 0; scatter < 2; scatter++)
            expect(&elements[k], (int)k % INDEX_TYPES, scatter, large / elements[k].size + 1,
                   3 * k);
}

static void a_team_of_any_size_moves_the_same(void)
{
    for (size_t threads = 1; threads <= 16; threads += threads < 4 ? 1 : 6)
        weft_with_threads (threads)
            for (int scatter = 0; scatter < 2; scatter++) {
                expect(&elements[4], U64, scatter, 20011, threads);
                expect(&elements[6], I32, scatter, large / 24 + ahead, threads);
            }
}

/* ---- indices ---- */

static void an_index_may_occur_again(void)
{
    enum { n = 20000 };
    const double x[] = { 5, 6, 7 };
    double *const out = malloc(n * sizeof *out);
    int *const index = malloc(n * sizeof *index);
    for (int k = 0; k < n; k++)
        index[k] = k % 3;
    weft_gather(out, x, index, n);
    size_t wrong = 0;
    for (size_t k = 0; k < n; k++)
        wrong += out[k] != 5 + (double)(k % 3);
    CU_ASSERT_EQUAL(wrong, 0);
    free(out), free(index);
}

static void an_index_may_be_negative_where_x_points_into_an_array(void)
{
    const short all[] = { 1, 2, 3, 4, 5 };
    short out[3] = { 0 }, to[5] = { 0 };
    const int index[] = { -2, 0, 2 };
    const int64_t wide[] = { 2, -1, -2 };
    weft_gather(out, all + 2, index, 3);
    CU_ASSERT(out[0] == 1 && out[1] == 3 && out[2] == 5);
    weft_scatter(to + 2, out, wide, 3);
    CU_ASSERT(to[4] == 1 && to[1] == 3 && to[0] == 5 && to[2] == 0);
}

static void a_scatter_undoes_a_gather(void)
{
    enum { n = 1500000 };
    double *const x = malloc(n * sizeof *x), *const y = malloc(n * sizeof *y);
    double *const z = malloc(n * sizeof *z);
    size_t *const p = permutation(n);
    for (size_t k = 0; k < n; k++)
        x[k] = (double)k;
    weft_gather(y, x, p, n);
    weft_scatter(z, y, p, n);
    CU_ASSERT_EQUAL(memcmp(x, z, n * sizeof *x), 0);
    free(x), free(y), free(z), free(p);
}

static void no_memory_moves_the_same(void)
{
    enum { n = 1200000 };
    uint64_t *const x = malloc(n * sizeof *x), *const y = calloc(n, sizeof *y);
    size_t *const p = permutation(n);
    for (size_t k = 0; k < n; k++)
        x[k] = k;
    for (size_t k = 0;; k++) {
        fault_begin(k);
        weft_gather(y, x, p, n);
        const bool failed = fault_end();
        CU_ASSERT_EQUAL(memcmp(y, p, n * sizeof *y), 0);
        fault_begin(k);
        weft_scatter(y, p, p, n);
        if (!fault_end() && !failed)
            break;
        CU_ASSERT_EQUAL(memcmp(x, y, n * sizeof *y), 0);
    }
    free(x), free(y), free(p);
}

/* ---- misuse ---- */

static void null_panics_unless_it_is_empty(void)
{
    double *const none = NULL, x[2] = { 0 };
    size_t *const nowhere = NULL, index[2] = { 0 };
    weft_gather(none, none, nowhere, 0);
    weft_scatter(none, none, nowhere, 0);
    ASSERT_TEXT(PANIC_OF(weft_gather(none, x, index, 2)),
                "weft_gather: out is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_gather(x, none, index, 2)),
                "weft_gather: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_scatter(x, x + 1, nowhere, SIZE_MAX / 8)),
                "weft_scatter: index is NULL with n = 2305843009213693951: it must point to n "
                "elements");
}

static void overlap_panics(void)
{
    uint64_t x[8] = { 0 }, index[8] = { 0 };
    ASSERT_TEXT(PANIC_OF(weft_gather(index, x, index, 2)),
                "weft_gather: out overlaps index: it must be apart from it");
    ASSERT_TEXT(PANIC_OF(weft_gather(index + 1, x, index, 2)),
                "weft_gather: out overlaps index: it must be apart from it");
    ASSERT_TEXT(PANIC_OF(weft_gather(x, x, index, 2)),
                "weft_gather: out is x: it must be apart from what is read of x");
    ASSERT_TEXT(PANIC_OF(weft_scatter(x, x, index, 2)),
                "weft_scatter: x is out: it must be apart from what is written of out");
}

CU_TestInfo gather_tests[] = {
    { "every_size_of_element_is_moved_by_every_type_of_index",
      every_size_of_element_is_moved_by_every_type_of_index },
    { "every_size_of_element_is_moved_past_the_cache",
      every_size_of_element_is_moved_past_the_cache },
    { "a_team_of_any_size_moves_the_same", a_team_of_any_size_moves_the_same },
    { "an_index_may_occur_again", an_index_may_occur_again },
    { "an_index_may_be_negative_where_x_points_into_an_array",
      an_index_may_be_negative_where_x_points_into_an_array },
    { "a_scatter_undoes_a_gather", a_scatter_undoes_a_gather },
    { "no_memory_moves_the_same", no_memory_moves_the_same },
    { "null_panics_unless_it_is_empty", null_panics_unless_it_is_empty },
    { "overlap_panics", overlap_panics },
    CU_TEST_INFO_NULL,
};
