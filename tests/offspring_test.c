/* offspring_test.c - what a child has of its parent, and what not.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"

static const double long_enough = 20; /* seconds; what takes longer has failed */

static int nothing(void *unused) { return unused != NULL; }

/* Its exit code; -1000 where it could not be started or joined. */
static int run(weft_process_run *what, void *arg)
{
    weft_process p;
    if (weft_process_start(&p, what, arg) || weft_process_join(&p, long_enough))
        return -1000;
    return weft_process_exitcode(&p);
}

/* ---- threads ---- */

static _Thread_local int of_this_thread;

static int has_a_thread_of_its_own(void *unused)
{
    (void)unused;
    return gettid() != getpid() && of_this_thread == 0 ? 0 : 1;
}

static void run_has_a_thread_of_its_own(void)
{
    of_this_thread = 5;
    CU_ASSERT_EQUAL(run(has_a_thread_of_its_own, NULL), 0);
    of_this_thread = 0;
}

/* As a main thread can: 6 MiB of the 8 that there mostly are. */
static int use_a_deep_stack(void *unused)
{
    volatile char deep[6 << 20];
    (void)unused;
    for (size_t k = 0; k < sizeof deep; k += 4096)
        deep[k] = 1;
    return deep[4096] - 1;
}

static void its_stack_is_that_of_a_main_thread(void)
{
    CU_ASSERT_EQUAL(run(use_a_deep_stack, NULL), 0);
}

/* ---- streams ---- */

static int say_more(void *file)
{
    printf("child\n");
    if (file)
        fprintf(file, "child\n");
    return 0;
}

static int buffers(void)
{
    char text[100] = "";
    FILE *const file = tmpfile();
    printf("before ");
    fprintf(file, "before ");
    if (run(say_more, file))
        return 1;
    printf("after\n");
    fprintf(file, "after\n");
    rewind(file);
    const size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    printf("file: %.*s", (int)n, text);
    return 0;
}

static void what_is_in_the_buffers_is_written_once(void)
{
    scene_says("offspring", "buffers", 0, "before child\nafter\nfile: before child\nafter\n");
}

static void *read_a_line(void *line) { return fgets(line, 10, stdin); }

/* Until the thread sits in read(), with stdin in its hands. */
static void wait_for_reader(void)
{
    while (ftrylockfile(stdin) == 0) {
        funlockfile(stdin);
        weft_sleep(0.001);
    }
}

static int stdin_is_read(void)
{
    char line[10] = "";
    int ends[2];
    pthread_t reader;
    if (pipe(ends) || dup2(ends[0], 0) || pthread_create(&reader, NULL, read_a_line, line))
        return 1;
    wait_for_reader();
    printf("before ");
    const int code = run(say_more, NULL);
    if (write(ends[1], "go\n", 3) != 3)
        return 1;
    pthread_join(reader, NULL);
    printf("then %s", line);
    return code;
}

static void who_waits_for_input_holds_no_start_up(void)
{
    scene_says("offspring", "stdin_is_read", 0, "before child\nthen go\n");
}

/* ---- exit handlers ---- */

static void say_parent(void) { puts("a handler of the parent's"); }
static void say_child(void) { puts("a handler of the child's"); }

static int set_up_a_handler(void *way)
{
    atexit(say_child);
    puts("child");
    if (way)
        exit(0);
    return 0;
}

static int handlers(void)
{
    atexit(say_parent);
    int code = run(set_up_a_handler, NULL) + run(set_up_a_handler, &code);
    atexit(say_parent);
    code += run(set_up_a_handler, NULL);
    return code;
}

static void exit_handlers_of_the_parent_do_not_run_in_the_child(void)
{
    scene_says("offspring", "handlers", 0,
               "child\na handler of the child's\nchild\na handler of the child's\n"
               "child\na handler of the child's\n"
               "a handler of the parent's\na handler of the parent's\n");
}

/* ---- signals ---- */

static void handle(int number) { (void)number; }

static bool is_default(int number)
{
    struct sigaction a;
    return sigaction(number, NULL, &a) == 0 && a.sa_handler == SIG_DFL;
}

static bool is_ignored(int number)
{
    struct sigaction a;
    return sigaction(number, NULL, &a) == 0 && a.sa_handler == SIG_IGN;
}

static bool is_caught(int number)
{
    struct sigaction a;
    return sigaction(number, NULL, &a) == 0 && a.sa_handler == handle;
}

static int look_at_signals(void *unused)
{
    sigset_t mask;
    (void)unused;
    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    int bad = !is_default(SIGTERM) || !is_default(SIGINT) || !is_default(SIGCHLD);
    bad += 10 * !is_ignored(SIGPIPE);
    bad += 20 * (!is_caught(SIGFPE) || !is_caught(SIGPROF));
    bad += 40 * (!sigismember(&mask, SIGUSR2) || sigismember(&mask, SIGTERM));
    return bad;
}

static int signals(void)
{
    static const int caught[] = { SIGTERM, SIGINT, SIGCHLD, SIGFPE, SIGPROF };
    sigset_t mask, after;
    for (size_t k = 0; k < COUNT(caught); k++)
        signal(caught[k], handle);
    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&mask), sigaddset(&mask, SIGUSR2);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    const int code = run(look_at_signals, NULL);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    return code + 100 * (!is_caught(SIGTERM) || !sigismember(&after, SIGUSR2) ||
                         sigismember(&after, SIGINT));
}

static void handlers_go_back_to_the_default_and_the_mask_is_the_callers(void)
{
    scene_says("offspring", "signals", 0, "");
}

static int wait_for_a_signal(void *unused)
{
    sigset_t none;
    (void)unused;
    signal(SIGTERM, handle);
    sigemptyset(&none);
    return sigsuspend(&none) == -1 && errno == EINTR ? 42 : 1;
}

/* Blocked until run waits for it, so that it comes neither too early nor to another thread. */
static void a_signal_interrupts_the_thread_of_run(void)
{
    weft_process p;
    sigset_t term, before;
    sigemptyset(&term), sigaddset(&term, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &term, &before);
    CU_ASSERT_EQUAL(weft_process_start(&p, wait_for_a_signal, NULL), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_terminate(&p), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_join(&p, long_enough), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_exitcode(&p), 42);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* ---- CPUs ---- */

static int has_all_cpus(void *unused)
{
    weft_cpus all, mine;
    (void)unused;
    weft_cpus_original(&all);
    return weft_cpus_bound(&mine) || !weft_cpus_equal(&all, &mine);
}

static void a_child_has_all_cpus_of_the_program(void)
{
    weft_cpus all, before, one = { { 0 } };
    weft_cpus_original(&all);
    for (size_t cpu = 0; weft_cpus_count(&one) == 0; cpu++)
        if (weft_cpus_has(&all, cpu))
            weft_cpus_add(&one, cpu);
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bound(&before), WEFT_OK);
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bind(&one), WEFT_OK);
    CU_ASSERT_EQUAL(run(has_all_cpus, NULL), 0);
    CU_ASSERT_EQUAL(weft_cpus_bind(&before), WEFT_OK);
}

static int bound_before_main(void) { return run(has_all_cpus, NULL); }

static void so_it_has_where_the_runtime_binds_the_main_thread(void)
{
    said s = probe_run((const char *[]){ "offspring", "bound_before_main", NULL },
                       (const char *[]){ "OMP_PROC_BIND=true", NULL });
    CU_ASSERT_EQUAL(s.status, 0);
    said_free(&s);
}

/* ---- files ---- */

static size_t files(void) { return belongings_now().files; }

static int count_files(void *unused)
{
    (void)unused;
    return (int)files();
}

static int pass_on(void *daemon) { return run(count_files, daemon) * 10 + (int)files(); }

static int open_files(void)
{
    weft_process p[3];
    for (size_t k = 0; k < COUNT(p); k++) /* the parent has a file descriptor for each */
        weft_process_start(&p[k], nothing, NULL);
    const int before = (int)files();
    const int child = run(count_files, NULL), both = run(pass_on, NULL);
    for (size_t k = 0; k < COUNT(p); k++)
        weft_process_join(&p[k], long_enough);
    const int after = (int)files();
    printf("%s %s %s\n", child == after ? "right" : "wrong",
           both % 10 == after && both / 10 == after ? "right" : "wrong",
           before >= after ? "right" : "wrong");
    return 0;
}

static void a_child_has_no_file_of_wefts(void)
{
    scene_says("offspring", "open_files", 0, "right right right\n");
}

static int count_open_on_exec(void *unused)
{
    int n = 0;
    (void)unused;
    for (int fd = 3; fd < 100; fd++) {
        const int flags = fcntl(fd, F_GETFD);
        n += flags >= 0 && !(flags & FD_CLOEXEC);
    }
    return n;
}

static void files_of_wefts_are_closed_on_exec(void)
{
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, count_open_on_exec, NULL, .daemon = true), WEFT_OK);
    const int here = count_open_on_exec(NULL);
    CU_ASSERT_EQUAL(weft_process_join(&p, long_enough), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_exitcode(&p), here);
    CU_ASSERT_EQUAL(here, count_open_on_exec(NULL));
}

/* ---- hosts with ways of their own ---- */

static int exit_with_9(void *unused)
{
    (void)unused;
    return 9;
}

static int signals_are_ignored(void)
{
    weft_process p;
    signal(SIGCHLD, SIG_IGN);
    if (weft_process_start(&p, exit_with_9, NULL))
        return 1;
    const weft_status s = weft_process_join(&p, WEFT_FOREVER);
    return s || weft_process_is_alive(&p) || weft_process_exitcode(&p) != WEFT_NO_EXITCODE;
}

static int the_host_reaps_all(void)
{
    weft_process p;
    int status = 0;
    if (weft_process_start(&p, exit_with_9, NULL) || wait(&status) != weft_process_pid(&p))
        return 1;
    const weft_status s = weft_process_join(&p, WEFT_FOREVER);
    return s || weft_process_exitcode(&p) != WEFT_NO_EXITCODE || weft_process_kill(&p) != WEFT_OK;
}

static void join_ends_also_where_the_host_takes_the_exit_code(void)
{
    scene_says("offspring", "signals_are_ignored", 0, "");
    scene_says("offspring", "the_host_reaps_all", 0, "");
}

static int wait_and_return(void *seconds)
{
    weft_sleep(*(double *)seconds);
    return 0;
}

/* In a child that fork() made without weft. */
static int forked_by_hand(const weft_process *p)
{
    weft_process own;
    int bad = weft_process_join(p, 0) != WEFT_EPERM || weft_process_is_alive(p);
    bad += strcmp(weft_process_name(weft_process_current()), "MainProcess") != 0;
    bad += weft_process_pid(weft_process_current()) != getpid();
    bad += weft_process_active_children(NULL, 0) != 0;
    bad += weft_process_start(&own, exit_with_9, NULL) || weft_process_join(&own, long_enough) ||
           weft_process_exitcode(&own) != 9;
    return bad;
}

static int by_hand(void)
{
    weft_process p;
    int status = -1;
    double seconds = 3600;
    if (weft_process_start(&p, wait_and_return, &seconds))
        return 1;
    const pid_t child = fork();
    if (child == 0 && tsan)
        _exit(forked_by_hand(&p));
    if (child == 0)
        exit(forked_by_hand(&p)); /* and waits for none of its parent's children */
    waitpid(child, &status, 0);
    const bool alive = weft_process_is_alive(&p);
    weft_process_kill(&p);
    return status || !alive;
}

static void a_child_that_fork_made_has_no_children_yet(void)
{
    if (tsan)
        puts("skipped: a child that fork made calls exit(): Archer does not survive it");
    scene_says("offspring", "by_hand", 0, "");
}

static const scene scenes[] = { { "buffers", buffers },
                                { "stdin_is_read", stdin_is_read },
                                { "handlers", handlers },
                                { "signals", signals },
                                { "bound_before_main", bound_before_main },
                                { "open_files", open_files },
                                { "signals_are_ignored", signals_are_ignored },
                                { "the_host_reaps_all", the_host_reaps_all },
                                { "by_hand", by_hand },
                                { NULL, NULL } };

int offspring_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

CU_TestInfo offspring_tests[] = {
    { "run_has_a_thread_of_its_own", run_has_a_thread_of_its_own },
    { "its_stack_is_that_of_a_main_thread", its_stack_is_that_of_a_main_thread },
    { "what_is_in_the_buffers_is_written_once", what_is_in_the_buffers_is_written_once },
    { "who_waits_for_input_holds_no_start_up", who_waits_for_input_holds_no_start_up },
    { "exit_handlers_of_the_parent_do_not_run_in_the_child",
      exit_handlers_of_the_parent_do_not_run_in_the_child },
    { "handlers_go_back_to_the_default_and_the_mask_is_the_callers",
      handlers_go_back_to_the_default_and_the_mask_is_the_callers },
    { "a_signal_interrupts_the_thread_of_run", a_signal_interrupts_the_thread_of_run },
    { "a_child_has_all_cpus_of_the_program", a_child_has_all_cpus_of_the_program },
    { "so_it_has_where_the_runtime_binds_the_main_thread",
      so_it_has_where_the_runtime_binds_the_main_thread },
    { "a_child_has_no_file_of_wefts", a_child_has_no_file_of_wefts },
    { "files_of_wefts_are_closed_on_exec", files_of_wefts_are_closed_on_exec },
    { "join_ends_also_where_the_host_takes_the_exit_code",
      join_ends_also_where_the_host_takes_the_exit_code },
    { "a_child_that_fork_made_has_no_children_yet", a_child_that_fork_made_has_no_children_yet },
    CU_TEST_INFO_NULL,
};
