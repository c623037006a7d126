/* threads.c - what threads of the tests do, and starts and joins that are known to succeed.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "threads.h"

#include <stdio.h>
#include <stdlib.h>

#include <weft/stop.h>

#include "suites.h"

void nothing(void *arg) { (void)arg; }

void abort_if_run(void *arg)
{
    (void)arg;
    abort();
}

void until_set(void *stop) { (void)weft_stop_wait(stop, 30); }
void say(void *text) { puts(text); }

void start_ok(weft_thread *t, weft_run *run, void *arg)
{
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(t, run, arg), WEFT_OK);
}

void join_ok(const weft_thread *t) { CU_ASSERT_EQUAL_FATAL(weft_thread_join(t, 30), WEFT_OK); }

void run_some(size_t n)
{
    for (size_t k = 0; k < n; k++) {
        weft_thread t;
        start_ok(&t, nothing, NULL);
        join_ok(&t);
    }
}
