/* pool_ending_test.c - pools of processes when the program ends, or the system has no more for them.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>
#include <unistd.h>

#include <weft.h>

#include "probe.h"
#include "suites.h"
#include "workers.h"

/* ---- the end of the program, and what it is refused ---- */

static void show_pids(const stage *s)
{
    printf("%d %d\n", (int)s->pids[0], (int)s->pids[1]);
    fflush(stdout);
}

/* As nobody, who may have this many processes more. */
static void limit_processes(void)
{
    const struct rlimit none = { 0, 0 };
    setrlimit(RLIMIT_NPROC, &none);
    (void)!setuid(65534);
}

static void limit_files(void)
{
    const struct rlimit three = { 3, 3 };
    setrlimit(RLIMIT_NOFILE, &three);
}

static int be_refused(void (*limit)(void))
{
    weft_pool_free(weft_pool_new(.workers = 1)); /* libomp wants files of its own, once */
    limit();
    weft_pool *const pool = processes(.workers = 2);
    printf("%s", pool ? "a pool" : weft_detail());
    weft_pool_free(pool);
    return 0;
}

static int leave_behind(const char *how)
{
    stage *const s = stage_new();
    weft_pool *const pool = processes(.workers = 2, .ctx = s, .init = note_pid);
    int x[2] = { 1, 1 }, y[2];
    weft_result r;
    show_pids(s);
    printf("once ");
    weft_pool_map_async(pool, &r, may_hang, x, 2, y);
    if (strcmp(how, "killed") == 0)
        fflush(stdout), raise(SIGKILL);
    exit(0); /* with work that never ends */
}

int pool_ending_probe(int argc, char **argv)
{
    const char *const what = argc ? argv[0] : "";
    if (strcmp(what, "processes") == 0)
        return be_refused(limit_processes);
    if (strcmp(what, "files") == 0)
        return be_refused(limit_files);
    return leave_behind(what);
}

static void check_end(const char *how, int status)
{
    said s = probe_run((const char *[]){ "pool_ending", how, NULL }, NULL);
    int pids[2] = { 0 };
    char text[16] = "";
    CU_ASSERT_EQUAL(s.status, status);
    CU_ASSERT_EQUAL(sscanf(s.out, "%d %d %15s", &pids[0], &pids[1], text), 3);
    ASSERT_TEXT(strstr(s.out, "once"), "once ");
    CU_ASSERT(process_ends(pids[0]) && process_ends(pids[1]));
    said_free(&s);
}

static void workers_end_with_a_program_that_is_killed(void) { check_end("killed", 128 + SIGKILL); }

static void workers_end_with_a_program_that_leaves_them_behind(void) { check_end("exit", 0); }

static void where_there_are_no_more_processes_there_is_no_pool(void)
{
    said s = probe_run((const char *[]){ "pool_ending", "processes", NULL }, NULL);
    ASSERT_TEXT(s.out, "weft_pool_new: fork: Resource temporarily unavailable");
    said_free(&s);
}

static void where_there_are_no_more_files_there_is_no_pool(void)
{
    said s = probe_run((const char *[]){ "pool_ending", "files", NULL }, NULL);
    ASSERT_TEXT(s.out,
                "weft_pool_new: a file descriptor for the keeper to watch: Too many open files");
    said_free(&s);
}

static void pools_leave_nothing_behind(void)
{
    weft_pool_free(processes(.workers = 1)); /* what the first one sets up for all */
    const size_t files = entries("/proc/self/fd"), threads = entries("/proc/self/task");
    for (int k = 0; k < 20; k++) {
        weft_pool *const pool = processes(.workers = 2);
        const int x = 2;
        int y;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x, &y), WEFT_OK);
        weft_pool_free(pool);
    }
    CU_ASSERT_FALSE(has_children());
    CU_ASSERT_EQUAL(entries("/proc/self/fd"), files);
    for (const double end = weft_now() + 10; entries("/proc/self/task") != threads;) {
        if (weft_now() > end)
            CU_FAIL_FATAL("threads are left");
        weft_sleep(1e-3); /* a thread that has been joined may still be on its last steps */
    }
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo pool_ending_tests[] = {
    TEST(workers_end_with_a_program_that_is_killed),
    TEST(workers_end_with_a_program_that_leaves_them_behind),
    TEST(where_there_are_no_more_processes_there_is_no_pool),
    TEST(where_there_are_no_more_files_there_is_no_pool),
    TEST(pools_leave_nothing_behind),
    CU_TEST_INFO_NULL,
};
