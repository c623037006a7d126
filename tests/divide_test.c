/* divide_test.c - a range halved again and again, its leaves merged up the tree.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/divide.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
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

static void the_usual_leaves_are_1024(void)
{
    double one = 0, two = 0;
    weft_divide(5000, &one, sizeof one, add, add_up, NULL);
    weft_divide(5000, &two, sizeof two, add, add_up, NULL, .grain = 4);
    CU_ASSERT_EQUAL(one, two);
}

/* ---- accumulators of any size ---- */

enum { large = 3000 };

static bool t_is_near(double sum)
{
    double serial = 0;
    for (size_t i = 7; i < 100000; i += large)
        serial += value_at(i);
    return fabs(sum - serial) < 1e-12;
}

static void add_large(void *acc, weft_range r, void *ctx)
{
    (void)ctx;
    weft_each (i, r)
        ((double *)acc)[i % large] += value_at(i);
}

static void add_up_large(void *into, const void *from)
{
    for (size_t k = 0; k < large; k++)
        ((double *)into)[k] += ((const double *)from)[k];
}

static void large_accumulators_are_right_and_given_back(void)
{
    static double first[large], again[large];
    long before = 0;
    for (size_t k = 0; k < 8; k++) {
        const size_t t = k % 4 + 1;
        if (k == 4) /* before, the teams made what lives on */
            before = fault_live();
        weft_with_threads (t) {
            memset(again, 0, sizeof again);
            weft_divide(100000, again, sizeof again, add_large, add_up_large, NULL, .grain = 1000);
            if (k == 0)
                memcpy(first, again, sizeof first);
            CU_ASSERT_EQUAL(memcmp(first, again, sizeof first), 0);
        }
    }
    CU_ASSERT(t_is_near(first[7]));
    CU_ASSERT_EQUAL(fault_live(), before);
}

static void without_memory_the_answer_is_right(void)
{
    static double acc[large];
    bool failed = true;
    for (size_t n = 0; failed; n++)
        weft_with_threads (1) {
            memset(acc, 0, sizeof acc);
            fault_begin(n);
            weft_divide(100000, acc, sizeof acc, add_large, add_up_large, NULL, .grain = 1000);
            failed = fault_end();
            CU_ASSERT(t_is_near(acc[7]));
        }
}

/* ---- stop ---- */

struct counted {
    weft_stop stop;
    size_t leaves, set_at;
};

/* Whoever is late sets it, too: so each thread folds at most one leaf more. */
static void count_leaf(void *acc, weft_range r, void *ctx)
{
    struct counted *const c = ctx;
    *(size_t *)acc += r.end - r.begin;
    if (__atomic_add_fetch(&c->leaves, 1, __ATOMIC_RELAXED) >= c->set_at)
        weft_stop_set(&c->stop);
}

static void add_counts(void *into, const void *from) { *(size_t *)into += *(const size_t *)from; }

static void a_stop_leaves_leaves_out(void)
{
    for (size_t t = 1; t <= 4; t++)
        weft_with_threads (t) {
            struct counted c = { .set_at = 50 };
            size_t acc = 0;
            CU_ASSERT_EQUAL(weft_divide(1000, &acc, sizeof acc, count_leaf, add_counts, &c,
                                        .grain = 1, .stop = &c.stop),
                            WEFT_CANCELLED);
            CU_ASSERT(c.leaves >= 50 && c.leaves < 50 + 4);
            CU_ASSERT_EQUAL(acc, c.leaves);
        }
}

static void an_unused_stop_changes_nothing(void)
{
    struct counted c = { .set_at = SIZE_MAX };
    size_t acc = 0;
    CU_ASSERT_EQUAL(weft_divide(1000, &acc, sizeof acc, count_leaf, add_counts, &c, .grain = 3,
                                .stop = &c.stop),
                    WEFT_OK);
    CU_ASSERT_EQUAL(acc, 1000);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo divide_tests[] = {
    TEST(the_tree_is_that_of_the_header_on_every_team),
    TEST(the_usual_leaves_are_1024),
    TEST(an_empty_range_leaves_the_identity),
    TEST(large_accumulators_are_right_and_given_back),
    TEST(without_memory_the_answer_is_right),
    TEST(a_stop_leaves_leaves_out),
    TEST(an_unused_stop_changes_nothing),
    TEST(misuse_panics),
    CU_TEST_INFO_NULL,
};
