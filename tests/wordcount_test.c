/* wordcount_test.c - words counted in text of every kind, as wc, tr, sort and uniq count them.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "suites.h"

static const char text_file[] = "Makefile";

static said count_words(const char *threads, const char *extra)
{
    char line[120];
    snprintf(line, sizeof line, "wordcount --threads %s --input %s %s", threads, text_file, extra);
    return kernel_answer(line);
}

/* What a script makes of the file: $0. */
static said by_script(const char *script)
{
    char *const argv[] = { "sh", "-c", (char *)script, (char *)text_file, NULL };
    return program_run(argv, NULL);
}

/* ---- other programs ---- */

static void it_counts_as_wc_does(void)
{
    said wc = by_script("set -- $(wc -lwc <\"$0\"); "
                        "printf 'wordcount: 1 files, %d lines, %d words, %d bytes' $*");
    said s = count_words("2", "");
    CU_ASSERT_EQUAL(strncmp(s.out, wc.out, strlen(wc.out)), 0);
    CU_ASSERT(strlen(wc.out) > 40);
    said_free(&wc), said_free(&s);
}

static void the_most_frequent_words_are_those_of_sort_and_uniq(void)
{
    said top = by_script("tr -s ' \\t\\n\\v\\f\\r' '\\n' <\"$0\" | grep . | sort | uniq -c | "
                         "sort -k1,1nr -k2 | head -5 | awk '{ printf \"%9d %s\\n\", $1, $2 }'");
    said s = count_words("3", "");
    const char *second = strchr(s.out, '\n');
    CU_ASSERT_PTR_NOT_NULL_FATAL(second);
    ASSERT_TEXT(second + 1, top.out);
    CU_ASSERT(strlen(top.out) > 50);
    said_free(&top), said_free(&s);
}

static void it_finds_as_many_different_words_as_sort_does(void)
{
    said different =
        by_script("printf ' %d different words\\n' "
                  "$(tr -s ' \\t\\n\\v\\f\\r' '\\n' <\"$0\" | grep . | sort -u | wc -l)");
    said s = count_words("2", "");
    CU_ASSERT(strlen(different.out) > 20);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, different.out));
    said_free(&different), said_free(&s);
}

/* ---- one answer, and a check ---- */

static void it_has_one_answer_at_every_thread_count(void)
{
    said one = count_words("1", ""), two = count_words("2", ""), three = count_words("3", "");
    CU_ASSERT_EQUAL(one.status, 0);
    CU_ASSERT(strlen(one.out) > 100);
    ASSERT_TEXT(two.out, one.out);
    ASSERT_TEXT(three.out, one.out);
    ASSERT_TEXT(three.err, "");
    said_free(&one), said_free(&two), said_free(&three);
}

static void a_word_counted_once_too_often_is_seen(void)
{
    said s = count_words("2", "--spoil 1");
    CU_ASSERT_EQUAL(s.status, 1);
    ASSERT_TEXT(s.out, "");
    ASSERT_TEXT(s.err, "weft-kernel: wordcount: a word is counted wrong\n");
    said_free(&s);
}

static void a_line_too_many_is_seen(void)
{
    said s = count_words("2", "--spoil 2");
    CU_ASSERT_EQUAL(s.status, 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.err, " words: it must be "));
    said_free(&s);
}

/* ---- text of every kind ---- */

/* Writes a file, counts its words, and removes it. */
static said count_words_of(const char *text, size_t size, const char *threads)
{
    char path[] = "/tmp/weft-test-XXXXXX", line[100];
    const int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0 && write(fd, text, size) == (ssize_t)size);
    close(fd);
    snprintf(line, sizeof line, "wordcount --threads %s --input %s", threads, path);
    said s = kernel_answer(line);
    unlink(path);
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
    const char *measured = strstr(s.out, "weft: ");
    CU_ASSERT_PTR_NOT_NULL_FATAL(measured);
    s.out[measured - s.out] = '\0';
    ASSERT_TEXT(s.out, "wordcount: 2 files, 2 lines, 3 words, 6 bytes, 2 different words\n"
                       "        2 a\n"
                       "        1 b\n");
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static void a_folder_without_text_is_refused(void)
{
    char folder[] = "/tmp/weft-test-XXXXXX", line[80], text[120];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(line, sizeof line, "wordcount --input %s", folder);
    snprintf(text, sizeof text, "weft-kernel: --input %s: there is no text in it\n", folder);
    kernel_refuses(line, text);
    rmdir(folder);
}

static void a_missing_file_is_refused_before_anything_runs(void)
{
    const char *text =
        "weft-kernel: --input no/such/file cannot be read: No such file or directory\n";
    kernel_refuses("wordcount --input Makefile no/such/file", text);
    kernel_refuses("wordcount --check --input no/such/file", text);
}

static void a_pipe_is_read_to_its_end(void)
{
    char script[200];
    snprintf(script, sizeof script, "printf 'a b\\na' | %s wordcount --input /dev/stdin | head -3",
             built("weft-kernel"));
    said s = program_run((char *const[]){ "sh", "-c", script, NULL }, NULL);
    ASSERT_TEXT(s.out, "wordcount: 1 files, 1 lines, 3 words, 5 bytes, 2 different words\n"
                       "        2 a\n"
                       "        1 b\n");
    said_free(&s);
}

static void a_size_takes_the_first_bytes(void)
{
    said s = count_words("2", "-n 14");
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, " 14 bytes, "));
    said_free(&s);
}

/* Text that every Debian machine has. */
static void without_input_there_is_text(void)
{
    said s = kernel_answer("wordcount -n 100000");
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, ", 100000 bytes, "));
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, " the\n"));
    said_free(&s);
}

CU_TestInfo wordcount_tests[] = {
    { "it_counts_as_wc_does", it_counts_as_wc_does },
    { "the_most_frequent_words_are_those_of_sort_and_uniq",
      the_most_frequent_words_are_those_of_sort_and_uniq },
    { "it_finds_as_many_different_words_as_sort_does",
      it_finds_as_many_different_words_as_sort_does },
    { "it_has_one_answer_at_every_thread_count", it_has_one_answer_at_every_thread_count },
    { "a_word_counted_once_too_often_is_seen", a_word_counted_once_too_often_is_seen },
    { "a_line_too_many_is_seen", a_line_too_many_is_seen },
    { "an_empty_file_has_no_words", an_empty_file_has_no_words },
    { "white_space_is_no_word", white_space_is_no_word },
    { "a_word_without_an_end_of_line_counts", a_word_without_an_end_of_line_counts },
    { "one_huge_word_is_one_word", one_huge_word_is_one_word },
    { "a_folder_is_read_with_all_below_it", a_folder_is_read_with_all_below_it },
    { "a_folder_without_text_is_refused", a_folder_without_text_is_refused },
    { "a_missing_file_is_refused_before_anything_runs",
      a_missing_file_is_refused_before_anything_runs },
    { "a_pipe_is_read_to_its_end", a_pipe_is_read_to_its_end },
    { "a_size_takes_the_first_bytes", a_size_takes_the_first_bytes },
    { "without_input_there_is_text", without_input_there_is_text },
    CU_TEST_INFO_NULL,
};
