/* task_group_test.c - any number of tasks, waited for together.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/task.h>

#include <stdlib.h>

#include <weft.h>

#include "suites.h"

static const size_t team_sizes[] = { 1, 2, 4, 16 };
#define with_teams                                    \
    for (size_t t_ = 0; t_ < COUNT(team_sizes); t_++) \
        weft_with_threads (team_sizes[t_])

static int count_one(void *counter)
{
    __atomic_fetch_add((size_t *)counter, 1, __ATOMIC_RELAXED);
    return 0;
}

static int fail_with(void *value) { return *(const int *)value; }

static void all_tasks_have_run_after_the_wait(void)
{
    static const size_t sizes[] = { 0, 1, 2, 31, 33, 5000, 20000 };
    with_teams for (size_t k = 0; k < COUNT(sizes); k++)
    {
        size_t ran = 0;
        weft_group g = { 0 };
        for (size_t i = 0; i < sizes[k]; i++)
            CU_ASSERT_EQUAL(weft_group_spawn(&g, count_one, &ran), WEFT_OK);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
        CU_ASSERT_EQUAL(ran, sizes[k]);
    }
}

struct flood {
    size_t n, ran;
    weft_status spawned, waited;
};

static int flood(void *arg)
{
    struct flood *const f = arg;
    weft_group g = { 0 };
    for (size_t i = 0; i < f->n; i++)
        f->spawned = (weft_status)(f->spawned | (int)weft_group_spawn(&g, count_one, &f->ran));
    f->waited = weft_group_wait(&g);
    return 0;
}

static void a_group_in_a_task_is_right(void)
{
    with_teams
    {
        struct flood f = { .n = 100000 };
        CU_ASSERT_EQUAL(weft_in_team(flood, &f), WEFT_OK);
        CU_ASSERT(f.spawned == WEFT_OK && f.waited == WEFT_OK);
        CU_ASSERT_EQUAL(f.ran, f.n);
    }
}

/* Tasks that spawn into the group they belong to, until so many have been made. */
struct chain {
    weft_group group;
    size_t made, ran, most;
};

static int go_on(void *arg)
{
    struct chain *const c = arg;
    for (int k = 0; k < 3; k++)
        if (__atomic_fetch_add(&c->made, 1, __ATOMIC_RELAXED) < c->most)
            weft_group_spawn(&c->group, go_on, c);
    __atomic_fetch_add(&c->ran, 1, __ATOMIC_RELAXED);
    return 0;
}

static void tasks_spawn_into_their_own_group(void)
{
    with_teams
    {
        struct chain c = { .most = 30000 };
        weft_group_spawn(&c.group, go_on, &c);
        CU_ASSERT_EQUAL(weft_group_wait(&c.group), WEFT_OK);
        CU_ASSERT_EQUAL(c.ran, c.most + 1);
    }
}

static void a_group_is_as_new_after_a_wait(void)
{
    with_teams
    {
        size_t ran = 0;
        weft_group g = { 0 };
        for (size_t k = 1; k < 5; k++) {
            weft_group_spawn(&g, count_one, &ran);
            CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
            CU_ASSERT_EQUAL(ran, k);
            CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
        }
    }
}

static void a_failure_is_told_once_and_stops_nothing(void)
{
    int nine = 9;
    with_teams
    {
        size_t ran = 0;
        weft_group g = { 0 };
        for (size_t k = 0; k < 100; k++)
            weft_group_spawn(&g, count_one, &ran);
        weft_group_spawn(&g, fail_with, &nine);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_group_wait: 1 task failed, the first returned 9: one that "
                                   "is fine returns 0");
        CU_ASSERT_EQUAL(ran, 100);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
    }
}

static void null_is_refused(void)
{
    weft_group g = { 0 };
    CU_ASSERT_EQUAL(weft_group_spawn(&g, NULL, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_group_spawn: f is NULL: it must be a function");
    CU_ASSERT_EQUAL(weft_group_spawn(NULL, count_one, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_group_spawn: group is NULL: it must be a group");
    CU_ASSERT_EQUAL(weft_group_wait(NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_group_wait: group is NULL: it must be a group");
    CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo task_group_tests[] = {
    TEST(all_tasks_have_run_after_the_wait),
    TEST(a_group_in_a_task_is_right),
    TEST(tasks_spawn_into_their_own_group),
    TEST(a_group_is_as_new_after_a_wait),
    TEST(a_failure_is_told_once_and_stops_nothing),
    TEST(null_is_refused),
    CU_TEST_INFO_NULL,
};
