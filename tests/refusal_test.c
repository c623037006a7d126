/* refusal_test.c - what the weft command says to bad input, word for word, and how it exits.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"
#include "suites.h"

/* The command says this and nothing else. */
static void answers(const char *arguments, int status, const char *text)
{
    said s = run_weft(arguments, NULL);
    ASSERT_TEXT(s.err, text);
    ASSERT_TEXT(s.out, "");
    CU_ASSERT_EQUAL(s.status, status);
    said_free(&s);
}

static void refuses(const char *arguments, const char *text) { answers(arguments, 2, text); }

static void no_command_is_asked_for_one(void)
{
    refuses("", "weft: which command? topo, list, run, pin or scale: see weft --help\n");
}

static void an_unknown_command_is_answered_with_the_known_ones(void)
{
    refuses("scael",
            "weft: there is no command \"scael\": topo, list, run, pin and scale there are\n");
}

static void an_unknown_option_points_to_the_help(void)
{
    refuses("scale --thread 2 sum",
            "weft: scale: there is no option --thread: see weft scale --help\n");
    refuses("topo -w", "weft: topo: there is no option -w: see weft topo --help\n");
}

static void an_unknown_kernel_is_answered_with_the_nearest(void)
{
    refuses("scale tirad",
            "weft-kernel: there is no kernel \"tirad\": did you mean triad? weft list "
            "shows all\n");
    refuses("run wordcuont", "weft-kernel: there is no kernel \"wordcuont\": did you mean "
                             "wordcount? weft list shows all\n");
}

static void a_kernel_like_none_is_answered_with_the_list(void)
{
    refuses("scale xyzzy", "weft-kernel: there is no kernel \"xyzzy\": see weft list\n");
}

static void a_study_of_nothing_is_asked_for_a_kernel_or_command(void)
{
    const char *text = "weft: scale: name a kernel (see weft list), or a command behind --\n";
    refuses("scale", text);
    refuses("scale --", text);
}

static void kernels_and_a_command_are_one_too_many(void)
{
    refuses("scale sum -- true",
            "weft: scale: take kernels or a command behind --, not both: \"sum\"\n");
}

/* ---- thread counts ---- */

static void refuses_threads(const char *value)
{
    char arguments[80], text[160];
    snprintf(arguments, sizeof arguments, "scale --threads %s sum", value);
    snprintf(text, sizeof text,
             "weft: scale: --threads is \"%s\": it must be thread counts from 1 to 4096, as in "
             "1,2,4 or 1-4,8\n",
             value);
    refuses(arguments, text);
}

static void no_threads_are_refused(void) { refuses_threads("0"); }
static void a_thousand_million_threads_are_refused(void) { refuses_threads("1000000000"); }
static void more_threads_than_a_number_holds_are_refused(void)
{
    refuses_threads("99999999999999999999999");
}
static void letters_are_no_thread_count(void) { refuses_threads("abc"); }
static void a_negative_thread_count_is_refused(void) { refuses_threads("-4"); }
static void a_falling_range_is_refused(void) { refuses_threads("4-1"); }
static void a_list_with_a_hole_is_refused(void)
{
    refuses_threads("1,,2");
    refuses_threads("1,2,");
    refuses_threads("1-");
}

static void a_missing_value_is_named(void)
{
    refuses("scale --threads", "weft: scale: --threads needs a value: LIST\n");
    refuses("scale --threads --rounds 3 sum", "weft: scale: --threads needs a value: LIST\n");
    refuses("scale sum -t", "weft: scale: --threads needs a value: LIST\n");
}

static void one_run_takes_one_thread_count(void)
{
    refuses("run sum --threads 1,2",
            "weft: run: --threads is \"1,2\": it must be a whole number from 1 to 4096\n");
}

/* ---- other values ---- */

static void rounds_are_at_least_one(void)
{
    refuses("scale --rounds 0 sum",
            "weft: scale: --rounds is \"0\": it must be a whole number from 1 to 1000000\n");
    refuses("scale --rounds -5 sum",
            "weft: scale: --rounds is \"-5\": it must be a whole number from 1 to 1000000\n");
}

static void a_warmup_may_be_zero_but_not_a_word(void)
{
    refuses("scale --warmup some sum",
            "weft: scale: --warmup is \"some\": it must be a whole number from 0 to 1000000\n");
}

static void a_seed_is_a_whole_number(void)
{
    refuses("scale --seed 1.5 sum",
            "weft: scale: --seed is \"1.5\": it must be a whole number from 0\n");
}

static void a_timeout_is_above_zero_and_a_number(void)
{
    refuses("scale --timeout 0 sum", "weft: scale: --timeout is \"0\": it must be a number of "
                                     "seconds above 0, as in 60 or 0.5\n");
    refuses("scale --timeout nan sum", "weft: scale: --timeout is \"nan\": it must be a number of "
                                       "seconds above 0, as in 60 or 0.5\n");
}

static void a_size_has_a_known_unit_and_fits(void)
{
    const char *const rule =
        "it must be a whole number from 1; K, M or G behind it is 1024, 1024^2, 1024^3\n";
    static const char *const values[] = { "0", "3T", "3KK", "99999999999999999999G", "1e6" };
    for (size_t k = 0; k < COUNT(values); k++) {
        char arguments[80], text[200];
        snprintf(arguments, sizeof arguments, "run sum --size %s", values[k]);
        snprintf(text, sizeof text, "weft: run: --size is \"%s\": %s", values[k], rule);
        refuses(arguments, text);
    }
}

static void a_precision_is_a_percentage(void)
{
    static const char *const values[] = { "0", "-2", "x", "2x", "101", "nan" };
    for (size_t k = 0; k < COUNT(values); k++) {
        char arguments[80], text[160];
        snprintf(arguments, sizeof arguments, "scale --precision %s sum", values[k]);
        snprintf(text, sizeof text,
                 "weft: scale: --precision is \"%s\": it must be a percentage above 0, as in 2 or "
                 "0.5\n",
                 values[k]);
        refuses(arguments, text);
    }
}

static void a_budget_is_a_time(void)
{
    refuses("scale --budget soon sum", "weft: scale: --budget is \"soon\": it must be a number of "
                                       "seconds above 0, as in 60 or 0.5\n");
}

static void a_place_is_a_policy_or_cpus(void)
{
    const char *const text = "weft: scale: --place is \"%s\": it must be cores, spread, compact, "
                             "none, auto or a list of allowed CPUs, as in 0-3,8\n";
    char expected[200];
    snprintf(expected, sizeof expected, text, "everywhere");
    refuses("scale --place everywhere -- true", expected);
    snprintf(expected, sizeof expected, text, "1023");
    refuses("scale --place 1023 -- true", expected);
}

static void a_flag_takes_no_value(void)
{
    refuses("topo --why=yes", "weft: topo: --why takes no value\n");
}

static void a_command_gets_its_size_and_input_itself(void)
{
    const char *text = "weft: scale: --size and --input are for kernels: give them to the command "
                       "itself\n";
    refuses("scale --size 10 -- true", text);
    refuses("scale --input README.md -- true", text);
}

static void arguments_that_mean_nothing_are_named(void)
{
    refuses("topo all", "weft: topo: there is nothing to be done with \"all\"\n");
    refuses("topo -- ls", "weft: topo takes no command\n");
    refuses("list triad", "weft: list takes no arguments\n");
    refuses("run", "weft: run takes one kernel: see weft list\n");
    refuses("run sum triad", "weft: run takes one kernel: see weft list\n");
}

/* ---- input ---- */

static void a_missing_input_is_named(void)
{
    refuses("scale wordcount --input no/such/file",
            "weft-kernel: --input no/such/file cannot be read: No such file or directory\n");
    refuses("run wordcount --input no/such/file",
            "weft-kernel: --input no/such/file cannot be read: No such file or directory\n");
}

/* root may read everything: then there is nothing to refuse. */
static void an_unreadable_input_is_named(void)
{
    char path[] = "/tmp/weft-test-XXXXXX", arguments[80], text[160];
    const int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    CU_ASSERT_EQUAL(fchmod(fd, 0), 0);
    snprintf(arguments, sizeof arguments, "run wordcount --input %s", path);
    snprintf(text, sizeof text, "weft-kernel: --input %s cannot be read: Permission denied\n",
             path);
    said s = run_weft(arguments, NULL);
    const bool all_powerful = access(path, R_OK) == 0;
    CU_ASSERT_EQUAL(s.status, all_powerful ? 0 : 2);
    ASSERT_TEXT(s.err, all_powerful ? "" : text);
    said_free(&s);
    close(fd), unlink(path);
}

static void a_kernel_without_input_says_so(void)
{
    refuses("scale triad --input README.md", "weft-kernel: triad reads no --input\n");
}

/* ---- output ---- */

/* Its program would leave a mark: nothing may have run before the refusal. */
static void refuses_json(const char *path, const char *reason)
{
    char mark[] = "/tmp/weft-test-XXXXXX", arguments[300], text[300];
    const int fd = mkstemp(mark);
    CU_ASSERT_FATAL(fd >= 0);
    snprintf(arguments, sizeof arguments, "scale -t 1 --json %s -- sh -c 'echo ran >>%s'", path,
             mark);
    snprintf(text, sizeof text,
             "weft: scale: --json is \"%s\": it must be a file that can be written: %s\n", path,
             reason);
    refuses(arguments, text);
    CU_ASSERT_EQUAL(lseek(fd, 0, SEEK_END), 0);
    close(fd), unlink(mark);
}

static void json_that_cannot_be_written_is_known_before_the_first_run(void)
{
    refuses_json("/no/such/folder/study.json", "No such file or directory");
    refuses_json("/tmp", "Is a directory");
    refuses_json("/etc/passwd/study.json", "Not a directory");
    refuses("scale --json  -- true", "weft: scale: --json needs a value: FILE\n");
}

static void a_file_that_json_would_replace_may_be_read_only(void)
{
    if (access("/proc/sys/kernel/ostype", W_OK) == 0)
        return; /* root of a strange system */
    said s = run_weft("scale -t 1 --json /proc/sys/kernel/ostype -- true", NULL);
    CU_ASSERT_EQUAL(s.status, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err, "it must be a file that can be written: "));
    said_free(&s);
}

/* ---- programs ---- */

static void a_missing_program_is_127(void)
{
    answers("scale --threads 1 -- ./no-such-program", 127,
            "weft: failed with 1 thread: ./no-such-program: cannot be started: No such file or "
            "directory\n");
}

static void a_file_that_is_no_program_is_126(void)
{
    answers("scale --threads 1 -- /etc/passwd", 126,
            "weft: failed with 1 thread: /etc/passwd: cannot be started: Permission denied\n");
}

static void a_missing_kernel_program_is_127(void)
{
    said s = run_weft("scale sum", (const char *[]){ "WEFT_KERNEL=/no/weft-kernel", NULL });
    ASSERT_TEXT(s.err, "weft: /no/weft-kernel cannot be started: No such file or directory\n");
    CU_ASSERT_EQUAL(s.status, 127);
    said_free(&s);
}

static void a_failure_stops_the_study_and_shows_its_last_words(void)
{
    answers(
        "scale --threads 1 -- sh -c 'echo one >&2; echo two >&2; exit 3'", 1,
        "weft: failed with 1 thread: sh -c 'echo one >&2; echo two >&2; exit 3': exit status 3\n"
        "    one\n"
        "    two\n");
}

static void a_failure_at_one_thread_count_names_it(void)
{
    answers("scale --threads 1,3 --place none -- sh -c 'test {threads} = 1'", 1,
            "weft: failed with 3 threads: sh -c 'test {threads} = 1': exit status 1\n");
}

static void a_death_by_signal_is_named(void)
{
    answers("scale --threads 1 -- sh -c 'kill -TERM $$'", 1,
            "weft: failed with 1 thread: sh -c 'kill -TERM $$': ended by signal 15 (Terminated)\n");
}

static void a_run_over_time_is_named(void)
{
    answers("scale --threads 1 --timeout 0.1 -- sleep 100", 1,
            "weft: failed with 1 thread: sleep 100: took longer than --timeout 0.1\n");
}

CU_TestInfo refusal_tests[] = {
    { "no_command_is_asked_for_one", no_command_is_asked_for_one },
    { "an_unknown_command_is_answered_with_the_known_ones",
      an_unknown_command_is_answered_with_the_known_ones },
    { "an_unknown_option_points_to_the_help", an_unknown_option_points_to_the_help },
    { "an_unknown_kernel_is_answered_with_the_nearest",
      an_unknown_kernel_is_answered_with_the_nearest },
    { "a_kernel_like_none_is_answered_with_the_list",
      a_kernel_like_none_is_answered_with_the_list },
    { "a_study_of_nothing_is_asked_for_a_kernel_or_command",
      a_study_of_nothing_is_asked_for_a_kernel_or_command },
    { "kernels_and_a_command_are_one_too_many", kernels_and_a_command_are_one_too_many },
    { "no_threads_are_refused", no_threads_are_refused },
    { "a_thousand_million_threads_are_refused", a_thousand_million_threads_are_refused },
    { "more_threads_than_a_number_holds_are_refused",
      more_threads_than_a_number_holds_are_refused },
    { "letters_are_no_thread_count", letters_are_no_thread_count },
    { "a_negative_thread_count_is_refused", a_negative_thread_count_is_refused },
    { "a_falling_range_is_refused", a_falling_range_is_refused },
    { "a_list_with_a_hole_is_refused", a_list_with_a_hole_is_refused },
    { "a_missing_value_is_named", a_missing_value_is_named },
    { "one_run_takes_one_thread_count", one_run_takes_one_thread_count },
    { "rounds_are_at_least_one", rounds_are_at_least_one },
    { "a_warmup_may_be_zero_but_not_a_word", a_warmup_may_be_zero_but_not_a_word },
    { "a_seed_is_a_whole_number", a_seed_is_a_whole_number },
    { "a_timeout_is_above_zero_and_a_number", a_timeout_is_above_zero_and_a_number },
    { "a_size_has_a_known_unit_and_fits", a_size_has_a_known_unit_and_fits },
    { "a_precision_is_a_percentage", a_precision_is_a_percentage },
    { "a_budget_is_a_time", a_budget_is_a_time },
    { "a_place_is_a_policy_or_cpus", a_place_is_a_policy_or_cpus },
    { "a_flag_takes_no_value", a_flag_takes_no_value },
    { "a_command_gets_its_size_and_input_itself", a_command_gets_its_size_and_input_itself },
    { "arguments_that_mean_nothing_are_named", arguments_that_mean_nothing_are_named },
    { "a_missing_input_is_named", a_missing_input_is_named },
    { "an_unreadable_input_is_named", an_unreadable_input_is_named },
    { "a_kernel_without_input_says_so", a_kernel_without_input_says_so },
    { "json_that_cannot_be_written_is_known_before_the_first_run",
      json_that_cannot_be_written_is_known_before_the_first_run },
    { "a_file_that_json_would_replace_may_be_read_only",
      a_file_that_json_would_replace_may_be_read_only },
    { "a_missing_program_is_127", a_missing_program_is_127 },
    { "a_file_that_is_no_program_is_126", a_file_that_is_no_program_is_126 },
    { "a_missing_kernel_program_is_127", a_missing_kernel_program_is_127 },
    { "a_failure_stops_the_study_and_shows_its_last_words",
      a_failure_stops_the_study_and_shows_its_last_words },
    { "a_failure_at_one_thread_count_names_it", a_failure_at_one_thread_count_names_it },
    { "a_death_by_signal_is_named", a_death_by_signal_is_named },
    { "a_run_over_time_is_named", a_run_over_time_is_named },
    CU_TEST_INFO_NULL,
};
