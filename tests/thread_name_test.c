/* thread_name_test.c - names, ids and descriptions of threads.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/thread.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weft/stop.h>

#include "suites.h"
#include "threads.h"

/* ---- names ---- */

static void threads_without_a_name_are_numbered(void)
{
    unsigned number[2] = { 0 };
    for (int k = 0; k < 2; k++) {
        weft_thread t;
        CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, nothing, NULL, .name = k ? "" : NULL), WEFT_OK);
        CU_ASSERT_EQUAL(sscanf(weft_thread_name(&t), "Thread-%u", &number[k]), 1);
        join_ok(&t);
    }
    CU_ASSERT(number[0] > 0);
    CU_ASSERT_EQUAL(number[1], number[0] + 1);
}

/* What the system calls a thread of this process. */
static char *system_name(int id)
{
    static char name[32];
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", id);
    FILE *const f = fopen(path, "r");
    if (!f || !fgets(name, sizeof name, f))
        name[0] = '\0';
    if (f)
        fclose(f);
    name[strcspn(name, "\n")] = '\0';
    return name;
}

static void the_system_sees_the_name(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, until_set, &go, .name = "task1"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "task1");
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, "heartbeat"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "heartbeat");
    ASSERT_TEXT(weft_thread_name(&t), "heartbeat");
    weft_stop_set(&go);
    join_ok(&t);
}

static void the_system_sees_at_most_fifteen_bytes_and_no_half_character(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(
        weft_thread_start(&t, until_set, &go, .name = "a name that is far too long"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "a name that is ");
    ASSERT_TEXT(weft_thread_name(&t), "a name that is far too long");
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, "123456789 12345"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "123456789 12345");
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, "123456789 1234\u00e4"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "123456789 1234");
    weft_stop_set(&go);
    join_ok(&t);
}

static void a_name_may_have_any_length(void)
{
    char longest[5000], text[WEFT_DESCRIBE_MAX];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, nothing, NULL, .name = longest), WEFT_OK);
    join_ok(&t);
    ASSERT_TEXT(weft_thread_name(&t), longest);
    weft_thread_describe(&t, text);
    CU_ASSERT_EQUAL(strlen(text), WEFT_DESCRIBE_MAX - 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "xxx..., stopped "));
}

static void old_names_stay_until_eight_others_have_come(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, until_set, &go, .name = "first"), WEFT_OK);
    const char *const first = weft_thread_name(&t);
    for (int k = 0; k < 7; k++)
        CU_ASSERT_EQUAL(weft_thread_set_name(&t, "another"), WEFT_OK);
    ASSERT_TEXT(first, "first");
    for (int k = 0; k < 1000; k++)
        (void)weft_thread_set_name(&t, "another");
    weft_stop_set(&go);
    join_ok(&t);
}

static void a_name_that_is_null_or_comes_too_late_is_refused(void)
{
    weft_thread t;
    start_ok(&t, nothing, NULL);
    join_ok(&t);
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_thread_set_name: name is NULL: it must be a text");
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, "late"), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_thread_set_name: thread has ended: it keeps its name");
}

/* ---- ids and descriptions ---- */

struct ids {
    unsigned long ident;
    int native_id;
};

static void look_at_ids(void *ids)
{
    *(struct ids *)ids = (struct ids){ (unsigned long)pthread_self(), gettid() };
}

static void ids_are_those_of_the_system(void)
{
    struct ids i;
    weft_thread t;
    start_ok(&t, look_at_ids, &i);
    join_ok(&t);
    CU_ASSERT_EQUAL(weft_thread_ident(&t), i.ident);
    CU_ASSERT_EQUAL(weft_thread_native_id(&t), i.native_id);
}

static void main_is_known(void)
{
    char text[WEFT_DESCRIBE_MAX], expected[WEFT_DESCRIBE_MAX];
    const weft_thread *const m = weft_thread_main();
    CU_ASSERT_PTR_EQUAL(weft_thread_current(), m);
    ASSERT_TEXT(weft_thread_name(m), "MainThread");
    CU_ASSERT_EQUAL(weft_thread_ident(m), (unsigned long)pthread_self());
    CU_ASSERT_EQUAL(weft_thread_native_id(m), getpid());
    CU_ASSERT_FALSE(weft_thread_is_daemon(m));
    CU_ASSERT(weft_thread_is_alive(m));
    snprintf(expected, sizeof expected, "<_MainThread(MainThread, started %lu)>",
             (unsigned long)pthread_self());
    ASSERT_TEXT(weft_thread_describe(m, text), expected);
}

static void describes(const weft_thread *t, const char *state)
{
    char text[WEFT_DESCRIBE_MAX], expected[WEFT_DESCRIBE_MAX];
    snprintf(expected, sizeof expected, "<Thread(task1, %s %lu)>", state, weft_thread_ident(t));
    ASSERT_TEXT(weft_thread_describe(t, text), expected);
}

static void a_description_tells_name_state_and_ident(void)
{
    for (int daemon = 0; daemon < 2; daemon++) {
        weft_stop go = { 0 };
        weft_thread t;
        CU_ASSERT_EQUAL_FATAL(
            weft_thread_start(&t, until_set, &go, .name = "task1", .daemon = daemon), WEFT_OK);
        describes(&t, daemon ? "started daemon" : "started");
        weft_stop_set(&go);
        join_ok(&t);
        describes(&t, daemon ? "stopped daemon" : "stopped");
    }
}

CU_TestInfo thread_name_tests[] = {
    { "threads_without_a_name_are_numbered", threads_without_a_name_are_numbered },
    { "the_system_sees_the_name", the_system_sees_the_name },
    { "the_system_sees_at_most_fifteen_bytes_and_no_half_character",
      the_system_sees_at_most_fifteen_bytes_and_no_half_character },
    { "a_name_may_have_any_length", a_name_may_have_any_length },
    { "old_names_stay_until_eight_others_have_come", old_names_stay_until_eight_others_have_come },
    { "a_name_that_is_null_or_comes_too_late_is_refused",
      a_name_that_is_null_or_comes_too_late_is_refused },
    { "ids_are_those_of_the_system", ids_are_those_of_the_system },
    { "main_is_known", main_is_known },
    { "a_description_tells_name_state_and_ident", a_description_tells_name_state_and_ident },
    CU_TEST_INFO_NULL,
};
