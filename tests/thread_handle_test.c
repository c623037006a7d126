/* thread_handle_test.c - handles: stale, wild, used again; what they answer and for how long.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/thread.h>

#include <stdio.h>
#include <string.h>

#include <weft/stop.h>

#include "suites.h"
#include "threads.h"

static void a_handle_that_was_never_started_is_refused(void)
{
    const weft_thread never = { 0 };
    char text[WEFT_DESCRIBE_MAX];
    CU_ASSERT_EQUAL(weft_thread_join(&never, WEFT_FOREVER), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_thread_join: thread is a handle that no start has filled: "
                               "start it first");
    CU_ASSERT_EQUAL(weft_thread_join(NULL, 0), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_thread_set_name(&never, "x"), WEFT_ESTATE);
    CU_ASSERT_FALSE(weft_thread_is_alive(&never));
    CU_ASSERT_FALSE(weft_thread_is_daemon(&never));
    ASSERT_TEXT(weft_thread_name(&never), "");
    CU_ASSERT_EQUAL(weft_thread_ident(&never), 0);
    CU_ASSERT_EQUAL(weft_thread_native_id(&never), 0);
    ASSERT_TEXT(weft_thread_describe(&never, text), "<Thread(, initial)>");
}

static void no_handle_whatever_it_holds_crashes(void)
{
    uint64_t state = 1;
    for (int k = 0; k < 100000; k++) {
        weft_thread t;
        char text[WEFT_DESCRIBE_MAX];
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const uint32_t half[2] = { (uint32_t)(state >> 32) % (k % 2 ? 300 : UINT32_MAX),
                                   (uint32_t)(state >> 20) >> k % 32 };
        memcpy(&t, half, sizeof t);
        const weft_status s = weft_thread_join(&t, 0);
        if (s != WEFT_OK && s != WEFT_ESTATE && s != WEFT_TIMEOUT && s != WEFT_EDEADLK)
            CU_FAIL("a status that join does not have");
        (void)weft_thread_describe(&t, text);
        if (weft_thread_is_alive(&t) && weft_thread_active_count() == 1)
            CU_ASSERT(memcmp(&t, weft_thread_main(), sizeof t) == 0);
    }
}

static void a_second_start_in_the_same_storage_drops_the_first(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    start_ok(&t, until_set, &go);
    const weft_thread first = t;
    start_ok(&t, nothing, NULL);
    join_ok(&t);
    CU_ASSERT(weft_thread_is_alive(&first));
    weft_stop_set(&go);
    join_ok(&first);
}

static void a_handle_keeps_its_answer_for_ever(void)
{
    weft_thread t;
    start_ok(&t, nothing, NULL);
    join_ok(&t);
    run_some(many);
    CU_ASSERT_EQUAL(weft_thread_join(&t, 0), WEFT_OK);
    CU_ASSERT_FALSE(weft_thread_is_alive(&t));
}

static void an_ended_thread_is_known_by_name_for_a_while(void)
{
    char text[WEFT_DESCRIBE_MAX], expected[WEFT_DESCRIBE_MAX];
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, nothing, NULL, .name = "task1", .daemon = true),
                          WEFT_OK);
    join_ok(&t);
    run_some(surely_known);
    ASSERT_TEXT(weft_thread_name(&t), "task1");
    snprintf(expected, sizeof expected, "<Thread(task1, stopped daemon %lu)>",
             weft_thread_ident(&t));
    ASSERT_TEXT(weft_thread_describe(&t, text), expected);
    run_some(many);
    ASSERT_TEXT(weft_thread_name(&t), "");
    ASSERT_TEXT(weft_thread_describe(&t, text), "<Thread(, stopped)>");
}

CU_TestInfo thread_handle_tests[] = {
    { "a_handle_that_was_never_started_is_refused", a_handle_that_was_never_started_is_refused },
    { "no_handle_whatever_it_holds_crashes", no_handle_whatever_it_holds_crashes },
    { "a_second_start_in_the_same_storage_drops_the_first",
      a_second_start_in_the_same_storage_drops_the_first },
    { "a_handle_keeps_its_answer_for_ever", a_handle_keeps_its_answer_for_ever },
    { "an_ended_thread_is_known_by_name_for_a_while",
      an_ended_thread_is_known_by_name_for_a_while },
    CU_TEST_INFO_NULL,
};
