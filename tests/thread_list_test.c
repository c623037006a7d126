/* thread_list_test.c - who is there: the living, main, daemons, and threads of somebody else.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/thread.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft/stop.h>

#include "suites.h"
#include "threads.h"

static void active_count_counts_main_and_the_living(void)
{
    weft_stop go = { 0 };
    weft_thread t[3];
    const size_t before = weft_thread_active_count();
    CU_ASSERT(before >= 1);
    for (int k = 0; k < 3; k++)
        CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t[k], until_set, &go, .daemon = k == 1), WEFT_OK);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before + 3);
    weft_stop_set(&go);
    for (int k = 0; k < 3; k++)
        join_ok(&t[k]);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before);
}

static void enumerate_lists_main_first_then_the_others_by_age(void)
{
    weft_stop go = { 0 };
    weft_thread t[3];
    weft_thread_info live[16];
    const size_t before = weft_thread_active_count();
    for (int k = 0; k < 3; k++)
        CU_ASSERT_EQUAL_FATAL(
            weft_thread_start(&t[k], until_set, &go, .name = "one", .daemon = k == 1), WEFT_OK);
    CU_ASSERT_EQUAL_FATAL(weft_thread_enumerate(live, COUNT(live)), before + 3);
    CU_ASSERT(memcmp(&live[0].thread, weft_thread_main(), sizeof *t) == 0);
    for (size_t k = 0; k < 3; k++) {
        char text[WEFT_DESCRIBE_MAX];
        const weft_thread_info *const i = &live[before + k];
        CU_ASSERT(memcmp(&i->thread, &t[k], sizeof *t) == 0);
        CU_ASSERT_EQUAL(i->ident, weft_thread_ident(&t[k]));
        CU_ASSERT_EQUAL(i->native_id, weft_thread_native_id(&t[k]));
        CU_ASSERT_EQUAL(i->daemon, k == 1);
        ASSERT_TEXT(i->description, weft_thread_describe(&t[k], text));
    }
    weft_stop_set(&go);
    for (int k = 0; k < 3; k++)
        join_ok(&t[k]);
}

static void enumerate_writes_no_more_than_asked_and_returns_how_many_there_are(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    weft_thread_info live[2];
    memset(live, 0x5a, sizeof live);
    const weft_thread_info untouched = live[1];
    start_ok(&t, until_set, &go);
    CU_ASSERT(weft_thread_enumerate(live, 1) >= 2);
    CU_ASSERT(memcmp(&live[1], &untouched, sizeof untouched) == 0);
    CU_ASSERT_EQUAL(weft_thread_enumerate(NULL, 0), weft_thread_active_count());
    weft_stop_set(&go);
    join_ok(&t);
}

struct foreigner {
    weft_stop known, go;
    weft_thread thread;
    char text[WEFT_DESCRIBE_MAX];
    bool same, daemon;
};

static void *introduce_oneself(void *foreigner)
{
    struct foreigner *const f = foreigner;
    f->thread = *weft_thread_current();
    f->same = weft_thread_current() == weft_thread_current();
    weft_thread_describe(&f->thread, f->text);
    weft_stop_set(&f->known);
    (void)weft_stop_wait(&f->go, 30);
    return NULL;
}

static void a_thread_of_somebody_else_is_known_from_its_first_question_to_its_end(void)
{
    struct foreigner f = { .same = false };
    char expected[WEFT_DESCRIBE_MAX];
    pthread_t p;
    const size_t before = weft_thread_active_count();
    CU_ASSERT_EQUAL_FATAL(pthread_create(&p, NULL, introduce_oneself, &f), 0);
    CU_ASSERT_EQUAL(weft_stop_wait(&f.known, 30), WEFT_OK);
    CU_ASSERT(f.same);
    CU_ASSERT(weft_thread_is_alive(&f.thread));
    CU_ASSERT(weft_thread_is_daemon(&f.thread));
    CU_ASSERT_EQUAL(weft_thread_active_count(), before + 1);
    CU_ASSERT_EQUAL(strncmp(weft_thread_name(&f.thread), "Dummy-", 6), 0);
    snprintf(expected, sizeof expected, "<_DummyThread(%s, started daemon %lu)>",
             weft_thread_name(&f.thread), (unsigned long)p);
    ASSERT_TEXT(f.text, expected);
    CU_ASSERT_EQUAL(weft_thread_join(&f.thread, 0), WEFT_TIMEOUT);
    weft_stop_set(&f.go);
    join_ok(&f.thread);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before);
    pthread_join(p, NULL);
}

struct lineage {
    bool daemon, child_is_daemon;
};

static void start_a_child(void *lineage)
{
    struct lineage *const l = lineage;
    weft_thread child;
    if (weft_thread_start(&child, nothing, NULL) || weft_thread_join(&child, 30))
        abort();
    l->daemon = weft_thread_is_daemon(weft_thread_current());
    l->child_is_daemon = weft_thread_is_daemon(&child);
}

static void the_child_of_a_daemon_is_a_daemon(void)
{
    for (int daemon = 0; daemon < 2; daemon++) {
        struct lineage l;
        weft_thread t;
        CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, start_a_child, &l, .daemon = daemon), WEFT_OK);
        join_ok(&t);
        CU_ASSERT_EQUAL(l.daemon, daemon);
        CU_ASSERT_EQUAL(l.child_is_daemon, daemon);
    }
}

static void *start_a_child_elsewhere(void *lineage)
{
    start_a_child(lineage);
    return NULL;
}

static void the_child_of_somebody_elses_thread_is_no_daemon(void)
{
    struct lineage l;
    pthread_t p;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&p, NULL, start_a_child_elsewhere, &l), 0);
    pthread_join(p, NULL);
    CU_ASSERT(l.daemon);
    CU_ASSERT_FALSE(l.child_is_daemon);
}

CU_TestInfo thread_list_tests[] = {
    { "active_count_counts_main_and_the_living", active_count_counts_main_and_the_living },
    { "enumerate_lists_main_first_then_the_others_by_age",
      enumerate_lists_main_first_then_the_others_by_age },
    { "enumerate_writes_no_more_than_asked_and_returns_how_many_there_are",
      enumerate_writes_no_more_than_asked_and_returns_how_many_there_are },
    { "a_thread_of_somebody_else_is_known_from_its_first_question_to_its_end",
      a_thread_of_somebody_else_is_known_from_its_first_question_to_its_end },
    { "the_child_of_a_daemon_is_a_daemon", the_child_of_a_daemon_is_a_daemon },
    { "the_child_of_somebody_elses_thread_is_no_daemon",
      the_child_of_somebody_elses_thread_is_no_daemon },
    CU_TEST_INFO_NULL,
};
