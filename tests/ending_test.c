/* ending_test.c - processes when their parent ends, in whatever way, and what they leave behind.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"

static const double long_enough = 20; /* seconds; what takes longer has failed */

static void say(const char *text)
{
    puts(text);
    fflush(stdout);
}

/* ---- exit waits ---- */

static weft_pipe here, there; /* a message is the word to go on */

static int wait_and_say(void *text)
{
    (void)weft_pipe_recv(&there, NULL, 0, NULL, WEFT_FOREVER);
    say(text);
    return 0;
}

static void say_that_main_is_over(void)
{
    say("main is over");
    (void)weft_pipe_send(&here, NULL, 0, 0);
}

static int main_returns(void)
{
    weft_pipe_init(&here, &there);
    weft_process_start(NULL, wait_and_say, "the child is done");
    atexit(say_that_main_is_over); /* set up later, so it runs before exit waits */
    return 3;
}

static void exit_waits_for_children(void)
{
    scene_says("ending", "main_returns", 3, "main is over\nthe child is done\n");
}

static void *call_exit(void *unused)
{
    (void)unused;
    exit(4);
}

static int a_thread_exits(void)
{
    pthread_t thread;
    weft_pipe_init(&here, &there);
    weft_process_start(NULL, wait_and_say, "the child is done");
    atexit(say_that_main_is_over);
    pthread_create(&thread, NULL, call_exit, NULL);
    pthread_join(thread, NULL);
    return 1;
}

static void exit_on_any_thread_waits_for_children(void)
{
    scene_says("ending", "a_thread_exits", 4, "main is over\nthe child is done\n");
}

static int start_one_and_return(void *text)
{
    weft_process_start(NULL, wait_and_say, text);
    say("the child is done");
    (void)weft_pipe_send(&here, NULL, 0, 0);
    return 5;
}

static int a_child_returns(void)
{
    weft_process p;
    weft_pipe_init(&here, &there);
    weft_process_start(&p, start_one_and_return, "the grandchild is done");
    weft_process_join(&p, long_enough);
    say("joined");
    return weft_process_exitcode(&p);
}

static void a_child_waits_for_its_own_children(void)
{
    scene_says("ending", "a_child_returns", 5,
               "the child is done\nthe grandchild is done\njoined\n");
}

static void wait_and_tell(void *text)
{
    (void)weft_pipe_recv(&there, NULL, 0, NULL, WEFT_FOREVER);
    say(text);
}

static void stay(void *unused)
{
    (void)unused;
    weft_sleep(WEFT_FOREVER);
}

static int start_a_thread_and_return(void *unused)
{
    weft_thread_start(NULL, wait_and_tell, "the thread is done");
    weft_thread_start(NULL, stay, NULL, .daemon = true);
    say("the child is done");
    (void)weft_pipe_send(&here, NULL, 0, 0);
    return unused != NULL;
}

static int a_child_has_threads(void)
{
    weft_process p;
    weft_pipe_init(&here, &there);
    weft_thread_start(NULL, wait_and_tell,
                      "the thread of main is done"); /* it is not in the child */
    (void)weft_pipe_send(&here, NULL, 0, 0);
    while (weft_thread_active_count() > 1)
        weft_sleep(0.001);
    weft_process_start(&p, start_a_thread_and_return, NULL);
    weft_process_join(&p, long_enough);
    return weft_process_exitcode(&p);
}

static void a_child_waits_for_its_own_threads(void)
{
    scene_says("ending", "a_child_has_threads", 0,
               "the thread of main is done\nthe child is done\nthe thread is done\n");
}

static void start_a_process(void *unused)
{
    (void)unused;
    (void)weft_pipe_recv(&there, NULL, 0, NULL, WEFT_FOREVER);
    weft_process_start(NULL, wait_and_say, "its child is done");
    say("the thread is done");
    (void)weft_pipe_send(&here, NULL, 0, 0);
}

static int a_thread_goes_on(void)
{
    weft_pipe_init(&here, &there);
    weft_thread_start(NULL, start_a_process, NULL);
    atexit(say_that_main_is_over);
    return 0;
}

static void exit_waits_for_children_of_threads_that_go_on(void)
{
    scene_says("ending", "a_thread_goes_on", 0,
               "main is over\nthe thread is done\nits child is done\n");
}

/* ---- exit says for whom it waits ---- */

static int wait_for_the_word(void *unused)
{
    (void)weft_pipe_recv(&there, NULL, 0, NULL, WEFT_FOREVER);
    return unused != NULL;
}

static size_t lines;

static void keep_line(const char *line)
{
    if (lines++ == 0)
        say(line);
    if (lines == 2) { /* it has said so twice: enough */
        (void)weft_pipe_send(&here, NULL, 0, 0);
        (void)weft_pipe_send(&here, NULL, 0, 0);
    }
}

static int exit_is_long(void)
{
    weft_process a, b, d;
    weft_pipe_init(&here, &there);
    weft_process_start(&d, wait_for_the_word, NULL, .daemon = true);
    weft_process_start(&a, wait_for_the_word, NULL, .name = "loopy");
    weft_process_start(&b, wait_for_the_word, NULL);
    printf("exit waits for loopy (pid %d), Process-3 (pid %d)\n", weft_process_pid(&a),
           weft_process_pid(&b));
    if (weft_process_set_notice(0.05) != 60 || weft_process_set_notice(0.05) != 0.05)
        return 1;
    weft_set_log(keep_line);
    return 0;
}

static void exit_says_for_whom_it_waits(void)
{
    said s = scene_end("ending", "exit_is_long");
    const size_t half = strlen(s.out) / 2;
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT(half > 20 && strncmp(s.out, s.out + half, half) == 0); /* what was expected came */
    said_free(&s);
}

static void a_notice_of_nothing_is_the_default(void)
{
    CU_ASSERT_EQUAL(weft_process_set_notice(WEFT_FOREVER), 60);
    CU_ASSERT_EQUAL(weft_process_set_notice(0), WEFT_FOREVER);
    CU_ASSERT_EQUAL(weft_process_set_notice(-1), 60);
    CU_ASSERT_EQUAL(weft_process_set_notice(__builtin_nan("")), 60);
    CU_ASSERT_EQUAL(weft_process_set_notice(0), 60);
}

/* ---- daemons at exit ---- */

static int run_for_ever(void *unused)
{
    (void)unused;
    weft_sleep(WEFT_FOREVER);
    return 0;
}

static int daemons(void)
{
    for (int k = 0; k < 5; k++)
        weft_process_start(NULL, run_for_ever, NULL, .daemon = true);
    return 0;
}

static void exit_ends_daemons(void) { scene_says("ending", "daemons", 0, ""); }

static void say_a_last_word(int number)
{
    static const char text[] = "a last word\n";
    _exit(write(1, text, sizeof text - 1) < 0 || number != SIGTERM);
}

static int wait_for_the_end(void *unused)
{
    (void)unused;
    signal(SIGTERM, say_a_last_word);
    (void)weft_pipe_send(&there, NULL, 0, 0);
    weft_sleep(WEFT_FOREVER);
    return 0;
}

static int last_words(void)
{
    weft_pipe_init(&here, &there);
    weft_process_start(NULL, wait_for_the_end, NULL, .daemon = true);
    return weft_pipe_recv(&here, NULL, 0, NULL, long_enough);
}

static void a_daemon_is_asked_before_it_is_killed(void)
{
    if (tsan)
        puts("skipped: a_daemon_is_asked_before_it_is_killed: handlers run late under "
             "ThreadSanitizer");
    else
        scene_says("ending", "last_words", 0, "a last word\n");
}

static int ignore_the_end(void *unused)
{
    (void)unused;
    signal(SIGTERM, SIG_IGN);
    (void)weft_pipe_send(&there, NULL, 0, 0);
    weft_sleep(WEFT_FOREVER);
    return 0;
}

static int deaf(void)
{
    weft_pipe_init(&here, &there);
    for (int k = 0; k < 2; k++)
        if (weft_process_start(NULL, ignore_the_end, NULL, .daemon = true) ||
            weft_pipe_recv(&here, NULL, 0, NULL, long_enough))
            return 1;
    return 0;
}

static void daemons_that_do_not_listen_are_killed_after_two_seconds(void)
{
    const double start = weft_now();
    scene_says("ending", "deaf", 0, "");
    CU_ASSERT(weft_now() - start >= 2);
}

/* ---- a parent that is killed ---- */

/* Tells its number, and is there until somebody ends it. */
static int tell_and_stay(void *unused)
{
    const int pid = (int)getpid();
    (void)unused;
    (void)weft_pipe_send(&there, &pid, sizeof pid, WEFT_FOREVER);
    weft_sleep(WEFT_FOREVER);
    return 0;
}

static int start_one_and_stay(void *unused)
{
    weft_process_start(NULL, tell_and_stay, unused);
    return tell_and_stay(unused);
}

static int stay_deaf(void *unused)
{
    signal(SIGTERM, SIG_IGN);
    return tell_and_stay(unused);
}

static void *start_daemons(void *unused)
{
    const bool good = weft_process_start(NULL, start_one_and_stay, NULL, .daemon = true) == 0 &&
                      weft_process_start(NULL, stay_deaf, NULL, .daemon = true) == 0;
    return good ? unused : &here;
}

static int heard(void)
{
    int pid = -1;
    (void)weft_pipe_recv(&here, &pid, sizeof pid, NULL, long_enough);
    return pid;
}

/* Prints the numbers of a daemon, its child, a deaf daemon, all started by a thread that has ended, and
 * of one that is no daemon; then it is killed. */
static int killed(void)
{
    pthread_t thread;
    void *bad;
    weft_pipe_init(&here, &there);
    if (pthread_create(&thread, NULL, start_daemons, NULL) || pthread_join(thread, &bad) || bad)
        return 1;
    printf("%d %d %d ", heard(), heard(), heard());
    if (weft_process_active_children(NULL, 0) != 2) /* the end of the thread is not theirs */
        return 2;
    weft_process_start(NULL, tell_and_stay, NULL);
    printf("%d\n", heard());
    fflush(stdout);
    raise(SIGKILL);
    return 3;
}

static bool is_there(int pid) { return kill(pid, 0) == 0; }

static void daemons_end_with_a_parent_that_is_killed(void)
{
    int daemon[3] = { -1, -1, -1 }, other = -1;
    said s = scene_end("ending", "killed");
    CU_ASSERT_EQUAL(s.status, 128 + SIGKILL);
    CU_ASSERT_EQUAL(sscanf(s.out, "%d %d %d %d", &daemon[0], &daemon[1], &daemon[2], &other), 4);
    for (size_t k = 0; k < COUNT(daemon); k++)
        CU_ASSERT(daemon[k] > 0 && process_ends(daemon[k]));
    CU_ASSERT(other > 0 && is_there(other)); /* an orphan */
    if (other > 0)
        CU_ASSERT_EQUAL(kill(other, SIGKILL), 0);
    said_free(&s);
}

static int sees_its_parent_end(void *unused)
{
    const weft_process *const parent = weft_process_parent();
    const bool before = weft_process_is_alive(parent);
    const int pid = weft_process_pid(parent);
    (void)unused;
    kill(pid, SIGKILL);
    for (const double end = weft_now() + long_enough;
         weft_process_is_alive(parent) && weft_now() < end;)
        ;
    say(before && !weft_process_is_alive(parent) && weft_process_pid(parent) == pid ? "right"
                                                                                    : "wrong");
    return 0;
}

static int orphan(void)
{
    weft_process p;
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* who is left comes to this process */
    fflush(NULL);
    const pid_t parent = fork();
    if (parent == 0) {
        weft_process_start(&p, sees_its_parent_end, NULL);
        weft_process_join(&p, long_enough);
        _exit(1);
    }
    int status, ended = 0;
    while (wait(&status) > 0)
        ended++;
    return ended != 2;
}

static void an_orphan_knows_that_it_is_one(void) { scene_says("ending", "orphan", 0, "right\n"); }

/* ---- what is left ---- */

static int nothing(void *unused) { return unused != NULL; }

/* Prints nothing where all is as before. */
static int leave(void)
{
    double before_last = 0;
    const belongings before = belongings_now();
    for (int k = 0; k < 50; k++)
        if (weft_process_start(NULL, nothing, NULL, .daemon = k % 2))
            return 1;
    for (before_last = weft_now(); weft_process_active_children(NULL, 0) > 0;)
        if (weft_now() - before_last > long_enough)
            return 2;
    const belongings after = belongings_now();
    return !belongings_equal(&before, &after);
}

static void children_that_nobody_joins_leave_nothing(void) { scene_says("ending", "leave", 0, ""); }

/* With no call but start: the next one finds those that have ended. */
static int pile_up(void)
{
    size_t most = 0;
    for (int k = 0; k < 100; k++) {
        weft_process p;
        if (weft_process_start(&p, nothing, NULL))
            return 1;
        siginfo_t end;
        waitid(P_PID, (id_t)weft_process_pid(&p), &end, WEXITED | WNOWAIT);
        const size_t children = belongings_now().children;
        most = children > most ? children : most;
    }
    return most != 1;
}

static void zombies_do_not_pile_up(void) { scene_says("ending", "pile_up", 0, ""); }

static const scene scenes[] = { { "main_returns", main_returns },
                                { "a_thread_exits", a_thread_exits },
                                { "a_child_returns", a_child_returns },
                                { "a_child_has_threads", a_child_has_threads },
                                { "a_thread_goes_on", a_thread_goes_on },
                                { "exit_is_long", exit_is_long },
                                { "daemons", daemons },
                                { "last_words", last_words },
                                { "deaf", deaf },
                                { "killed", killed },
                                { "orphan", orphan },
                                { "leave", leave },
                                { "pile_up", pile_up },
                                { NULL, NULL } };

int ending_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

CU_TestInfo ending_tests[] = {
    { "exit_waits_for_children", exit_waits_for_children },
    { "exit_on_any_thread_waits_for_children", exit_on_any_thread_waits_for_children },
    { "a_child_waits_for_its_own_children", a_child_waits_for_its_own_children },
    { "a_child_waits_for_its_own_threads", a_child_waits_for_its_own_threads },
    { "exit_waits_for_children_of_threads_that_go_on",
      exit_waits_for_children_of_threads_that_go_on },
    { "exit_says_for_whom_it_waits", exit_says_for_whom_it_waits },
    { "a_notice_of_nothing_is_the_default", a_notice_of_nothing_is_the_default },
    { "exit_ends_daemons", exit_ends_daemons },
    { "a_daemon_is_asked_before_it_is_killed", a_daemon_is_asked_before_it_is_killed },
    { "daemons_that_do_not_listen_are_killed_after_two_seconds",
      daemons_that_do_not_listen_are_killed_after_two_seconds },
    { "daemons_end_with_a_parent_that_is_killed", daemons_end_with_a_parent_that_is_killed },
    { "an_orphan_knows_that_it_is_one", an_orphan_knows_that_it_is_one },
    { "children_that_nobody_joins_leave_nothing", children_that_nobody_joins_leave_nothing },
    { "zombies_do_not_pile_up", zombies_do_not_pile_up },
    CU_TEST_INFO_NULL,
};
