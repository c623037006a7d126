/* pin_test.c - weft pin: a command gets its places, and is itself in all else.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft/machine.h>

#include "program.h"
#include "suites.h"

static const weft_limits *here(void) { return weft_machine_limits(weft_machine_this()); }

static void answers(const char *arguments, const char *const *set, int status, const char *text)
{
    said s = run_weft(arguments, set);
    ASSERT_TEXT(s.err, text);
    ASSERT_TEXT(s.out, "");
    CU_ASSERT_EQUAL(s.status, status);
    said_free(&s);
}

/* What a command prints that runs under weft pin. */
static void prints(const char *arguments, const char *const *set, const char *expected)
{
    said s = run_weft(arguments, set);
    ASSERT_TEXT(s.err, "");
    ASSERT_TEXT(s.out, expected);
    CU_ASSERT_EQUAL(s.status, 0);
    said_free(&s);
}

static size_t last_allowed_cpu(void)
{
    size_t cpu = WEFT_CPUS_MAX - 1;
    while (!weft_cpus_has(&here()->allowed, cpu))
        cpu--;
    return cpu;
}

/* ---- places ---- */

static void the_process_is_bound_to_all_its_places(void)
{
    char arguments[200], expected[200], text[100];
    weft_cpus places[2] = { { { 0 } } };
    if (!here()->can_bind)
        return;
    CU_ASSERT_EQUAL(weft_machine_places(weft_machine_this(), "compact", 2, places), WEFT_OK);
    weft_cpus all = places[0];
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX; cpu++)
        if (weft_cpus_has(&places[1], cpu))
            weft_cpus_add(&all, cpu);
    snprintf(arguments, sizeof arguments,
             "pin -t 2 -p compact -- grep Cpus_allowed_list /proc/self/status");
    snprintf(expected, sizeof expected, "Cpus_allowed_list:\t%s\n",
             weft_cpus_format(&all, text, sizeof text));
    prints(arguments, NULL, expected);
}

static void each_openmp_thread_gets_a_place_of_its_own(void)
{
    char arguments[200], expected[200];
    const size_t cpu = last_allowed_cpu();
    if (!here()->can_bind)
        return;
    snprintf(arguments, sizeof arguments,
             "pin --place %zu -- sh -c 'echo $OMP_NUM_THREADS $OMP_PLACES $OMP_PROC_BIND "
             "$WEFT_NUM_THREADS'",
             cpu);
    snprintf(expected, sizeof expected, "1 {%zu} true 1\n", cpu);
    prints(arguments, NULL, expected);
}

/* Somebody who asks for a place means it. */
static void places_replace_openmp_settings_of_the_user(void)
{
    static const char *const set[] = { "OMP_PROC_BIND=close", "OMP_PLACES=sockets",
                                       "OMP_NUM_THREADS=7", NULL };
    if (here()->can_bind)
        prints("pin -t 1 -- sh -c 'echo $OMP_NUM_THREADS $OMP_PROC_BIND'", set, "1 true\n");
}

static void nothing_is_bound_by_none(void)
{
    static const char *const set[] = { "OMP_PROC_BIND=close", NULL };
    prints("pin -t 3 --place none -- sh -c 'echo $OMP_NUM_THREADS $OMP_PROC_BIND $OMP_PLACES.'",
           set, "3 close .\n");
}

static void a_list_has_as_many_threads_as_cpus(void)
{
    char arguments[200], text[100], expected[100];
    if (!here()->can_bind)
        return;
    snprintf(arguments, sizeof arguments, "pin --place %s -- sh -c 'echo $OMP_NUM_THREADS'",
             weft_cpus_format(&here()->allowed, text, sizeof text));
    snprintf(expected, sizeof expected, "%zu\n", weft_cpus_count(&here()->allowed));
    prints(arguments, NULL, expected);
}

static void the_mark_becomes_the_number(void)
{
    prints("pin -t 3 --place none -- echo a{threads}b", NULL, "a3b\n");
}

/* ---- the command is itself ---- */

static void the_exit_status_is_its_own(void)
{
    answers("pin --place none -- sh -c 'exit 77'", NULL, 77, "");
}

static void its_death_by_signal_is_its_own(void)
{
    answers("pin --place none -- sh -c 'kill -TERM $$'", NULL, 128 + SIGTERM, "");
}

/* No process stands between: the parent of the command is that of weft. */
static void nobody_stands_between(void)
{
    char script[300];
    snprintf(script, sizeof script, "echo $$; exec %s pin --place none -- sh -c 'echo $$'",
             built("weft"));
    said s = program_run((char *const[]){ "sh", "-c", script, NULL }, NULL);
    int before = 0, after = 1;
    CU_ASSERT_EQUAL(sscanf(s.out, "%d %d", &before, &after), 2);
    CU_ASSERT_EQUAL(before, after);
    said_free(&s);
}

static void standard_input_is_its_own(void)
{
    char script[300];
    snprintf(script, sizeof script, "echo hello | %s pin --place none -- cat", built("weft"));
    said s = program_run((char *const[]){ "sh", "-c", script, NULL }, NULL);
    ASSERT_TEXT(s.out, "hello\n");
    said_free(&s);
}

/* ---- bad input ---- */

static void a_missing_program_is_127(void)
{
    answers("pin --place none -- ./no-such-program", NULL, 127,
            "weft: pin: ./no-such-program cannot be started: No such file or directory\n");
}

static void a_file_that_is_no_program_is_126(void)
{
    answers("pin --place none -- /etc/passwd", NULL, 126,
            "weft: pin: /etc/passwd cannot be started: Permission denied\n");
}

static void a_command_stands_behind_two_dashes(void)
{
    answers("pin", NULL, 2,
            "weft: pin: name a command behind --, as in weft pin -t 2 -- ./a.out\n");
    answers("pin --", NULL, 2,
            "weft: pin: name a command behind --, as in weft pin -t 2 -- ./a.out\n");
    answers("pin true", NULL, 2,
            "weft: pin: there is nothing to be done with \"true\": put the command behind --\n");
}

static void thread_counts_and_places_are_checked(void)
{
    answers("pin -t 0 -- true", NULL, 2,
            "weft: pin: --threads is \"0\": it must be a whole number from 1 to 4096\n");
    answers("pin -t 1000000000 -- true", NULL, 2,
            "weft: pin: --threads is \"1000000000\": it must be a whole number from 1 to 4096\n");
    answers("pin --place near -- true", NULL, 2,
            "weft: pin: --place is \"near\": it must be cores, spread, compact, none, auto or a "
            "list of allowed CPUs, as in 0-3,8\n");
}

/* To run unbound would be no answer to somebody who asked for a place. */
static void a_machine_that_is_not_here_cannot_bind(void)
{
    static const char *const machine[] = { "HWLOC_SYNTHETIC=core:8 pu:1", NULL };
    said s = run_weft("pin -t 2 -- echo ran", machine);
    CU_ASSERT_EQUAL(s.status, 125);
    ASSERT_TEXT(s.out, "");
    CU_ASSERT_EQUAL(strncmp(s.err, "weft: pin: threads cannot be placed by cores: ", 46), 0);
    said_free(&s);
    prints("pin -t 2 --place none -- echo ran", machine, "ran\n");
}

CU_TestInfo pin_tests[] = {
    { "the_process_is_bound_to_all_its_places", the_process_is_bound_to_all_its_places },
    { "each_openmp_thread_gets_a_place_of_its_own", each_openmp_thread_gets_a_place_of_its_own },
    { "places_replace_openmp_settings_of_the_user", places_replace_openmp_settings_of_the_user },
    { "nothing_is_bound_by_none", nothing_is_bound_by_none },
    { "a_list_has_as_many_threads_as_cpus", a_list_has_as_many_threads_as_cpus },
    { "the_mark_becomes_the_number", the_mark_becomes_the_number },
    { "the_exit_status_is_its_own", the_exit_status_is_its_own },
    { "its_death_by_signal_is_its_own", its_death_by_signal_is_its_own },
    { "nobody_stands_between", nobody_stands_between },
    { "standard_input_is_its_own", standard_input_is_its_own },
    { "a_missing_program_is_127", a_missing_program_is_127 },
    { "a_file_that_is_no_program_is_126", a_file_that_is_no_program_is_126 },
    { "a_command_stands_behind_two_dashes", a_command_stands_behind_two_dashes },
    { "thread_counts_and_places_are_checked", thread_counts_and_places_are_checked },
    { "a_machine_that_is_not_here_cannot_bind", a_machine_that_is_not_here_cannot_bind },
    CU_TEST_INFO_NULL,
};
