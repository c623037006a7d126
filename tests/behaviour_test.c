/* behaviour_test.c - programs of known behaviour, studied: what they do is what is found.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The programs are in tests/programs, or a line of shell. None of them needs more cores than there are:
 * they sleep where others would work. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft/machine.h>

#include "program.h"
#include "recorded.h"
#include "suites.h"

/* A machine with a core for each thread; nothing is bound there. */
static const char *const eight_cores[] = { "HWLOC_SYNTHETIC=core:8 pu:1", NULL };

/* Studies a program of tests/programs. */
static json_t *studied(const char *options, const char *program, const char *const *set)
{
    char arguments[600];
    snprintf(arguments, sizeof arguments, "%s -- %s/%s", options, built("tests/programs"), program);
    return recorded(arguments, set, 0, NULL);
}

static bool can_bind(void) { return weft_machine_limits(weft_machine_this())->can_bind; }
static size_t allowed(void)
{
    return weft_cpus_count(&weft_machine_limits(weft_machine_this())->allowed);
}

/* ---- scaling ---- */

/* 0.05 s of 0.25 s are serial. Sleeps are late at most, and late by the same in each share. */
static void a_serial_part_of_known_length_is_found(void)
{
    json_t *r = studied("-t 1,2,4 --rounds 6 --warmup 0", "amdahl 0.05 0.2 {threads}", eight_cores);
    const double serial = json_number(r, "studies/0/fits/amdahl/serial");
    CU_ASSERT(0.17 < serial && serial < 0.30);
    const double four = json_number(r, "studies/0/points/2/speedup/v");
    CU_ASSERT(1.9 < four && four < 2.6); /* 2.5 by the law */
    CU_ASSERT(json_number(r, "studies/0/points/2/speedup/ci/0") <= four);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/verdict/best"), 4);
    json_decref(r);
}

static void five_thread_counts_are_enough_for_the_scalability_law(void)
{
    json_t *r = studied("-t 1-5 --rounds 1 --warmup 0", "amdahl 0 0.1 {threads}", eight_cores);
    CU_ASSERT(json_number(r, "studies/0/fits/usl/contention") >= 0);
    CU_ASSERT(json_number(r, "studies/0/fits/usl/residual") >= 0);
    json_decref(r);
    r = studied("-t 1-4 --rounds 1 --warmup 0", "amdahl 0 0.05 {threads}", eight_cores);
    CU_ASSERT_STRING_EQUAL(json_text(r, "studies/0/fits/usl/skipped"),
                           "it takes 5 thread counts with a core for each, here are 4");
    json_decref(r);
}

/* ---- threads and places ---- */

static void threads_are_counted_while_they_are_there(void)
{
    json_t *r =
        studied("-t 1,3 --rounds 1 --warmup 0 --place none", "amdahl 0 0.9 {threads}", NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/placement/seen/threads"), 1);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/1/placement/seen/threads"), 3);
    CU_ASSERT_FALSE(json_warns(r, "threads"));
    json_decref(r);
}

static void a_program_that_stays_alone_is_found_out(void)
{
    json_t *r = studied("-t 2 --rounds 1 --warmup 0 --place none", "amdahl 0 0.3 1", NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/placement/seen/threads"), 1);
    CU_ASSERT(json_warns(r, "threads"));
    json_decref(r);
}

static void threads_of_a_shells_child_are_seen_and_the_shell_is_not(void)
{
    char arguments[600];
    snprintf(arguments, sizeof arguments,
             "-t 3 --rounds 1 --warmup 0 --place none -- sh -c '%s/amdahl 0 0.9 {threads}; true'",
             built("tests/programs"));
    json_t *r = recorded(arguments, NULL, 0, NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/placement/seen/threads"), 3);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/placement/seen/processes"), 1);
    json_decref(r);
}

static void processes_count_as_threads(void)
{
    json_t *r = studied("-t 3 --rounds 1 --warmup 0 --place none", "forks {threads}", NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/placement/seen/threads"), 3);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/placement/seen/processes"), 3);
    json_decref(r);
}

static void an_openmp_program_has_a_thread_on_each_place(void)
{
    const size_t most = allowed() < 2 ? 1 : 2;
    char options[60], path[80];
    snprintf(options, sizeof options, "-t 1-%zu --rounds 1 --warmup 0 --place compact", most);
    json_t *r = studied(options, "openmp", NULL);
    for (size_t k = 0; k < most && can_bind(); k++) {
        snprintf(path, sizeof path, "studies/0/points/%zu/placement/verified", k);
        ASSERT_TEXT(json_text(r, path), "each");
    }
    json_decref(r);
}

static void threads_that_are_not_told_apart_share_their_places(void)
{
    if (!can_bind() || allowed() < 2)
        return;
    json_t *r =
        studied("-t 2 --rounds 1 --warmup 0 --place compact", "amdahl 0 0.6 {threads}", NULL);
    ASSERT_TEXT(json_text(r, "studies/0/points/0/placement/verified"), "shared");
    CU_ASSERT_FALSE(json_warns(r, "binding"));
    json_decref(r);
}

static void a_program_that_leaves_its_places_is_found_out(void)
{
    if (!can_bind() || allowed() < 2)
        return;
    json_t *r = studied("-t 1 --rounds 1 --warmup 0 --place compact", "binds everywhere 1", NULL);
    ASSERT_TEXT(json_text(r, "studies/0/points/0/placement/verified"), "escaped");
    CU_ASSERT(json_warns(r, "binding"));
    json_decref(r);
}

static void threads_that_huddle_on_one_cpu_are_found_out(void)
{
    if (!can_bind() || allowed() < 2)
        return;
    json_t *r = studied("-t 2 --rounds 1 --warmup 0 --place compact", "binds together 2", NULL);
    ASSERT_TEXT(json_text(r, "studies/0/points/0/placement/verified"), "huddled");
    CU_ASSERT(json_warns(r, "binding"));
    json_decref(r);
}

/* ---- output ---- */

static void wrong_output_at_two_threads_is_seen(void)
{
    json_t *r = recorded("-t 1-3 --rounds 2 --place none -- sh -c 'test {threads} = 2 && echo 41 "
                         "|| echo 42'",
                         NULL, 0, NULL);
    ASSERT_TEXT(json_text(r, "studies/0/points/0/output"), "same");
    ASSERT_TEXT(json_text(r, "studies/0/points/1/output"), "differs");
    ASSERT_TEXT(json_text(r, "studies/0/points/2/output"), "same");
    CU_ASSERT(json_warns(r, "output_differs"));
    json_decref(r);
}

static void output_that_is_never_the_same_varies(void)
{
    json_t *r = recorded("-t 1 --rounds 2 -- date +%N", NULL, 0, NULL);
    ASSERT_TEXT(json_text(r, "studies/0/points/0/output"), "varies");
    CU_ASSERT(json_warns(r, "output_varies"));
    json_decref(r);
}

static void a_gigabyte_of_output_is_compared_and_not_kept(void)
{
    json_t *r = recorded("-t 1 --rounds 1 --warmup 0 -- head -c 1G /dev/zero", NULL, 0, NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/samples/0/exit"), 0);
    json_decref(r);
}

static void who_reads_standard_input_finds_its_end(void)
{
    json_t *r = recorded("-t 1 --rounds 1 --timeout 30 -- sh -c 'cat; echo end'", NULL, 0, NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/samples/0/exit"), 0);
    json_decref(r);
}

/* ---- failures ---- */

static void a_crash_at_two_threads_is_reported_and_never_averaged(void)
{
    char *words = NULL;
    json_t *r =
        recorded("-t 1,2 --rounds 3 --warmup 0 --place none -- sh -c 'test {threads} = 1 || "
                 "kill -SEGV $$'",
                 NULL, 1, &words);
    CU_ASSERT_PTR_NOT_NULL(strstr(words, "weft: failed with 2 threads: "));
    CU_ASSERT_PTR_NOT_NULL(strstr(words, ": ended by signal 11 (Segmentation fault)\n"));
    CU_ASSERT_EQUAL(json_number(r, "failure/threads"), 2);
    CU_ASSERT_EQUAL(json_number(r, "failure/exit"), 128 + SIGSEGV);
    ASSERT_TEXT(json_text(r, "design/stopped_by"), "failure");
    CU_ASSERT_EQUAL(json_array_size(json_at(r, "studies/0/points/1/samples")), 0);
    CU_ASSERT(json_is_null(json_at(r, "studies/0/verdict")));
    free(words);
    json_decref(r);
}

/* The fourth run fails: a round is complete, its figures stand. */
static void rounds_before_a_failure_are_kept(void)
{
    char path[] = "/tmp/weft-test-XXXXXX", arguments[300], *words = NULL;
    const int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    close(fd);
    snprintf(arguments, sizeof arguments,
             "-t 1,2 --place none --rounds 3 --warmup 0 -- sh -c "
             "'echo >>%s; test $(wc -l <%s) -lt 4'",
             path, path);
    json_t *r = recorded(arguments, NULL, 1, &words);
    unlink(path);
    CU_ASSERT_EQUAL(json_number(r, "design/rounds_done"), 1);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/stats/n"), 1);
    CU_ASSERT_EQUAL(json_array_size(json_at(r, "studies/0/points/0/samples")) +
                        json_array_size(json_at(r, "studies/0/points/1/samples")),
                    3);
    CU_ASSERT_PTR_NOT_NULL(strstr(words, "until one failed"));
    CU_ASSERT_PTR_NOT_NULL(strstr(words, "exit status 1"));
    free(words);
    json_decref(r);
}

static void a_program_without_an_end_is_given_one(void)
{
    char *words = NULL;
    json_t *r = recorded("-t 1 --timeout 0.2 -- sh -c 'while :; do :; done'", NULL, 1, &words);
    CU_ASSERT_PTR_NOT_NULL(strstr(words, ": took longer than --timeout 0.2\n"));
    CU_ASSERT(json_truth(r, "failure/timed_out"));
    free(words);
    json_decref(r);
}

/* What has left the session is not ours to end; that it is there must not keep the study. */
static void a_daemon_does_not_keep_the_study(void)
{
    char path[] = "/tmp/weft-test-XXXXXX", program[80];
    const int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    snprintf(program, sizeof program, "daemonises %s", path);
    json_t *r = studied("-t 1 --rounds 2", program, NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/stats/n"), 2);
    CU_ASSERT(json_number(r, "studies/0/points/0/stats/max") < 25);
    json_decref(r);
    FILE *f = fdopen(fd, "r");
    int daemon, daemons = 0;
    for (; fscanf(f, "%d", &daemon) == 1; daemons++)
        CU_ASSERT_EQUAL(kill(daemon, SIGKILL), 0);
    CU_ASSERT_EQUAL(daemons, 3); /* one of each run, the warm-up too */
    fclose(f);
    unlink(path);
}

CU_TestInfo behaviour_tests[] = {
    { "a_serial_part_of_known_length_is_found", a_serial_part_of_known_length_is_found },
    { "five_thread_counts_are_enough_for_the_scalability_law",
      five_thread_counts_are_enough_for_the_scalability_law },
    { "threads_are_counted_while_they_are_there", threads_are_counted_while_they_are_there },
    { "a_program_that_stays_alone_is_found_out", a_program_that_stays_alone_is_found_out },
    { "threads_of_a_shells_child_are_seen_and_the_shell_is_not",
      threads_of_a_shells_child_are_seen_and_the_shell_is_not },
    { "processes_count_as_threads", processes_count_as_threads },
    { "an_openmp_program_has_a_thread_on_each_place",
      an_openmp_program_has_a_thread_on_each_place },
    { "threads_that_are_not_told_apart_share_their_places",
      threads_that_are_not_told_apart_share_their_places },
    { "a_program_that_leaves_its_places_is_found_out",
      a_program_that_leaves_its_places_is_found_out },
    { "threads_that_huddle_on_one_cpu_are_found_out",
      threads_that_huddle_on_one_cpu_are_found_out },
    { "wrong_output_at_two_threads_is_seen", wrong_output_at_two_threads_is_seen },
    { "output_that_is_never_the_same_varies", output_that_is_never_the_same_varies },
    { "a_gigabyte_of_output_is_compared_and_not_kept",
      a_gigabyte_of_output_is_compared_and_not_kept },
    { "who_reads_standard_input_finds_its_end", who_reads_standard_input_finds_its_end },
    { "a_crash_at_two_threads_is_reported_and_never_averaged",
      a_crash_at_two_threads_is_reported_and_never_averaged },
    { "rounds_before_a_failure_are_kept", rounds_before_a_failure_are_kept },
    { "a_program_without_an_end_is_given_one", a_program_without_an_end_is_given_one },
    { "a_daemon_does_not_keep_the_study", a_daemon_does_not_keep_the_study },
    CU_TEST_INFO_NULL,
};
