/* thread_fork_test.c - threads in a forked child.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each scene is a process of its own (scene.h). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft/stop.h>
#include <weft/thread.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"
#include "threads.h"

static weft_stop go, grown_up;

static void check_child(const weft_thread *me, const weft_thread *others, size_t n)
{
    char text[WEFT_DESCRIBE_MAX], expected[WEFT_DESCRIBE_MAX];
    check(weft_thread_current() == weft_thread_main(), "who forked is not main");
    check(memcmp(weft_thread_current(), me, sizeof *me) == 0, "it has another handle");
    check(weft_thread_active_count() == 1, "others are alive");
    check(weft_thread_native_id(me) == getpid(), "it has the id of the parent");
    check(!weft_thread_is_daemon(me), "main is a daemon");
    snprintf(expected, sizeof expected, "<_MainThread(MainThread, started %lu)>",
             (unsigned long)pthread_self());
    check(strcmp(weft_thread_describe(me, text), expected) == 0, text);
    for (size_t k = 0; k < n; k++) {
        check(!weft_thread_is_alive(&others[k]), "another is alive");
        check(weft_thread_join(&others[k], WEFT_FOREVER) == WEFT_OK, "another cannot be joined");
    }
    weft_thread t;
    if (tsan)
        return;
    check(weft_thread_start(&t, until_set, &grown_up) == WEFT_OK, "no thread can be started");
    check(weft_thread_join(&t, 0) == WEFT_TIMEOUT, "the new thread does not run");
    weft_stop_set(&grown_up);
    check(weft_thread_join(&t, 30) == WEFT_OK, "the new thread cannot be joined");
    check(weft_thread_start(NULL, say, "a thread of the child's was waited for") == WEFT_OK,
          "no second thread can be started");
}

static void wait_for(pid_t child)
{
    int status = 0;
    check(waitpid(child, &status, 0) == child, "there is no child");
    check(WIFEXITED(status) && WEXITSTATUS(status) == 5, "the child did not end as it should");
}

static weft_thread stayer, ended;

static void fork_here(const weft_thread *other)
{
    const weft_thread others[] = { stayer, ended, *other };
    const weft_thread me = *weft_thread_current();
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        check_child(&me, others, COUNT(others));
        if (tsan)
            _exit(5);
        exit(5);
    }
    wait_for(child);
    check(weft_thread_is_alive(&stayer), "the parent lost a thread");
}

static void fork_in_a_thread(void *main) { fork_here(main); }

static void *fork_elsewhere(void *main)
{
    fork_here(main);
    return NULL;
}

static int forks(void (*forking)(void))
{
    weft_thread_start(&stayer, until_set, &go);
    weft_thread_start(&ended, say, "begin");
    weft_thread_join(&ended, WEFT_FOREVER);
    forking();
    weft_stop_set(&go);
    puts("end");
    return 0;
}

static void by_main(void) { fork_here(&stayer); }
static int fork_by_main(void) { return forks(by_main); }

static void by_thread(void)
{
    weft_thread t;
    weft_thread_start(&t, fork_in_a_thread, (void *)weft_thread_main(), .daemon = true);
    weft_thread_join(&t, WEFT_FOREVER);
}

static int fork_by_thread(void) { return forks(by_thread); }

static void by_another(void)
{
    pthread_t t;
    pthread_create(&t, NULL, fork_elsewhere, (void *)weft_thread_main());
    pthread_join(t, NULL);
}

static int fork_by_another(void) { return forks(by_another); }

/* Threads begin and end all the time while the child is made. */
static void begin_and_end(void *stop)
{
    weft_thread t;
    while (!weft_stop_is_set(stop))
        if (weft_thread_start(&t, say, "", .daemon = true) == WEFT_OK)
            (void)weft_thread_join(&t, WEFT_FOREVER);
}

static int fork_in_a_crowd(void)
{
    weft_thread t;
    (void)!freopen("/dev/null", "w", stdout);
    weft_thread_start(&t, begin_and_end, &go);
    int bad = 0;
    for (int k = 0; k < 50; k++) {
        const pid_t child = fork();
        if (child == 0) {
            const bool good = weft_thread_active_count() == 1 && !weft_thread_is_alive(&t) &&
                              (tsan || (weft_thread_start(&t, until_set, &grown_up) == WEFT_OK &&
                                        weft_thread_join(&t, 0) == WEFT_TIMEOUT));
            _exit(good ? 5 : 1);
        }
        int status = 0;
        bad += waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 5;
    }
    weft_stop_set(&go);
    return bad;
}

static const scene scenes[] = {
    { "fork_by_main", fork_by_main },
    { "fork_by_thread", fork_by_thread },
    { "fork_by_another", fork_by_another },
    { "fork_in_a_crowd", fork_in_a_crowd },
    { NULL, NULL },
};

int thread_fork_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

/* ---- tests ---- */

static void fork_scene(const char *name)
{
    scene_says("thread_fork", name, 0,
               tsan ? "begin\nend\n" : "begin\na thread of the child's was waited for\nend\n");
}

static void a_forked_child_has_one_thread_and_it_is_main(void) { fork_scene("fork_by_main"); }
static void a_thread_that_forks_is_main_in_the_child(void) { fork_scene("fork_by_thread"); }
static void so_is_one_that_weft_did_not_start(void) { fork_scene("fork_by_another"); }

static void a_child_is_sound_whatever_its_parent_was_about_to_do(void)
{
    if (asan) {
        puts("skipped: a_child_is_sound_whatever_its_parent_was_about_to_do: a lock of "
             "AddressSanitizer's may be held");
        return;
    }
    scene_says("thread_fork", "fork_in_a_crowd", 0, "");
}

CU_TestInfo thread_fork_tests[] = {
    { "a_forked_child_has_one_thread_and_it_is_main",
      a_forked_child_has_one_thread_and_it_is_main },
    { "a_thread_that_forks_is_main_in_the_child", a_thread_that_forks_is_main_in_the_child },
    { "so_is_one_that_weft_did_not_start", so_is_one_that_weft_did_not_start },
    { "a_child_is_sound_whatever_its_parent_was_about_to_do",
      a_child_is_sound_whatever_its_parent_was_about_to_do },
    CU_TEST_INFO_NULL,
};
