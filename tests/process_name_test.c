/* process_name_test.c - processes by name: handles, numbers, families, lists.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"

static const double long_enough = 20; /* seconds; what takes longer has failed */

static int return_at_once(void *unused) { return unused != NULL; }

static int run_for_ever(void *unused)
{
    (void)unused;
    weft_sleep(WEFT_FOREVER);
    return 0;
}

static int code_after_join(weft_process *p)
{
    CU_ASSERT_EQUAL(weft_process_join(p, long_enough), WEFT_OK);
    return weft_process_exitcode(p);
}

/* ---- handles ---- */

static void a_handle_may_be_started_again(void)
{
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, run_for_ever, NULL), WEFT_OK);
    const weft_process first = p;
    CU_ASSERT_EQUAL(weft_process_start(&p, return_at_once, &p), WEFT_OK);
    CU_ASSERT_EQUAL(code_after_join(&p), 1);
    weft_process_kill(&first);
    CU_ASSERT_EQUAL(weft_process_join(&first, long_enough), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_exitcode(&first), -SIGKILL);
    CU_ASSERT_EQUAL(weft_process_exitcode(&p), 1);
}

/* 4096 others are remembered: as many processes, too slow under a sanitizer. */
static void a_handle_of_long_ago_is_a_wrong_state(void)
{
    int bad = 0;
    weft_process first, p;
    if (asan || tsan) {
        puts("skipped: a_handle_of_long_ago_is_a_wrong_state: too slow under a sanitizer");
        return;
    }
    weft_process_start(&first, return_at_once, &first);
    CU_ASSERT_EQUAL(code_after_join(&first), 1);
    for (int k = 0; k < 4096; k++)
        bad += weft_process_start(&p, return_at_once, NULL) || weft_process_join(&p, long_enough);
    CU_ASSERT_EQUAL(bad, 0);
    CU_ASSERT_EQUAL(weft_process_exitcode(&first), 1);
    for (int k = 0; k < 2; k++)
        bad += weft_process_start(&p, return_at_once, NULL) || weft_process_join(&p, long_enough);
    CU_ASSERT_EQUAL(weft_process_join(&first, 0), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_process_exitcode(&first), WEFT_NO_EXITCODE);
    ASSERT_TEXT(weft_process_name(&first), "");
}

/* ---- names and numbers ---- */

static int is_who_it_should_be(void *handle)
{
    const weft_process *const me = weft_process_current(), *const parent = weft_process_parent();
    int bad = weft_process_pid(me) != getpid() || weft_process_pid(parent) != getppid();
    bad += strcmp(weft_process_name(me), "loopy") || !weft_process_is_alive(me);
    bad += strcmp(weft_process_name(parent), "MainProcess") || !weft_process_is_alive(parent);
    bad += memcmp(me, handle, sizeof *me) != 0; /* what start wrote is there in the child too */
    bad += !weft_process_is_daemon(me) || weft_process_is_daemon(parent);
    bad += weft_process_exitcode(me) != WEFT_NO_EXITCODE;
    return bad;
}

static void a_process_knows_itself_and_its_parent(void)
{
    char name[] = "loopy";
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, is_who_it_should_be, &p, .name = name, .daemon = true),
                    WEFT_OK);
    name[0] = 'X';
    CU_ASSERT_EQUAL(code_after_join(&p), 0);
    CU_ASSERT(weft_process_pid(&p) > 0 && weft_process_pid(&p) != getpid());
    ASSERT_TEXT(weft_process_name(&p), "loopy");
    CU_ASSERT_TRUE(weft_process_is_daemon(&p));
}

static void the_main_process_has_no_parent(void)
{
    const weft_process *const me = weft_process_current();
    ASSERT_TEXT(weft_process_name(me), "MainProcess");
    CU_ASSERT_EQUAL(weft_process_pid(me), getpid());
    CU_ASSERT_TRUE(weft_process_is_alive(me));
    CU_ASSERT_FALSE(weft_process_is_daemon(me));
    CU_ASSERT_PTR_NULL(weft_process_parent());
}

static int print_names(void *generations)
{
    int left = *(int *)generations - 1;
    printf("%s of %s\n", weft_process_name(weft_process_current()),
           weft_process_name(weft_process_parent()));
    for (int k = 0; left > 0 && k < 2; k++) {
        weft_process p;
        if (weft_process_start(&p, print_names, &left) || weft_process_join(&p, long_enough))
            return 1;
    }
    return 0;
}

static int names(void)
{
    int one = 1, three = 3;
    weft_process p;
    weft_process_start(&p, print_names, &one), weft_process_join(&p, long_enough);
    weft_process_start(&p, print_names, &one, .name = "loopy"), weft_process_join(&p, long_enough);
    weft_process_start(&p, print_names, &three, .name = ""), weft_process_join(&p, long_enough);
    return weft_process_exitcode(&p);
}

static void names_count_by_generation(void)
{
    scene_says("process_name", "names", 0,
               "Process-1 of MainProcess\n"
               "loopy of MainProcess\n"
               "Process-3 of MainProcess\n"
               "Process-3:1 of Process-3\n"
               "Process-3:1:1 of Process-3:1\n"
               "Process-3:1:2 of Process-3:1\n"
               "Process-3:2 of Process-3\n"
               "Process-3:2:1 of Process-3:2\n"
               "Process-3:2:2 of Process-3:2\n");
}

static const scene scenes[] = { { "names", names }, { NULL, NULL } };

int process_name_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

static int is_a_daemon(void *unused)
{
    return unused == NULL && weft_process_is_daemon(weft_process_current());
}

static int ask_a_child(void *unused)
{
    weft_process p;
    (void)unused;
    weft_process_start(&p, is_a_daemon, NULL);
    weft_process_join(&p, long_enough);
    return weft_process_exitcode(&p);
}

static void what_a_daemon_starts_is_a_daemon_too(void)
{
    weft_process daemon, other;
    weft_process_start(&daemon, ask_a_child, NULL, .daemon = true);
    weft_process_start(&other, ask_a_child, NULL);
    CU_ASSERT_EQUAL(code_after_join(&daemon), 1);
    CU_ASSERT_EQUAL(code_after_join(&other), 0);
}

static void active_children_are_listed_in_the_order_of_their_starts(void)
{
    weft_process p[3], live[3], ended;
    weft_process_start(&ended, return_at_once, NULL);
    for (size_t k = 0; k < COUNT(p); k++)
        weft_process_start(&p[k], run_for_ever, NULL);
    CU_ASSERT_EQUAL(weft_process_join(&ended, long_enough), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_active_children(live, 3), 3);
    CU_ASSERT_EQUAL(memcmp(live, p, sizeof p), 0);
    memset(live, 0, sizeof live);
    CU_ASSERT_EQUAL(weft_process_active_children(live, 1), 3);
    CU_ASSERT(live[0].place_ == p[0].place_ && live[1].place_ == 0);
    weft_process_kill(&p[1]);
    CU_ASSERT_EQUAL(weft_process_join(&p[1], long_enough), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_active_children(live, 3), 2);
    CU_ASSERT(live[0].place_ == p[0].place_ && live[1].place_ == p[2].place_);
    weft_process_kill(&p[0]), weft_process_kill(&p[2]);
    weft_process_join(&p[0], long_enough), weft_process_join(&p[2], long_enough);
}

CU_TestInfo process_name_tests[] = {
    { "a_handle_may_be_started_again", a_handle_may_be_started_again },
    { "a_handle_of_long_ago_is_a_wrong_state", a_handle_of_long_ago_is_a_wrong_state },
    { "a_process_knows_itself_and_its_parent", a_process_knows_itself_and_its_parent },
    { "the_main_process_has_no_parent", the_main_process_has_no_parent },
    { "names_count_by_generation", names_count_by_generation },
    { "what_a_daemon_starts_is_a_daemon_too", what_a_daemon_starts_is_a_daemon_too },
    { "active_children_are_listed_in_the_order_of_their_starts",
      active_children_are_listed_in_the_order_of_their_starts },
    CU_TEST_INFO_NULL,
};
