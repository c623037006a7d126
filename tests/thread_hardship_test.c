/* thread_hardship_test.c - threads where main is bound by OpenMP, and where memory has run out.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each scene is a process of its own (scene.h). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <weft/stop.h>
#include <weft/thread.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"
#include "threads.h"

static weft_stop go;

static void tell_cpus(void *unused)
{
    weft_cpus set;
    char list[200];
    (void)unused;
    if (weft_cpus_bound(&set) == WEFT_OK)
        puts(weft_cpus_format(&set, list, sizeof list));
}

static int tell_cpus_of_a_thread(void)
{
    weft_thread t;
    tell_cpus(NULL);
    weft_thread_start(&t, tell_cpus, NULL);
    return weft_thread_join(&t, WEFT_FOREVER);
}

enum { held_most = 100000 };
static void *held[held_most];

static size_t hold_all_memory(void)
{
    size_t n = 0;
    for (size_t size = 1 << 20; size >= 16; size /= 2)
        while (n < held_most && (held[n] = malloc(size)))
            n++;
    return n;
}

/* One more small piece of memory is there each time; the last times all of it is. */
static int scarce_memory(void)
{
    struct rlimit limit;
    weft_thread t;
    int arg = 1;
    getrlimit(RLIMIT_AS, &limit);
    limit.rlim_cur = 1;
    (void)weft_thread_set_name(weft_thread_current(), "main"); /* sets up what is, and the heap */
    setrlimit(RLIMIT_AS, &limit);
    size_t n = hold_all_memory(), refused = 0, other = 0;
    for (int k = 0; k < 40 && n > 0; k++) {
        const weft_status s =
            weft_thread_start(&t, until_set, &arg, .arg_size = sizeof arg, .name = "a name");
        refused += s == WEFT_ENOMEM;
        other += s != WEFT_ENOMEM && s != WEFT_ESYS;
        check(weft_thread_active_count() == 1, "a thread was left behind");
        check(weft_thread_join(&t, 0) == WEFT_ESTATE, "a handle was left behind");
        free(held[--n]);
    }
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_AS, &limit);
    while (n > 0)
        free(held[--n]);
    weft_stop_set(&go);
    check(refused > 0, "memory was not scarce");
    check(other == 0, "another status came");
    check(weft_thread_start(&t, say, "memory is back") == WEFT_OK,
          "no thread although there is memory");
    return weft_thread_join(&t, WEFT_FOREVER);
}

static const scene scenes[] = {
    { "cpus", tell_cpus_of_a_thread },
    { "scarce_memory", scarce_memory },
    { NULL, NULL },
};

int thread_hardship_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

/* ---- tests ---- */

/* The runtime binds main, most often to one CPU. */
static void threads_of_a_main_bound_by_openmp_are_not_bound(void)
{
    weft_cpus original;
    char expected[220] = "\n";
    weft_cpus_original(&original);
    weft_cpus_format(&original, expected + 1, sizeof expected - 10);
    strcat(expected, "\n");
    said s = probe_run((const char *[]){ "thread_hardship", "cpus", NULL },
                       (const char *[]){ "OMP_PROC_BIND=true", "OMP_PLACES=threads", NULL });
    const char *const second = strchr(s.out, '\n');
    CU_ASSERT_PTR_NOT_NULL_FATAL(second);
    ASSERT_TEXT(second, expected);
    said_free(&s);
}

/* A sanitizer's own memory runs out first. */
static void without_memory_no_thread_starts_and_nothing_is_left_behind(void)
{
    if (!tsan && !asan)
        scene_says("thread_hardship", "scarce_memory", 0, "memory is back\n");
}

CU_TestInfo thread_hardship_tests[] = {
    { "threads_of_a_main_bound_by_openmp_are_not_bound",
      threads_of_a_main_bound_by_openmp_are_not_bound },
    { "without_memory_no_thread_starts_and_nothing_is_left_behind",
      without_memory_no_thread_starts_and_nothing_is_left_behind },
    CU_TEST_INFO_NULL,
};
