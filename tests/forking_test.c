/* forking_test.c - OpenMP and weft's teams in processes, whatever the parent does with them.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <omp.h>

#include <weft.h>

#include "answers.h"
#include "probe.h"
#include "scene.h"
#include "suites.h"

static const double long_enough = 25; /* seconds; what takes longer has failed */

static struct answers serial;

/* ---- what a child checks ---- */

static bool weft_is_right(void)
{
    weft_set_threads(3);
    const struct answers now = answers_now();
    return same(&now, &serial) && weft_threads() == 3 && team_size() == 3;
}

static bool openmp_is_right(void)
{
    int sum = 0, size = 0;
#pragma omp parallel num_threads(3) reduction(+ : sum)
    {
        sum += omp_get_thread_num() + 1;
        if (omp_get_thread_num() == 0)
            size = omp_get_num_threads();
    }
    return size == 3 && sum == 6;
}

static int check_teams(void *threads)
{
    if (threads && weft_threads() != *(size_t *)threads) /* the default, as in the parent */
        return 2;
    return !(openmp_is_right() && weft_is_right() && openmp_is_right());
}

static int run(weft_process_run *what, void *arg)
{
    weft_process p;
    if (weft_process_start(&p, what, arg)) {
        puts(weft_detail());
        return 1000;
    }
    return weft_process_join(&p, long_enough) ? 2000 : weft_process_exitcode(&p);
}

static void use_teams(size_t threads)
{
    weft_with_threads (threads)
        (void)answers_now();
    (void)openmp_is_right();
}

static void get_ready(void)
{
    fill_x();
    serial = serial_answers();
    use_teams(4);
}

/* ---- scenes ---- */

static int from_main(void)
{
    get_ready();
    size_t threads = weft_threads();
    const int code = run(check_teams, &threads) + run(check_teams, &threads);
    const struct answers after = answers_now();
    return code + !same(&after, &serial);
}

static void *start_in_a_thread(void *code)
{
    use_teams(3);
    *(int *)code = run(check_teams, NULL);
    return NULL;
}

static int from_a_thread(void)
{
    int code = 1;
    pthread_t thread;
    get_ready();
    pthread_create(&thread, NULL, start_in_a_thread, &code);
    pthread_join(thread, NULL);
    return code;
}

static int from_a_region(void)
{
    int code[4] = { 9, 9, 9, 9 };
    get_ready();
#pragma omp parallel num_threads(4)
    code[omp_get_thread_num()] = run(check_teams, NULL);
    weft_with_threads (2)
        weft_for (i, 2)
            code[2 + i] += run(check_teams, NULL);
    return code[0] + code[1] + code[2] + code[3];
}

static int check_in_both(void *generations)
{
    const int left = *(int *)generations - 1;
    int arg = left;
    return check_teams(NULL) + (left > 0 ? run(check_in_both, &arg) : 0) + check_teams(NULL);
}

static int generations(void)
{
    int three = 3;
    get_ready();
    return run(check_in_both, &three);
}

static bool enough; /* relaxed: it guards nothing */

static void *run_regions(void *unused)
{
    for (size_t k = 0; !__atomic_load_n(&enough, __ATOMIC_RELAXED); k++)
        use_teams(2 + k % 2);
    return unused;
}

static int check_one_team(void *unused) { return unused || !openmp_is_right(); }

/* 200 in a row while another thread runs regions. */
static int beside_regions(void)
{
    int bad = 0;
    pthread_t thread;
    get_ready();
    pthread_create(&thread, NULL, run_regions, NULL);
    for (int k = 0; k < (asan || tsan ? 20 : 200); k++)
        bad += run(check_one_team, NULL) != 0;
    __atomic_store_n(&enough, true, __ATOMIC_RELAXED);
    pthread_join(thread, NULL);
    return bad;
}

static int use_a_team_and_end(void *way)
{
    if (!openmp_is_right())
        return 1;
    if (strcmp(way, "_exit") == 0)
        _exit(0);
    if (strcmp(way, "killed") == 0)
        raise(SIGKILL);
    return 0;
}

/* libomp registers each process there. */
static bool is_registered(int pid)
{
    char path[100];
    snprintf(path, sizeof path, "/dev/shm/__KMP_REGISTERED_LIB_%d_%d", pid, (int)getuid());
    return access(path, F_OK) == 0;
}

static int registrations(void)
{
    static char *const ways[] = { "return", "_exit", "killed" };
    int bad = 0;
    for (size_t k = 0; k < COUNT(ways); k++) {
        weft_process p;
        bad += weft_process_start(&p, use_a_team_and_end, ways[k]) ||
               weft_process_join(&p, long_enough) || weft_process_exitcode(&p) == 1;
        bad += 10 * is_registered(weft_process_pid(&p));
    }
    return bad;
}

static const scene scenes[] = { { "from_main", from_main },
                                { "from_a_thread", from_a_thread },
                                { "from_a_region", from_a_region },
                                { "generations", generations },
                                { "beside_regions", beside_regions },
                                { "registrations", registrations },
                                { NULL, NULL } };

int forking_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

/* ---- tests ---- */

static void teams_work_in_a_child_after_the_parent_had_some(void)
{
    scene_says("forking", "from_main", 0, "");
}

static void so_they_do_where_another_thread_started_it(void)
{
    scene_says("forking", "from_a_thread", 0, "");
}

static void so_they_do_where_members_of_a_region_started_it(void)
{
    scene_says("forking", "from_a_region", 0, "");
}

static void so_they_do_in_children_of_children(void)
{
    scene_says("forking", "generations", 0, "");
}

static void so_they_do_while_another_thread_runs_regions(void)
{
    scene_says("forking", "beside_regions", 0, "");
}

static void the_runtime_leaves_nothing_of_a_child_behind(void)
{
    scene_says("forking", "registrations", 0, "");
}

CU_TestInfo forking_tests[] = {
    { "teams_work_in_a_child_after_the_parent_had_some",
      teams_work_in_a_child_after_the_parent_had_some },
    { "so_they_do_where_another_thread_started_it", so_they_do_where_another_thread_started_it },
    { "so_they_do_where_members_of_a_region_started_it",
      so_they_do_where_members_of_a_region_started_it },
    { "so_they_do_in_children_of_children", so_they_do_in_children_of_children },
    { "so_they_do_while_another_thread_runs_regions",
      so_they_do_while_another_thread_runs_regions },
    { "the_runtime_leaves_nothing_of_a_child_behind",
      the_runtime_leaves_nothing_of_a_child_behind },
    CU_TEST_INFO_NULL,
};
