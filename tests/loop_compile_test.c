/* loop_compile_test.c - what the compiler accepts of the loops without a warning, and what it refuses.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Bodies of functions are given to the compiler that builds the tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "program.h"
#include "suites.h"

/* Compiles a function body; returns what the compiler says, or NULL where it is content. */
static said compile(const char *openmp, const char *body)
{
    const char *const compiler = getenv("CC");
    char command[1000], chosen[200];
    snprintf(command, sizeof command,
             "printf '%%s\\n' '#include <weft.h>' 'void f(size_t n, double *y);' "
             "'void f(size_t n, double *y) { (void)y; %s }' | "
             "${CC:-cc} -x c -std=gnu11 -Iinclude -Wall -Wextra -Wshadow -Wpedantic -Werror %s "
             "-S -o /dev/null -",
             body, openmp);
    snprintf(chosen, sizeof chosen, "CC=%s", compiler ? compiler : "");
    return program_run((char *[]){ "sh", "-c", command, NULL }, (const char *[]){ chosen, NULL });
}

static void is_accepted(const char *body)
{
    said s = compile("-fopenmp", body);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static void is_refused(const char *openmp, const char *body, const char *error)
{
    said s = compile(openmp, body);
    CU_ASSERT_NOT_EQUAL(s.status, 0);
    if (!strstr(s.err, error))
        printf("\n%s\n", s.err);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err, error));
    said_free(&s);
}

static void nested_loops_compile_without_a_warning(void)
{
    is_accepted("weft_for (i, n) y[i] = 1;");
    is_accepted("weft_for (i, n) weft_for (j, n) weft_for (k, n) y[i * j] = (double)k;");
    is_accepted("weft_for_dynamic (i, n) { weft_for_dynamic (j, n) { y[i] = (double)j; } }");
    is_accepted(
        "weft_for2 (i, n, j, n) weft_for2 (k, n, l, n, .rows = 8) y[i * j + k] = (double)l;");
    is_accepted("weft_range r = { 0, n }; weft_each (i, r) weft_each (j, r) y[i] = (double)j;");
    is_accepted("weft_with_threads (2) weft_with_threads (3) weft_map(y, i, n, (double)i);");
    is_accepted(
        "double z[4]; weft_partition(z, i, 4, weft_partition(y, j, n, j > i, 1.0) > 1, 2.0);");
    is_accepted(
        "weft_fill(y, n, 1); weft_copy(y + n, y, n); "
        "unsigned at[] = { 1 }; weft_gather(y, y + 1, at, 1); weft_scatter(y, y + 1, at, 1);");
    is_accepted("weft_map(y, i, n, weft_sum_of(j, n, y[j] * weft_max_of(k, n, y[k])));");
}

static void a_body_need_not_use_its_index(void)
{
    is_accepted("weft_for (i, n) { }");
    is_accepted("weft_for_dynamic (i, n) { }");
    is_accepted("weft_for2 (i, n, j, n) { }");
    is_accepted("weft_range r = { 0, n }; weft_each (i, r) { }");
    is_accepted("weft_map(y, i, n, 1.0);");
    is_accepted("y[0] = weft_sum_of(i, n, 1.0);");
}

static void break_and_return_out_of_a_loop_are_refused(void)
{
    is_refused("-fopenmp", "weft_for (i, n) if (y[i] > 0) break;", "break");
    is_refused("-fopenmp", "weft_for (i, n) if (y[i] > 0) return;", "OpenMP");
    is_refused("-fopenmp", "weft_for2 (i, n, j, n) if (y[i] > 0) return;", "OpenMP");
    is_refused("-fopenmp", "weft_for_dynamic (i, n) if (y[i] > 0) return;", "OpenMP");
}

static void elements_of_two_sizes_and_indices_that_are_none_are_refused(void)
{
    is_refused("-fopenmp", "float x[2] = { 0 }; weft_copy(y, x, n);", "negative");
    is_refused("-fopenmp", "float at[2] = { 0 }; weft_gather(y, y + 2, at, n);", "_Generic");
}

static void without_openmp_the_error_names_the_flag(void)
{
    static const char *const bodies[] = {
        "weft_for (i, n) y[i] = 1;",
        "weft_for_dynamic (i, n) y[i] = 1;",
        "weft_for2 (i, n, j, n) y[i] = (double)j;",
        "weft_map(y, i, n, 1.0);",
        "y[0] = weft_sum_of(i, n, y[i]);",
    };
    for (size_t k = 0; k < COUNT(bodies); k++)
        is_refused("", bodies[k], "weft's loops and expressions need -fopenmp");
}

CU_TestInfo loop_compile_tests[] = {
    { "nested_loops_compile_without_a_warning", nested_loops_compile_without_a_warning },
    { "a_body_need_not_use_its_index", a_body_need_not_use_its_index },
    { "break_and_return_out_of_a_loop_are_refused", break_and_return_out_of_a_loop_are_refused },
    { "elements_of_two_sizes_and_indices_that_are_none_are_refused",
      elements_of_two_sizes_and_indices_that_are_none_are_refused },
    { "without_openmp_the_error_names_the_flag", without_openmp_the_error_names_the_flag },
    CU_TEST_INFO_NULL,
};
