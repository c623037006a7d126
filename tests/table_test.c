/* table_test.c - columns of text, and numbers as people read them.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "cli/table.h"

#include <math.h>
#include <stdlib.h>

#include "suites.h"

static void expect_table(const table *t, const char *expected)
{
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    table_print(t, f);
    fclose(f);
    ASSERT_TEXT(text, expected);
    free(text);
}

static void columns_are_as_wide_as_their_widest_cell(void)
{
    table t = { 0 };
    table_next(&t);
    table_cell(&t, "a"), table_cell(&t, "long");
    table_next(&t);
    table_cell(&t, "%d", 1234), table_cell(&t, "b");
    expect_table(&t, "   a  long\n1234     b\n");
    table_free(&t);
}

static void an_empty_table_prints_nothing(void) { expect_table(&(table){ 0 }, ""); }

static void a_short_row_leaves_its_cells_empty(void)
{
    table t = { 0 };
    table_next(&t);
    table_cell(&t, "x"), table_cell(&t, "y");
    table_next(&t);
    table_cell(&t, "z");
    expect_table(&t, "x  y\nz   \n");
    table_free(&t);
}

static void a_cell_too_many_is_left_out(void)
{
    table t = { 0 };
    table_next(&t);
    for (int k = 0; k < table_columns + 3; k++)
        table_cell(&t, "%d", k);
    expect_table(&t, "0  1  2  3  4  5  6  7  8\n");
    table_free(&t);
}

static void seconds_have_three_digits_and_a_unit(void)
{
    static const struct {
        double seconds;
        const char *text;
    } cases[] = { { 1234.5, "1234 s" },  { 1, "1.00 s" },          { 0.9996, "1.00 s" },
                  { 0.0995, "99.5 ms" }, { 0.00099949, "999 us" }, { 5e-10, "0.50 ns" },
                  { NAN, "-" } };
    char text[32];
    for (size_t k = 0; k < COUNT(cases); k++)
        ASSERT_TEXT(format_seconds(cases[k].seconds, text, sizeof text), cases[k].text);
}

static void rates_have_three_digits_and_a_unit(void)
{
    char text[32];
    ASSERT_TEXT(format_rate(2.46e10, text, sizeof text), "24.6 GB/s");
    ASSERT_TEXT(format_rate(9.996e8, text, sizeof text), "1.00 GB/s");
    ASSERT_TEXT(format_rate(1.5e6, text, sizeof text), "1.50 MB/s");
    ASSERT_TEXT(format_rate(0, text, sizeof text), "0.00 kB/s");
    ASSERT_TEXT(format_rate(NAN, text, sizeof text), "-");
}

static void items_have_a_unit_down_to_one(void)
{
    char text[32];
    ASSERT_TEXT(format_items(1.25e6, text, sizeof text), "1.25 M/s");
    ASSERT_TEXT(format_items(2, text, sizeof text), "2.00 /s");
    ASSERT_TEXT(format_items(NAN, text, sizeof text), "-");
}

static void an_interval_has_the_unit_of_its_median(void)
{
    char text[40];
    ASSERT_TEXT(format_around(0.041, (interval){ 0.0409, 0.0418 }, text, sizeof text), "40.9-41.8");
    ASSERT_TEXT(format_around(1, (interval){ 0.98, 1.2 }, text, sizeof text), "0.98-1.20");
    ASSERT_TEXT(format_around(1, (interval){ NAN, NAN }, text, sizeof text), "-");
    ASSERT_TEXT(format_range((interval){ 1.954, 12.04 }, text, sizeof text), "1.95-12.0");
}

static void only_one_is_singular(void)
{
    CU_ASSERT_STRING_EQUAL(table_plural(1), "");
    CU_ASSERT_STRING_EQUAL(table_plural(0), "s");
    CU_ASSERT_STRING_EQUAL(table_plural(2), "s");
}

CU_TestInfo table_tests[] = {
    { "columns_are_as_wide_as_their_widest_cell", columns_are_as_wide_as_their_widest_cell },
    { "an_empty_table_prints_nothing", an_empty_table_prints_nothing },
    { "a_short_row_leaves_its_cells_empty", a_short_row_leaves_its_cells_empty },
    { "a_cell_too_many_is_left_out", a_cell_too_many_is_left_out },
    { "seconds_have_three_digits_and_a_unit", seconds_have_three_digits_and_a_unit },
    { "rates_have_three_digits_and_a_unit", rates_have_three_digits_and_a_unit },
    { "items_have_a_unit_down_to_one", items_have_a_unit_down_to_one },
    { "an_interval_has_the_unit_of_its_median", an_interval_has_the_unit_of_its_median },
    { "only_one_is_singular", only_one_is_singular },
    CU_TEST_INFO_NULL,
};
