/* pool_kill_test.c - what a pool of processes promises when its processes die.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "probe.h"
#include "races.h"
#include "suites.h"
#include "tasks.h"

static int note_pid(void *ctx)
{
    stage *const s = ctx;
    __atomic_store_n(&s->keeper, getppid(), __ATOMIC_SEQ_CST);
    __atomic_store_n(&s->pids[weft_task_worker()], getpid(), __ATOMIC_SEQ_CST);
    return 0;
}

#define processes(...) weft_pool_new(.kind = WEFT_PROCESSES, __VA_ARGS__)

/* ---- what is there, before and after ---- */

static size_t entries(const char *path)
{
    size_t n = 0;
    DIR *const d = opendir(path);
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static bool has_children(void)
{
    return waitid(P_ALL, 0, &(siginfo_t){ 0 }, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD;
}

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

weft_task(may_hang, const int *x, int *y)
{
    if (*x)
        for (;;)
            pause();
    *y = 7;
    return 0;
}

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

/* ---- storms ---- */

enum { jobs = RACES_ARE_LOOKED_FOR ? 2000 : 10000 };

struct storm {
    stage stage;
    uint8_t begun[jobs], ended[jobs];
    size_t kills;
    bool over;
};

weft_task(takes_a_moment, const int *x, int *y)
{
    struct storm *const s = weft_task_ctx();
    __atomic_fetch_add(&s->begun[*x], 1, __ATOMIC_RELAXED);
    for (const double end = weft_now() + 200e-6; weft_now() < end;)
        ;
    *y = *x + 1;
    __atomic_fetch_add(&s->ended[*x], 1, __ATOMIC_RELAXED);
    return 0;
}

/* A process that kills a worker every 5 ms. */
static pid_t begin_to_kill(struct storm *s, size_t workers)
{
    const pid_t child = fork();
    if (child)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (size_t k = 0; !__atomic_load_n(&s->over, __ATOMIC_RELAXED); k++) {
        nanosleep(&(struct timespec){ .tv_nsec = 5 * 1000 * 1000 }, NULL);
        pid_t *const victim = &s->stage.pids[k * 7 % workers];
        const pid_t pid = __atomic_exchange_n(victim, 0, __ATOMIC_SEQ_CST);
        if (pid > 0 && kill(pid, SIGKILL) == 0)
            __atomic_fetch_add(&s->kills, 1, __ATOMIC_RELAXED);
    }
    _exit(0);
}

static void end_the_killing(struct storm *s, pid_t killer)
{
    char name[64];
    __atomic_store_n(&s->over, true, __ATOMIC_RELAXED);
    waitpid(killer, NULL, 0);
    snprintf(name, sizeof name, "/__KMP_REGISTERED_LIB_%d_%d", (int)killer, (int)getuid());
    shm_unlink(name); /* libomp's, where there is one */
}

static void weather(struct storm *s, weft_pool *pool, const int *x, int *y)
{
    static weft_failure failed[jobs];
    size_t count = 0, wrong = 0, k = 0;
    memset(s->begun, 0, sizeof s->begun), memset(s->ended, 0, sizeof s->ended);
    memset(y, 0, jobs * sizeof *y);
    const weft_status status = weft_pool_map(pool, takes_a_moment, x, jobs, y, .failed = failed,
                                             .failed_max = jobs, .failed_count = &count);
    CU_ASSERT_EQUAL(status, count ? WEFT_EDIED : WEFT_OK);
    for (size_t i = 0; i < jobs; i++) {
        const bool died = k < count && failed[k].index == i;
        k += died;
        wrong += s->begun[i] > 1 ||
                 (died ? failed[k - 1].code != -SIGKILL : s->ended[i] != 1 || y[i] != x[i] + 1);
    }
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT(k == count && count <= s->kills + 1);
}

static void every_job_ends_once_in_a_storm_of_kills(void)
{
    const char *const soak = getenv("WEFT_SOAK");
    const size_t rounds = soak ? (size_t)atol(soak) / jobs : 1;
    struct storm *const s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int *const x = numbers(jobs), *const y = calloc(jobs, sizeof *y);
    const size_t files = entries("/proc/self/fd"), shm = entries("/dev/shm");
    weft_pool *const pool = processes(.workers = 3, .ctx = s, .init = note_pid);
    const pid_t killer = begin_to_kill(s, 3);
    for (size_t k = 0; k < rounds; k++)
        weather(s, pool, x, y);
    CU_ASSERT(s->kills > 10);
    end_the_killing(s, killer);
    CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, jobs, y), WEFT_OK);
    weft_pool_free(pool);
    CU_ASSERT_FALSE(has_children());
    CU_ASSERT_EQUAL(entries("/proc/self/fd"), files);
    CU_ASSERT_EQUAL(entries("/dev/shm"), shm);
    munmap(s, sizeof *s);
    free(x), free(y);
}

static void with_retries_a_storm_of_kills_loses_nothing(void)
{
    enum { n = jobs / 4 };
    struct storm *const s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int *const x = numbers(n), *const y = calloc(n, sizeof *y);
    weft_pool *const pool = processes(.workers = 2, .ctx = s, .init = note_pid, .retries = 100);
    const pid_t killer = begin_to_kill(s, 2);
    static weft_result r[n];
    size_t wrong = 0;
    for (int i = 0; i < n; i++)
        weft_pool_apply_async(pool, &r[i], takes_a_moment, &x[i], &y[i]);
    for (int i = 0; i < n; i++)
        wrong += weft_result_get(&r[i], WEFT_FOREVER) != WEFT_OK || y[i] != x[i] + 1;
    CU_ASSERT_EQUAL(wrong, 0);
    end_the_killing(s, killer);
    weft_pool_free(pool);
    munmap(s, sizeof *s);
    free(x), free(y);
}

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

int pool_probe(int argc, char **argv)
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
    said s = probe_run((const char *[]){ "pool", how, NULL }, NULL);
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
    said s = probe_run((const char *[]){ "pool", "processes", NULL }, NULL);
    ASSERT_TEXT(s.out, "weft_pool_new: fork: Resource temporarily unavailable");
    said_free(&s);
}

static void where_there_are_no_more_files_there_is_no_pool(void)
{
    said s = probe_run((const char *[]){ "pool", "files", NULL }, NULL);
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

CU_TestInfo pool_kill_tests[] = {
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
    TEST(every_job_ends_once_in_a_storm_of_kills),
    TEST(with_retries_a_storm_of_kills_loses_nothing),
    TEST(workers_end_with_a_program_that_is_killed),
    TEST(workers_end_with_a_program_that_leaves_them_behind),
    TEST(where_there_are_no_more_processes_there_is_no_pool),
    TEST(where_there_are_no_more_files_there_is_no_pool),
    TEST(pools_leave_nothing_behind),
    CU_TEST_INFO_NULL,
};
