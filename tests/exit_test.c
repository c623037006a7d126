/* exit_test.c - threads at the end of a process, in a forked child, and where memory has run out.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each scene is a process of its own (probe.h); what it prints and how it ends is the result. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft/stop.h>
#include <weft/thread.h>
#include <weft/timer.h>

#include "probe.h"
#include "suites.h"

#ifdef __has_feature
#define CLANG_HAS(feature) __has_feature(feature)
#else
#define CLANG_HAS(feature) 0
#endif
#if defined __SANITIZE_THREAD__ || CLANG_HAS(thread_sanitizer)
enum { tsan = 1 }; /* forked children start no threads, and libomp's part of it dies in exit() */
#else
enum { tsan = 0 };
#endif
#if defined __SANITIZE_ADDRESS__ || CLANG_HAS(address_sanitizer)
enum { asan = 1 };
#else
enum { asan = 0 };
#endif

/* ---- scenes ---- */

static weft_stop main_is_over, go, never;

static void say_that_main_is_over(void)
{
    puts("main is over");
    weft_stop_set(&main_is_over);
}

static void nothing(void *unused) { (void)unused; }
static void say(void *text) { puts(text); }

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

/* ---- scenes with a fork ---- */

static void check(bool fact, const char *text)
{
    if (!fact)
        puts(text), fflush(stdout);
}

static void stay(void *stop) { (void)weft_stop_wait(stop, 30); }

static void check_child(const weft_thread *me, const weft_thread *others, size_t n)
{
    char text[WEFT_DESCRIBE_MAX], expected[WEFT_DESCRIBE_MAX];
    check(weft_thread_current() == weft_thread_main(), "who forked is not main");
    check(memcmp(weft_thread_current(), me, sizeof *me) == 0, "it has another handle");
    check(weft_thread_active_count() == 1, "others are alive");
    check(weft_thread_native_id(me) == getpid(), "it has the id of the parent");
    check(!weft_thread_is_daemon(me), "main is a daemon");
    snprintf(expected, sizeof expected, "<_MainThread(MainThread, started %lu)>",
             (unsigned long)pthread_self());
    check(strcmp(weft_thread_describe(me, text), expected) == 0, text);
    for (size_t k = 0; k < n; k++) {
        check(!weft_thread_is_alive(&others[k]), "another is alive");
        check(weft_thread_join(&others[k], WEFT_FOREVER) == WEFT_OK, "another cannot be joined");
    }
    weft_thread t;
    if (tsan)
        return;
    check(weft_thread_start(&t, stay, &main_is_over) == WEFT_OK, "no thread can be started");
    check(weft_thread_join(&t, 0) == WEFT_TIMEOUT, "the new thread does not run");
    weft_stop_set(&main_is_over);
    check(weft_thread_join(&t, 30) == WEFT_OK, "the new thread cannot be joined");
    check(weft_thread_start(NULL, say, "a thread of the child's was waited for") == WEFT_OK,
          "no second thread can be started");
}

static void wait_for(pid_t child)
{
    int status = 0;
    check(waitpid(child, &status, 0) == child, "there is no child");
    check(WIFEXITED(status) && WEXITSTATUS(status) == 5, "the child did not end as it should");
}

static weft_thread stayer, ended;

static void fork_here(const weft_thread *other)
{
    const weft_thread others[] = { stayer, ended, *other };
    const weft_thread me = *weft_thread_current();
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        check_child(&me, others, COUNT(others));
        if (tsan)
            _exit(5);
        exit(5);
    }
    wait_for(child);
    check(weft_thread_is_alive(&stayer), "the parent lost a thread");
}

static void fork_in_a_thread(void *main) { fork_here(main); }

static void *fork_elsewhere(void *main)
{
    fork_here(main);
    return NULL;
}

static int forks(void (*forking)(void))
{
    weft_thread_start(&stayer, stay, &go);
    weft_thread_start(&ended, say, "begin");
    weft_thread_join(&ended, WEFT_FOREVER);
    forking();
    weft_stop_set(&go);
    puts("end");
    return 0;
}

static void by_main(void) { fork_here(&stayer); }
static int fork_by_main(void) { return forks(by_main); }

static void by_thread(void)
{
    weft_thread t;
    weft_thread_start(&t, fork_in_a_thread, (void *)weft_thread_main(), .daemon = true);
    weft_thread_join(&t, WEFT_FOREVER);
}

static int fork_by_thread(void) { return forks(by_thread); }

static void by_another(void)
{
    pthread_t t;
    pthread_create(&t, NULL, fork_elsewhere, (void *)weft_thread_main());
    pthread_join(t, NULL);
}

static int fork_by_another(void) { return forks(by_another); }

/* Threads begin and end all the time while the child is made. */
static void begin_and_end(void *stop)
{
    weft_thread t;
    while (!weft_stop_is_set(stop))
        if (weft_thread_start(&t, say, "", .daemon = true) == WEFT_OK)
            (void)weft_thread_join(&t, WEFT_FOREVER);
}

static int fork_in_a_crowd(void)
{
    weft_thread t;
    (void)!freopen("/dev/null", "w", stdout);
    weft_thread_start(&t, begin_and_end, &go);
    int bad = 0;
    for (int k = 0; k < 50; k++) {
        const pid_t child = fork();
        if (child == 0) {
            const bool good = weft_thread_active_count() == 1 && !weft_thread_is_alive(&t) &&
                              (tsan || (weft_thread_start(&t, stay, &main_is_over) == WEFT_OK &&
                                        weft_thread_join(&t, 0) == WEFT_TIMEOUT));
            _exit(good ? 5 : 1);
        }
        int status = 0;
        bad += waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 5;
    }
    weft_stop_set(&go);
    return bad;
}

/* ---- other scenes ---- */

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
    (void)weft_thread_current(); /* what is set up once */
    setrlimit(RLIMIT_AS, &limit);
    size_t n = hold_all_memory(), refused = 0, other = 0;
    for (int k = 0; k < 40 && n > 0; k++) {
        const weft_status s =
            weft_thread_start(&t, stay, &arg, .arg_size = sizeof arg, .name = "a name");
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
    weft_stop_set(&main_is_over);
    check(refused > 0, "memory was not scarce");
    check(other == 0, "another status came");
    check(weft_thread_start(&t, say, "memory is back") == WEFT_OK,
          "no thread although there is memory");
    return weft_thread_join(&t, WEFT_FOREVER);
}

static const struct {
    const char *name;
    int (*play)(void);
} scenes[] = {
    { "waits", waits },
    { "daemons", daemons },
    { "locals", locals },
    { "children", children },
    { "order", order },
    { "main_is_joined", main_is_joined },
    { "main_ends_early", main_ends_early },
    { "timers", timers },
    { "thread_exits", thread_exits },
    { "fork_by_main", fork_by_main },
    { "fork_by_thread", fork_by_thread },
    { "fork_by_another", fork_by_another },
    { "fork_in_a_crowd", fork_in_a_crowd },
    { "cpus", tell_cpus_of_a_thread },
    { "scarce_memory", scarce_memory },
};

int exit_probe(int argc, char **argv)
{
    for (size_t k = 0; argc > 0 && k < COUNT(scenes); k++)
        if (strcmp(argv[0], scenes[k].name) == 0)
            return scenes[k].play();
    return 2;
}

/* ---- tests ---- */

static void plays(const char *scene, int status, const char *out)
{
    said s = probe_run((const char *[]){ "exit", scene, NULL }, NULL);
    ASSERT_TEXT(s.out, out);
    ASSERT_TEXT(s.err, "");
    CU_ASSERT_EQUAL(s.status, status);
    said_free(&s);
}

static void threads_are_waited_for_when_main_returns(void)
{
    plays("waits", 0, "main is over\nthe thread is done\n");
}

static void daemons_are_not_waited_for(void)
{
    plays("daemons", 0, "main is over\nthe thread is done\n");
}

static void a_thread_that_outlives_main_needs_a_copy_of_mains_locals(void)
{
    plays("locals", 0, "main is over\n42\n");
}

static void threads_started_meanwhile_are_waited_for_too(void)
{
    plays("children", 0, "main is over\nthe thread is done\nso is its child\n");
}

static void handlers_set_up_later_run_before_the_waiting_and_earlier_ones_after(void)
{
    plays("order", 0,
          "handler from after it\nmain is over\nthe thread is done\n"
          "handler from before the first thread\n");
}

static void main_ends_when_it_returns_and_may_be_joined(void)
{
    plays("main_is_joined", 0, "done\n");
}

static void a_timer_is_waited_for_unless_it_is_a_daemon(void)
{
    plays("timers", 0, "main is over\nthe timer went off\n");
}

/* Under ThreadSanitizer no process ends whose main thread ended so. */
static void main_may_end_by_pthread_exit(void)
{
    if (!tsan)
        plays("main_ends_early", 0, "done\nmain is stopped\n");
}

static void exit_in_a_thread_waits_for_the_others_and_not_for_who_joins_it(void)
{
    plays("thread_exits", 3, "done\n");
}

static void fork_scene(const char *scene)
{
    plays(scene, 0, tsan ? "begin\nend\n" : "begin\na thread of the child's was waited for\nend\n");
}

static void a_forked_child_has_one_thread_and_it_is_main(void) { fork_scene("fork_by_main"); }
static void a_thread_that_forks_is_main_in_the_child(void) { fork_scene("fork_by_thread"); }
static void so_is_one_that_weft_did_not_start(void) { fork_scene("fork_by_another"); }

static void a_child_is_sound_whatever_its_parent_was_about_to_do(void)
{
    plays("fork_in_a_crowd", 0, "");
}

/* The runtime binds main, most often to one CPU. */
static void threads_of_a_main_bound_by_openmp_are_not_bound(void)
{
    weft_cpus original;
    char expected[220] = "\n";
    weft_cpus_original(&original);
    weft_cpus_format(&original, expected + 1, sizeof expected - 10);
    strcat(expected, "\n");
    said s = probe_run((const char *[]){ "exit", "cpus", NULL },
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
        plays("scarce_memory", 0, "memory is back\n");
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
    { "a_forked_child_has_one_thread_and_it_is_main",
      a_forked_child_has_one_thread_and_it_is_main },
    { "a_thread_that_forks_is_main_in_the_child", a_thread_that_forks_is_main_in_the_child },
    { "so_is_one_that_weft_did_not_start", so_is_one_that_weft_did_not_start },
    { "a_child_is_sound_whatever_its_parent_was_about_to_do",
      a_child_is_sound_whatever_its_parent_was_about_to_do },
    { "threads_of_a_main_bound_by_openmp_are_not_bound",
      threads_of_a_main_bound_by_openmp_are_not_bound },
    { "without_memory_no_thread_starts_and_nothing_is_left_behind",
      without_memory_no_thread_starts_and_nothing_is_left_behind },
    CU_TEST_INFO_NULL,
};
