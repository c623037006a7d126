/* watch_test.c - what is seen of a running program, and what follows for its binding.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "watch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft/clock.h>

#include "launch.h"
#include "suites.h"

static weft_cpus cpus(const char *list)
{
    weft_cpus set = { { 0 } };
    CU_ASSERT_EQUAL_FATAL(weft_cpus_parse(&set, list), WEFT_OK);
    return set;
}

/* ---- looking ---- */

/* A program in a session of its own that waits to be killed. The end of the pipe says that it is there:
 * a copy of this one may have threads of a sanitizer. */
static pid_t start(void)
{
    int ready[2];
    char nothing;
    CU_ASSERT_EQUAL_FATAL(pipe2(ready, O_CLOEXEC), 0);
    const pid_t child = fork();
    if (child == 0) {
        setsid();
        execlp("sleep", "sleep", "100", (char *)NULL);
        _exit(127);
    }
    close(ready[1]);
    CU_ASSERT_EQUAL(read(ready[0], &nothing, 1), 0);
    close(ready[0]);
    return child;
}

static void end(pid_t child)
{
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void look_now(watcher *w, pid_t session)
{
    w->due = 0;
    watch_look(w, session);
}

static void one_thread_is_seen_with_its_mask(void)
{
    watcher w = { .count = 0 };
    weft_cpus ours;
    const pid_t child = start();
    CU_ASSERT_EQUAL(weft_cpus_bound(&ours), WEFT_OK);
    look_now(&w, child);
    end(child);
    CU_ASSERT_EQUAL(w.looks, 1);
    CU_ASSERT_EQUAL(w.threads, 1);
    CU_ASSERT_EQUAL(w.processes, 1);
    CU_ASSERT(weft_cpus_equal(&w.allowed, &ours));
}

static void a_session_that_is_gone_is_not_seen(void)
{
    watcher w = { .count = 0 };
    const pid_t child = start();
    end(child);
    look_now(&w, child);
    CU_ASSERT_EQUAL(w.looks, 0);
    CU_ASSERT_EQUAL(watch_binding(&w), binding_unseen);
}

static void looks_are_not_due_all_the_time(void)
{
    watcher w = { .count = 0 };
    const pid_t child = start();
    watch_start(&w);
    CU_ASSERT(w.due > weft_now() - 1);
    w.due = weft_now() + 60;
    watch_look(&w, child);
    CU_ASSERT_EQUAL(w.looks, 0);
    look_now(&w, child);
    const double due = w.due;
    CU_ASSERT(due >= weft_now());
    CU_ASSERT(due < weft_now() + 0.2);
    end(child);
}

/* ---- judging ---- */

/* Places 0, 1 and 2 of which nothing is known yet. */
static watcher seen(weft_cpus *places, size_t threads)
{
    for (size_t k = 0; k < 3; k++) {
        places[k] = (weft_cpus){ { 0 } };
        weft_cpus_add(&places[k], k);
    }
    watcher w = { .places = places, .count = 3, .looks = 5, .threads = threads };
    w.allowed = launch_union(places, 3);
    return w;
}

static void nothing_asked_for_is_free(void)
{
    const watcher w = { .looks = 3, .threads = 4 };
    CU_ASSERT_EQUAL(watch_binding(&w), binding_free);
}

static void a_thread_on_each_place_is_each(void)
{
    weft_cpus places[3];
    watcher w = seen(places, 3);
    w.held = 3;
    CU_ASSERT_EQUAL(watch_binding(&w), binding_each);
    w.held = 2;
    CU_ASSERT_EQUAL(watch_binding(&w), binding_shared);
}

static void places_that_come_round_again_count_once(void)
{
    weft_cpus places[3];
    watcher w = seen(places, 3);
    places[2] = places[0];
    w.allowed = launch_union(places, 3);
    w.held = 2;
    CU_ASSERT_EQUAL(watch_binding(&w), binding_each);
}

static void a_cpu_outside_of_the_places_is_an_escape(void)
{
    weft_cpus places[3];
    watcher w = seen(places, 3);
    w.held = 3;
    w.allowed = cpus("0-3");
    CU_ASSERT_EQUAL(watch_binding(&w), binding_escaped);
}

/* Once, a thread may have been seen before it was bound. */
static void a_crowd_at_most_looks_is_a_huddle(void)
{
    weft_cpus places[3];
    watcher w = seen(places, 3);
    w.full = 5, w.crowded = 3;
    CU_ASSERT_EQUAL(watch_binding(&w), binding_huddled);
    w.crowded = 2;
    CU_ASSERT_EQUAL(watch_binding(&w), binding_shared);
    w.full = w.crowded = 1;
    CU_ASSERT_EQUAL(watch_binding(&w), binding_shared);
}

CU_TestInfo watch_tests[] = {
    { "one_thread_is_seen_with_its_mask", one_thread_is_seen_with_its_mask },
    { "a_session_that_is_gone_is_not_seen", a_session_that_is_gone_is_not_seen },
    { "looks_are_not_due_all_the_time", looks_are_not_due_all_the_time },
    { "nothing_asked_for_is_free", nothing_asked_for_is_free },
    { "a_thread_on_each_place_is_each", a_thread_on_each_place_is_each },
    { "places_that_come_round_again_count_once", places_that_come_round_again_count_once },
    { "a_cpu_outside_of_the_places_is_an_escape", a_cpu_outside_of_the_places_is_an_escape },
    { "a_crowd_at_most_looks_is_a_huddle", a_crowd_at_most_looks_is_a_huddle },
    CU_TEST_INFO_NULL,
};
