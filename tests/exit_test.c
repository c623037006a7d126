/* exit_test.c - threads at the end of a process.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each scene is a process of its own (scene.h). */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft/stop.h>
#include <weft/thread.h>
#include <weft/timer.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"
#include "threads.h"

static weft_stop main_is_over, go, never;

static void say_that_main_is_over(void)
{
    puts("main is over");
    weft_stop_set(&main_is_over);
}

static void wait_for_main_and_say(void *text)
{
    (void)weft_stop_wait(&main_is_over, 30);
    puts(text);
}

static void run_for_ever(void *unused)
{
    (void)unused;
    (void)weft_stop_wait(&never, WEFT_FOREVER);
    puts("a daemon was waited for");
}

static int waits(void)
{
    weft_thread_start(NULL, wait_for_main_and_say, "the thread is done");
    atexit(say_that_main_is_over);
    return 0;
}

static int daemons(void)
{
    weft_thread_start(NULL, run_for_ever, NULL, .daemon = true);
    weft_thread_start(NULL, wait_for_main_and_say, "the thread is done");
    atexit(say_that_main_is_over);
    return 0;
}

static void wait_for_main_and_tell(void *number)
{
    (void)weft_stop_wait(&main_is_over, 30);
    printf("%d\n", *(int *)number);
}

static int locals(void)
{
    int number = 42; /* gone before the thread reads it: so it gets a copy */
    weft_thread_start(NULL, wait_for_main_and_tell, &number, .arg_size = sizeof number);
    atexit(say_that_main_is_over);
    number = 0;
    return 0;
}

static void start_another(void *unused)
{
    (void)unused;
    (void)weft_stop_wait(&main_is_over, 30);
    puts("the thread is done");
    weft_thread_start(NULL, say, "so is its child");
}

static int children(void)
{
    weft_thread_start(NULL, start_another, NULL);
    atexit(say_that_main_is_over);
    return 0;
}

static void say_earlier(void) { puts("handler from before the first thread"); }
static void say_later(void) { puts("handler from after it"), say_that_main_is_over(); }

static int order(void)
{
    atexit(say_earlier);
    weft_thread_start(NULL, wait_for_main_and_say, "the thread is done");
    atexit(say_later);
    return 0;
}

static void join_main(void *unused)
{
    (void)unused;
    printf("%s\n", weft_strstatus(weft_thread_join(weft_thread_main(), 30)));
}

/* Main is main also when its record could long have served others. */
static void join_main_and_look(void *unused)
{
    char text[WEFT_DESCRIBE_MAX];
    join_main(unused);
    for (int k = 0; k < 600; k++) {
        weft_thread t;
        if (weft_thread_start(&t, nothing, NULL) || weft_thread_join(&t, WEFT_FOREVER))
            abort();
    }
    weft_thread_describe(weft_thread_main(), text);
    puts(strncmp(text, "<_MainThread(MainThread, stopped", 32) == 0 ? "main is stopped" : text);
}

static int main_is_joined(void)
{
    weft_thread_start(NULL, join_main, NULL);
    return 0;
}

static int main_ends_early(void)
{
    weft_thread_start(NULL, join_main_and_look, NULL);
    pthread_exit(NULL);
}

static int timers(void)
{
    static weft_timer t, other;
    weft_timer_start(&t, 0.05, say, "the timer went off");
    weft_timer_start(&other, 60, say, "a daemon was waited for", .daemon = true);
    puts("main is over");
    return 0;
}

static weft_thread exiter;

static void exit_with_3(void *unused)
{
    (void)unused;
    (void)weft_stop_wait(&go, 30);
    exit(3);
}

static void join_the_exiter(void *unused)
{
    (void)unused;
    printf("%s\n", weft_strstatus(weft_thread_join(&exiter, WEFT_FOREVER)));
}

static int thread_exits(void)
{
    weft_thread_start(&exiter, exit_with_3, NULL);
    weft_thread_start(NULL, join_the_exiter, NULL);
    weft_stop_set(&go);
    (void)weft_thread_join(&exiter, WEFT_FOREVER);
    puts("main went on although the process was ending");
    return 0;
}

static const scene scenes[] = {
    { "waits", waits },
    { "daemons", daemons },
    { "locals", locals },
    { "children", children },
    { "order", order },
    { "main_is_joined", main_is_joined },
    { "main_ends_early", main_ends_early },
    { "timers", timers },
    { "thread_exits", thread_exits },
    { NULL, NULL },
};

int exit_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

/* ---- tests ---- */

static void threads_are_waited_for_when_main_returns(void)
{
    scene_says("exit", "waits", 0, "main is over\nthe thread is done\n");
}

static void daemons_are_not_waited_for(void)
{
    scene_says("exit", "daemons", 0, "main is over\nthe thread is done\n");
}

static void a_thread_that_outlives_main_needs_a_copy_of_mains_locals(void)
{
    scene_says("exit", "locals", 0, "main is over\n42\n");
}

static void threads_started_meanwhile_are_waited_for_too(void)
{
    scene_says("exit", "children", 0, "main is over\nthe thread is done\nso is its child\n");
}

static void handlers_set_up_later_run_before_the_waiting_and_earlier_ones_after(void)
{
    scene_says("exit", "order", 0,
               "handler from after it\nmain is over\nthe thread is done\n"
               "handler from before the first thread\n");
}

static void main_ends_when_it_returns_and_may_be_joined(void)
{
    scene_says("exit", "main_is_joined", 0, "done\n");
}

static void a_timer_is_waited_for_unless_it_is_a_daemon(void)
{
    scene_says("exit", "timers", 0, "main is over\nthe timer went off\n");
}

/* Under ThreadSanitizer no process ends whose main thread ended so. */
static void main_may_end_by_pthread_exit(void)
{
    if (!tsan)
        scene_says("exit", "main_ends_early", 0, "done\nmain is stopped\n");
}

static void exit_in_a_thread_waits_for_the_others_and_not_for_who_joins_it(void)
{
    scene_says("exit", "thread_exits", 3, "done\n");
}

CU_TestInfo exit_tests[] = {
    { "threads_are_waited_for_when_main_returns", threads_are_waited_for_when_main_returns },
    { "daemons_are_not_waited_for", daemons_are_not_waited_for },
    { "a_thread_that_outlives_main_needs_a_copy_of_mains_locals",
      a_thread_that_outlives_main_needs_a_copy_of_mains_locals },
    { "threads_started_meanwhile_are_waited_for_too",
      threads_started_meanwhile_are_waited_for_too },
    { "handlers_set_up_later_run_before_the_waiting_and_earlier_ones_after",
      handlers_set_up_later_run_before_the_waiting_and_earlier_ones_after },
    { "main_ends_when_it_returns_and_may_be_joined", main_ends_when_it_returns_and_may_be_joined },
    { "a_timer_is_waited_for_unless_it_is_a_daemon", a_timer_is_waited_for_unless_it_is_a_daemon },
    { "main_may_end_by_pthread_exit", main_may_end_by_pthread_exit },
    { "exit_in_a_thread_waits_for_the_others_and_not_for_who_joins_it",
      exit_in_a_thread_waits_for_the_others_and_not_for_who_joins_it },
    CU_TEST_INFO_NULL,
};
