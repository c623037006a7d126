/* killer_test.c - sorts by a comparison against an adversary that makes up the elements as it is asked.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All elements are gas, greater than what is solid. Two that are gas are told apart only when they are
 * compared: then one freezes, to the least value that is still free, and it is the one that was compared
 * before, so the pivot of a quicksort (M. McIlroy, A Killer Adversary for Quicksort, 1999). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "memory.h"
#include "suites.h"

enum { n = 9000 };
static const int64_t gas = INT64_MAX;

struct adversary {
    int64_t value[n]; /* of the elements, which are indices */
    int64_t solid;    /* values so far */
    uint32_t candidate;
    size_t comparisons;
};

static void freeze(struct adversary *a, uint32_t k) { a->value[k] = a->solid++; }

static int compare(const void *px, const void *py, void *ctx)
{
    struct adversary *const a = ctx;
    const uint32_t x = *(const uint32_t *)px, y = *(const uint32_t *)py;
    a->comparisons++;
    if (a->value[x] == gas && a->value[y] == gas)
        freeze(a, x == a->candidate ? x : y);
    if (a->value[x] == gas)
        a->candidate = x;
    else if (a->value[y] == gas)
        a->candidate = y;
    return (a->value[x] > a->value[y]) - (a->value[x] < a->value[y]);
}

/* The first three are solid, or one reading would find that all rises: 1, 2, 0. */
static struct adversary *adversary_new(void)
{
    struct adversary *const a = calloc(1, sizeof *a);
    for (size_t k = 0; k < n; k++)
        a->value[k] = gas;
    a->value[0] = 1, a->value[1] = 2, a->value[2] = 0;
    a->solid = 3;
    return a;
}

static uint32_t *elements_new(void)
{
    uint32_t *const x = malloc(n * sizeof *x);
    for (uint32_t k = 0; k < n; k++)
        x[k] = k;
    return x;
}

/* By what the adversary has settled for; equal ones as they were. */
static bool is_sorted(const struct adversary *a, const uint32_t *x)
{
    for (size_t k = 1; k < n; k++) {
        const int64_t before = a->value[x[k - 1]], here = a->value[x[k]];
        if (before > here || (before == here && x[k - 1] >= x[k]))
            return false;
    }
    return true;
}

/* The adversary is of one thread. */
static struct adversary *fought(uint32_t *x)
{
    struct adversary *const a = adversary_new();
    weft_with_threads (1)
        weft_sort_with(x, n, sizeof *x, compare, a);
    return a;
}

/* ---- the adversary is one ---- */

static void exchange(uint32_t *x, size_t i, size_t j)
{
    const uint32_t t = x[i];
    x[i] = x[j], x[j] = t;
}

/* A quicksort whose pivot is in the middle. */
static void quicksort(uint32_t *x, size_t count, struct adversary *a)
{
    while (count > 1) {
        size_t less = 0;
        exchange(x, 0, count / 2);
        for (size_t k = 1; k < count; k++)
            if (compare(&x[k], &x[0], a) < 0)
                exchange(x, ++less, k);
        exchange(x, 0, less);
        quicksort(x, less, a);
        x += less + 1, count -= less + 1;
    }
}

static void a_quicksort_is_made_quadratic(void)
{
    struct adversary *const a = adversary_new();
    uint32_t *const x = elements_new();
    quicksort(x, n, a);
    CU_ASSERT_TRUE(a->comparisons > (size_t)n * n / 8);
    free(a), free(x);
}

/* ---- weft ---- */

static void it_costs_no_more_comparisons_than_any_input(void)
{
    uint32_t *const x = elements_new();
    struct adversary *const a = fought(x);
    CU_ASSERT_TRUE(is_sorted(a, x));
    CU_ASSERT_TRUE((double)a->comparisons < n * (log2(n) + 2));
    free(a), free(x);
}

static void it_costs_no_more_without_memory(void)
{
    uint32_t *const x = elements_new();
    memory_lasts(0);
    struct adversary *const a = fought(x);
    CU_ASSERT_TRUE(memory_ran_out());
    memory_lasts(SIZE_MAX);
    CU_ASSERT_TRUE(is_sorted(a, x));
    CU_ASSERT_TRUE((double)a->comparisons < n * (log2(n) + 2));
    free(a), free(x);
}

/* What the adversary has settled for is an input like any other. */
static void a_team_sorts_what_kills_a_quicksort(void)
{
    struct adversary *const a = adversary_new();
    uint32_t *const x = elements_new();
    int64_t *const values = malloc(sizeof a->value);
    quicksort(x, n, a);
    memcpy(values, a->value, sizeof a->value);
    weft_with_threads (3)
        weft_sort(values, n);
    size_t wrong = 0;
    for (size_t k = 0; k < n; k++)
        wrong += values[k] != a->value[x[k]];
    CU_ASSERT_EQUAL(wrong, 0);
    free(values), free(a), free(x);
}

CU_TestInfo killer_tests[] = {
    { "a_quicksort_is_made_quadratic", a_quicksort_is_made_quadratic },
    { "it_costs_no_more_comparisons_than_any_input", it_costs_no_more_comparisons_than_any_input },
    { "it_costs_no_more_without_memory", it_costs_no_more_without_memory },
    { "a_team_sorts_what_kills_a_quicksort", a_team_sorts_what_kills_a_quicksort },
    CU_TEST_INFO_NULL,
};
