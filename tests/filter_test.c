/* filter_test.c - weft_filter: what is evaluated, where it goes, and what stays as it is.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * That it equals the loop at every size and team is in laws_test.c. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "isa.h"
#include "probe.h"
#include "suites.h"

enum { team = 100003, streamed = 1100003 };

static void a_value_is_evaluated_only_where_the_predicate_holds(void)
{
    const double here[] = { 1, 2, 3 };
    const double **const p = calloc(team, sizeof *p);
    double *const out = malloc(team * sizeof *out);
    for (size_t i = 0; i < team; i += 5)
        p[i] = &here[i % 3];
    const size_t kept = weft_filter(out, i, team, p[i] != NULL, *p[i]);
    CU_ASSERT_EQUAL(kept, (team + 4) / 5);
    CU_ASSERT_EQUAL(out[0], 1.0);
    CU_ASSERT_EQUAL(out[1], 3.0);
    free(p), free(out);
}

static void nothing_behind_those_kept_is_touched(void)
{
    int *const out = malloc(streamed * sizeof *out);
    for (size_t i = 0; i < streamed; i++)
        out[i] = -1;
    const size_t kept = weft_filter(out, i, streamed, i % 1000 == 3, (int)i);
    size_t touched = 0;
    for (size_t i = kept; i < streamed; i++)
        touched += out[i] != -1;
    CU_ASSERT_EQUAL(kept, streamed / 1000);
    CU_ASSERT_EQUAL(touched, 0);
    CU_ASSERT_EQUAL(out[kept - 1], 1099003);
    free(out);
}

struct star {
    double mass;
    size_t index;
    char name[19];
};

static void elements_may_be_of_any_type(void)
{
    struct star *const out = malloc(team * sizeof *out);
    const size_t kept =
        weft_filter(out, i, team, i % 2 == 1, ((struct star){ .mass = (double)i, .index = i }));
    size_t wrong = 0;
    for (size_t k = 0; k < kept; k++)
        wrong += out[k].index != 2 * k + 1 || out[k].mass != (double)out[k].index;
    CU_ASSERT_EQUAL(kept, team / 2);
    CU_ASSERT_EQUAL(wrong, 0);
    free(out);
}

struct large {
    size_t index;
    char rest[100000];
};

static void elements_may_be_large(void)
{
    enum { n = 100 };
    struct large *const out = calloc(n, sizeof *out);
    const size_t kept = weft_filter(out, i, n, i % 3 == 0, ((struct large){ .index = i }));
    CU_ASSERT_EQUAL(kept, 34);
    for (size_t k = 0; k < kept; k++)
        CU_ASSERT_EQUAL(out[k].index, 3 * k);
    free(out);
}

static void every_team_keeps_the_same(void)
{
    double *const a = calloc(streamed, sizeof *a), *const b = calloc(streamed, sizeof *b);
    weft_with_threads (1)
        CU_ASSERT_EQUAL(weft_filter(a, i, streamed, i % 7 < 3, sqrt((double)i)), 471431);
    for (size_t threads = 2; threads <= 16; threads *= 2)
        weft_with_threads (threads) {
            memset(b, 0, streamed * sizeof *b);
            CU_ASSERT_EQUAL(weft_filter(b, i, streamed, i % 7 < 3, sqrt((double)i)), 471431);
            CU_ASSERT_EQUAL(memcmp(a, b, streamed * sizeof *a), 0);
        }
    free(a), free(b);
}

static void a_predicate_is_true_where_it_is_not_zero(void)
{
    const double x[] = { NAN, 1, NAN };
    double out[3];
    CU_ASSERT_EQUAL(weft_filter(out, i, 3, x[i] == x[i], x[i]), 1);
    CU_ASSERT_EQUAL(out[0], 1.0);
    CU_ASSERT_EQUAL(weft_filter(out, i, 3, x[i], 2.0), 3); /* a number that is not 0 is true */
}

static void filters_nest(void)
{
    enum { n = 60 };
    size_t out[n];
    const size_t kept = weft_filter(out, i, n, __extension__({
                                        size_t inner[n];
                                        weft_filter(inner, j, i, j % 2 == 0, j) > 20;
                                    }),
                                    i);
    CU_ASSERT_EQUAL(kept, 19);
    CU_ASSERT_EQUAL(out[0], 41);
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
        CU_ASSERT_EQUAL(weft_filter(out, i, n, (where[i] = &here, busy(i) % 2 == 0), i), n / 2);
    for (size_t i = 0; i < n; i++)
        elsewhere += where[i] != where[0];
    CU_ASSERT_TRUE(elsewhere > 0);
    CU_ASSERT_EQUAL(out[n / 2 - 1], n - 2);
}

static void empty_input_keeps_nothing(void)
{
    double *const none = NULL;
    CU_ASSERT_EQUAL(weft_filter(none, i, 0, true, 1.0), 0);
}

/* Prints how many are kept, and where the first wrong one is. */
int filters_probe(int argc, char **argv)
{
    (void)argv;
    uint32_t *const out = malloc(team * sizeof *out);
    const size_t kept = weft_filter(out, i, team, i * 2654435761u % 4096 < 1234, (uint32_t)i);
    size_t m = 0, wrong = 0;
    for (size_t i = 0; i < team; i++)
        if (i * 2654435761u % 4096 < 1234)
            wrong += out[m++] != i;
    printf("%zu of %zu kept, %zu wrong\n", kept, m, wrong);
    free(out);
    return argc != 0;
}

static void every_instruction_set_keeps_the_same(void)
{
    every_isa_says("filters", "30126 of 30126 kept, 0 wrong\n");
}

static jmp_buf misused;
static char message[256];

static void note(const char *line)
{
    snprintf(message, sizeof message, "%s", line);
    longjmp(misused, 1);
}

static void null_panics_with_function_argument_and_rule(void)
{
    double *const none = NULL;
    weft_panic_handler *const before = weft_set_panic(note);
    if (setjmp(misused) == 0)
        (void)weft_filter(none, i, 2, true, 1.0);
    weft_set_panic(before);
    ASSERT_TEXT(message, "weft_filter: out is NULL with n = 2: it must point to n elements");
}

CU_TestInfo filter_tests[] = {
    { "a_value_is_evaluated_only_where_the_predicate_holds",
      a_value_is_evaluated_only_where_the_predicate_holds },
    { "nothing_behind_those_kept_is_touched", nothing_behind_those_kept_is_touched },
    { "elements_may_be_of_any_type", elements_may_be_of_any_type },
    { "elements_may_be_large", elements_may_be_large },
    { "every_team_keeps_the_same", every_team_keeps_the_same },
    { "a_predicate_is_true_where_it_is_not_zero", a_predicate_is_true_where_it_is_not_zero },
    { "filters_nest", filters_nest },
    { "a_few_costly_predicates_get_a_team", a_few_costly_predicates_get_a_team },
    { "empty_input_keeps_nothing", empty_input_keeps_nothing },
    { "every_instruction_set_keeps_the_same", every_instruction_set_keeps_the_same },
    { "null_panics_with_function_argument_and_rule", null_panics_with_function_argument_and_rule },
    CU_TEST_INFO_NULL,
};
