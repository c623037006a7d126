/* thread_crowd_test.c - many threads: at once, one after the other, and out of each other.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/thread.h>

#include <dirent.h>
#include <malloc.h>
#include <unistd.h>

#include <weft/stop.h>

#include "suites.h"
#include "threads.h"

enum { crowd = 200, loops = 10000 };

static void two_hundred_threads_live_at_once(void)
{
    weft_stop go = { 0 };
    static weft_thread t[crowd];
    const size_t before = weft_thread_active_count();
    for (int k = 0; k < crowd; k++)
        start_ok(&t[k], until_set, &go);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before + crowd);
    weft_stop_set(&go);
    for (int k = 0; k < crowd; k++)
        join_ok(&t[k]);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before);
}

static size_t entries(const char *folder)
{
    DIR *const d = opendir(folder);
    size_t n = 0;
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

/* The system needs a moment to see the last one off. */
static bool tasks_come_down_to(size_t n)
{
    const double start = weft_now();
    while (entries("/proc/self/task") > n && weft_now() - start < 20)
        usleep(1000);
    return entries("/proc/self/task") <= n;
}

static void ten_thousand_threads_one_after_the_other_leave_nothing_behind(void)
{
    run_some(many); /* as many records as there will ever be */
    const size_t tasks = entries("/proc/self/task"), files = entries("/proc/self/fd"),
                 memory = mallinfo2().uordblks;
    for (int k = 0; k < loops; k++) {
        weft_thread t;
        if (weft_thread_start(&t, nothing, &k, .arg_size = sizeof k) ||
            weft_thread_join(&t, WEFT_FOREVER))
            CU_FAIL_FATAL("a thread could not be started and joined");
    }
    CU_ASSERT(tasks_come_down_to(tasks));
    CU_ASSERT_EQUAL(entries("/proc/self/fd"), files);
    CU_ASSERT(mallinfo2().uordblks <= memory + (64 << 10));
}

static void threads_may_end_in_any_order_while_others_begin(void)
{
    enum { rounds = 300, width = 8 };
    weft_stop go[width];
    weft_thread t[width];
    size_t wrong = 0;
    for (size_t k = 0; k < rounds; k++) {
        const size_t i = k * 5 % width;
        if (k >= width) {
            weft_stop_set(&go[i]);
            wrong += weft_thread_join(&t[i], 30) != WEFT_OK;
        }
        weft_stop_init(&go[i]);
        start_ok(&t[i], until_set, &go[i]);
    }
    for (size_t i = 0; i < width; i++)
        weft_stop_set(&go[i]), wrong += weft_thread_join(&t[i], 30) != WEFT_OK;
    CU_ASSERT_EQUAL(wrong, 0);
}

static void start_and_join_some(void *failures)
{
    for (int k = 0; k < 200; k++) {
        weft_thread t;
        if (weft_thread_start(&t, nothing, &k, .arg_size = sizeof k) ||
            weft_thread_set_name(weft_thread_current(), "busy") || weft_thread_join(&t, 30) ||
            weft_thread_active_count() < 2)
            __atomic_add_fetch((int *)failures, 1, __ATOMIC_RELAXED);
    }
}

static void threads_start_threads_and_look_around_at_the_same_time(void)
{
    int failures = 0;
    weft_thread t[4];
    for (int k = 0; k < 4; k++)
        start_ok(&t[k], start_and_join_some, &failures);
    for (bool alive = true; alive;) {
        static weft_thread_info live[64];
        alive = false;
        (void)weft_thread_enumerate(live, COUNT(live));
        for (int k = 0; k < 4; k++)
            alive |= weft_thread_is_alive(&t[k]), (void)weft_thread_name(&t[k]);
    }
    for (int k = 0; k < 4; k++)
        join_ok(&t[k]);
    CU_ASSERT_EQUAL(failures, 0);
}

CU_TestInfo thread_crowd_tests[] = {
    { "two_hundred_threads_live_at_once", two_hundred_threads_live_at_once },
    { "ten_thousand_threads_one_after_the_other_leave_nothing_behind",
      ten_thousand_threads_one_after_the_other_leave_nothing_behind },
    { "threads_may_end_in_any_order_while_others_begin",
      threads_may_end_in_any_order_while_others_begin },
    { "threads_start_threads_and_look_around_at_the_same_time",
      threads_start_threads_and_look_around_at_the_same_time },
    CU_TEST_INFO_NULL,
};
