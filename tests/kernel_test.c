/* kernel_test.c - every kernel is right at every thread count, and its check can fail.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Kernels run as users run them: weft-kernel in a process of its own. What it prints, less the lines
 * of its measurements, is the answer. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "suites.h"

enum { most_arguments = 12 };

static const char text_file[] = "Makefile";

/* Takes the lines out that begin with "weft: ". */
static void drop_measurements(char *out)
{
    char *to = out;
    while (*out) {
        const size_t line = strcspn(out, "\n") + (strchr(out, '\n') != NULL);
        if (strncmp(out, "weft: ", 6) != 0) {
            memmove(to, out, line);
            to += line;
        }
        out += line;
    }
    *to = '\0';
}

/* Runs a kernel over few elements; wordcount over a small file. */
static said run_kernel(const char *name, const char *threads, const char *extra)
{
    const bool reads = strcmp(name, "wordcount") == 0;
    char *const argv[most_arguments] = { (char *)built("weft-kernel"),
                                         (char *)name,
                                         "--threads",
                                         (char *)threads,
                                         reads ? "--input" : "-n",
                                         reads ? (char *)text_file : "100003",
                                         (char *)extra };
    said s = program_run(argv, NULL);
    drop_measurements(s.out);
    return s;
}

static void expect_answer(const char *name, const char *expected)
{
    static const char *const threads[] = { "1", "2", "3" };
    for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
        said s = run_kernel(name, threads[k], NULL);
        CU_ASSERT_EQUAL(s.status, 0);
        ASSERT_TEXT(s.out, expected);
        ASSERT_TEXT(s.err, "");
        said_free(&s);
    }
}

static void expect_complaint(const char *name, const char *expected)
{
    static const char *const threads[] = { "1", "2", "3" };
    for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
        said s = run_kernel(name, threads[k], "--spoil");
        CU_ASSERT_EQUAL(s.status, 1);
        ASSERT_TEXT(s.out, "");
        ASSERT_TEXT(s.err, expected);
        said_free(&s);
    }
}

/* ---- answers ---- */

static const char triad_answer[] = "triad: 100003 elements are right, their sum is 61348635\n";

static void triad_is_right_at_every_thread_count(void) { expect_answer("triad", triad_answer); }

static void raw_triad_has_the_answer_of_its_twin(void) { expect_answer("triad-omp", triad_answer); }

static void sum_has_the_same_bits_at_every_thread_count(void)
{
    expect_answer("sum", "sum: of 100003 elements it is 100002.85374063646 "
                         "(0x1.86a2da8ebf10ep+16)\n");
}

/* "wordcount: 1 files, 3 lines, 2 words, 9 bytes", as wc(1) has it. */
static said count_by_wc(void)
{
    static const char script[] = "set -- $(wc -lwc <\"$0\"); "
                                 "printf 'wordcount: 1 files, %d lines, %d words, %d bytes' $*";
    char *const argv[] = { "sh", "-c", (char *)script, (char *)text_file, NULL };
    return program_run(argv, NULL);
}

static void wordcount_agrees_with_wc_at_every_thread_count(void)
{
    said wc = count_by_wc(), one = run_kernel("wordcount", "1", NULL);
    CU_ASSERT_EQUAL(strncmp(one.out, wc.out, strlen(wc.out)), 0);
    CU_ASSERT(strlen(wc.out) > 40);
    expect_answer("wordcount", one.out);
    said_free(&wc), said_free(&one);
}

/* The last bits of a raw sum may differ; its check allows for that. */
static void raw_sum_is_right_at_every_thread_count(void)
{
    static const char *const threads[] = { "1", "2", "3" };
    for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
        said s = run_kernel("sum-omp", threads[k], NULL);
        CU_ASSERT_EQUAL(s.status, 0);
        ASSERT_TEXT(s.err, "");
        said_free(&s);
    }
}

/* ---- checks can fail ---- */

static void a_wrong_element_of_triad_is_seen(void)
{
    expect_complaint("triad", "weft-kernel: triad: a[50001] is 86: it must be 85\n");
    expect_complaint("triad-omp", "weft-kernel: triad: a[50001] is 86: it must be 85\n");
}

static void an_element_that_the_sum_lost_is_seen(void)
{
    expect_complaint("sum", "weft-kernel: sum: it is 100001.41823516422: it must be "
                            "100002.85374063645 within 2.80879e-08\n");
    said s = run_kernel("sum-omp", "2", "--spoil");
    CU_ASSERT_EQUAL(s.status, 1);
    CU_ASSERT_EQUAL(strncmp(s.err, "weft-kernel: sum: it is ", 24), 0);
    said_free(&s);
}

static void a_word_counted_once_too_often_is_seen(void)
{
    expect_complaint("wordcount", "weft-kernel: wordcount: a word is counted wrong\n");
}

/* ---- text of every kind ---- */

/* Writes a file, counts its words, and removes it. */
static said count_words_of(const char *text, size_t size, const char *threads)
{
    char path[] = "/tmp/weft-test-XXXXXX";
    const int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0 && write(fd, text, size) == (ssize_t)size);
    close(fd);
    char *const argv[] = { (char *)built("weft-kernel"),
                           "wordcount",
                           "--threads",
                           (char *)threads,
                           "--input",
                           path,
                           NULL };
    said s = program_run(argv, NULL);
    unlink(path);
    drop_measurements(s.out);
    return s;
}

static void expect_count(const char *text, size_t size, const char *expected)
{
    said s = count_words_of(text, size, "2");
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, expected);
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static void an_empty_file_has_no_words(void)
{
    expect_count("", 0, "wordcount: 1 files, 0 lines, 0 words, 0 bytes, 0 different words\n");
}

static void white_space_is_no_word(void)
{
    expect_count(" \t\r\n\v\f\n  ", 9,
                 "wordcount: 1 files, 2 lines, 0 words, 9 bytes, 0 different words\n");
}

static void a_word_without_an_end_of_line_counts(void)
{
    expect_count("one", 3,
                 "wordcount: 1 files, 0 lines, 1 words, 3 bytes, 1 different words\n"
                 "        1 one\n");
}

/* It is longer than any block that the text is cut into. */
static void one_huge_word_is_one_word(void)
{
    enum { size = 300000 };
    char *text = malloc(size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    memset(text, 'x', size);
    memcpy(text, "a ", 2), memcpy(text + size - 2, " b", 2);
    said s = count_words_of(text, size, "3");
    CU_ASSERT_EQUAL(s.status, 0);
    static const char head[] =
        "wordcount: 1 files, 0 lines, 3 words, 300000 bytes, 3 different words\n";
    CU_ASSERT_EQUAL(strncmp(s.out, head, sizeof head - 1), 0);
    said_free(&s);
    free(text);
}

static void a_folder_is_read_with_all_below_it(void)
{
    char folder[] = "/tmp/weft-test-XXXXXX", below[60], one[80], two[80];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(below, sizeof below, "%s/below", folder);
    snprintf(one, sizeof one, "%s/one", folder);
    snprintf(two, sizeof two, "%s/two", below);
    char script[400];
    snprintf(script, sizeof script,
             "mkdir %s && echo b a >%s && echo a >%s && printf 'c\\0c' >%s/binary && "
             "%s wordcount --threads 2 --input %s; rm -r %s",
             below, one, two, folder, built("weft-kernel"), folder, folder);
    said s = program_run((char *const[]){ "sh", "-c", script, NULL }, NULL);
    drop_measurements(s.out);
    ASSERT_TEXT(s.out, "wordcount: 2 files, 2 lines, 3 words, 6 bytes, 2 different words\n"
                       "        2 a\n"
                       "        1 b\n");
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

CU_TestInfo kernel_tests[] = {
    { "triad_is_right_at_every_thread_count", triad_is_right_at_every_thread_count },
    { "raw_triad_has_the_answer_of_its_twin", raw_triad_has_the_answer_of_its_twin },
    { "sum_has_the_same_bits_at_every_thread_count", sum_has_the_same_bits_at_every_thread_count },
    { "raw_sum_is_right_at_every_thread_count", raw_sum_is_right_at_every_thread_count },
    { "wordcount_agrees_with_wc_at_every_thread_count",
      wordcount_agrees_with_wc_at_every_thread_count },
    { "a_wrong_element_of_triad_is_seen", a_wrong_element_of_triad_is_seen },
    { "an_element_that_the_sum_lost_is_seen", an_element_that_the_sum_lost_is_seen },
    { "a_word_counted_once_too_often_is_seen", a_word_counted_once_too_often_is_seen },
    { "an_empty_file_has_no_words", an_empty_file_has_no_words },
    { "white_space_is_no_word", white_space_is_no_word },
    { "a_word_without_an_end_of_line_counts", a_word_without_an_end_of_line_counts },
    { "one_huge_word_is_one_word", one_huge_word_is_one_word },
    { "a_folder_is_read_with_all_below_it", a_folder_is_read_with_all_below_it },
    CU_TEST_INFO_NULL,
};
