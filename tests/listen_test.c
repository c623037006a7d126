/* listen_test.c - reports and answers are told apart, whatever the pieces they arrive in.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "listen.h"

#include <math.h>
#include <string.h>

#include "suites.h"

/* Hears the text in pieces of `size` bytes. */
static listener heard(const char *text, size_t size)
{
    listener l;
    listener_init(&l);
    for (size_t n = strlen(text); n;) {
        const size_t part = n < size ? n : size;
        listener_hear(&l, text, part);
        text += part, n -= part;
    }
    listener_end(&l);
    return l;
}

static uint64_t hash_of(const char *text) { return heard(text, strlen(text) + 1).hash; }

static const char mixed[] = "hello\nweft: seconds 0.25\nweft\nweft: bytes 1e9\n\nweft:no\nbye";

static void reports_are_read(void)
{
    const listener l = heard(
        "weft: seconds 0.25\nweft: cpu 0.5\nweft: bytes 1e9\nweft: flops 9\nweft: items 7\n", 1000);
    CU_ASSERT_EQUAL(l.seconds, 0.25);
    CU_ASSERT_EQUAL(l.cpu, 0.5);
    CU_ASSERT_EQUAL(l.bytes, 1e9);
    CU_ASSERT_EQUAL(l.flops, 9);
    CU_ASSERT_EQUAL(l.items, 7);
}

static void reports_are_no_part_of_the_answer(void)
{
    CU_ASSERT_EQUAL(hash_of("a\nweft: seconds 1\nb\n"), hash_of("a\nb\n"));
    CU_ASSERT_EQUAL(hash_of(mixed), hash_of("hello\nweft\n\nweft:no\nbye"));
}

static void the_size_of_pieces_changes_nothing(void)
{
    const listener whole = heard(mixed, sizeof mixed);
    for (size_t size = 1; size < sizeof mixed; size++) {
        const listener l = heard(mixed, size);
        CU_ASSERT_EQUAL(l.hash, whole.hash);
        CU_ASSERT_EQUAL(l.seconds, 0.25);
        CU_ASSERT_EQUAL(l.bytes, 1e9);
    }
}

static void every_byte_of_the_answer_counts(void)
{
    CU_ASSERT_NOT_EQUAL(hash_of("1.0000001\n"), hash_of("1.0000002\n"));
    CU_ASSERT_NOT_EQUAL(hash_of("a\n"), hash_of("a"));
    CU_ASSERT_NOT_EQUAL(hash_of("we"), hash_of(""));
}

static void the_last_report_counts(void)
{
    CU_ASSERT_EQUAL(heard("weft: seconds 1\nweft: seconds 2", 1000).seconds, 2);
}

static void what_was_not_reported_is_unknown(void)
{
    const listener l = heard("weft: seconds soon\nweft: colour 3\n", 1000);
    CU_ASSERT(isnan(l.seconds));
    CU_ASSERT(isnan(l.cpu));
    CU_ASSERT(isnan(l.bytes));
    CU_ASSERT(isnan(l.flops));
    CU_ASSERT(isnan(l.items));
}

static void a_report_longer_than_a_line_is_no_danger(void)
{
    char text[5000] = "weft: seconds 0.5 ";
    memset(text + strlen(text), 'x', sizeof text - strlen(text) - 1);
    CU_ASSERT_EQUAL(heard(text, 7).seconds, 0.5);
}

CU_TestInfo listen_tests[] = {
    { "reports_are_read", reports_are_read },
    { "reports_are_no_part_of_the_answer", reports_are_no_part_of_the_answer },
    { "the_size_of_pieces_changes_nothing", the_size_of_pieces_changes_nothing },
    { "every_byte_of_the_answer_counts", every_byte_of_the_answer_counts },
    { "the_last_report_counts", the_last_report_counts },
    { "what_was_not_reported_is_unknown", what_was_not_reported_is_unknown },
    { "a_report_longer_than_a_line_is_no_danger", a_report_longer_than_a_line_is_no_danger },
    CU_TEST_INFO_NULL,
};
