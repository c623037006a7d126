/* divide_test.c - a range halved again and again, its leaves merged up the tree.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/divide.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "suites.h"

static double value_at(size_t i) { return 1 / (double)(i * i % 997 + 1) - 0.25 / (double)(i + 1); }

static void add(void *acc, weft_range r, void *ctx)
{
    (void)ctx;
    weft_each (i, r)
        *(double *)acc += value_at(i);
}

static void add_up(void *into, const void *from) { *(double *)into += *(const double *)from; }

/* What the header says, word by word. */
static double by_the_header(size_t begin, size_t end, size_t grain)
{
    double acc = 0;
    if (end - begin <= grain) {
        add(&acc, (weft_range){ begin, end }, NULL);
        return acc;
    }
    const size_t leaves = (end - begin + grain - 1) / grain;
    size_t power = 1;
    while (2 * power < leaves)
        power *= 2;
    const size_t middle = begin + grain * power;
    acc = by_the_header(begin, middle, grain);
    return acc + by_the_header(middle, end, grain);
}

static void the_tree_is_that_of_the_header_on_every_team(void)
{
    static const size_t sizes[] = { 1, 2, 3, 7, 100, 1023, 1024, 1025, 5000 };
    static const size_t grains[] = { 1, 2, 3, 10, 4096 };
    size_t wrong = 0;
    for (size_t t = 1; t <= 16; t *= 2)
        weft_with_threads (t)
            for (size_t k = 0; k < COUNT(sizes); k++)
                for (size_t g = 0; g < COUNT(grains); g++) {
                    double acc = 0;
                    weft_divide(sizes[k], &acc, sizeof acc, add, add_up, NULL, .grain = grains[g]);
                    wrong += acc != by_the_header(0, sizes[k], grains[g]);
                }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void an_empty_range_leaves_the_identity(void)
{
    double acc = 17;
    CU_ASSERT_EQUAL(weft_divide(0, &acc, sizeof acc, add, add_up, NULL), WEFT_OK);
    CU_ASSERT_EQUAL(acc, 17);
}

static void misuse_panics(void)
{
    double acc = 0;
    ASSERT_TEXT(PANIC_OF(weft_divide(1, NULL, 8, add, add_up, NULL)),
                "weft_divide: acc is NULL of 8 bytes: it must hold an accumulator");
    ASSERT_TEXT(PANIC_OF(weft_divide(1, &acc, 0, add, add_up, NULL)),
                "weft_divide: acc is memory of 0 bytes: it must hold an accumulator");
    ASSERT_TEXT(PANIC_OF(weft_divide(1, &acc, 8, NULL, add_up, NULL)),
                "weft_divide: fold is NULL: it must be a function");
    ASSERT_TEXT(PANIC_OF(weft_divide(1, &acc, 8, add, NULL, NULL)),
                "weft_divide: merge is NULL: it must be a function");
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo divide_tests[] = {
    TEST(the_tree_is_that_of_the_header_on_every_team),
    TEST(an_empty_range_leaves_the_identity),
    TEST(misuse_panics),
    CU_TEST_INFO_NULL,
};
