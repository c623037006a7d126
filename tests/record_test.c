/* record_test.c - the JSON of a study: what stands in it, and how it is written.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <weft/version.h>

#include "program.h"
#include "recorded.h"
#include "suites.h"

/* A folder of the test's own; its name stays until the next. */
static const char *new_folder(void)
{
    static char path[40];
    strcpy(path, "/tmp/weft-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(path));
    return path;
}

static size_t files_in(const char *folder)
{
    char command[100];
    snprintf(command, sizeof command, "ls -A %s | wc -l", folder);
    said s = program_run((char *const[]){ "sh", "-c", command, NULL }, NULL);
    const size_t n = (size_t)atol(s.out);
    said_free(&s);
    return n;
}

static said study_into(const char *file, const char *program)
{
    char arguments[300];
    snprintf(arguments, sizeof arguments, "scale -t 1 --rounds 2 --json %s -- %s", file, program);
    return run_weft(arguments, NULL);
}

/* ---- what stands in it ---- */

static const char study[] = "-t 1,2 --rounds 6 --warmup 2 --seed 18446744073709551615 --place none "
                            "-- sh -c 'echo weft: seconds 0.$((8 / {threads})); "
                            "echo weft: cpu 0.8; echo weft: bytes 1000; echo hi'";

static void every_sample_is_there(void)
{
    json_t *r = recorded(study, NULL, 0, NULL);
    for (size_t p = 0; p < 2; p++) {
        char path[60];
        snprintf(path, sizeof path, "studies/0/points/%zu/samples", p);
        json_t *samples = json_at(r, path);
        CU_ASSERT_EQUAL(json_array_size(samples), 8);
        for (size_t k = 0; k < 8; k++) {
            json_t *s = json_array_get(samples, k);
            CU_ASSERT_EQUAL(json_number(s, "round"), (double)k);
            CU_ASSERT_EQUAL(json_truth(s, "warmup"), k < 2);
            CU_ASSERT_EQUAL(json_truth(s, "counted"), k >= 2);
            CU_ASSERT(json_number(s, "wall_s") > 0);
            CU_ASSERT(json_number(s, "maxrss_kib") > 0);
            CU_ASSERT_EQUAL(strlen(json_text(s, "out_fnv1a")), 16);
        }
    }
    json_decref(r);
}

static void figures_follow_from_the_samples(void)
{
    json_t *r = recorded(study, NULL, 0, NULL), *two = json_at(r, "studies/0/points/1");
    ASSERT_TEXT(json_text(two, "stats/of"), "reported_s");
    CU_ASSERT_EQUAL(json_number(two, "threads"), 2);
    CU_ASSERT_EQUAL(json_number(two, "stats/n"), 6);
    CU_ASSERT_EQUAL(json_number(two, "stats/median"), 0.4);
    CU_ASSERT_EQUAL(json_number(two, "stats/ci95/1"), 0.4);
    CU_ASSERT_EQUAL(json_number(two, "speedup/v"), 2);
    CU_ASSERT_EQUAL(json_number(two, "speedup/ci/0"), 2);
    CU_ASSERT_EQUAL(json_number(two, "efficiency/v"), 1);
    CU_ASSERT_EQUAL(json_number(two, "karp_flatt/v"), 0);
    CU_ASSERT_EQUAL(json_number(two, "bytes_per_s/v"), 2500);
    CU_ASSERT_EQUAL(json_number(two, "cpus_used"), 2);
    ASSERT_TEXT(json_text(two, "output"), "same");
    json_decref(r);
}

static void the_design_is_there(void)
{
    json_t *r = recorded(study, NULL, 0, NULL);
    ASSERT_TEXT(json_text(r, "schema"), "weft.scale/1");
    ASSERT_TEXT(json_text(r, "tool/version"), weft_version());
    ASSERT_TEXT(json_text(r, "seed"), "18446744073709551615"); /* no double holds it */
    CU_ASSERT_EQUAL(json_number(r, "design/rounds"), 6);
    CU_ASSERT_EQUAL(json_number(r, "design/threads/1"), 2);
    ASSERT_TEXT(json_text(r, "design/order"), "random-block");
    ASSERT_TEXT(json_text(r, "design/stopped_by"), "rounds");
    ASSERT_TEXT(json_text(r, "studies/0/workload/kind"), "command");
    ASSERT_TEXT(json_text(r, "studies/0/workload/argv/0"), "sh");
    ASSERT_TEXT(json_text(r, "argv/1"), "scale");
    CU_ASSERT_EQUAL(strlen(json_text(r, "started")), strlen("2026-01-31T23:59:59Z"));
    CU_ASSERT(strcmp(json_text(r, "started"), json_text(r, "finished")) <= 0);
    json_decref(r);
}

static void the_machine_and_its_state_are_there(void)
{
    static const char *const paths[] = { "machine/hostname",
                                         "machine/cores",
                                         "machine/caches",
                                         "machine/mem_total",
                                         "os/kernel",
                                         "os/libc",
                                         "limits/affinity",
                                         "limits/threads",
                                         "limits/why",
                                         "env_state/loadavg/1",
                                         "env_state/governor",
                                         "env_state/omp_env",
                                         "cwd" };
    json_t *r = recorded("-t 1 --rounds 1 -- true", NULL, 0, NULL);
    for (size_t k = 0; k < COUNT(paths); k++)
        CU_ASSERT_PTR_NOT_NULL(json_at(r, paths[k]));
    json_decref(r);
}

static void each_kernel_is_a_study_of_its_own(void)
{
    json_t *r = recorded("triad sum -t 1 --rounds 1 --warmup 0 -n 1000", NULL, 0, NULL);
    ASSERT_TEXT(json_text(r, "studies/0/workload/kernel"), "triad");
    ASSERT_TEXT(json_text(r, "studies/1/workload/kernel"), "sum");
    ASSERT_TEXT(json_text(r, "studies/1/workload/kind"), "kernel");
    CU_ASSERT(json_number(r, "studies/1/points/0/bytes_per_s/v") > 0);
    json_decref(r);
}

static void what_is_unknown_is_null(void)
{
    json_t *r = recorded("-t 1 --rounds 1 -- true", NULL, 0, NULL);
    CU_ASSERT(json_is_null(json_at(r, "studies/0/points/0/samples/0/bytes")));
    CU_ASSERT(json_is_null(json_at(r, "studies/0/points/0/stats/ci95")));
    CU_ASSERT(json_is_null(json_at(r, "failure")));
    json_decref(r);
}

static void words_go_to_standard_error_where_json_goes_to_standard_output(void)
{
    char *words = NULL;
    json_t *r = recorded("-t 1 --rounds 1 -- true", NULL, 0, &words);
    CU_ASSERT_PTR_NOT_NULL(strstr(words, "  output\n"));
    free(words);
    json_decref(r);
}

/* The machine writes points, whatever the user's language writes. */
static void numbers_do_not_depend_on_the_language(void)
{
    static const char *const german[] = { "LC_ALL=de_DE.UTF-8", NULL };
    json_t *r = recorded(study, german, 0, NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/1/stats/median"), 0.4);
    json_decref(r);
}

/* ---- how it is written ---- */

static void a_file_is_written_and_nothing_beside_it(void)
{
    const char *folder = new_folder();
    char file[60];
    snprintf(file, sizeof file, "%s/study.json", folder);
    said s = study_into(file, "true");
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "  output\n"));
    CU_ASSERT_EQUAL(files_in(folder), 1);
    json_t *r = json_load_file(file, 0, NULL);
    CU_ASSERT_EQUAL(json_number(r, "studies/0/points/0/stats/n"), 2);
    json_decref(r);
    said_free(&s);
    unlink(file), rmdir(folder);
}

static void an_older_file_keeps_its_rights_and_its_link(void)
{
    const char *folder = new_folder();
    char file[60], link[60];
    struct stat now;
    snprintf(file, sizeof file, "%s/study.json", folder);
    snprintf(link, sizeof link, "%s/link.json", folder);
    close(open(file, O_CREAT | O_WRONLY, 0600));
    CU_ASSERT_EQUAL(symlink("study.json", link), 0);
    said s = study_into(link, "true");
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT(lstat(link, &now) == 0 && S_ISLNK(now.st_mode));
    CU_ASSERT(stat(file, &now) == 0 && now.st_size > 100 && (now.st_mode & 0777) == 0600);
    CU_ASSERT_EQUAL(files_in(folder), 2);
    said_free(&s);
    unlink(file), unlink(link), rmdir(folder);
}

/* Its folder goes away meanwhile. */
static void a_file_that_cannot_be_written_after_all_is_a_failure(void)
{
    const char *folder = new_folder();
    char file[60], program[80];
    snprintf(file, sizeof file, "%s/study.json", folder);
    snprintf(program, sizeof program, "rm -rf %s", folder);
    said s = study_into(file, program);
    CU_ASSERT_EQUAL(s.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err, " cannot be written: No such file or directory\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "  output\n")); /* what was measured is not lost */
    said_free(&s);
}

static void a_refused_study_leaves_no_file(void)
{
    const char *folder = new_folder();
    char arguments[120];
    snprintf(arguments, sizeof arguments, "scale no-such-kernel --json %s/study.json", folder);
    said s = run_weft(arguments, NULL);
    CU_ASSERT_EQUAL(s.status, 2);
    CU_ASSERT_EQUAL(files_in(folder), 0);
    said_free(&s);
    rmdir(folder);
}

static void a_device_is_written_in_place(void)
{
    said s = study_into("/dev/null", "true");
    CU_ASSERT_EQUAL(s.status, 0);
    said_free(&s);
    s = study_into("/dev/full", "true");
    CU_ASSERT_EQUAL(s.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err, "No space left on device"));
    said_free(&s);
}

/* The fifth run asks for the end: two rounds of two runs are complete, a fifth run was not ended. */
static void an_interrupted_study_is_recorded(void)
{
    const char *folder = new_folder();
    char arguments[400], file[60];
    snprintf(file, sizeof file, "%s/study.json", folder);
    snprintf(arguments, sizeof arguments,
             "scale -t 1,2 --place none --rounds 4 --warmup 0 --json %s -- sh -c "
             "'echo >>%s/mark; test $(wc -l <%s/mark) -lt 6 || kill -INT $PPID'",
             file, folder, folder);
    said s = run_weft(arguments, NULL);
    CU_ASSERT_EQUAL(s.status, 128 + SIGINT);
    json_t *r = json_load_file(file, 0, NULL);
    ASSERT_TEXT(json_text(r, "design/stopped_by"), "interrupted");
    CU_ASSERT_EQUAL(json_number(r, "design/rounds_done"), 2);
    CU_ASSERT_EQUAL(json_array_size(json_at(r, "studies/0/points/0/samples")) +
                        json_array_size(json_at(r, "studies/0/points/1/samples")),
                    5);
    json_decref(r);
    said_free(&s);
    snprintf(arguments, sizeof arguments, "%s/mark", folder);
    unlink(arguments), unlink(file), rmdir(folder);
}

CU_TestInfo record_tests[] = {
    { "every_sample_is_there", every_sample_is_there },
    { "figures_follow_from_the_samples", figures_follow_from_the_samples },
    { "the_design_is_there", the_design_is_there },
    { "the_machine_and_its_state_are_there", the_machine_and_its_state_are_there },
    { "each_kernel_is_a_study_of_its_own", each_kernel_is_a_study_of_its_own },
    { "what_is_unknown_is_null", what_is_unknown_is_null },
    { "words_go_to_standard_error_where_json_goes_to_standard_output",
      words_go_to_standard_error_where_json_goes_to_standard_output },
    { "numbers_do_not_depend_on_the_language", numbers_do_not_depend_on_the_language },
    { "a_file_is_written_and_nothing_beside_it", a_file_is_written_and_nothing_beside_it },
    { "an_older_file_keeps_its_rights_and_its_link", an_older_file_keeps_its_rights_and_its_link },
    { "a_file_that_cannot_be_written_after_all_is_a_failure",
      a_file_that_cannot_be_written_after_all_is_a_failure },
    { "a_refused_study_leaves_no_file", a_refused_study_leaves_no_file },
    { "a_device_is_written_in_place", a_device_is_written_in_place },
    { "an_interrupted_study_is_recorded", an_interrupted_study_is_recorded },
    CU_TEST_INFO_NULL,
};
