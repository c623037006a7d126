/* hardship_test.c - teams under refused threads, forks and signals, and whether races are found.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

#include <weft.h>

#include "answers.h"
#include "probe.h"
#include "races.h"
#include "scene.h"
#include "suites.h"

/* ---- threads that are refused ---- */

/* The limit counts by user, and binds no root. */
static void become_somebody(void)
{
    const uid_t nobody_else = 2000000 + (uid_t)getpid();
    if (getuid() == 0 && setresuid(nobody_else, nobody_else, nobody_else))
        abort();
}

static void allow_threads(rlim_t n)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NPROC, &limit))
        abort();
    limit.rlim_cur = n < limit.rlim_max ? n : limit.rlim_max;
    if (setrlimit(RLIMIT_NPROC, &limit))
        abort();
}

/* argument: how many threads the user may have; prints the teams of 8 before and after it rises */
int refused_probe(int argc, char **argv)
{
    if (argc != 1)
        return 1;
    fill_x();
    const struct answers serial = serial_answers();
    become_somebody();
    allow_threads(strtoul(argv[0], NULL, 10));
    weft_set_threads(8);
    const size_t small = team_size();
    struct answers now = answers_now();
    const bool right = same(&now, &serial);
    allow_threads(RLIM_INFINITY);
    const double start = weft_now();
    while (team_size() < 8 && weft_now() - start < 10)
        ;
    now = answers_now();
    printf("%zu %s, then %zu %s\n", small, right ? "right" : "wrong", team_size(),
           same(&now, &serial) ? "right" : "wrong");
    return 0;
}

static size_t runs_with_refused_threads(const char *allowed)
{
    char out[100], err[100];
    said s = probe_run((const char *[]){ "refused", allowed, NULL }, NULL);
    const size_t small = strtoul(s.out, NULL, 10);
    snprintf(out, sizeof out, "%zu right, then 8 right\n", small);
    snprintf(err, sizeof err, "weft: a team of %zu threads instead of 8: no more can be created\n",
             small);
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT(small >= 1 && small < 8);
    ASSERT_TEXT(s.out, out);
    ASSERT_TEXT(s.err, err);
    said_free(&s);
    return small;
}

static void a_team_is_as_large_as_threads_are_granted(void)
{
    const size_t small = runs_with_refused_threads("5");
    if (getuid() == 0)                       /* nobody else has threads of that user's */
        CU_ASSERT(small == 5 || small == 4); /* a sanitizer may have one */
}

static void without_any_thread_the_caller_does_it_all(void)
{
    CU_ASSERT_EQUAL(runs_with_refused_threads("1"), 1);
}

/* ---- forked children ---- */

/* Ends the child: status 0 where everything is as it must be. */
static void *check_in_a_new_thread(void *serial)
{
    weft_set_threads(3);
    const struct answers now = answers_now();
    const bool right = same(&now, serial) && weft_threads() == 3 && team_size() == 3;
    return right ? serial : NULL;
}

static bool a_new_thread_is_right(struct answers *serial)
{
    pthread_t thread;
    void *right = NULL;
    return pthread_create(&thread, NULL, check_in_a_new_thread, serial) == 0 &&
           pthread_join(thread, &right) == 0 && right;
}

static bool alone_and_right(const struct answers *serial)
{
    weft_set_threads(4);
    const struct answers now = answers_now();
    return weft_threads() == 1 && same(&now, serial);
}

static bool ended_well(pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* As deep as `generations`, each a child of the one before. */
static bool generations_are_right(struct answers *serial, int generations)
{
    const pid_t child = fork();
    if (child == 0) {
        alarm(20);
        bool right = alone_and_right(serial) && a_new_thread_is_right(serial);
        right = right && (generations < 2 || generations_are_right(serial, generations - 1));
        _exit(!right);
    }
    return child > 0 && ended_well(child);
}

int forked_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    fill_x();
    struct answers serial = serial_answers();
    weft_set_threads(4);
    answers_now();
    const bool children = generations_are_right(&serial, 2);
    const struct answers after = answers_now();
    printf("children %s, parent %s with %zu\n", children ? "right" : "wrong",
           same(&after, &serial) ? "right" : "wrong", team_size());
    return 0;
}

static void a_forked_child_is_alone_and_right(void)
{
    said s = probe_run((const char *[]){ "forked", NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, "children right, parent right with 4\n");
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static bool enough; /* relaxed: it guards nothing */

static void *change_teams(void *ctx)
{
    (void)ctx;
    for (size_t k = 0; !__atomic_load_n(&enough, __ATOMIC_RELAXED); k++) {
        weft_set_threads(2 + k % 3);
        weft_for (i, 4)
            ;
    }
    return NULL;
}

static void *change_policies(void *ctx)
{
    (void)ctx;
    while (!__atomic_load_n(&enough, __ATOMIC_RELAXED))
        if (weft_set_place("cores") || weft_set_place("none"))
            abort();
    return NULL;
}

/* Forks while other threads have their hands in everything that the team keeps. */
int busy_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    pthread_t busy[2];
    size_t good = 0;
    fill_x();
    struct answers serial = serial_answers();
    weft_set_threads(2);
    answers_now();
    if (pthread_create(&busy[0], NULL, change_teams, NULL) ||
        pthread_create(&busy[1], NULL, change_policies, NULL))
        return 1;
    for (size_t k = 0; k < 30; k++) {
        const pid_t child = fork();
        if (child == 0) {
            alarm(20);
            _exit(!a_new_thread_is_right(&serial));
        }
        good += child > 0 && ended_well(child);
    }
    __atomic_store_n(&enough, true, __ATOMIC_RELAXED);
    for (size_t k = 0; k < COUNT(busy); k++)
        pthread_join(busy[k], NULL);
    printf("%zu of 30\n", good);
    return 0;
}

static void a_fork_beside_busy_teams_hangs_nobody(void)
{
    if (asan) {
        puts("skipped: a_fork_beside_busy_teams_hangs_nobody: a lock of AddressSanitizer's may be "
             "held");
        return;
    }
    said s = probe_run((const char *[]){ "busy", NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, "30 of 30\n");
    said_free(&s);
}

/* ---- signals ---- */

static pid_t main_thread;
static size_t on_main, on_others;

static void note_thread(int signal_number)
{
    (void)signal_number;
    count(gettid() == main_thread ? &on_main : &on_others);
}

static void use_team(size_t threads)
{
    weft_with_threads (threads)
        weft_for (i, threads)
            ;
}

/* Sends the process a signal while its main thread does not take any, then lets it take them. */
static void signal_a_team(size_t threads)
{
    sigset_t all, before;
    sigfillset(&all);
    use_team(threads);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    kill(getpid(), SIGUSR1);
    use_team(threads);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* libgomp drops what is left over of a team, and makes it anew where it is needed again. */
static void use_a_small_team_of_the_hosts(void)
{
    size_t members = 0;
#pragma omp parallel num_threads(2)
    count(&members);
    if (members != 2)
        abort();
}

int signals_probe(int argc, char **argv)
{
    static const size_t sizes[] = { 2, 4, 2, 5, 4 };
    (void)argc, (void)argv;
    main_thread = gettid();
    sigaction(SIGUSR1, &(struct sigaction){ .sa_handler = note_thread }, NULL);
    for (size_t k = 0; k < COUNT(sizes); k++) {
        signal_a_team(sizes[k]);
        use_a_small_team_of_the_hosts();
        signal_a_team(sizes[k]);
    }
    printf("main %zu, others %zu\n", on_main, on_others);
    return 0;
}

static void a_handler_of_the_hosts_never_runs_on_a_worker(void)
{
    said s = probe_run((const char *[]){ "signals", NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, "main 10, others 0\n");
    said_free(&s);
}

static void the_callers_signal_mask_is_as_before(void)
{
    sigset_t before, after;
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    for (size_t threads = 2; threads < 6; threads++)
        weft_with_threads (threads)
            answers_now();
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    for (int k = 1; k < SIGRTMAX; k++)
        CU_ASSERT_EQUAL(sigismember(&before, k), sigismember(&after, k));
}

/* ---- races ---- */

/* argument: "racy": two workers write one variable; else each its own */
int race_probe(int argc, char **argv)
{
    const bool racy = argc > 0 && strcmp(argv[0], "racy") == 0;
    size_t own[4] = { 0 };
    for (size_t k = 0; k < 20; k++)
        weft_with_threads (2)
            weft_for (i, 2)
                own[racy ? 0 : i] += i + 1;
    return own[0] == 0;
}

/* Checks the checker: without the runtime's help it would find races everywhere, or none. */
static void a_race_is_reported_where_races_are_looked_for(void)
{
    said s = probe_run((const char *[]){ "race", "racy", NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, RACES_ARE_LOOKED_FOR ? 66 : 0);
    CU_ASSERT_EQUAL(strstr(s.err, "data race") != NULL, RACES_ARE_LOOKED_FOR);
    said_free(&s);
}

static void what_the_team_orders_is_no_race(void)
{
    for (size_t k = 0; k < 5; k++) {
        said s = probe_run((const char *[]){ "race", "clean", NULL }, NULL);
        CU_ASSERT_EQUAL(s.status, 0);
        ASSERT_TEXT(s.err, "");
        said_free(&s);
    }
}

CU_TestInfo hardship_tests[] = {
    { "a_team_is_as_large_as_threads_are_granted", a_team_is_as_large_as_threads_are_granted },
    { "without_any_thread_the_caller_does_it_all", without_any_thread_the_caller_does_it_all },
    { "a_forked_child_is_alone_and_right", a_forked_child_is_alone_and_right },
    { "a_fork_beside_busy_teams_hangs_nobody", a_fork_beside_busy_teams_hangs_nobody },
    { "a_handler_of_the_hosts_never_runs_on_a_worker",
      a_handler_of_the_hosts_never_runs_on_a_worker },
    { "the_callers_signal_mask_is_as_before", the_callers_signal_mask_is_as_before },
    { "a_race_is_reported_where_races_are_looked_for",
      a_race_is_reported_where_races_are_looked_for },
    { "what_the_team_orders_is_no_race", what_the_team_orders_is_no_race },
    CU_TEST_INFO_NULL,
};
