/* process_test.c - processes: started, joined, signalled.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "fault.h"
#include "probe.h"
#include "scene.h"
#include "suites.h"

static const double long_enough = 20; /* seconds; what takes longer has failed */

/* ---- what children run ---- */

static int return_it(void *number) { return *(int *)number; }
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

static int code_of(weft_process_run *run, int number)
{
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, run, &number, .arg_size = sizeof number), WEFT_OK);
    return code_after_join(&p);
}

/* ---- exit codes ---- */

static void what_run_returns_is_the_exit_code(void)
{
    static const int returned[] = { 0, 1, 7, 255, 256, 256 + 3, -1, 1 << 20 };
    for (size_t k = 0; k < COUNT(returned); k++)
        CU_ASSERT_EQUAL(code_of(return_it, returned[k]), returned[k] & 0xff);
}

static int call_exit(void *number) { exit(*(int *)number); }
static int call__exit(void *number) { _exit(*(int *)number); }

static int call_pthread_exit(void *number) { pthread_exit(number); }

static int exit_deep_inside(void *number)
{
    pthread_t thread;
    pthread_create(&thread, NULL, (void *(*)(void *))(void *)call_exit, number);
    pthread_join(thread, NULL);
    return 99;
}

static void to_call_exit_is_to_return(void)
{
    CU_ASSERT_EQUAL(code_of(call_exit, 5), 5);
    CU_ASSERT_EQUAL(code_of(call__exit, 6), 6);
    CU_ASSERT_EQUAL(code_of(exit_deep_inside, 7), 7);
    CU_ASSERT_EQUAL(code_of(call_pthread_exit, 8), 0);
}

static int raise_it(void *number)
{
    signal(*(int *)number, SIG_DFL); /* sanitizers catch some */
    raise(*(int *)number);
    return 0;
}

static void a_signal_that_ends_it_is_negative(void)
{
    static const int numbers[] = { SIGABRT, SIGSEGV, SIGKILL, SIGUSR1, SIGTERM };
    for (size_t k = 0; k < COUNT(numbers); k++)
        CU_ASSERT_EQUAL(code_of(raise_it, numbers[k]), -numbers[k]);
}

static void terminate_kill_and_interrupt_end_it(void)
{
    static const struct {
        weft_status (*send)(const weft_process *process);
        int number;
    } ways[] = { { weft_process_terminate, SIGTERM },
                 { weft_process_kill, SIGKILL },
                 { weft_process_interrupt, SIGINT } };
    for (size_t k = 0; k < COUNT(ways); k++) {
        weft_process p;
        CU_ASSERT_EQUAL(weft_process_start(&p, run_for_ever, NULL), WEFT_OK);
        CU_ASSERT_EQUAL(ways[k].send(&p), WEFT_OK);
        CU_ASSERT_EQUAL(code_after_join(&p), -ways[k].number);
        CU_ASSERT_EQUAL(ways[k].send(&p), WEFT_OK); /* it has ended already */
    }
}

/* ---- arguments ---- */

struct told {
    unsigned go;
    int number;
};

static weft_pipe here, there; /* a message is the word to go on */

static int return_number_when_told(void *arg)
{
    struct told *const t = arg;
    (void)weft_pipe_recv(&there, NULL, 0, NULL, WEFT_FOREVER);
    return t->number;
}

static void with_arg_size_the_argument_is_as_at_the_start(void)
{
    struct told *const t = weft_shared_alloc(sizeof *t);
    weft_process copied, given;
    t->number = 1;
    CU_ASSERT_EQUAL_FATAL(weft_pipe_init(&here, &there), WEFT_OK);
    weft_process_start(&copied, return_number_when_told, t, .arg_size = sizeof *t);
    weft_process_start(&given, return_number_when_told, t);
    t->number = 2;
    CU_ASSERT_EQUAL(weft_pipe_send(&here, NULL, 0, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pipe_send(&here, NULL, 0, 0), WEFT_OK);
    CU_ASSERT_EQUAL(code_after_join(&copied), 1);
    CU_ASSERT_EQUAL(code_after_join(&given), 2); /* it is shared */
    weft_pipe_fini(&here), weft_pipe_fini(&there);
    weft_shared_free(t);
}

static int change_it(void *number)
{
    const int before = *(int *)number;
    *(int *)number = 100;
    return before;
}

static void an_argument_on_the_callers_stack_is_a_copy_of_the_childs(void)
{
    int number = 3;
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, change_it, &number), WEFT_OK);
    CU_ASSERT_EQUAL(code_after_join(&p), 3);
    CU_ASSERT_EQUAL(number, 3);
}

static void bad_arguments_start_nothing(void)
{
    weft_process p = { 1, 1 };
    CU_ASSERT_EQUAL(weft_process_start(&p, NULL, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_process_start: run is NULL: it must be a function");
    CU_ASSERT_EQUAL(p.place_, 0);
    CU_ASSERT_EQUAL(weft_process_start(&p, return_it, NULL, .arg_size = 4), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_process_start: arg is NULL with .arg_size = 4: it must point "
                               "to that many bytes");
    CU_ASSERT_EQUAL(weft_process_active_children(NULL, 0), 0);
}

static void nobody_needs_a_handle(void)
{
    CU_ASSERT_EQUAL(weft_process_start(NULL, return_at_once, NULL), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_start_opts(NULL, return_at_once, NULL, NULL), WEFT_OK);
    while (weft_process_active_children(NULL, 0) > 0)
        weft_sleep(0.001);
}

/* Lets every allocation of a start fail once; how many that were, negative: something went wrong. Where
 * a record cannot be made, one at rest serves. */
static int start_without_memory(void)
{
    int refused = 0, bad = 0, number = 6;
    for (bool failed = true; failed;) {
        weft_process p;
        fault_begin((size_t)refused);
        const weft_status s =
            weft_process_start(&p, return_it, &number, .arg_size = sizeof number, .name = "loopy");
        failed = fault_end();
        if (s == WEFT_OK)
            bad += weft_process_join(&p, long_enough) || weft_process_exitcode(&p) != 6;
        else
            bad += !failed || s != WEFT_ENOMEM || p.place_ != 0 || !weft_detail()[0];
        refused += failed;
    }
    return bad ? -bad : refused;
}

static void without_memory_start_works_or_says_so(void)
{
    const long before = fault_live();
    CU_ASSERT(start_without_memory() >= 2);
    CU_ASSERT(fault_live() - before < 4096); /* a record, and room for more of them */
}

/* At rest there are the records of a grandchild's ancestors. */
static int pass_on_without_memory(void *generations)
{
    int left = *(int *)generations - 1;
    weft_process p;
    if (left == 0)
        return start_without_memory() < 2;
    return weft_process_start(&p, pass_on_without_memory, &left) ||
           weft_process_join(&p, long_enough) || weft_process_exitcode(&p);
}

static void so_it_does_in_a_grandchild(void)
{
    CU_ASSERT_EQUAL(code_of(pass_on_without_memory, 3), 0);
}

/* ---- join ---- */

static void join_polls_waits_and_times_out(void)
{
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, run_for_ever, NULL), WEFT_OK);
    CU_ASSERT_EQUAL(weft_process_join(&p, 0), WEFT_TIMEOUT);
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_process_join(&p, 0.03), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.03);
    weft_process_kill(&p);
    CU_ASSERT_EQUAL(weft_process_join(&p, WEFT_FOREVER), WEFT_OK);
    for (int k = 0; k < 3; k++)
        CU_ASSERT_EQUAL(weft_process_join(&p, 0), WEFT_OK);
}

enum { joiners = 8 };

struct joint {
    weft_process process;
    int bad;
};

static void *join_it(void *arg)
{
    struct joint *const j = arg;
    if (weft_process_join(&j->process, WEFT_FOREVER) || weft_process_exitcode(&j->process) != -9)
        __atomic_fetch_add(&j->bad, 1, __ATOMIC_RELAXED); /* published by pthread_join */
    return NULL;
}

static void many_threads_join_one_process(void)
{
    struct joint j = { .bad = 0 };
    pthread_t threads[joiners];
    CU_ASSERT_EQUAL(weft_process_start(&j.process, run_for_ever, NULL), WEFT_OK);
    for (size_t k = 0; k < joiners; k++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[k], NULL, join_it, &j), 0);
    weft_process_kill(&j.process);
    for (size_t k = 0; k < joiners; k++)
        pthread_join(threads[k], NULL);
    CU_ASSERT_EQUAL(j.bad, 0);
}

static void join_refuses_what_cannot_be(void)
{
    static const double bad_times[] = { -1, -INFINITY, NAN };
    const weft_process none = { 0, 0 }, wild = { 1000000, 5 }, *const me = weft_process_current();
    for (size_t k = 0; k < COUNT(bad_times); k++)
        CU_ASSERT_EQUAL(weft_process_join(me, bad_times[k]), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_process_join(me, 0), WEFT_EDEADLK);
    ASSERT_TEXT(weft_detail(), "weft_process_join: MainProcess is the calling process");
    CU_ASSERT_EQUAL(weft_process_join(&none, 0), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_process_join(&wild, 0), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_process_join(NULL, 0), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_process_join: the handle is of no process that is known");
    CU_ASSERT_EQUAL(weft_process_terminate(&none), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_process_kill(me), WEFT_EPERM);
    CU_ASSERT_FALSE(weft_process_is_alive(&none));
    CU_ASSERT_EQUAL(weft_process_exitcode(&wild), WEFT_NO_EXITCODE);
    CU_ASSERT_EQUAL(weft_process_pid(&none), 0);
    ASSERT_TEXT(weft_process_name(&none), "");
}

/* Whether it may not touch a process of its parent's, and knows its name and number all the same. */
static int meddle(void *brother)
{
    const weft_process *const b = brother, *const parent = weft_process_parent();
    int bad = weft_process_join(b, 0) != WEFT_EPERM;
    bad += strcmp(weft_detail(), "weft_process_join: brother was not started by this process") != 0;
    bad += weft_process_kill(b) != WEFT_EPERM;
    bad += weft_process_exitcode(b) != WEFT_NO_EXITCODE;
    bad += weft_process_pid(b) == 0 || strcmp(weft_process_name(b), "brother") != 0;
    bad += weft_process_join(parent, 0) != WEFT_EPERM || weft_process_kill(parent) != WEFT_EPERM;
    bad += weft_process_active_children(NULL, 0) != 0;
    return bad;
}

static void only_who_started_a_process_may_join_or_signal_it(void)
{
    weft_process brother, p;
    weft_process_start(&brother, run_for_ever, NULL, .name = "brother");
    weft_process_start(&p, meddle, &brother);
    CU_ASSERT_EQUAL(code_after_join(&p), 0);
    CU_ASSERT_TRUE(weft_process_is_alive(&brother));
    weft_process_kill(&brother);
    CU_ASSERT_EQUAL(code_after_join(&brother), -SIGKILL);
}

static void it_is_alive_until_it_ends(void)
{
    weft_process p;
    CU_ASSERT_EQUAL(weft_process_start(&p, run_for_ever, NULL), WEFT_OK);
    CU_ASSERT_TRUE(weft_process_is_alive(&p));
    CU_ASSERT_EQUAL(weft_process_exitcode(&p), WEFT_NO_EXITCODE);
    weft_process_kill(&p);
    const double start = weft_now();
    while (weft_process_is_alive(&p) && weft_now() - start < long_enough)
        ;
    CU_ASSERT_FALSE(weft_process_is_alive(&p));
    CU_ASSERT_EQUAL(weft_process_exitcode(&p), -SIGKILL);
}

/* ---- many ---- */

enum { starters = 4, starts = 25 };

static void *start_and_join(void *bad)
{
    for (int k = 0; k < starts; k++) {
        weft_process p;
        if (weft_process_start(&p, return_it, &k) || weft_process_join(&p, long_enough) ||
            weft_process_exitcode(&p) != k)
            __atomic_fetch_add((int *)bad, 1, __ATOMIC_RELAXED); /* published by pthread_join */
    }
    return NULL;
}

static int bad_starts_of(size_t n)
{
    int bad = 0;
    pthread_t threads[starters];
    for (size_t k = 0; k < n; k++)
        if (pthread_create(&threads[k], NULL, start_and_join, &bad))
            abort();
    for (size_t k = 0; k < n; k++)
        pthread_join(threads[k], NULL);
    return bad;
}

static int threads_start(void)
{
    int bad = bad_starts_of(1); /* a sanitizer keeps a thread from the first on */
    const belongings before = belongings_now();
    bad += bad_starts_of(starters);
    const belongings after = belongings_now();
    return bad + !belongings_equal(&before, &after);
}

static void threads_start_processes_at_the_same_time(void)
{
    if (asan) {
        puts("skipped: threads_start_processes_at_the_same_time: a lock of AddressSanitizer's may "
             "be "
             "held");
        return;
    }
    scene_says("process", "threads_start", 0, "");
}

static const scene scenes[] = { { "threads_start", threads_start }, { NULL, NULL } };

int process_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

CU_TestInfo process_tests[] = {
    { "what_run_returns_is_the_exit_code", what_run_returns_is_the_exit_code },
    { "to_call_exit_is_to_return", to_call_exit_is_to_return },
    { "a_signal_that_ends_it_is_negative", a_signal_that_ends_it_is_negative },
    { "terminate_kill_and_interrupt_end_it", terminate_kill_and_interrupt_end_it },
    { "with_arg_size_the_argument_is_as_at_the_start",
      with_arg_size_the_argument_is_as_at_the_start },
    { "an_argument_on_the_callers_stack_is_a_copy_of_the_childs",
      an_argument_on_the_callers_stack_is_a_copy_of_the_childs },
    { "bad_arguments_start_nothing", bad_arguments_start_nothing },
    { "nobody_needs_a_handle", nobody_needs_a_handle },
    { "without_memory_start_works_or_says_so", without_memory_start_works_or_says_so },
    { "so_it_does_in_a_grandchild", so_it_does_in_a_grandchild },
    { "join_polls_waits_and_times_out", join_polls_waits_and_times_out },
    { "many_threads_join_one_process", many_threads_join_one_process },
    { "join_refuses_what_cannot_be", join_refuses_what_cannot_be },
    { "only_who_started_a_process_may_join_or_signal_it",
      only_who_started_a_process_may_join_or_signal_it },
    { "it_is_alive_until_it_ends", it_is_alive_until_it_ends },
    { "threads_start_processes_at_the_same_time", threads_start_processes_at_the_same_time },
    CU_TEST_INFO_NULL,
};
