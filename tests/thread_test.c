/* thread_test.c - threads: begun, ended, joined, named, listed, placed.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/thread.h>

#include <dirent.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft/stop.h>

#include "storm.h"
#include "suites.h"

static void nothing(void *arg) { (void)arg; }

static void abort_if_run(void *arg)
{
    (void)arg;
    abort();
}

/* Runs until the test says so, or half a minute. */
static void until_set(void *stop) { (void)weft_stop_wait(stop, 30); }

static void start_ok(weft_thread *t, weft_run *run, void *arg)
{
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(t, run, arg), WEFT_OK);
}

static void join_ok(const weft_thread *t)
{
    CU_ASSERT_EQUAL_FATAL(weft_thread_join(t, 30), WEFT_OK);
}

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

/* ---- handles ---- */

static void a_handle_that_was_never_started_is_refused(void)
{
    const weft_thread never = { 0 };
    char text[WEFT_DESCRIBE_MAX];
    CU_ASSERT_EQUAL(weft_thread_join(&never, WEFT_FOREVER), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_thread_join: thread is a handle that no start has filled: "
                               "start it first");
    CU_ASSERT_EQUAL(weft_thread_join(NULL, 0), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_thread_set_name(&never, "x"), WEFT_ESTATE);
    CU_ASSERT_FALSE(weft_thread_is_alive(&never));
    CU_ASSERT_FALSE(weft_thread_is_daemon(&never));
    ASSERT_TEXT(weft_thread_name(&never), "");
    CU_ASSERT_EQUAL(weft_thread_ident(&never), 0);
    CU_ASSERT_EQUAL(weft_thread_native_id(&never), 0);
    ASSERT_TEXT(weft_thread_describe(&never, text), "<Thread(, initial)>");
}

static void no_handle_whatever_it_holds_crashes(void)
{
    uint64_t state = 1;
    for (int k = 0; k < 100000; k++) {
        weft_thread t;
        char text[WEFT_DESCRIBE_MAX];
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        const uint32_t half[2] = { (uint32_t)(state >> 32) % (k % 2 ? 300 : UINT32_MAX),
                                   (uint32_t)(state >> 20) >> k % 32 };
        memcpy(&t, half, sizeof t);
        const weft_status s = weft_thread_join(&t, 0);
        if (s != WEFT_OK && s != WEFT_ESTATE && s != WEFT_TIMEOUT && s != WEFT_EDEADLK)
            CU_FAIL("a status that join does not have");
        (void)weft_thread_describe(&t, text);
        if (weft_thread_is_alive(&t) && weft_thread_active_count() == 1)
            CU_ASSERT(memcmp(&t, weft_thread_main(), sizeof t) == 0);
    }
}

static void a_second_start_in_the_same_storage_drops_the_first(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    start_ok(&t, until_set, &go);
    const weft_thread first = t;
    start_ok(&t, nothing, NULL);
    join_ok(&t);
    CU_ASSERT(weft_thread_is_alive(&first));
    weft_stop_set(&go);
    join_ok(&first);
}

enum { many = 1000, surely_known = 200 };

static void run_some(size_t n)
{
    for (size_t k = 0; k < n; k++) {
        weft_thread t;
        start_ok(&t, nothing, NULL);
        join_ok(&t);
    }
}

static void a_handle_keeps_its_answer_for_ever(void)
{
    weft_thread t;
    start_ok(&t, nothing, NULL);
    join_ok(&t);
    run_some(many);
    CU_ASSERT_EQUAL(weft_thread_join(&t, 0), WEFT_OK);
    CU_ASSERT_FALSE(weft_thread_is_alive(&t));
}

static void an_ended_thread_is_known_by_name_for_a_while(void)
{
    char text[WEFT_DESCRIBE_MAX], expected[WEFT_DESCRIBE_MAX];
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, nothing, NULL, .name = "task1", .daemon = true),
                          WEFT_OK);
    join_ok(&t);
    run_some(surely_known);
    ASSERT_TEXT(weft_thread_name(&t), "task1");
    snprintf(expected, sizeof expected, "<Thread(task1, stopped daemon %lu)>",
             weft_thread_ident(&t));
    ASSERT_TEXT(weft_thread_describe(&t, text), expected);
    run_some(many);
    ASSERT_TEXT(weft_thread_name(&t), "");
    ASSERT_TEXT(weft_thread_describe(&t, text), "<Thread(, stopped)>");
}

/* ---- names ---- */

static void threads_without_a_name_are_numbered(void)
{
    unsigned number[2] = { 0 };
    for (int k = 0; k < 2; k++) {
        weft_thread t;
        CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, nothing, NULL, .name = k ? "" : NULL), WEFT_OK);
        CU_ASSERT_EQUAL(sscanf(weft_thread_name(&t), "Thread-%u", &number[k]), 1);
        join_ok(&t);
    }
    CU_ASSERT(number[0] > 0);
    CU_ASSERT_EQUAL(number[1], number[0] + 1);
}

/* What the system calls a thread of this process. */
static char *system_name(int id)
{
    static char name[32];
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", id);
    FILE *const f = fopen(path, "r");
    if (!f || !fgets(name, sizeof name, f))
        name[0] = '\0';
    if (f)
        fclose(f);
    name[strcspn(name, "\n")] = '\0';
    return name;
}

static void the_system_sees_the_name(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, until_set, &go, .name = "task1"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "task1");
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, "heartbeat"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "heartbeat");
    ASSERT_TEXT(weft_thread_name(&t), "heartbeat");
    weft_stop_set(&go);
    join_ok(&t);
}

static void the_system_sees_at_most_fifteen_bytes_and_no_half_character(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(
        weft_thread_start(&t, until_set, &go, .name = "a name that is far too long"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "a name that is ");
    ASSERT_TEXT(weft_thread_name(&t), "a name that is far too long");
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, "123456789 12345"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "123456789 12345");
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, "123456789 1234\u00e4"), WEFT_OK);
    ASSERT_TEXT(system_name(weft_thread_native_id(&t)), "123456789 1234");
    weft_stop_set(&go);
    join_ok(&t);
}

static void a_name_may_have_any_length(void)
{
    char longest[5000], text[WEFT_DESCRIBE_MAX];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, nothing, NULL, .name = longest), WEFT_OK);
    join_ok(&t);
    ASSERT_TEXT(weft_thread_name(&t), longest);
    weft_thread_describe(&t, text);
    CU_ASSERT_EQUAL(strlen(text), WEFT_DESCRIBE_MAX - 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "xxx..., stopped "));
}

static void old_names_stay_until_eight_others_have_come(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, until_set, &go, .name = "first"), WEFT_OK);
    const char *const first = weft_thread_name(&t);
    for (int k = 0; k < 7; k++)
        CU_ASSERT_EQUAL(weft_thread_set_name(&t, "another"), WEFT_OK);
    ASSERT_TEXT(first, "first");
    for (int k = 0; k < 1000; k++)
        (void)weft_thread_set_name(&t, "another");
    weft_stop_set(&go);
    join_ok(&t);
}

static void a_name_that_is_null_or_comes_too_late_is_refused(void)
{
    weft_thread t;
    start_ok(&t, nothing, NULL);
    join_ok(&t);
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_thread_set_name: name is NULL: it must be a text");
    CU_ASSERT_EQUAL(weft_thread_set_name(&t, "late"), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_thread_set_name: thread has ended: it keeps its name");
}

/* ---- ids and descriptions ---- */

struct ids {
    unsigned long ident;
    int native_id;
};

static void look_at_ids(void *ids)
{
    *(struct ids *)ids = (struct ids){ (unsigned long)pthread_self(), gettid() };
}

static void ids_are_those_of_the_system(void)
{
    struct ids i;
    weft_thread t;
    start_ok(&t, look_at_ids, &i);
    join_ok(&t);
    CU_ASSERT_EQUAL(weft_thread_ident(&t), i.ident);
    CU_ASSERT_EQUAL(weft_thread_native_id(&t), i.native_id);
}

static void main_is_known(void)
{
    char text[WEFT_DESCRIBE_MAX], expected[WEFT_DESCRIBE_MAX];
    const weft_thread *const m = weft_thread_main();
    CU_ASSERT_PTR_EQUAL(weft_thread_current(), m);
    ASSERT_TEXT(weft_thread_name(m), "MainThread");
    CU_ASSERT_EQUAL(weft_thread_ident(m), (unsigned long)pthread_self());
    CU_ASSERT_EQUAL(weft_thread_native_id(m), getpid());
    CU_ASSERT_FALSE(weft_thread_is_daemon(m));
    CU_ASSERT(weft_thread_is_alive(m));
    snprintf(expected, sizeof expected, "<_MainThread(MainThread, started %lu)>",
             (unsigned long)pthread_self());
    ASSERT_TEXT(weft_thread_describe(m, text), expected);
}

static void describes(const weft_thread *t, const char *state)
{
    char text[WEFT_DESCRIBE_MAX], expected[WEFT_DESCRIBE_MAX];
    snprintf(expected, sizeof expected, "<Thread(task1, %s %lu)>", state, weft_thread_ident(t));
    ASSERT_TEXT(weft_thread_describe(t, text), expected);
}

static void a_description_tells_name_state_and_ident(void)
{
    for (int daemon = 0; daemon < 2; daemon++) {
        weft_stop go = { 0 };
        weft_thread t;
        CU_ASSERT_EQUAL_FATAL(
            weft_thread_start(&t, until_set, &go, .name = "task1", .daemon = daemon), WEFT_OK);
        describes(&t, daemon ? "started daemon" : "started");
        weft_stop_set(&go);
        join_ok(&t);
        describes(&t, daemon ? "stopped daemon" : "stopped");
    }
}

/* ---- who is there ---- */

static void active_count_counts_main_and_the_living(void)
{
    weft_stop go = { 0 };
    weft_thread t[3];
    const size_t before = weft_thread_active_count();
    CU_ASSERT(before >= 1);
    for (int k = 0; k < 3; k++)
        CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t[k], until_set, &go, .daemon = k == 1), WEFT_OK);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before + 3);
    weft_stop_set(&go);
    for (int k = 0; k < 3; k++)
        join_ok(&t[k]);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before);
}

static void enumerate_lists_main_first_then_the_others_by_age(void)
{
    weft_stop go = { 0 };
    weft_thread t[3];
    weft_thread_info live[16];
    const size_t before = weft_thread_active_count();
    for (int k = 0; k < 3; k++)
        CU_ASSERT_EQUAL_FATAL(
            weft_thread_start(&t[k], until_set, &go, .name = "one", .daemon = k == 1), WEFT_OK);
    CU_ASSERT_EQUAL_FATAL(weft_thread_enumerate(live, COUNT(live)), before + 3);
    CU_ASSERT(memcmp(&live[0].thread, weft_thread_main(), sizeof *t) == 0);
    for (size_t k = 0; k < 3; k++) {
        char text[WEFT_DESCRIBE_MAX];
        const weft_thread_info *const i = &live[before + k];
        CU_ASSERT(memcmp(&i->thread, &t[k], sizeof *t) == 0);
        CU_ASSERT_EQUAL(i->ident, weft_thread_ident(&t[k]));
        CU_ASSERT_EQUAL(i->native_id, weft_thread_native_id(&t[k]));
        CU_ASSERT_EQUAL(i->daemon, k == 1);
        ASSERT_TEXT(i->description, weft_thread_describe(&t[k], text));
    }
    weft_stop_set(&go);
    for (int k = 0; k < 3; k++)
        join_ok(&t[k]);
}

static void enumerate_writes_no_more_than_asked_and_returns_how_many_there_are(void)
{
    weft_stop go = { 0 };
    weft_thread t;
    weft_thread_info live[2];
    memset(live, 0x5a, sizeof live);
    const weft_thread_info untouched = live[1];
    start_ok(&t, until_set, &go);
    CU_ASSERT(weft_thread_enumerate(live, 1) >= 2);
    CU_ASSERT(memcmp(&live[1], &untouched, sizeof untouched) == 0);
    CU_ASSERT_EQUAL(weft_thread_enumerate(NULL, 0), weft_thread_active_count());
    weft_stop_set(&go);
    join_ok(&t);
}

struct foreigner {
    weft_stop known, go;
    weft_thread thread;
    char text[WEFT_DESCRIBE_MAX];
    bool same, daemon;
};

static void *introduce_oneself(void *foreigner)
{
    struct foreigner *const f = foreigner;
    f->thread = *weft_thread_current();
    f->same = weft_thread_current() == weft_thread_current();
    weft_thread_describe(&f->thread, f->text);
    weft_stop_set(&f->known);
    (void)weft_stop_wait(&f->go, 30);
    return NULL;
}

static void a_thread_of_somebody_else_is_known_from_its_first_question_to_its_end(void)
{
    struct foreigner f = { .same = false };
    char expected[WEFT_DESCRIBE_MAX];
    pthread_t p;
    const size_t before = weft_thread_active_count();
    CU_ASSERT_EQUAL_FATAL(pthread_create(&p, NULL, introduce_oneself, &f), 0);
    CU_ASSERT_EQUAL(weft_stop_wait(&f.known, 30), WEFT_OK);
    CU_ASSERT(f.same);
    CU_ASSERT(weft_thread_is_alive(&f.thread));
    CU_ASSERT(weft_thread_is_daemon(&f.thread));
    CU_ASSERT_EQUAL(weft_thread_active_count(), before + 1);
    CU_ASSERT_EQUAL(strncmp(weft_thread_name(&f.thread), "Dummy-", 6), 0);
    snprintf(expected, sizeof expected, "<_DummyThread(%s, started daemon %lu)>",
             weft_thread_name(&f.thread), (unsigned long)p);
    ASSERT_TEXT(f.text, expected);
    CU_ASSERT_EQUAL(weft_thread_join(&f.thread, 0), WEFT_TIMEOUT);
    weft_stop_set(&f.go);
    join_ok(&f.thread);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before);
    pthread_join(p, NULL);
}

struct lineage {
    bool daemon, child_is_daemon;
};

static void start_a_child(void *lineage)
{
    struct lineage *const l = lineage;
    weft_thread child;
    if (weft_thread_start(&child, nothing, NULL) || weft_thread_join(&child, 30))
        abort();
    l->daemon = weft_thread_is_daemon(weft_thread_current());
    l->child_is_daemon = weft_thread_is_daemon(&child);
}

static void the_child_of_a_daemon_is_a_daemon(void)
{
    for (int daemon = 0; daemon < 2; daemon++) {
        struct lineage l;
        weft_thread t;
        CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, start_a_child, &l, .daemon = daemon), WEFT_OK);
        join_ok(&t);
        CU_ASSERT_EQUAL(l.daemon, daemon);
        CU_ASSERT_EQUAL(l.child_is_daemon, daemon);
    }
}

static void *start_a_child_elsewhere(void *lineage)
{
    start_a_child(lineage);
    return NULL;
}

static void the_child_of_somebody_elses_thread_is_no_daemon(void)
{
    struct lineage l;
    pthread_t p;
    CU_ASSERT_EQUAL_FATAL(pthread_create(&p, NULL, start_a_child_elsewhere, &l), 0);
    pthread_join(p, NULL);
    CU_ASSERT(l.daemon);
    CU_ASSERT_FALSE(l.child_is_daemon);
}

/* ---- where, with which signals, on which stack ---- */

static void look_at_cpus(void *set)
{
    if (weft_cpus_bound(set))
        abort();
}

static weft_cpus cpus_of(const weft_cpus *place)
{
    weft_cpus set;
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, look_at_cpus, &set, .place = place), WEFT_OK);
    join_ok(&t);
    return set;
}

static weft_cpus one_of(const weft_cpus *set, bool last)
{
    weft_cpus one = { { 0 } };
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX && (last || !weft_cpus_count(&one)); cpu++)
        if (weft_cpus_has(set, cpu)) {
            one = (weft_cpus){ { 0 } };
            weft_cpus_add(&one, cpu);
        }
    return one;
}

static void a_place_binds_the_thread(void)
{
    weft_cpus original;
    weft_cpus_original(&original);
    for (int last = 0; last < 2; last++) {
        const weft_cpus place = one_of(&original, last), got = cpus_of(&place);
        CU_ASSERT(weft_cpus_equal(&got, &place));
    }
}

static void a_thread_of_a_bound_thread_is_not_bound(void)
{
    weft_cpus original, before;
    weft_cpus_original(&original);
    const weft_cpus one = one_of(&original, false);
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bound(&before), WEFT_OK);
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bind(&one), WEFT_OK);
    const weft_cpus got = cpus_of(NULL);
    CU_ASSERT_EQUAL(weft_cpus_bind(&before), WEFT_OK);
    CU_ASSERT(weft_cpus_equal(&got, &original));
}

/* No failed start leaves anything behind. */
static void leaves_nothing(weft_status got, weft_status expected, const weft_thread *t,
                           size_t before)
{
    static const weft_thread zero;
    CU_ASSERT_EQUAL(got, expected);
    CU_ASSERT(memcmp(t, &zero, sizeof zero) == 0);
    CU_ASSERT_EQUAL(weft_thread_active_count(), before);
    CU_ASSERT_EQUAL(weft_thread_join(t, WEFT_FOREVER), WEFT_ESTATE);
}

static void a_place_without_a_usable_cpu_is_refused(void)
{
    const weft_cpus nowhere = { { 0 } };
    const size_t before = weft_thread_active_count();
    weft_thread t;
    const weft_status s = weft_thread_start(&t, abort_if_run, NULL, .place = &nowhere);
    ASSERT_TEXT(weft_detail(),
                "weft_thread_start: place is {}: it must hold a CPU that this process may use");
    leaves_nothing(s, WEFT_EINVAL, &t, before);
}

static void look_at_mask(void *mask) { pthread_sigmask(SIG_BLOCK, NULL, mask); }

static void the_signal_mask_is_the_creators(void)
{
    sigset_t blocked, before, got;
    weft_thread t;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    pthread_sigmask(SIG_SETMASK, &blocked, &before);
    start_ok(&t, look_at_mask, &got);
    join_ok(&t);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    CU_ASSERT(sigismember(&got, SIGUSR1));
    CU_ASSERT_FALSE(sigismember(&got, SIGUSR2));
}

static void use_stack(void *bytes)
{
    const size_t size = *(size_t *)bytes;
    volatile char *const stack = __builtin_alloca(size);
    for (size_t k = 0; k < size; k += 4096)
        stack[k] = 1;
}

static void a_thread_has_the_stack_it_asks_for(void)
{
    size_t used = 30 << 20;
    weft_thread t;
    CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t, use_stack, &used, .stack_size = 32 << 20), WEFT_OK);
    join_ok(&t);
}

static void a_stack_that_is_too_small_is_refused(void)
{
    const size_t before = weft_thread_active_count();
    weft_thread t;
    const weft_status s = weft_thread_start(&t, abort_if_run, NULL, .stack_size = 100);
    ASSERT_TEXT(weft_detail(),
                "weft_thread_start: stack_size is 100 bytes: a stack needs more than that");
    leaves_nothing(s, WEFT_EINVAL, &t, before);
}

/* Half of all addresses: no system has them, whatever it promises. */
static void a_thread_that_cannot_be_created_leaves_nothing_behind(void)
{
    const size_t before = weft_thread_active_count();
    weft_thread t;
    int arg = 0;
    const weft_status s = weft_thread_start(&t, abort_if_run, &arg, .arg_size = sizeof arg,
                                            .stack_size = (size_t)1 << 47);
    ASSERT_TEXT(weft_detail(), "weft_thread_start: no more threads can be created: Resource "
                               "temporarily unavailable");
    leaves_nothing(s, WEFT_ESYS, &t, before);
}

static void a_start_without_function_or_argument_is_refused(void)
{
    const size_t before = weft_thread_active_count();
    weft_thread t;
    weft_status s = weft_thread_start(&t, NULL, NULL);
    ASSERT_TEXT(weft_detail(), "weft_thread_start: run is NULL: it must be a function");
    leaves_nothing(s, WEFT_EINVAL, &t, before);
    s = weft_thread_start(&t, nothing, NULL, .arg_size = 4);
    ASSERT_TEXT(weft_detail(), "weft_thread_start: arg is NULL with arg_size = 4: it must point to "
                               "that many bytes");
    leaves_nothing(s, WEFT_EINVAL, &t, before);
}

/* ---- many ---- */

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
    { "a_handle_that_was_never_started_is_refused", a_handle_that_was_never_started_is_refused },
    { "no_handle_whatever_it_holds_crashes", no_handle_whatever_it_holds_crashes },
    { "a_second_start_in_the_same_storage_drops_the_first",
      a_second_start_in_the_same_storage_drops_the_first },
    { "a_handle_keeps_its_answer_for_ever", a_handle_keeps_its_answer_for_ever },
    { "an_ended_thread_is_known_by_name_for_a_while",
      an_ended_thread_is_known_by_name_for_a_while },
    { "threads_without_a_name_are_numbered", threads_without_a_name_are_numbered },
    { "the_system_sees_the_name", the_system_sees_the_name },
    { "the_system_sees_at_most_fifteen_bytes_and_no_half_character",
      the_system_sees_at_most_fifteen_bytes_and_no_half_character },
    { "a_name_may_have_any_length", a_name_may_have_any_length },
    { "old_names_stay_until_eight_others_have_come", old_names_stay_until_eight_others_have_come },
    { "a_name_that_is_null_or_comes_too_late_is_refused",
      a_name_that_is_null_or_comes_too_late_is_refused },
    { "ids_are_those_of_the_system", ids_are_those_of_the_system },
    { "main_is_known", main_is_known },
    { "a_description_tells_name_state_and_ident", a_description_tells_name_state_and_ident },
    { "active_count_counts_main_and_the_living", active_count_counts_main_and_the_living },
    { "enumerate_lists_main_first_then_the_others_by_age",
      enumerate_lists_main_first_then_the_others_by_age },
    { "enumerate_writes_no_more_than_asked_and_returns_how_many_there_are",
      enumerate_writes_no_more_than_asked_and_returns_how_many_there_are },
    { "a_thread_of_somebody_else_is_known_from_its_first_question_to_its_end",
      a_thread_of_somebody_else_is_known_from_its_first_question_to_its_end },
    { "the_child_of_a_daemon_is_a_daemon", the_child_of_a_daemon_is_a_daemon },
    { "the_child_of_somebody_elses_thread_is_no_daemon",
      the_child_of_somebody_elses_thread_is_no_daemon },
    { "a_place_binds_the_thread", a_place_binds_the_thread },
    { "a_thread_of_a_bound_thread_is_not_bound", a_thread_of_a_bound_thread_is_not_bound },
    { "a_place_without_a_usable_cpu_is_refused", a_place_without_a_usable_cpu_is_refused },
    { "the_signal_mask_is_the_creators", the_signal_mask_is_the_creators },
    { "a_thread_has_the_stack_it_asks_for", a_thread_has_the_stack_it_asks_for },
    { "a_stack_that_is_too_small_is_refused", a_stack_that_is_too_small_is_refused },
    { "a_thread_that_cannot_be_created_leaves_nothing_behind",
      a_thread_that_cannot_be_created_leaves_nothing_behind },
    { "a_start_without_function_or_argument_is_refused",
      a_start_without_function_or_argument_is_refused },
    { "two_hundred_threads_live_at_once", two_hundred_threads_live_at_once },
    { "ten_thousand_threads_one_after_the_other_leave_nothing_behind",
      ten_thousand_threads_one_after_the_other_leave_nothing_behind },
    { "threads_may_end_in_any_order_while_others_begin",
      threads_may_end_in_any_order_while_others_begin },
    { "threads_start_threads_and_look_around_at_the_same_time",
      threads_start_threads_and_look_around_at_the_same_time },
    CU_TEST_INFO_NULL,
};
