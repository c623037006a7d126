/* memory_test.c - memory that processes share.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "scene.h"
#include "suites.h"

static void memory_is_zero_and_aligned(void)
{
    static const size_t sizes[] = { 0, 1, 4095, 4096, 1 << 20 };
    for (size_t k = 0; k < COUNT(sizes); k++) {
        unsigned char *const m = weft_shared_alloc(sizes[k]);
        CU_ASSERT_PTR_NOT_NULL_FATAL(m);
        CU_ASSERT_EQUAL((uintptr_t)m % 128, 0);
        size_t wrong = 0;
        for (size_t i = 0; i < sizes[k]; i++)
            wrong += m[i] != 0, m[i] = 0xff;
        CU_ASSERT_EQUAL(wrong, 0);
        weft_shared_free(m);
    }
}

/* Whether a forked child ends with 0. */
static bool good_in_a_child(int (*run)(void *), void *arg)
{
    int status = -1;
    fflush(NULL);
    const pid_t child = fork();
    if (child == 0)
        _exit(run(arg));
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static int write_seven(void *number)
{
    *(int *)number = 7;
    return 0;
}

static void what_a_child_writes_its_parent_reads(void)
{
    int *const number = weft_shared_alloc(sizeof *number);
    CU_ASSERT_PTR_NOT_NULL_FATAL(number);
    CU_ASSERT_TRUE(good_in_a_child(write_seven, number));
    CU_ASSERT_EQUAL(*number, 7);
    weft_shared_free(number);
}

static int free_it(void *memory)
{
    weft_shared_free(memory);
    return 0;
}

static void who_frees_it_takes_it_from_nobody_else(void)
{
    int *const number = weft_shared_alloc(sizeof *number);
    CU_ASSERT_PTR_NOT_NULL_FATAL(number);
    *number = 5;
    CU_ASSERT_TRUE(good_in_a_child(free_it, number));
    CU_ASSERT_EQUAL(*number, 5);
    weft_shared_free(number);
}

static void nothing_is_freed_without_harm(void) { weft_shared_free(NULL); }

static void what_is_not_there_is_refused(void)
{
    static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 4096, PTRDIFF_MAX, (size_t)1 << 62 };
    char text[100];
    for (size_t k = 0; k < COUNT(sizes); k++) {
        CU_ASSERT_PTR_NULL(weft_shared_alloc(sizes[k]));
        snprintf(text, sizeof text, "weft_shared_alloc: size is %zu bytes: Cannot allocate memory",
                 sizes[k]);
        ASSERT_TEXT(weft_detail(), text);
    }
}

static void freed_memory_is_gone(void)
{
    const belongings before = belongings_now();
    for (size_t k = 0; k < 100; k++)
        weft_shared_free(weft_shared_alloc(k * 1000));
    const belongings after = belongings_now();
    CU_ASSERT_TRUE(belongings_equal(&before, &after));
}

CU_TestInfo memory_tests[] = {
    { "memory_is_zero_and_aligned", memory_is_zero_and_aligned },
    { "what_a_child_writes_its_parent_reads", what_a_child_writes_its_parent_reads },
    { "who_frees_it_takes_it_from_nobody_else", who_frees_it_takes_it_from_nobody_else },
    { "nothing_is_freed_without_harm", nothing_is_freed_without_harm },
    { "what_is_not_there_is_refused", what_is_not_there_is_refused },
    { "freed_memory_is_gone", freed_memory_is_gone },
    CU_TEST_INFO_NULL,
};
