/* child_test.c - one program runs once: what is measured, and that nothing of it is left.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "child.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft/clock.h>

#include "interrupt.h"
#include "program.h"
#include "suites.h"

static last_words words;

/* Seconds in which a shell has set its trap, also on a busy machine. */
static const double in_time = 1;

static sample run_within(const char *script, double timeout)
{
    char *const argv[] = { "sh", "-c", (char *)script, NULL };
    return child_run(&(launch){ .argv = argv, .env = environ, .timeout = timeout }, &words);
}

static sample run(const char *script) { return run_within(script, 0); }

/* No child of ours is left, running or dead. */
static bool no_child_is_left(void) { return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD; }

/* ---- what is measured ---- */

static void the_exit_status_arrives(void)
{
    CU_ASSERT_EQUAL(run("exit 0").status, 0);
    CU_ASSERT_EQUAL(WEXITSTATUS(run("exit 77").status), 77);
    CU_ASSERT(no_child_is_left());
}

static void a_death_by_signal_arrives(void)
{
    const sample s = run("kill -KILL $$");
    CU_ASSERT(WIFSIGNALED(s.status));
    CU_ASSERT_EQUAL(WTERMSIG(s.status), SIGKILL);
    CU_ASSERT_EQUAL(s.end, child_ended);
}

static void wall_time_is_that_of_the_process(void)
{
    const sample s = run("sleep 0.1");
    CU_ASSERT(s.wall >= 0.1);
    CU_ASSERT(s.user + s.sys < s.wall);
}

static void processor_time_is_that_of_the_process(void)
{
    const sample s = run("i=0; while [ $i -lt 20000 ]; do i=$((i + 1)); done");
    CU_ASSERT(s.user + s.sys > 0);
}

static void big_output_is_heard_to_the_end(void)
{
    const sample a = run("head -c 20000000 /dev/zero; echo a");
    const sample b = run("head -c 20000000 /dev/zero; echo b");
    CU_ASSERT_EQUAL(a.status, 0);
    CU_ASSERT_NOT_EQUAL(a.hash, b.hash);
}

static void the_last_words_are_kept_and_no_more(void)
{
    CU_ASSERT_EQUAL(run("head -c 5000000 /dev/zero | tr '\\0' x >&2; echo last >&2").status, 0);
    const size_t n = strlen(words.text);
    CU_ASSERT_EQUAL(n, sizeof words.text - 1);
    CU_ASSERT_STRING_EQUAL(words.text + n - 6, "xlast\n");
}

static void words_of_an_earlier_run_are_forgotten(void)
{
    (void)run("echo old >&2");
    (void)run(":");
    CU_ASSERT_STRING_EQUAL(words.text, "");
}

static void standard_input_is_empty(void) { CU_ASSERT_EQUAL(run("test -z \"$(cat)\"").status, 0); }

static void a_run_has_no_terminal(void)
{
    CU_ASSERT_NOT_EQUAL(run("exec 2>/dev/null; : </dev/tty").status, 0);
}

static void only_the_given_cpus_are_used(void)
{
    cpu_set_t ours, one;
    CU_ASSERT_EQUAL_FATAL(sched_getaffinity(0, sizeof ours, &ours), 0);
    int cpu = CPU_SETSIZE - 1;
    while (!CPU_ISSET(cpu, &ours))
        cpu--;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    char *const argv[] = { "sh", "-c", "grep Cpus_allowed_list /proc/self/status >&2", NULL };
    (void)child_run(&(launch){ .argv = argv, .env = environ, .cpus = &one }, &words);
    char expected[60];
    snprintf(expected, sizeof expected, "Cpus_allowed_list:\t%d\n", cpu);
    CU_ASSERT_STRING_EQUAL(words.text, expected);
}

/* ---- what cannot be started ---- */

static void a_missing_program_is_an_exec_error(void)
{
    char *const argv[] = { "./no-such-program", NULL };
    CU_ASSERT_EQUAL(child_run(&(launch){ .argv = argv, .env = environ }, &words).exec_error,
                    ENOENT);
    CU_ASSERT(no_child_is_left());
}

static void a_folder_is_no_program(void)
{
    char *const argv[] = { "/", NULL };
    CU_ASSERT_EQUAL(child_run(&(launch){ .argv = argv, .env = environ }, &words).exec_error,
                    EACCES);
}

/* ---- how it ends ---- */

static void a_run_over_time_is_ended(void)
{
    const double start = weft_now();
    const sample s = run_within("sleep 100", 0.05);
    CU_ASSERT_EQUAL(s.end, child_timed_out);
    CU_ASSERT_EQUAL(s.exec_error, 0);
    CU_ASSERT(weft_now() - start < 20);
    CU_ASSERT(no_child_is_left());
}

static void output_without_end_does_not_outlast_the_time(void)
{
    CU_ASSERT_EQUAL(run_within("exec yes", 0.1).end, child_timed_out);
    CU_ASSERT_EQUAL(run_within("exec yes >&2", 0.1).end, child_timed_out);
}

static void a_run_within_its_time_is_left_alone(void)
{
    const sample s = run_within("exit 5", 50);
    CU_ASSERT_EQUAL(s.end, child_ended);
    CU_ASSERT_EQUAL(WEXITSTATUS(s.status), 5);
}

static void who_does_not_hear_a_request_is_made_to_end(void)
{
    const sample s = run_within("trap '' TERM; while :; do sleep 0.05; done", in_time);
    CU_ASSERT_EQUAL(s.end, child_timed_out);
    CU_ASSERT(WIFSIGNALED(s.status));
    CU_ASSERT_EQUAL(WTERMSIG(s.status), SIGKILL);
}

static void who_hears_it_can_put_things_in_order(void)
{
    const sample s =
        run_within("trap 'echo tidy >&2; exit 9' TERM; while :; do sleep 0.02; done", in_time);
    CU_ASSERT_EQUAL(s.end, child_timed_out);
    CU_ASSERT_EQUAL(WEXITSTATUS(s.status), 9);
    CU_ASSERT_PTR_NOT_NULL(strstr(words.text, "tidy\n"));
}

static void children_of_a_run_end_with_it(void)
{
    const sample s = run_within("sleep 100 & echo $! >&2; sleep 100", 0.2);
    CU_ASSERT_EQUAL(s.end, child_timed_out);
    const pid_t grandchild = (pid_t)atoi(words.text);
    CU_ASSERT_FATAL(grandchild > 1);
    CU_ASSERT(process_ends(grandchild));
}

static void what_a_run_leaves_behind_is_killed(void)
{
    const sample s = run("sleep 100 & echo $! >&2");
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT(s.wall < 50);
    const pid_t left = (pid_t)atoi(words.text);
    CU_ASSERT_FATAL(left > 1);
    CU_ASSERT(process_ends(left));
}

static void a_caught_signal_ends_the_run(void)
{
    interrupt_catch();
    pthread_kill(pthread_self(), SIGINT);
    const sample s = run("sleep 100");
    CU_ASSERT_EQUAL(s.end, child_interrupted);
    CU_ASSERT_EQUAL(interrupt_came(), SIGINT);
    interrupt_release();
    CU_ASSERT(no_child_is_left());
}

static void a_run_has_the_signals_that_we_had(void)
{
    static const char mask[] = "grep SigBlk /proc/self/status >&2";
    (void)run(mask);
    const last_words had = words;
    interrupt_catch();
    (void)run(mask);
    interrupt_release();
    CU_ASSERT_STRING_EQUAL(words.text, had.text);
}

static void runs_leave_no_open_files(void)
{
    const int before = dup(0);
    close(before);
    for (int k = 0; k < 20; k++)
        (void)run_within(k % 2 ? "exit 1" : "exit 0", 100);
    const int after = dup(0);
    close(after);
    CU_ASSERT_EQUAL(before, after);
}

CU_TestInfo child_tests[] = {
    { "the_exit_status_arrives", the_exit_status_arrives },
    { "a_death_by_signal_arrives", a_death_by_signal_arrives },
    { "wall_time_is_that_of_the_process", wall_time_is_that_of_the_process },
    { "processor_time_is_that_of_the_process", processor_time_is_that_of_the_process },
    { "big_output_is_heard_to_the_end", big_output_is_heard_to_the_end },
    { "the_last_words_are_kept_and_no_more", the_last_words_are_kept_and_no_more },
    { "words_of_an_earlier_run_are_forgotten", words_of_an_earlier_run_are_forgotten },
    { "standard_input_is_empty", standard_input_is_empty },
    { "a_run_has_no_terminal", a_run_has_no_terminal },
    { "only_the_given_cpus_are_used", only_the_given_cpus_are_used },
    { "a_missing_program_is_an_exec_error", a_missing_program_is_an_exec_error },
    { "a_folder_is_no_program", a_folder_is_no_program },
    { "a_run_over_time_is_ended", a_run_over_time_is_ended },
    { "output_without_end_does_not_outlast_the_time",
      output_without_end_does_not_outlast_the_time },
    { "a_run_within_its_time_is_left_alone", a_run_within_its_time_is_left_alone },
    { "who_does_not_hear_a_request_is_made_to_end", who_does_not_hear_a_request_is_made_to_end },
    { "who_hears_it_can_put_things_in_order", who_hears_it_can_put_things_in_order },
    { "children_of_a_run_end_with_it", children_of_a_run_end_with_it },
    { "what_a_run_leaves_behind_is_killed", what_a_run_leaves_behind_is_killed },
    { "a_caught_signal_ends_the_run", a_caught_signal_ends_the_run },
    { "a_run_has_the_signals_that_we_had", a_run_has_the_signals_that_we_had },
    { "runs_leave_no_open_files", runs_leave_no_open_files },
    CU_TEST_INFO_NULL,
};
