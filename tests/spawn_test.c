/* spawn_test.c - processes that execute the program anew: what they have, and what not.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The tests themselves are the program, so the child of a test is one without a main(). */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <omp.h>

#include <weft.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"

static const double long_enough = 20; /* seconds; what takes longer has failed */

/* Its exit code; -1000 where it could not be joined. */
static int code_after_join(weft_process *p)
{
    return weft_process_join(p, long_enough) ? -1000 : weft_process_exitcode(p);
}

static int code_of_number(weft_process_run *run, int number)
{
    weft_process p;
    if (weft_process_start(&p, run, &number, .arg_size = sizeof number, .start = WEFT_SPAWN)) {
        puts(weft_detail());
        return -2000;
    }
    return code_after_join(&p);
}

static int code_of(weft_process_run *run) { return code_of_number(run, 0); }

/* ---- how it ends ---- */

static int return_it(void *number) { return *(int *)number; }
static int call_exit(void *number) { exit(*(int *)number); }
static int call_pthread_exit(void *number) { pthread_exit(number); }

static int raise_it(void *number)
{
    signal(*(int *)number, SIG_DFL); /* sanitizers catch some */
    raise(*(int *)number);
    return 0;
}

static void exit_codes_are_those_of_forked_ones(void)
{
    CU_ASSERT_EQUAL(code_of_number(return_it, 7), 7);
    CU_ASSERT_EQUAL(code_of_number(return_it, 256 + 3), 3);
    CU_ASSERT_EQUAL(code_of_number(call_exit, 5), 5);
    CU_ASSERT_EQUAL(code_of_number(call_pthread_exit, 5), 0);
    CU_ASSERT_EQUAL(code_of_number(raise_it, SIGSEGV), -SIGSEGV);
    CU_ASSERT_EQUAL(code_of_number(raise_it, SIGTERM), -SIGTERM);
}

static int run_for_ever(void *unused)
{
    (void)unused;
    weft_sleep(WEFT_FOREVER);
    return 0;
}

static void it_is_joined_and_signalled_like_forked_ones(void)
{
    weft_process p;
    CU_ASSERT_EQUAL_FATAL(weft_process_start(&p, run_for_ever, NULL, .start = WEFT_SPAWN), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_join(&p, 0), WEFT_TIMEOUT);
    CU_ASSERT_TRUE(weft_process_is_alive(&p));
    CU_ASSERT_EQUAL(weft_process_terminate(&p), WEFT_OK);
    CU_ASSERT_EQUAL(code_after_join(&p), -SIGTERM);
}

/* ---- memory ---- */

static int set_by_the_parent, set_by_a_constructor;

__attribute__((constructor)) static void set(void) { set_by_a_constructor = 5; }

static int look_at_memory(void *unused)
{
    (void)unused;
    return set_by_the_parent == 0 && set_by_a_constructor == 5 && gettid() != getpid() ? 0 : 1;
}

static void memory_is_that_of_a_program_before_main(void)
{
    set_by_the_parent = 1;
    CU_ASSERT_EQUAL(code_of(look_at_memory), 0);
    set_by_the_parent = 0;
}

enum { large = 16 << 20 }; /* bytes, of which a socket holds 200000 */

static int count_wrong(void *bytes)
{
    size_t wrong = 0;
    for (size_t k = 0; k < large; k++)
        wrong += ((unsigned char *)bytes)[k] != (unsigned char)(k * 7);
    return wrong > 0;
}

static void an_argument_of_any_size_arrives(void)
{
    weft_process p;
    unsigned char *const bytes = malloc(large);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    for (size_t k = 0; k < large; k++)
        bytes[k] = (unsigned char)(k * 7);
    CU_ASSERT_EQUAL(
        weft_process_start(&p, count_wrong, bytes, .arg_size = large, .start = WEFT_SPAWN),
        WEFT_OK);
    free(bytes);
    CU_ASSERT_EQUAL(code_after_join(&p), 0);
}

static int is_null(void *arg) { return arg == NULL; }

static void no_argument_is_null(void)
{
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, is_null, NULL, .start = WEFT_SPAWN), WEFT_OK);
    CU_ASSERT_EQUAL(code_after_join(&p), 1);
}

/* ---- threads ---- */

static int count_threads(void *expected)
{
    const int n = *(int *)expected;
    int size = 0;
#pragma omp parallel reduction(+ : size)
    size++;
    return size == n && omp_get_max_threads() == n && weft_threads() == (size_t)n ? 0 : 1;
}

static int look_at_variables(void *expected)
{
    static const char *const names[] = { "OMP_NUM_THREADS", "WEFT_NUM_THREADS",
                                         "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS",
                                         "BLIS_NUM_THREADS" };
    int wrong = 0;
    for (size_t k = 0; k < COUNT(names); k++)
        wrong += !getenv(names[k]) || atoi(getenv(names[k])) != *(int *)expected;
    wrong += 10 * (!getenv("WEFT_TEST_OF_SPAWN") || getenv("WEFT_SPAWNED_"));
    return wrong;
}

static int with_threads(weft_process_run *run, int expected, size_t threads)
{
    weft_process p;
    if (weft_process_start(&p, run, &expected, .arg_size = sizeof expected, .start = WEFT_SPAWN,
                           .threads = threads))
        return -2000;
    return code_after_join(&p);
}

static void teams_and_variables_have_the_threads_that_were_asked_for(void)
{
    setenv("WEFT_TEST_OF_SPAWN", "1", 1);
    CU_ASSERT_EQUAL(with_threads(count_threads, 3, 3), 0);
    CU_ASSERT_EQUAL(with_threads(look_at_variables, 3, 3), 0);
    unsetenv("WEFT_TEST_OF_SPAWN");
}

static void else_those_that_a_call_here_would_use(void)
{
    weft_with_threads (2)
        CU_ASSERT_EQUAL(with_threads(count_threads, 2, 0), 0);
}

static int weft_threads_are(void *expected) { return weft_threads() != *(size_t *)expected; }

static void a_forked_child_can_have_its_threads_told_too(void)
{
    weft_process p;
    size_t n = 5;
    CU_ASSERT_EQUAL(weft_process_start(&p, weft_threads_are, &n, .threads = n), WEFT_OK);
    CU_ASSERT_EQUAL(code_after_join(&p), 0);
}

/* ---- who it is ---- */

static int print_names(void *generations)
{
    int left = *(int *)generations - 1;
    const weft_process *const me = weft_process_current(), *const parent = weft_process_parent();
    printf("%s of %s%s\n", weft_process_name(me), weft_process_name(parent),
           weft_process_is_daemon(me) ? ", a daemon" : "");
    fflush(stdout);
    int bad = weft_process_pid(me) != getpid() || weft_process_pid(parent) != getppid();
    bad += !weft_process_is_alive(parent) || weft_process_kill(parent) != WEFT_EPERM;
    for (int k = 0; left > 0 && k < 2; k++) {
        weft_process p;
        const weft_start_method how = k ? WEFT_FORK : WEFT_SPAWN;
        bad += weft_process_start(&p, print_names, &left, .arg_size = sizeof left, .start = how) ||
               code_after_join(&p);
    }
    return bad;
}

static int names(void)
{
    int one = 1, three = 3, bad = 0;
    weft_process p;
    bad += weft_process_start(&p, print_names, &one, .arg_size = sizeof one, .name = "loopy",
                              .daemon = true, .start = WEFT_SPAWN) ||
           code_after_join(&p);
    bad += weft_process_start(&p, print_names, &three, .arg_size = sizeof three,
                              .start = WEFT_SPAWN) ||
           code_after_join(&p);
    return bad;
}

static void it_knows_itself_and_its_parent(void)
{
    scene_says("spawn", "names", 0,
               "loopy of MainProcess, a daemon\n"
               "Process-2 of MainProcess\n"
               "Process-2:1 of Process-2\n"
               "Process-2:1:1 of Process-2:1\n"
               "Process-2:1:2 of Process-2:1\n"
               "Process-2:2 of Process-2\n"
               "Process-2:2:1 of Process-2:2\n"
               "Process-2:2:2 of Process-2:2\n");
}

/* ---- signals, CPUs, files ---- */

static void handle(int number) { (void)number; }

static bool has_handler(int number, void (*handler)(int))
{
    struct sigaction a;
    return sigaction(number, NULL, &a) == 0 && a.sa_handler == handler;
}

static int look_at_signals(void *unused)
{
    sigset_t mask;
    (void)unused;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    int bad = !has_handler(SIGTERM, SIG_DFL) || !has_handler(SIGPROF, SIG_DFL);
    bad += 10 * !has_handler(SIGPIPE, SIG_IGN);
    return bad + 20 * (!sigismember(&mask, SIGUSR2) || sigismember(&mask, SIGTERM));
}

static int signals(void)
{
    sigset_t mask;
    signal(SIGTERM, handle), signal(SIGPROF, handle), signal(SIGPIPE, SIG_IGN);
    sigemptyset(&mask), sigaddset(&mask, SIGUSR2);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    return code_of(look_at_signals);
}

static void handlers_are_gone_and_the_mask_is_the_callers(void)
{
    scene_says("spawn", "signals", 0, "");
}

static int has_all_cpus(void *original)
{
    weft_cpus all, mine;
    weft_cpus_original(&all);
    return weft_cpus_bound(&mine) || !weft_cpus_equal(&all, &mine) ||
           !weft_cpus_equal(&all, original);
}

static int all_cpus(void)
{
    weft_process p;
    weft_cpus all, one = { { 0 } }, now;
    weft_cpus_original(&all);
    for (size_t cpu = 0; weft_cpus_count(&one) == 0; cpu++)
        if (weft_cpus_has(&all, cpu))
            weft_cpus_add(&one, cpu);
    if (weft_cpus_bind(&one) ||
        weft_process_start(&p, has_all_cpus, &all, .arg_size = sizeof all, .start = WEFT_SPAWN))
        return 1;
    return code_after_join(&p) + (weft_cpus_bound(&now) || !weft_cpus_equal(&now, &one));
}

static void it_has_all_cpus_of_the_program(void)
{
    scene_says("spawn", "all_cpus", 0, "");
    said s = probe_run((const char *[]){ "spawn", "all_cpus", NULL },
                       (const char *[]){ "OMP_PROC_BIND=true", NULL });
    CU_ASSERT_EQUAL(s.status, 0);
    said_free(&s);
}

static int count_files(void *unused)
{
    (void)unused;
    return (int)belongings_now().files;
}

/* Those of the tests themselves are 0, 1 and 2. */
static int files(void)
{
    weft_process p;
    const int before = code_of(count_files), kept = open("/dev/null", O_RDONLY),
              closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (kept < 0 || closed < 0 || weft_process_start(&p, run_for_ever, NULL))
        return 100;
    const int after = code_of(count_files);
    weft_process_kill(&p), code_after_join(&p);
    return after - before - 1;
}

static void it_has_no_file_that_is_closed_on_exec(void) { scene_says("spawn", "files", 0, ""); }

static int answer(void *end)
{
    int number = 0;
    const weft_pipe *const there = end;
    if (weft_pipe_recv(there, &number, sizeof number, NULL, long_enough))
        return 1;
    number *= 2;
    return weft_pipe_send(there, &number, sizeof number, long_enough) != WEFT_OK;
}

static void pipes_that_are_given_connect_it(void)
{
    weft_process p;
    weft_pipe here, there;
    int number = 21;
    CU_ASSERT_EQUAL_FATAL(weft_pipe_init(&here, &there), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_start(&p, answer, &there, .arg_size = sizeof there,
                                       .start = WEFT_SPAWN, .pipes = &there, .pipes_count = 1),
                    WEFT_OK);
    weft_pipe_fini(&there); /* so that its end would be heard */
    CU_ASSERT_EQUAL(weft_pipe_send(&here, &number, sizeof number, long_enough), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, &number, sizeof number, NULL, long_enough), WEFT_OK);
    CU_ASSERT_EQUAL(number, 42);
    CU_ASSERT_EQUAL(code_after_join(&p), 0);
    weft_pipe_fini(&here);
}

/* ---- what is left ---- */

static void say_parent(void) { puts("a handler of the parent's"); }
static void say_child(void) { puts("a handler of the child's"); }

static int set_up_a_handler(void *unused)
{
    (void)unused;
    atexit(say_child);
    puts("child");
    return 0;
}

static int handlers(void)
{
    atexit(say_parent);
    printf("before, "); /* in the buffer, which is written once */
    return code_of(set_up_a_handler);
}

static void exit_runs_its_own_handlers_only(void)
{
    scene_says("spawn", "handlers", 0,
               "before, child\na handler of the child's\na handler of the parent's\n");
}

static int nothing_is_left(void)
{
    int bad = code_of(return_it); /* what is made once */
    const belongings before = belongings_now();
    for (int k = 0; k < 30; k++)
        bad += code_of_number(return_it, k) != k;
    const belongings after = belongings_now();
    return bad + !belongings_equal(&before, &after);
}

static void many_leave_nothing_behind(void) { scene_says("spawn", "nothing_is_left", 0, ""); }

static int say_and_stay(void *unused)
{
    (void)unused;
    printf("%d\n", (int)getpid());
    fflush(stdout);
    return run_for_ever(NULL);
}

static int parent_is_killed(void)
{
    weft_process p;
    if (weft_process_start(&p, say_and_stay, NULL, .daemon = true, .start = WEFT_SPAWN) == WEFT_OK)
        (void)weft_process_join(&p, 0.2); /* for what it says */
    return raise(SIGKILL);
}

static void a_daemon_ends_with_a_parent_that_is_killed(void)
{
    said s = scene_end("spawn", "parent_is_killed");
    CU_ASSERT_EQUAL(s.status, 128 + SIGKILL);
    const pid_t daemon = (pid_t)atoi(s.out);
    CU_ASSERT(daemon > 0 && process_ends(daemon));
    said_free(&s);
}

static const scene scenes[] = { { "names", names },
                                { "signals", signals },
                                { "all_cpus", all_cpus },
                                { "files", files },
                                { "handlers", handlers },
                                { "nothing_is_left", nothing_is_left },
                                { "parent_is_killed", parent_is_killed },
                                { NULL, NULL } };

int spawn_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

CU_TestInfo spawn_tests[] = {
    { "exit_codes_are_those_of_forked_ones", exit_codes_are_those_of_forked_ones },
    { "it_is_joined_and_signalled_like_forked_ones", it_is_joined_and_signalled_like_forked_ones },
    { "memory_is_that_of_a_program_before_main", memory_is_that_of_a_program_before_main },
    { "an_argument_of_any_size_arrives", an_argument_of_any_size_arrives },
    { "no_argument_is_null", no_argument_is_null },
    { "teams_and_variables_have_the_threads_that_were_asked_for",
      teams_and_variables_have_the_threads_that_were_asked_for },
    { "else_those_that_a_call_here_would_use", else_those_that_a_call_here_would_use },
    { "a_forked_child_can_have_its_threads_told_too",
      a_forked_child_can_have_its_threads_told_too },
    { "it_knows_itself_and_its_parent", it_knows_itself_and_its_parent },
    { "handlers_are_gone_and_the_mask_is_the_callers",
      handlers_are_gone_and_the_mask_is_the_callers },
    { "it_has_all_cpus_of_the_program", it_has_all_cpus_of_the_program },
    { "it_has_no_file_that_is_closed_on_exec", it_has_no_file_that_is_closed_on_exec },
    { "pipes_that_are_given_connect_it", pipes_that_are_given_connect_it },
    { "exit_runs_its_own_handlers_only", exit_runs_its_own_handlers_only },
    { "many_leave_nothing_behind", many_leave_nothing_behind },
    { "a_daemon_ends_with_a_parent_that_is_killed", a_daemon_ends_with_a_parent_that_is_killed },
    CU_TEST_INFO_NULL,
};
