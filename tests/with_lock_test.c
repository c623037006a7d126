/* with_lock_test.c - the statement that holds a lock.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft.h>

#include "suites.h"

static void the_statement_holds_the_lock(void)
{
    weft_lock l;
    weft_lock_init(&l);
    bool inside = false;
    weft_with_lock (&l)
        inside = weft_lock_locked(&l);
    CU_ASSERT_TRUE(inside);
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    weft_lock_fini(&l);
}

static void break_and_continue_leave_the_statement_only(void)
{
    weft_lock l;
    weft_lock_init(&l);
    int rounds = 0, after = 0;
    for (int k = 0; k < 4; k++) {
        weft_with_lock (&l) {
            rounds++;
            if (k % 2)
                break;
            continue;
        }
        after += !weft_lock_locked(&l);
    }
    CU_ASSERT_EQUAL(rounds, 4);
    CU_ASSERT_EQUAL(after, 4);
    weft_lock_fini(&l);
}

static bool returns_out_of_it(weft_lock *l)
{
    weft_with_lock (l)
        return weft_lock_locked(l);
    return false;
}

static void return_and_goto_release_the_lock(void)
{
    weft_lock l;
    weft_lock_init(&l);
    CU_ASSERT_TRUE(returns_out_of_it(&l));
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    weft_with_lock (&l)
        goto out;
    CU_FAIL("goto fell through");
out:
    CU_ASSERT_FALSE(weft_lock_locked(&l));
    weft_lock_fini(&l);
}

static void statements_nest(void)
{
    weft_lock a, b;
    weft_lock_init(&a), weft_lock_init(&b);
    int both = 0;
    weft_with_lock (&a)
        weft_with_lock (&b)
            both = weft_lock_locked(&a) + weft_lock_locked(&b);
    CU_ASSERT_EQUAL(both, 2);
    CU_ASSERT(!weft_lock_locked(&a) && !weft_lock_locked(&b));
    weft_lock_fini(&a), weft_lock_fini(&b);
}

static void a_parallel_loop_adds_under_the_lock(void)
{
    weft_lock l;
    weft_lock_init(&l);
    const size_t before = weft_set_threads(4);
    size_t total = 0;
    weft_for (i, 10000)
        weft_with_lock (&l)
            total += i;
    weft_set_threads(before);
    CU_ASSERT_EQUAL(total, 49995000);
    weft_lock_fini(&l);
}

CU_TestInfo with_lock_tests[] = {
    { "the_statement_holds_the_lock", the_statement_holds_the_lock },
    { "break_and_continue_leave_the_statement_only", break_and_continue_leave_the_statement_only },
    { "return_and_goto_release_the_lock", return_and_goto_release_the_lock },
    { "statements_nest", statements_nest },
    { "a_parallel_loop_adds_under_the_lock", a_parallel_loop_adds_under_the_lock },
    CU_TEST_INFO_NULL,
};
