/* threads.h - what threads of the tests do, and starts and joins that are known to succeed.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_THREADS_H
#define WEFT_TESTS_THREADS_H

#include <stddef.h>

#include <weft/thread.h>

/* Functions for a thread. until_set runs until the test sets the token, or half a minute; say prints
 * the line that is its argument. */
weft_run nothing, abort_if_run, until_set, say;

/* start_ok, join_ok - end the test where they fail.
 *
 * run_some - n threads that do nothing, one after the other. */
void start_ok(weft_thread *t, weft_run *run, void *arg);
void join_ok(const weft_thread *t);
void run_some(size_t n);

/* Threads that have ended meanwhile: so many that all records were used again; few enough that none
 * was. */
enum { many = 1000, surely_known = 200 };

#endif
