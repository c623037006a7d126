/* thread_test.c - how threads begin and what they are given, how they end and are joined.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/thread.h>

#include <math.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <weft/stop.h>

#include "storm.h"
#include "suites.h"
#include "threads.h"

/* ---- begin and argument ---- */

static void set(void *flag) { __atomic_store_n((int *)flag, 1, __ATOMIC_RELAXED); }

static void a_thread_runs_its_function_with_its_argument(void)
{
    int flag = 0;
    weft_thread t;
    start_ok(&t, set, &flag);
    join_ok(&t);
    CU_ASSERT_EQUAL(flag, 1);
}

static void start_returns_when_the_thread_runs(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    start_ok(&t, until_set, &go);
    CU_ASSERT(weft_thread_is_alive(&t));
    CU_ASSERT(weft_thread_native_id(&t) > 0);
    weft_stop_set(&go);
    join_ok(&t);
}

enum { copies = 50 };
static int seen[copies];

static void mark(void *number) { seen[*(int *)number]++; }

static void a_copied_argument_may_change_at_once(void)
{
    weft_thread t[copies];
    memset(seen, 0, sizeof seen);
    for (int i = 0; i < copies; i++)
        CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t[i], mark, &i, .arg_size = sizeof i), WEFT_OK);
    for (int i = 0; i < copies; i++) {
        join_ok(&t[i]);
        CU_ASSERT_EQUAL(seen[i], 1);
    }
}

struct subclass {
    weft_thread thread;
    int number, same;
};

static void find_oneself(void *self)
{
    struct subclass *const s = self;
    const weft_thread *const me = weft_thread_current();
    s->same = memcmp(me, &s->thread, sizeof *me) == 0 && weft_thread_is_alive(&s->thread);
    s->number *= 2;
}

static void a_struct_that_begins_with_its_thread_is_its_argument(void)
{
    struct subclass s = { .number = 21 };
    start_ok(&s.thread, find_oneself, &s);
    join_ok(&s.thread);
    CU_ASSERT_EQUAL(s.number, 42);
    CU_ASSERT(s.same);
}

static int copy_is_itself;

static void find_oneself_in_a_copy(void *self)
{
    find_oneself(self);
    __atomic_store_n(&copy_is_itself, ((struct subclass *)self)->same, __ATOMIC_RELAXED);
}

static void a_copy_of_the_struct_holds_the_handle_too(void)
{
    struct subclass s = { .number = 1 };
    CU_ASSERT_EQUAL_FATAL(
        weft_thread_start(&s.thread, find_oneself_in_a_copy, &s, .arg_size = sizeof s), WEFT_OK);
    join_ok(&s.thread);
    CU_ASSERT(copy_is_itself);
    CU_ASSERT_EQUAL(s.number, 1);
}

static void set_by_stop(void *stop) { weft_stop_set(stop); }

static void a_thread_may_be_started_without_a_handle(void)
{
    weft_stop ran = { 0 };
    CU_ASSERT_EQUAL(weft_thread_start(NULL, set_by_stop, &ran), WEFT_OK);
    CU_ASSERT_EQUAL(weft_stop_wait(&ran, 30), WEFT_OK);
}

/* ---- end and join ---- */

static void join_times_out_while_it_runs(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    start_ok(&t, until_set, &go);
    CU_ASSERT_EQUAL(weft_thread_join(&t, 0), WEFT_TIMEOUT);
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_thread_join(&t, 0.02), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.02);
    CU_ASSERT(weft_thread_is_alive(&t));
    weft_stop_set(&go);
    join_ok(&t);
    CU_ASSERT_FALSE(weft_thread_is_alive(&t));
}

static void a_thread_is_joined_as_often_as_one_likes(void)
{
    weft_thread t;
    start_ok(&t, nothing, NULL);
    for (int k = 0; k < 10; k++)
        join_ok(&t);
    CU_ASSERT_EQUAL(weft_thread_join(&t, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_thread_join(&t, 1e10), WEFT_OK);
}

enum { joiners = 20 };

struct joined {
    weft_thread thread;
    weft_stop go;
    int value; /* written by the thread at its end */
    int joins; /* that saw it */
};

static void write_at_the_end(void *joined)
{
    struct joined *const j = joined;
    (void)weft_stop_wait(&j->go, 30);
    j->value = 42;
}

static void join_and_look(void *joined)
{
    struct joined *const j = joined;
    if (weft_thread_join(&j->thread, 1e10) == WEFT_OK && j->value == 42)
        __atomic_add_fetch(&j->joins, 1, __ATOMIC_RELAXED);
}

static void many_threads_join_one_and_see_what_it_did(void)
{
    struct joined j = { .value = 0 };
    weft_thread t[joiners];
    start_ok(&j.thread, write_at_the_end, &j);
    for (int k = 0; k < joiners; k++)
        start_ok(&t[k], join_and_look, &j);
    weft_stop_set(&j.go);
    for (int k = 0; k < joiners; k++)
        join_ok(&t[k]);
    CU_ASSERT_EQUAL(j.joins, joiners);
}

static weft_status self_join, poll_of_self;

static void join_oneself(void *arg)
{
    (void)arg;
    self_join = weft_thread_join(weft_thread_current(), WEFT_FOREVER);
    poll_of_self = weft_thread_join(weft_thread_current(), 0);
}

static void joining_oneself_would_deadlock(void)
{
    weft_thread t;
    start_ok(&t, join_oneself, NULL);
    join_ok(&t);
    CU_ASSERT_EQUAL(self_join, WEFT_EDEADLK);
    CU_ASSERT_EQUAL(poll_of_self, WEFT_EDEADLK);
    CU_ASSERT_EQUAL(weft_thread_join(weft_thread_main(), WEFT_FOREVER), WEFT_EDEADLK);
    ASSERT_TEXT(weft_detail(),
                "weft_thread_join: thread is the calling thread: it would wait for itself");
}

static void a_negative_or_nan_timeout_is_refused(void)
{
    weft_thread t;
    start_ok(&t, nothing, NULL);
    CU_ASSERT_EQUAL(weft_thread_join(&t, -0.5), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_thread_join: timeout is -0.5 seconds: it must be 0 or more");
    CU_ASSERT_EQUAL(weft_thread_join(&t, NAN), WEFT_EINVAL);
    join_ok(&t);
}

static void exit_early(void *flag)
{
    set(flag);
    pthread_exit(NULL);
}

static void pthread_exit_is_an_end_too(void)
{
    int flag = 0;
    weft_thread t;
    start_ok(&t, exit_early, &flag);
    join_ok(&t);
    CU_ASSERT_EQUAL(flag, 1);
}

static pthread_key_t of_the_thread;
static int destroyed;

static void destroy(void *value)
{
    usleep(2000);
    __atomic_store_n((int *)value, 1, __ATOMIC_RELAXED);
}

static void keep(void *value) { (void)pthread_setspecific(of_the_thread, value); }

static void thread_specific_values_are_gone_when_join_returns(void)
{
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(pthread_key_create(&of_the_thread, destroy), 0);
    start_ok(&t, keep, &destroyed);
    join_ok(&t);
    CU_ASSERT_EQUAL(destroyed, 1);
    pthread_key_delete(of_the_thread);
}

static void signals_do_not_end_a_join(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    start_ok(&t, until_set, &go);
    storm_begin(NULL);
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_thread_join(&t, 0.1), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.1);
    weft_stop_set(&go);
    CU_ASSERT_EQUAL(weft_thread_join(&t, 30), WEFT_OK);
    CU_ASSERT(storm_end() > 10);
}

CU_TestInfo thread_tests[] = {
    { "a_thread_runs_its_function_with_its_argument",
      a_thread_runs_its_function_with_its_argument },
    { "start_returns_when_the_thread_runs", start_returns_when_the_thread_runs },
    { "a_copied_argument_may_change_at_once", a_copied_argument_may_change_at_once },
    { "a_struct_that_begins_with_its_thread_is_its_argument",
      a_struct_that_begins_with_its_thread_is_its_argument },
    { "a_copy_of_the_struct_holds_the_handle_too", a_copy_of_the_struct_holds_the_handle_too },
    { "a_thread_may_be_started_without_a_handle", a_thread_may_be_started_without_a_handle },
    { "join_times_out_while_it_runs", join_times_out_while_it_runs },
    { "a_thread_is_joined_as_often_as_one_likes", a_thread_is_joined_as_often_as_one_likes },
    { "many_threads_join_one_and_see_what_it_did", many_threads_join_one_and_see_what_it_did },
    { "joining_oneself_would_deadlock", joining_oneself_would_deadlock },
    { "a_negative_or_nan_timeout_is_refused", a_negative_or_nan_timeout_is_refused },
    { "pthread_exit_is_an_end_too", pthread_exit_is_an_end_too },
    { "thread_specific_values_are_gone_when_join_returns",
      thread_specific_values_are_gone_when_join_returns },
    { "signals_do_not_end_a_join", signals_do_not_end_a_join },
    CU_TEST_INFO_NULL,
};
