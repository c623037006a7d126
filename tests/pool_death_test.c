/* pool_death_test.c - workers that die, hang or come to nothing, one at a time.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "build.h"
#include "program.h"
#include "suites.h"
#include "workers.h"

/* ---- deaths ---- */

enum { aborts = 1, segfaults, kills_itself, leaves, leaves_well, exits, ends_its_thread, fails };

weft_task(fragile, const int *x, int *y)
{
    switch (*x) {
    case aborts:
        signal(SIGABRT, SIG_DFL);
        abort();
    case segfaults:
        signal(SIGSEGV, SIG_DFL); /* a sanitizer has one */
        raise(SIGSEGV);
        break;
    case kills_itself:
        kill(getpid(), SIGKILL);
        break;
    case leaves:
        _exit(3);
    case leaves_well:
        _exit(0);
    case exits:
        exit(4);
    case ends_its_thread:
        pthread_exit(NULL);
    case fails:
        return 42;
    }
    *y = 100 + *x;
    return 0;
}

static const struct {
    int x, code;
    weft_status status;
    const char *reason;
} deaths[] = {
    { aborts, -SIGABRT, WEFT_EDIED, "killed by SIGABRT" },
    { segfaults, -SIGSEGV, WEFT_EDIED, "killed by SIGSEGV" },
    { kills_itself, -SIGKILL, WEFT_EDIED, "killed by SIGKILL" },
    { leaves, 3, WEFT_EDIED, "exited with code 3" },
    { leaves_well, 0, WEFT_EDIED, "exited with code 0" },
    { exits, 4, WEFT_EDIED, "exited with code 4" },
    { ends_its_thread, 0, WEFT_EDIED, "exited with code 0" },
    { fails, 42, WEFT_EFAILED, "returned 42" },
};

static void a_worker_that_dies_costs_its_item_only(void)
{
    enum { n = 400, apart = 40 };
    weft_pool *const pool = processes(.workers = 2);
    int x[n] = { 0 }, y[n] = { 0 };
    weft_failure failed[n];
    size_t count = 0, wrong = 0;
    for (size_t k = 0; k < COUNT(deaths); k++)
        x[k * apart + 7] = deaths[k].x;
    CU_ASSERT_EQUAL(weft_pool_map(pool, fragile, x, n, y, .failed = failed, .failed_max = n,
                                  .failed_count = &count),
                    WEFT_EDIED);
    ASSERT_TEXT(weft_detail(), "weft_result_get: item 7 of 400 failed: killed by SIGABRT");
    CU_ASSERT_EQUAL(count, COUNT(deaths));
    for (size_t k = 0; k < count && k < COUNT(deaths); k++) {
        CU_ASSERT_EQUAL(failed[k].index, k * apart + 7);
        CU_ASSERT_EQUAL(failed[k].status, deaths[k].status);
        CU_ASSERT_EQUAL(failed[k].code, deaths[k].code);
        ASSERT_TEXT(failed[k].reason, deaths[k].reason);
    }
    for (size_t i = 0; i < n; i++)
        wrong += x[i] == 0 && y[i] != 100;
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, n, y), WEFT_OK); /* the pool lives on */
    weft_pool_free(pool);
}

static void a_job_of_one_item_that_dies_says_how(void)
{
    weft_pool *const pool = processes(.workers = 1);
    int x[100] = { 0 }, y[100];
    static weft_result r[100];
    size_t wrong = 0;
    x[50] = kills_itself, x[80] = fails;
    for (int round = 0; round < 3; round++) { /* the second time they go in packs */
        for (int i = 0; i < 100; i++)
            weft_pool_apply_async(pool, &r[i], fragile, &x[i], &y[i]);
        for (int i = 0; i < 100; i++)
            wrong += weft_result_get(&r[i], WEFT_FOREVER) != (i == 50   ? WEFT_EDIED
                                                              : i == 80 ? WEFT_EFAILED
                                                                        : WEFT_OK);
        weft_result_get(&r[50], 0);
        ASSERT_TEXT(weft_detail(), "weft_result_get: item 0 of 1 failed: killed by SIGKILL");
    }
    CU_ASSERT_EQUAL(wrong, 0);
    weft_pool_free(pool);
}

weft_task(dies_at_first, const int *times, int *attempt)
{
    stage *const s = weft_task_ctx();
    *attempt = __atomic_add_fetch(&s->attempts[weft_task_index()], 1, __ATOMIC_RELAXED);
    if (*attempt <= *times)
        raise(SIGKILL);
    return 0;
}

static void a_poison_item_is_given_up_after_its_retries(void)
{
    enum { n = 12 };
    stage *const s = stage_new();
    weft_pool *const pool = processes(.workers = 2, .ctx = s, .retries = 2);
    int times[n], attempt[n] = { 0 };
    weft_failure failed[n];
    size_t count = 0, wrong = 0;
    for (int i = 0; i < n; i++)
        times[i] = i % 4 == 3 ? 99 : i % 4;
    CU_ASSERT_EQUAL(weft_pool_map(pool, dies_at_first, times, n, attempt, .failed = failed,
                                  .failed_max = n, .failed_count = &count),
                    WEFT_EDIED);
    CU_ASSERT_EQUAL(count, n / 4);
    for (int i = 0; i < n; i++) {
        wrong += s->attempts[i] != (times[i] < 99 ? times[i] + 1 : 3);
        wrong += times[i] < 99 && attempt[i] != times[i] + 1;
    }
    CU_ASSERT_EQUAL(wrong, 0);
    weft_pool_free(pool);
    stage_free(s);
}

/* ---- deadlines ---- */

static void a_process_over_its_deadline_is_ended_and_costs_its_item_only(void)
{
    enum { n = 300 };
    weft_pool *const pool = processes(.workers = 2, .deadline = 0.1);
    int x[n] = { 0 }, y[n] = { 0 };
    weft_failure failed[4];
    size_t count = 0, wrong = 0;
    x[20] = x[21] = x[200] = 1;
    CU_ASSERT_EQUAL(weft_pool_map(pool, may_hang, x, n, y, .failed = failed, .failed_max = 4,
                                  .failed_count = &count),
                    WEFT_EDEADLINE);
    CU_ASSERT(count == 3 && failed[0].index == 20 && failed[1].index == 21);
    CU_ASSERT_EQUAL(failed[2].index, 200);
    ASSERT_TEXT(failed[0].reason, "over its deadline of 0.1 s");
    for (int i = 0; i < n; i++)
        wrong += !x[i] && y[i] != 7;
    CU_ASSERT_EQUAL(wrong, 0);
    weft_pool_free(pool);
}

weft_task(sleeps, const double *seconds, int *y)
{
    *y = 7;
    return weft_sleep(*seconds);
}

static void many_items_together_may_take_longer_than_a_deadline(void)
{
    enum { n = 60 };
    weft_pool *const pool = processes(.workers = 1, .deadline = 0.5);
    double seconds[n];
    int y[n];
    for (int i = 0; i < n; i++)
        seconds[i] = 0.015;
    CU_ASSERT_EQUAL(weft_pool_map(pool, sleeps, seconds, n, y), WEFT_OK);
    weft_pool_free(pool);
}

/* ---- no job waits for a stranger ---- */

static void nothing_waits_behind_an_item_that_hangs(void)
{
    stage *const s = stage_new();
    weft_pool *const pool = processes(.workers = 2, .ctx = s);
    enum { n = 200 };
    static weft_result r[n], hangs;
    int *const x = numbers(n), y[n], z, opened = 1;
    weft_event_set(&s->gate);
    for (int i = 0; i < n; i++) /* so that the task is known to be short */
        weft_pool_apply(pool, gated, &x[i], &y[i]);
    weft_event_clear(&s->gate);
    weft_pool_apply_async(pool, &hangs, gated, &opened, &z);
    for (int i = 0; i < n; i++)
        weft_pool_apply_async(pool, &r[i], square, &x[i], &y[i]);
    CU_ASSERT_EQUAL(weft_result_wait_all(r, n, 20), WEFT_OK);
    CU_ASSERT_FALSE(weft_result_ready(&hangs));
    weft_event_set(&s->gate);
    CU_ASSERT_EQUAL(weft_result_get(&hangs, WEFT_FOREVER), WEFT_OK);
    weft_pool_free(pool);
    stage_free(s);
    free(x);
}

/* ---- workers come and go ---- */

weft_task(tells_its_pid, const int *x, pid_t *y)
{
    (void)x;
    *y = getpid();
    return 0;
}

static void a_worker_is_replaced_after_so_many_tasks(void)
{
    enum { n = 95, most = 10 };
    stage *const s = stage_new();
    weft_pool *const pool = processes(.workers = 1, .max_tasks = most, .ctx = s);
    int *const x = numbers(n);
    pid_t pid[n];
    size_t pids = 0, too_many = 0;
    CU_ASSERT_EQUAL(weft_pool_map(pool, tells_its_pid, x, n, pid), WEFT_OK);
    for (int i = 0; i < n; i++) {
        size_t same = 0, before = 0;
        for (int k = 0; k < n; k++)
            same += pid[k] == pid[i], before += k < i && pid[k] == pid[i];
        too_many += same > most, pids += !before;
    }
    CU_ASSERT(pids == 10 && too_many == 0);
    weft_pool_free(pool);
    stage_free(s);
    free(x);
}

static void an_idle_worker_that_is_killed_is_replaced(void)
{
    stage *const s = stage_new();
    weft_pool *const pool = processes(.workers = 1, .ctx = s, .init = note_pid);
    const int x = 3;
    int y = 0;
    for (int k = 0; k < 20; k++) {
        const pid_t pid = __atomic_load_n(&s->pids[0], __ATOMIC_SEQ_CST);
        kill(pid, SIGKILL);
        while (__atomic_load_n(&s->pids[0], __ATOMIC_SEQ_CST) == pid)
            weft_sleep(1e-4);
        CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x, &y), WEFT_OK);
    }
    CU_ASSERT_EQUAL(y, 9);
    weft_pool_free(pool);
    stage_free(s);
}

static int dies(void *ctx)
{
    (void)ctx;
    _exit(9);
}

static void there_is_no_pool_where_a_worker_dies_at_once(void)
{
    CU_ASSERT_PTR_NULL(processes(.workers = 2, .init = dies));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: a worker died before it was ready");
    CU_ASSERT_FALSE(has_children());
}

static int dies_unless_first(void *ctx)
{
    stage *const s = ctx;
    if (count(&s->begun) > 1)
        _exit(9);
    return note_pid(ctx);
}

static void a_pool_whose_workers_cannot_be_replaced_fails_its_jobs(void)
{
    stage *const s = stage_new();
    weft_pool *const pool = processes(.workers = 1, .ctx = s, .init = dies_unless_first);
    int *const x = numbers(50), y[50];
    size_t failed = 0;
    kill(s->pids[0], SIGKILL);
    weft_status status;
    do /* it may have been faster than the kill */
        status = weft_pool_map(pool, square, x, 50, y, .failed_count = &failed);
    while (status == WEFT_OK);
    CU_ASSERT_EQUAL(status, WEFT_ESYS);
    CU_ASSERT_EQUAL(failed, 50);
    ASSERT_TEXT(weft_detail(),
                "weft_result_get: item 0 of 50 failed: its pool has no workers left");
    weft_pool_free(pool);
    CU_ASSERT_FALSE(has_children());
    stage_free(s);
    free(x);
}

weft_task(kills_its_keeper, const int *x, int *y)
{
    stage *const s = weft_task_ctx();
    *y = *x;
    kill(s->keeper, SIGKILL);
    return pause();
}

static void a_pool_whose_keeper_is_killed_fails_its_jobs(void)
{
    stage *const s = stage_new();
    weft_pool *const pool = processes(.workers = 2, .ctx = s, .init = note_pid);
    int *const x = numbers(50), y[50];
    CU_ASSERT_EQUAL(weft_pool_map(pool, kills_its_keeper, x, 50, y), WEFT_ESYS);
    CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, 50, y), WEFT_ESYS);
    CU_ASSERT(process_ends(s->pids[0]) && process_ends(s->pids[1]));
    weft_pool_free(pool);
    CU_ASSERT_FALSE(has_children());
    stage_free(s);
    free(x);
}

static void terminate_ends_what_runs(void)
{
    weft_pool *const pool = processes(.workers = 2);
    int x[50], y[50];
    weft_result r;
    for (int i = 0; i < 50; i++)
        x[i] = 1;
    weft_pool_map_async(pool, &r, may_hang, x, 50, y);
    weft_sleep(0.02);
    CU_ASSERT_EQUAL(weft_pool_terminate(pool), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pool_join(pool, 20), WEFT_OK);
    const weft_status s = weft_result_get(&r, 0);
    CU_ASSERT(s == WEFT_EDIED || s == WEFT_CANCELLED);
    weft_pool_free(pool);
}

/* ---- what workers are ---- */

weft_task(sums, const int *n, double *sum)
{
    *sum = weft_sum_of(i, (size_t)*n, (double)i);
    return 0;
}

static void tasks_may_use_teams_whatever_the_program_did(void)
{
    if (asan) {
        puts("skipped: tasks_may_use_teams_whatever_the_program_did: a thread of the last pool may "
             "hold "
             "a lock of the sanitizer's while this one is forked");
        return;
    }
    double y[4];
    const int x[4] = { 100000, 100000, 100000, 100000 };
    const double sum = weft_sum_of(i, (size_t)100000, (double)i);
    weft_pool *const pool = processes(.workers = 1);
    CU_ASSERT_EQUAL(weft_pool_map(pool, sums, x, 4, y), WEFT_OK);
    CU_ASSERT(y[0] == sum && y[3] == sum);
    weft_pool_free(pool);
}

weft_task(gives_jobs, const int *x, int *y)
{
    weft_pool **const pool = weft_task_ctx();
    return *y = weft_pool_apply(*pool, square, x, y), 0;
}

static void a_worker_is_told_that_the_pool_is_not_its_own(void)
{
    static weft_pool *pool;
    const int x = 1;
    int y = 0;
    weft_pool **const shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    *shared = pool = processes(.workers = 1, .ctx = shared);
    *shared = pool;
    CU_ASSERT_EQUAL(weft_pool_apply(pool, gives_jobs, &x, &y), WEFT_OK);
    CU_ASSERT_EQUAL(y, WEFT_ESTATE);
    weft_pool_free(pool);
    munmap(shared, sizeof *shared);
}

typedef struct page {
    char bytes[4000];
} page;

weft_task(fills_a_page, const page *x, page *y)
{
    *y = *x;
    return 0;
}

static void an_item_larger_than_agreed_is_refused(void)
{
    weft_pool *const pool = processes(.workers = 1, .item_size = 7999);
    static page x, y;
    weft_imap it;
    CU_ASSERT_EQUAL(weft_pool_map(pool, fills_a_page, &x, 1, &y), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(),
                "weft_pool_map: task is fills_a_page of 4000 bytes in and 4000 out: together they "
                "must be at most the pool's .item_size, 7999");
    CU_ASSERT_EQUAL(weft_pool_imap(pool, &it, fills_a_page, &x, 1), WEFT_EINVAL);
    weft_pool_free(pool);
    CU_ASSERT_PTR_NULL(processes(.workers = 1, .item_size = SIZE_MAX));
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo pool_death_tests[] = {
    TEST(a_worker_that_dies_costs_its_item_only),
    TEST(a_job_of_one_item_that_dies_says_how),
    TEST(a_poison_item_is_given_up_after_its_retries),
    TEST(a_process_over_its_deadline_is_ended_and_costs_its_item_only),
    TEST(many_items_together_may_take_longer_than_a_deadline),
    TEST(nothing_waits_behind_an_item_that_hangs),
    TEST(a_worker_is_replaced_after_so_many_tasks),
    TEST(an_idle_worker_that_is_killed_is_replaced),
    TEST(there_is_no_pool_where_a_worker_dies_at_once),
    TEST(a_pool_whose_workers_cannot_be_replaced_fails_its_jobs),
    TEST(a_pool_whose_keeper_is_killed_fails_its_jobs),
    TEST(terminate_ends_what_runs),
    TEST(tasks_may_use_teams_whatever_the_program_did),
    TEST(a_worker_is_told_that_the_pool_is_not_its_own),
    TEST(an_item_larger_than_agreed_is_refused),
    CU_TEST_INFO_NULL,
};
