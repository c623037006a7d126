/* pool_kill_test.c - storms: every few milliseconds a worker is killed, whatever it does.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "races.h"
#include "suites.h"
#include "workers.h"

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

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo pool_kill_tests[] = {
    TEST(every_job_ends_once_in_a_storm_of_kills),
    TEST(with_retries_a_storm_of_kills_loses_nothing),
    CU_TEST_INFO_NULL,
};
