/* sort_with_test.c - sorts by a comparison, by a template and by a key expression.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each element carries its place in the input, so that order, stability and that none is lost are
 * seen at once: (key, place) rises strictly, and every place is there once. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include <weft/sort_t.h>

#include "crew.h"
#include "memory.h"
#include "sort_input.h"
#include "suites.h"

struct item {
    uint32_t key, place;
};

struct star {
    double mass, x, y;
    uint32_t place;
};

#define WEFT_SORT_NAME       sort_items
#define WEFT_SORT_TYPE       struct item
#define WEFT_SORT_LESS(a, b) ((a)->key < (b)->key)
#include <weft/sort_t.h>

#define WEFT_SORT_NAME       sort_stars
#define WEFT_SORT_TYPE       struct star
#define WEFT_SORT_LESS(a, b) ((a)->mass > (b)->mass)
#include <weft/sort_t.h>

static int compare_items(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    const uint32_t x = ((const struct item *)a)->key, y = ((const struct item *)b)->key;
    return (x > y) - (x < y);
}

static void by_comparison(struct item *x, size_t n)
{
    weft_sort_with(x, n, sizeof *x, compare_items, NULL);
}

static void by_key(struct item *x, size_t n) { weft_sort_by(p, x, n, p->key); }

static const struct {
    const char *name;
    void (*sort)(struct item *x, size_t n);
} sorts[] = { { "weft_sort_with", by_comparison },
              { "sort_t.h", sort_items },
              { "weft_sort_by", by_key } };

/* ---- the check ---- */

static struct item *make_items(size_t pattern, size_t n)
{
    uint32_t *const keys = malloc(n * sizeof *keys + 1);
    struct item *const x = malloc(n * sizeof *x + 1);
    fill(keys, ELEMENT_u32, pattern, n);
    for (size_t i = 0; i < n; i++)
        x[i] = (struct item){ keys[i], (uint32_t)i };
    free(keys);
    return x;
}

/* The input is made anew: its elements by place. */
static bool items_are_right(const struct item *x, size_t pattern, size_t n)
{
    struct item *const input = make_items(pattern, n);
    bool right = true;
    for (size_t k = 0; k < n && right; k++) {
        const size_t place = x[k].place;
        right = place < n && input[place].place == place && input[place].key == x[k].key;
        if (right)
            input[place].place = UINT32_MAX; /* taken */
        if (right && k)
            right = x[k - 1].key < x[k].key ||
                    (x[k - 1].key == x[k].key && x[k - 1].place < x[k].place);
    }
    free(input);
    return right;
}

static void every_sort_is_right(size_t pattern, size_t n)
{
    for (size_t k = 0; k < COUNT(sorts); k++) {
        struct item *const x = make_items(pattern, n);
        sorts[k].sort(x, n);
        const bool right = items_are_right(x, pattern, n);
        if (!right)
            printf("\n    %s, %s, n = %zu, team of %zu", sorts[k].name, pattern_name(pattern), n,
                   weft_threads());
        CU_ASSERT_TRUE(right);
        free(x);
    }
}

/* ---- right for every pattern, size, team ---- */

static void few_items_are_sorted(void)
{
    for (size_t p = 0; p < pattern_count; p++)
        for (size_t n = 0; n < 70; n++)
            every_sort_is_right(p, n);
}

static void every_order_of_five_is_sorted(void)
{
    for (size_t code = 0; code < 3125; code++) {
        struct item x[5];
        size_t c = code;
        for (uint32_t i = 0; i < 5; i++, c /= 5)
            x[i] = (struct item){ (uint32_t)(c % 5), i };
        sort_items(x, 5);
        bool right = true;
        for (size_t k = 1; k < 5; k++)
            right &= x[k - 1].key < x[k].key ||
                     (x[k - 1].key == x[k].key && x[k - 1].place < x[k].place);
        CU_ASSERT_TRUE(right);
    }
}

static void every_team_sorts_the_same(void)
{
    static const size_t sizes[] = { 1000, 4095, 4096, 4097, 10007, 65537 };
    static const size_t teams[] = { 1, 2, 3, 4, 7 };
    for (size_t t = 0; t < COUNT(teams); t++)
        for (size_t s = 0; s < COUNT(sizes); s++)
            weft_with_threads (teams[t])
                every_sort_is_right((t + s) % pattern_count, sizes[s]);
}

static void every_pattern_is_sorted_by_a_team(void)
{
    for (size_t p = 0; p < pattern_count; p++)
        weft_with_threads (2 + p % 2)
            every_sort_is_right(p, 20011 + p);
}

static void without_memory_all_is_sorted_in_place(void)
{
    static const size_t sizes[] = { 2, 3, 16, 17, 33, 1000, 5003 };
    for (size_t s = 0; s < COUNT(sizes); s++)
        for (size_t p = 0; p < pattern_count; p += 3) {
            memory_lasts(0);
            every_sort_is_right(p, sizes[s]);
        }
    CU_ASSERT_TRUE(memory_ran_out());
    memory_lasts(SIZE_MAX);
}

static void a_failure_at_any_allocation_changes_nothing(void)
{
    weft_with_threads (2)
        for (size_t k = 1; k < 6; k++) {
            memory_lasts(k);
            every_sort_is_right(0, 9001);
        }
    memory_lasts(SIZE_MAX);
}

/* ---- elements of any size ---- */

/* The first byte is the key, the others say which element it is. */
static int compare_first_bytes(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return (int)*(const unsigned char *)a - (int)*(const unsigned char *)b;
}

static bool bytes_are_sorted(size_t size, size_t n)
{
    unsigned char *const x = malloc(n * size);
    for (size_t i = 0; i < n; i++) {
        const uint32_t place = (uint32_t)i;
        memset(x + i * size, (int)(i % 251), size);
        x[i * size] = (unsigned char)(random_bits(i) % 10);
        if (size > 4)
            memcpy(x + (i + 1) * size - 4, &place, 4);
    }
    weft_sort_with(x, n, size, compare_first_bytes, NULL);
    bool right = true;
    uint32_t last = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t place = 0;
        if (size > 4)
            memcpy(&place, x + (i + 1) * size - 4, 4);
        if (i)
            right &= x[(i - 1) * size] < x[i * size] ||
                     (x[(i - 1) * size] == x[i * size] && (size <= 4 || last < place));
        if (size > 5)
            right &= x[i * size + 1] == place % 251;
        last = place;
    }
    free(x);
    return right;
}

static void elements_of_any_size_are_sorted(void)
{
    static const size_t sizes[] = { 1, 2, 3, 4, 7, 8, 12, 16, 24, 32, 40, 100, 1000 };
    for (size_t s = 0; s < COUNT(sizes); s++)
        weft_with_threads (2)
            CU_ASSERT_TRUE(bytes_are_sorted(sizes[s], 5001));
}

/* ---- what is special ---- */

static struct star *make_stars(size_t n)
{
    struct star *const s = malloc(n * sizeof *s);
    for (size_t i = 0; i < n; i++)
        s[i] = (struct star){ .mass = (double)(random_bits(i) % 1000),
                              .x = (double)i,
                              .place = (uint32_t)i };
    return s;
}

static bool heaviest_first(const struct star *s, size_t n)
{
    for (size_t k = 1; k < n; k++)
        if (s[k - 1].mass < s[k].mass ||
            (s[k - 1].mass == s[k].mass && s[k - 1].place >= s[k].place))
            return false;
    return n == 0 || s[0].x == (double)s[0].place;
}

static void an_expression_or_a_template_sorts_structures(void)
{
    enum { n = 30011 };
    struct star *const a = make_stars(n), *const b = make_stars(n);
    weft_sort_by(s, a, n, -s->mass);
    sort_stars(b, n);
    CU_ASSERT_TRUE(heaviest_first(a, n));
    CU_ASSERT_TRUE(heaviest_first(b, n));
    for (size_t k = 0; k < n; k++)
        if (a[k].place != b[k].place) {
            CU_FAIL("they differ");
            break;
        }
    free(a);
    free(b);
}

static void a_key_may_be_of_any_number_type(void)
{
    struct item x[] = { { 3, 0 }, { 1, 1 }, { 2, 2 }, { 1, 3 } };
    weft_sort_by(p, x, COUNT(x), (unsigned char)p->key);
    CU_ASSERT_EQUAL(x[0].place, 1);
    CU_ASSERT_EQUAL(x[1].place, 3);
    weft_sort_by(p, x, COUNT(x), -(long long)p->place);
    CU_ASSERT_EQUAL(x[0].place, 3);
    weft_sort_by(p, x, COUNT(x), p->place > 1 ? (float)NAN : (float)p->place);
    CU_ASSERT_EQUAL(x[0].place, 0);
    CU_ASSERT_EQUAL(x[1].place, 1);
    CU_ASSERT_EQUAL(x[2].place, 3); /* NaN last, as they were */
}

static void a_key_of_minus_zero_comes_before_zero(void)
{
    double x[] = { 0.0, -0.0, 0.0, -0.0 };
    weft_sort_by(p, x, COUNT(x), *p);
    CU_ASSERT_TRUE(signbit(x[0]) && signbit(x[1]) && !signbit(x[2]) && !signbit(x[3]));
}

static void a_key_is_evaluated_once_an_element(void)
{
    enum { n = 5000 };
    size_t evaluations = 0;
    struct item *const x = make_items(0, n);
    weft_sort_by(p, x, n, (__atomic_fetch_add(&evaluations, 1, __ATOMIC_RELAXED), p->key));
    CU_ASSERT_EQUAL(evaluations, n);
    free(x);
}

static int compare_reversed(const void *a, const void *b, void *ctx)
{
    ++*(size_t *)ctx;
    return compare_items(b, a, NULL);
}

static void the_context_is_handed_on(void)
{
    struct item x[] = { { 1, 0 }, { 2, 1 }, { 3, 2 }, { 0, 3 } };
    size_t calls = 0;
    weft_sort_with(x, COUNT(x), sizeof *x, compare_reversed, &calls);
    CU_ASSERT_EQUAL(x[0].key, 3);
    CU_ASSERT_EQUAL(x[3].key, 0);
    CU_ASSERT_TRUE(calls >= 3);
}

/* ---- misuse ---- */

static void null_panics_with_function_argument_and_rule(void)
{
    struct item x[] = { { 2, 0 }, { 1, 1 } }, *const none = NULL;
    ASSERT_TEXT(PANIC_OF(weft_sort_with(none, 2, 8, compare_items, NULL)),
                "weft_sort_with: base is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(weft_sort_with(x, 2, 8, NULL, NULL)),
                "weft_sort_with: compare is NULL: it must be a function");
    ASSERT_TEXT(PANIC_OF(sort_items(none, 2)),
                "sort_items: x is NULL with n = 2: it must point to n elements");
    ASSERT_TEXT(PANIC_OF(by_key(none, 2)),
                "weft_sort_by: base is NULL with n = 2: it must point to n elements");
    CU_ASSERT_EQUAL(x[0].key, 2);
}

CU_TestInfo sort_with_tests[] = {
    { "few_items_are_sorted", few_items_are_sorted },
    { "every_order_of_five_is_sorted", every_order_of_five_is_sorted },
    { "every_team_sorts_the_same", every_team_sorts_the_same },
    { "every_pattern_is_sorted_by_a_team", every_pattern_is_sorted_by_a_team },
    { "without_memory_all_is_sorted_in_place", without_memory_all_is_sorted_in_place },
    { "a_failure_at_any_allocation_changes_nothing", a_failure_at_any_allocation_changes_nothing },
    { "elements_of_any_size_are_sorted", elements_of_any_size_are_sorted },
    { "an_expression_or_a_template_sorts_structures",
      an_expression_or_a_template_sorts_structures },
    { "a_key_may_be_of_any_number_type", a_key_may_be_of_any_number_type },
    { "a_key_of_minus_zero_comes_before_zero", a_key_of_minus_zero_comes_before_zero },
    { "a_key_is_evaluated_once_an_element", a_key_is_evaluated_once_an_element },
    { "the_context_is_handed_on", the_context_is_handed_on },
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
