/* team_test.c - how many threads a call uses, and who sets that.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>

#include <omp.h>

#include <weft.h>

#include "suites.h"

static void the_setting_is_returned_and_given_back(void)
{
    const size_t before = weft_set_threads(3);
    CU_ASSERT_EQUAL(weft_threads(), 3);
    CU_ASSERT_EQUAL(weft_set_threads(5), 3);
    CU_ASSERT_EQUAL(weft_set_threads(0), 5);
    CU_ASSERT_EQUAL(weft_threads(), weft_machine_limits(weft_machine_this())->threads);
    CU_ASSERT_EQUAL(weft_set_threads(before), 0);
}

static void more_threads_than_the_most_count_as_the_most(void)
{
    static const size_t asked[] = { WEFT_THREADS_MAX, WEFT_THREADS_MAX + 1, SIZE_MAX };
    for (size_t k = 0; k < COUNT(asked); k++) {
        const size_t before = weft_set_threads(asked[k]);
        CU_ASSERT_EQUAL(weft_threads(), WEFT_THREADS_MAX);
        CU_ASSERT_EQUAL(weft_set_threads(before), WEFT_THREADS_MAX);
    }
}

static void no_more_threads_are_used_than_there_are_indices(void)
{
    size_t members = 0;
    weft_with_threads (WEFT_THREADS_MAX)
        weft_for (i, 3)
            if (omp_get_thread_num() == 0)
                members = (size_t)omp_get_num_threads();
    CU_ASSERT_EQUAL(members, 3);
}

static void with_threads_nests_and_gives_back(void)
{
    const size_t before = weft_threads();
    weft_with_threads (3) {
        weft_with_threads (2)
            CU_ASSERT_EQUAL(weft_threads(), 2);
        CU_ASSERT_EQUAL(weft_threads(), 3);
        weft_with_threads (0)
            CU_ASSERT_EQUAL(weft_threads(), weft_machine_limits(weft_machine_this())->threads);
        CU_ASSERT_EQUAL(weft_threads(), 3);
    }
    CU_ASSERT_EQUAL(weft_threads(), before);
}

static void break_leaves_with_threads_and_gives_back(void)
{
    const size_t before = weft_threads();
    size_t turns = 0, after = 0;
    for (size_t k = 0; k < 3; k++) {
        weft_with_threads (before + 1) {
            turns++;
            if (k == 1)
                break;
            after++;
        }
        CU_ASSERT_EQUAL(weft_threads(), before);
    }
    CU_ASSERT(turns == 3 && after == 2);
}

static void *threads_of_a_new_thread(void *threads)
{
    *(size_t *)threads = weft_threads();
    weft_set_threads(7);
    return NULL;
}

static void the_setting_belongs_to_a_thread(void)
{
    size_t its = 0;
    pthread_t thread;
    weft_with_threads (5) {
        CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, threads_of_a_new_thread, &its), 0);
        pthread_join(thread, NULL);
        CU_ASSERT_EQUAL(weft_threads(), 5);
    }
    CU_ASSERT_EQUAL(its, weft_machine_limits(weft_machine_this())->threads);
}

CU_TestInfo team_tests[] = {
    { "the_setting_is_returned_and_given_back", the_setting_is_returned_and_given_back },
    { "more_threads_than_the_most_count_as_the_most",
      more_threads_than_the_most_count_as_the_most },
    { "no_more_threads_are_used_than_there_are_indices",
      no_more_threads_are_used_than_there_are_indices },
    { "with_threads_nests_and_gives_back", with_threads_nests_and_gives_back },
    { "break_leaves_with_threads_and_gives_back", break_leaves_with_threads_and_gives_back },
    { "the_setting_belongs_to_a_thread", the_setting_belongs_to_a_thread },
    CU_TEST_INFO_NULL,
};
