/* status_test.c - statuses, detail and the hooks.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/clock.h>
#include <weft/status.h>
#include <weft/version.h>

#include <stdio.h>
#include <string.h>

#include "suites.h"

static void every_status_has_a_text(void)
{
#define CHECK(name, code, text)       \
    CU_ASSERT_EQUAL((int)name, code); \
    CU_ASSERT_STRING_EQUAL(weft_strstatus(name), text);
    WEFT_STATUS_TABLE(CHECK)
#undef CHECK
}

static void an_unknown_status_has_a_text_too(void)
{
    CU_ASSERT_STRING_EQUAL(weft_strstatus((weft_status)12345), "unknown status");
}

static void detail_names_function_argument_value_and_rule(void)
{
    CU_ASSERT_EQUAL(weft_sleep(-2), WEFT_EINVAL);
    CU_ASSERT_STRING_EQUAL(weft_detail(), "weft_sleep: seconds is -2: it must be 0 or more");
}

static void a_hook_returns_the_one_before_it(void)
{
    weft_log_hook *const first = weft_set_log(weft_log_nothing);
    CU_ASSERT_PTR_EQUAL(weft_set_log(first), weft_log_nothing);
    CU_ASSERT_PTR_EQUAL(weft_set_log(NULL), first);
}

static void version_is_that_of_the_header(void)
{
    char text[40];
    snprintf(text, sizeof text, "%d.%d.%d", WEFT_VERSION_MAJOR, WEFT_VERSION_MINOR,
             WEFT_VERSION_PATCH);
    CU_ASSERT_STRING_EQUAL(weft_version(), text);
}

CU_TestInfo status_tests[] = {
    { "every_status_has_a_text", every_status_has_a_text },
    { "an_unknown_status_has_a_text_too", an_unknown_status_has_a_text_too },
    { "detail_names_function_argument_value_and_rule",
      detail_names_function_argument_value_and_rule },
    { "a_hook_returns_the_one_before_it", a_hook_returns_the_one_before_it },
    { "version_is_that_of_the_header", version_is_that_of_the_header },
    CU_TEST_INFO_NULL,
};
