/* stop_test.c - the stop token: set once, looked at, waited for.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/stop.h>

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storm.h"
#include "suites.h"

static void a_token_of_zeros_is_not_set(void)
{
    weft_stop s = { 0 };
    CU_ASSERT_FALSE(weft_stop_is_set(&s));
    CU_ASSERT_EQUAL(weft_stop_wait(&s, 0), WEFT_TIMEOUT);
}

static void init_takes_back_a_set(void)
{
    weft_stop s;
    memset(&s, 0xff, sizeof s);
    weft_stop_init(&s);
    CU_ASSERT_FALSE(weft_stop_is_set(&s));
}

static void a_set_token_stays_set(void)
{
    weft_stop s = { 0 };
    weft_stop_set(&s);
    weft_stop_set(&s);
    CU_ASSERT(weft_stop_is_set(&s));
    CU_ASSERT_EQUAL(weft_stop_wait(&s, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_stop_wait(&s, WEFT_FOREVER), WEFT_OK);
}

static void a_wait_lasts_at_least_as_long_as_asked(void)
{
    weft_stop s = { 0 };
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_stop_wait(&s, 0.02), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.02);
}

static void a_negative_or_nan_timeout_is_refused(void)
{
    weft_stop s = { 0 };
    CU_ASSERT_EQUAL(weft_stop_wait(&s, -1), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_stop_wait: timeout is -1 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_stop_wait(&s, NAN), WEFT_EINVAL);
}

/* ---- several threads ---- */

enum { waiters = 8 };

struct crowd {
    weft_stop stop;
    int note;    /* written before the set */
    int waiting; /* threads about to wait, */
    int woken;   /* and those that saw the set and the note */
};

static void *wait_for_set(void *arg)
{
    struct crowd *c = arg;
    __atomic_add_fetch(&c->waiting, 1, __ATOMIC_RELAXED);
    if (weft_stop_wait(&c->stop, 1e10) == WEFT_OK && c->note == 42)
        __atomic_add_fetch(&c->woken, 1, __ATOMIC_RELAXED);
    return NULL;
}

static void set_wakes_all_who_wait_and_shows_what_came_before(void)
{
    for (int round = 0; round < 50; round++) {
        struct crowd c = { .note = 0 };
        pthread_t t[waiters];
        for (int k = 0; k < waiters; k++)
            CU_ASSERT_EQUAL_FATAL(pthread_create(&t[k], NULL, wait_for_set, &c), 0);
        while (__atomic_load_n(&c.waiting, __ATOMIC_RELAXED) < round % (waiters + 1))
            ; /* some sleep already, some have yet to come */
        c.note = 42;
        weft_stop_set(&c.stop);
        for (int k = 0; k < waiters; k++)
            pthread_join(t[k], NULL);
        CU_ASSERT_EQUAL(c.woken, waiters);
    }
}

/* ---- signals ---- */

static weft_stop by_signal;

static void set_at_the_tenth(size_t count)
{
    if (count == 10)
        weft_stop_set(&by_signal);
}

static void a_signal_handler_may_set_it_and_no_signal_ends_the_wait(void)
{
    weft_stop_init(&by_signal);
    storm_begin(set_at_the_tenth);
    CU_ASSERT_EQUAL(weft_stop_wait(&by_signal, 30), WEFT_OK);
    CU_ASSERT(storm_end() >= 10);
}

/* ---- processes ---- */

static void a_shared_token_stops_another_process(void)
{
    weft_stop *const s =
        mmap(NULL, 2 * sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_PTR_NOT_EQUAL_FATAL(s, MAP_FAILED);
    weft_stop_init(&s[0], .shared = true);
    weft_stop_init(&s[1], .shared = true);
    const pid_t child = fork();
    if (child == 0) {
        weft_stop_set(&s[1]);
        _exit(weft_stop_wait(&s[0], 30) == WEFT_OK ? 7 : 1);
    }
    CU_ASSERT_EQUAL(weft_stop_wait(&s[1], 30), WEFT_OK);
    (void)weft_sleep(0.02); /* the child most likely sleeps by now */
    weft_stop_set(&s[0]);
    int status = 0;
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    munmap(s, 2 * sizeof *s);
}

CU_TestInfo stop_tests[] = {
    { "a_token_of_zeros_is_not_set", a_token_of_zeros_is_not_set },
    { "init_takes_back_a_set", init_takes_back_a_set },
    { "a_set_token_stays_set", a_set_token_stays_set },
    { "a_wait_lasts_at_least_as_long_as_asked", a_wait_lasts_at_least_as_long_as_asked },
    { "a_negative_or_nan_timeout_is_refused", a_negative_or_nan_timeout_is_refused },
    { "set_wakes_all_who_wait_and_shows_what_came_before",
      set_wakes_all_who_wait_and_shows_what_came_before },
    { "a_signal_handler_may_set_it_and_no_signal_ends_the_wait",
      a_signal_handler_may_set_it_and_no_signal_ends_the_wait },
    { "a_shared_token_stops_another_process", a_shared_token_stops_another_process },
    CU_TEST_INFO_NULL,
};
