/* cli_test.c - what the weft command prints, against golden files, and how it runs programs.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * After a wanted change of the output:
 *
 *     WEFT_GOLDEN=update make test T=cli     then read `git diff tests/golden`
 *
 * Machines are described by HWLOC_SYNTHETIC, and studies run a program that reports made-up times, so
 * nothing depends on the machine at hand but what settle() takes out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft/machine.h>
#include <weft/version.h>

#include "golden.h"
#include "program.h"
#include "suites.h"

/* Takes out a warning about the machine at hand, with its advice. */
static void drop_warning(char *text, const char *seen)
{
    char *at = strstr(text, seen), *next;
    if (!at)
        return;
    while (at > text && at[-1] != '\n')
        at--;
    for (int line = 0; line < 2; line++)
        if ((next = strchr(at, '\n')))
            memmove(at, next + 1, strlen(next));
}

/* Takes out a line that begins so, and those that go on with `more`. */
static void drop_lines(char *text, const char *begin, const char *more)
{
    char *at = strstr(text, begin), *next;
    while (at && (strncmp(at, begin, strlen(begin)) == 0 || strncmp(at, more, strlen(more)) == 0)) {
        if (!(next = strchr(at, '\n')))
            return;
        memmove(at, next + 1, strlen(next));
    }
}

static void settle(char *text)
{
    drop_warning(text, "others used");
    drop_warning(text, "share a quota of");
    drop_warning(text, "the hypervisor took");
    drop_warning(text, "the quota stopped threads");
    drop_warning(text, "were asked for");
    drop_lines(text, "threads seen: ", "  ");
}

/* The command runs well and prints what the golden file holds. */
static void prints(const char *arguments, const char *const *set, const char *name)
{
    said s = run_weft(arguments, set);
    settle(s.out);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.err, "");
    golden(name, s.out);
    said_free(&s);
}

/* ---- help ---- */

static void help_lists_every_command(void)
{
    prints("--help", NULL, "help");
    prints("-h", NULL, "help");
    prints("help", NULL, "help");
}

static void every_command_explains_itself(void)
{
    prints("topo --help", NULL, "help-topo");
    prints("list --help", NULL, "help-list");
    prints("run --help", NULL, "help-run");
    prints("pin --help", NULL, "help-pin");
    prints("scale --help", NULL, "help-scale");
    prints("scale -h", NULL, "help-scale");
}

static void help_fits_into_eighty_columns(void)
{
    static const char *const commands[] = { "--help", "topo -h", "list -h",
                                            "run -h", "pin -h",  "scale -h" };
    for (size_t k = 0; k < COUNT(commands); k++) {
        said s = run_weft(commands[k], NULL);
        for (const char *line = s.out; *line; line += strcspn(line, "\n") + 1)
            CU_ASSERT(strcspn(line, "\n") <= 80);
        said_free(&s);
    }
}

/* Help says "--name", the page ".It Fl t , Fl Fl name". */
static void the_manual_has_every_option_of_the_help(void)
{
    static const char *const commands[] = { "topo -h", "run -h", "pin -h", "scale -h" };
    said page = program_run((char *const[]){ "cat", "docs/weft.1", NULL }, NULL);
    for (size_t k = 0; k < COUNT(commands); k++) {
        said help = run_weft(commands[k], NULL);
        size_t options = 0;
        for (const char *at = help.out; (at = strstr(at, " --")); options++) {
            char wanted[60];
            at += 3;
            snprintf(wanted, sizeof wanted, "Fl Fl %.*s", (int)strcspn(at, " \n"), at);
            CU_ASSERT_PTR_NOT_NULL(strstr(page.out, wanted));
        }
        CU_ASSERT(options >= 2);
        said_free(&help);
    }
    said_free(&page);
}

static void the_version_is_that_of_the_library(void)
{
    char expected[60];
    snprintf(expected, sizeof expected, "weft %s\n", weft_version());
    said s = run_weft("--version", NULL);
    ASSERT_TEXT(s.out, expected);
    said_free(&s);
}

static void a_full_disk_is_a_failure(void)
{
    char script[200];
    snprintf(script, sizeof script, "%s --help >/dev/full", built("weft"));
    said s = program_run((char *const[]){ "sh", "-c", script, NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 1);
    ASSERT_TEXT(s.err, "weft: standard output: No space left on device\n");
    said_free(&s);
}

/* ---- kernels ---- */

static void the_list_has_every_kernel(void) { prints("list", NULL, "list"); }

static void a_run_prints_answer_and_measurements(void)
{
    said s = run_weft("run triad -n 1K --threads 1", NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT_EQUAL(strncmp(s.out, "triad: 1024 elements are right, their sum is ", 44), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "\nweft: threads 1\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "\nweft: bytes 24576\n"));
    said_free(&s);
}

static void kernels_are_studied_side_by_side(void)
{
    said s = run_weft("scale sum sum-omp --threads 1,2 --rounds 1 --warmup 0 -n 1000", NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.err, "");
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "\nsum -n 1000\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "\nsum-omp -n 1000\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "times: as reported"));
    said_free(&s);
}

/* ---- studies ---- */

static const char *const eight_cores[] = { "HWLOC_SYNTHETIC=core:8 pu:1", "WEFT_NUM_THREADS=8",
                                           NULL };

static void a_study_is_printed_as_a_table(void)
{
    prints("scale --threads 1-2,4 --rounds 6 -- sh -c "
           "'echo weft: seconds 0.$((800 / {threads})); echo weft: cpu 0.8; "
           "echo weft: bytes 1000000000; echo answer'",
           eight_cores, "scale");
}

static void thread_counts_double_up_to_that_of_topo(void)
{
    prints("scale --rounds 2 --warmup 0 -- sh -c "
           "'echo weft: seconds 0.$((840 / {threads})); echo weft: cpu 0.5'",
           (const char *[]){ "HWLOC_SYNTHETIC=core:8 pu:1", "WEFT_NUM_THREADS=6", NULL },
           "scale-default");
}

static void what_is_doubtful_is_said_below_the_table(void)
{
    prints("scale --threads 1,16 --rounds 1 -- sh -c "
           "'echo weft: seconds 0.5; echo weft: cpu 0.5; echo $OMP_NUM_THREADS'",
           eight_cores, "scale-doubts");
}

static void no_thread_count_is_left_out_of_a_long_table(void)
{
    said s = run_weft("scale --threads 1-400 --rounds 1 --warmup 0 --place none -- true", NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    for (size_t threads = 1; threads <= 400; threads++) {
        char row[40];
        snprintf(row, sizeof row, "\n%7zu  ", threads);
        CU_ASSERT_PTR_NOT_NULL(strstr(s.out, row));
    }
    said_free(&s);
}

/* The thread counts in the order in which a study ran them. */
static said order_of_runs(const char *seed)
{
    char path[] = "/tmp/weft-test-XXXXXX", arguments[160];
    const int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    close(fd);
    snprintf(arguments, sizeof arguments,
             "scale --threads 1-8 --seed %s --rounds 3 --place none -- sh -c 'echo {threads} >>%s'",
             seed, path);
    said study = run_weft(arguments, NULL);
    CU_ASSERT_EQUAL(study.status, 0);
    said_free(&study);
    said order = program_run((char *const[]){ "cat", path, NULL }, NULL);
    unlink(path);
    return order;
}

static void a_seed_gives_the_same_order_again(void)
{
    said a = order_of_runs("5"), b = order_of_runs("5"), c = order_of_runs("6");
    CU_ASSERT_EQUAL(strlen(a.out), 2 * 8 * 4);
    ASSERT_TEXT(b.out, a.out);
    CU_ASSERT_STRING_NOT_EQUAL(c.out, a.out);
    said_free(&a), said_free(&b), said_free(&c);
}

/* ---- where runs are placed ---- */

/* What a program sees: it fails, so that its words on stderr are shown. */
static said seen_by_child(const char *options, const char *what, const char *const *set)
{
    char arguments[300];
    snprintf(arguments, sizeof arguments, "scale %s -- sh -c '%s >&2; exit 1'", options, what);
    return run_weft(arguments, set);
}

static void expect_seen(const said *s, const char *line)
{
    CU_ASSERT_EQUAL(s->status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(s->err, line));
    if (!strstr(s->err, line))
        printf("got\n%sexpected in it\n%s\n", s->err, line);
}

static size_t last_allowed_cpu(void)
{
    const weft_cpus *allowed = &weft_machine_limits(weft_machine_this())->allowed;
    size_t cpu = WEFT_CPUS_MAX - 1;
    while (!weft_cpus_has(allowed, cpu))
        cpu--;
    return cpu;
}

static void a_run_is_bound_to_its_places(void)
{
    char options[80], mask[80], places[80];
    const size_t cpu = last_allowed_cpu();
    snprintf(options, sizeof options, "--threads 1 --place %zu", cpu);
    snprintf(mask, sizeof mask, "    Cpus_allowed_list:\t%zu\n", cpu);
    snprintf(places, sizeof places, "    OMP_PLACES={%zu}\n", cpu);
    said s = seen_by_child(options, "grep Cpus_allowed_list /proc/self/status >&2; env | grep OMP_",
                           NULL);
    if (weft_machine_limits(weft_machine_this())->can_bind) {
        expect_seen(&s, mask);
        expect_seen(&s, places);
        expect_seen(&s, "    OMP_PROC_BIND=true\n");
    }
    expect_seen(&s, "    OMP_NUM_THREADS=1\n");
    said_free(&s);
}

/* libgomp would have bound the command to the first place before main(), and its children with it. */
static void openmp_settings_do_not_narrow_what_runs_get(void)
{
    static const char what[] = "grep Cpus_allowed_list /proc/self/status";
    static const char *const bound[] = { "OMP_PROC_BIND=true", "OMP_PLACES=threads", NULL };
    said without = seen_by_child("--threads 1 --place none", what, NULL);
    said with = seen_by_child("--threads 1 --place none", what, bound);
    ASSERT_TEXT(with.err, without.err);
    CU_ASSERT_PTR_NOT_NULL(strstr(with.err, "Cpus_allowed_list"));
    said_free(&without), said_free(&with);
}

static void openmp_settings_of_the_user_stay(void)
{
    static const char *const bound[] = { "OMP_PROC_BIND=close", "OMP_PLACES=sockets", NULL };
    said s = seen_by_child("--threads 1", "env | grep OMP_", bound);
    expect_seen(&s, "    OMP_PROC_BIND=close\n");
    expect_seen(&s, "    OMP_PLACES=sockets\n");
    said_free(&s);
}

static void the_command_does_not_link_an_openmp_runtime(void)
{
    said s = program_run((char *const[]){ "ldd", (char *)built("weft"), NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "libhwloc"));
    CU_ASSERT_PTR_NULL(strstr(s.out, "libgomp"));
    CU_ASSERT_PTR_NULL(strstr(s.out, "libomp"));
    said_free(&s);
}

CU_TestInfo cli_tests[] = {
    { "help_lists_every_command", help_lists_every_command },
    { "every_command_explains_itself", every_command_explains_itself },
    { "help_fits_into_eighty_columns", help_fits_into_eighty_columns },
    { "the_manual_has_every_option_of_the_help", the_manual_has_every_option_of_the_help },
    { "the_version_is_that_of_the_library", the_version_is_that_of_the_library },
    { "a_full_disk_is_a_failure", a_full_disk_is_a_failure },
    { "the_list_has_every_kernel", the_list_has_every_kernel },
    { "a_run_prints_answer_and_measurements", a_run_prints_answer_and_measurements },
    { "kernels_are_studied_side_by_side", kernels_are_studied_side_by_side },
    { "a_study_is_printed_as_a_table", a_study_is_printed_as_a_table },
    { "thread_counts_double_up_to_that_of_topo", thread_counts_double_up_to_that_of_topo },
    { "what_is_doubtful_is_said_below_the_table", what_is_doubtful_is_said_below_the_table },
    { "no_thread_count_is_left_out_of_a_long_table", no_thread_count_is_left_out_of_a_long_table },
    { "a_seed_gives_the_same_order_again", a_seed_gives_the_same_order_again },
    { "a_run_is_bound_to_its_places", a_run_is_bound_to_its_places },
    { "openmp_settings_do_not_narrow_what_runs_get", openmp_settings_do_not_narrow_what_runs_get },
    { "openmp_settings_of_the_user_stay", openmp_settings_of_the_user_stay },
    { "the_command_does_not_link_an_openmp_runtime", the_command_does_not_link_an_openmp_runtime },
    CU_TEST_INFO_NULL,
};
