/* pipe_test.c - whole messages between two ends.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "probe.h"
#include "scene.h"
#include "suites.h"

static weft_pipe here, there;

static void open_pipe(void) { CU_ASSERT_EQUAL_FATAL(weft_pipe_init(&here, &there), WEFT_OK); }
static void close_pipe(void) { weft_pipe_fini(&here), weft_pipe_fini(&there); }

/* Bytes that tell one message from another. */
static void fill(unsigned char *m, size_t size, unsigned seed)
{
    for (size_t k = 0; k < size; k++)
        m[k] = (unsigned char)(k * 31 + k / 256 + seed);
}

static bool is_filled(const unsigned char *m, size_t size, unsigned seed)
{
    size_t wrong = 0;
    for (size_t k = 0; k < size; k++)
        wrong += m[k] != (unsigned char)(k * 31 + k / 256 + seed);
    return wrong == 0;
}

/* ---- messages ---- */

static const size_t sizes[] = { 0, 1, 5, 4096, 65535, 65536, 65537, 1000 * 1000, 5 << 20 };

/* From one end to the other, with a buffer of that many bytes more than it takes. */
static bool goes_through(const weft_pipe *from, const weft_pipe *to, size_t size, size_t more)
{
    unsigned char *const out = malloc(size + 1), *const in = calloc(1, size + more + 1);
    size_t got = 99;
    if (!out || !in)
        abort();
    fill(out, size, (unsigned)size);
    bool good = weft_pipe_send(from, out, size, 0) == WEFT_OK &&
                weft_pipe_recv(to, in, size + more, &got, 0) == WEFT_OK && got == size &&
                is_filled(in, size, (unsigned)size);
    for (size_t k = 0; k <= more; k++)
        good &= in[size + k] == 0; /* not written */
    free(out), free(in);
    return good;
}

static void messages_of_every_size_arrive_whole(void)
{
    open_pipe();
    for (size_t k = 0; k < COUNT(sizes); k++) {
        CU_ASSERT_TRUE(goes_through(&here, &there, sizes[k], 0));
        CU_ASSERT_TRUE(goes_through(&there, &here, sizes[k], 1));
        CU_ASSERT_TRUE(goes_through(&here, &there, sizes[k], 70000));
    }
    close_pipe();
}

static void messages_keep_their_borders_and_their_order(void)
{
    char text[8];
    size_t got;
    open_pipe();
    CU_ASSERT_EQUAL(weft_pipe_send(&here, "a", 1, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pipe_send(&here, NULL, 0, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pipe_send(&here, "bcd", 3, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pipe_recv(&there, text, sizeof text, &got, 0), WEFT_OK);
    CU_ASSERT(got == 1 && text[0] == 'a');
    CU_ASSERT_EQUAL(weft_pipe_recv(&there, text, sizeof text, &got, 0), WEFT_OK);
    CU_ASSERT_EQUAL(got, 0);
    CU_ASSERT_EQUAL(weft_pipe_recv(&there, text, sizeof text, NULL, 0), WEFT_OK);
    CU_ASSERT_EQUAL(memcmp(text, "bcd", 3), 0);
    close_pipe();
}

static void assert_stays(size_t size)
{
    unsigned char *const out = malloc(size), *const in = malloc(size);
    char text[200];
    size_t got = 0;
    if (!out || !in)
        abort();
    fill(out, size, 1);
    open_pipe();
    CU_ASSERT_EQUAL(weft_pipe_send(&here, out, size, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pipe_send(&here, "after", 5, 0), WEFT_OK);
    for (size_t room = 0; room < size; room += size / 3 + 1) {
        CU_ASSERT_EQUAL(weft_pipe_recv(&there, in, room, &got, WEFT_FOREVER), WEFT_EOVERFLOW);
        CU_ASSERT_EQUAL(got, size);
        snprintf(text, sizeof text, "weft_pipe_recv: size is %zu bytes: the message has %zu", room,
                 size);
        ASSERT_TEXT(weft_detail(), text);
    }
    CU_ASSERT_EQUAL(weft_pipe_recv(&there, in, got, &got, 0), WEFT_OK);
    CU_ASSERT_TRUE(is_filled(in, size, 1));
    CU_ASSERT_EQUAL(weft_pipe_recv(&there, in, size, &got, 0), WEFT_OK);
    CU_ASSERT_EQUAL(got, 5);
    close_pipe();
    free(out), free(in);
}

static void a_message_larger_than_the_buffer_stays_the_next_one(void)
{
    assert_stays(5);
    assert_stays(65536);
    assert_stays(65537);
    assert_stays(3 << 20);
}

/* ---- time ---- */

static void an_empty_pipe_times_out(void)
{
    char c;
    size_t got = 99;
    open_pipe();
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, &c, 1, &got, 0), WEFT_TIMEOUT);
    CU_ASSERT_EQUAL(got, 0);
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, &c, 1, &got, 0.03), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.03);
    close_pipe();
}

static void a_full_pipe_times_out_and_loses_nothing(void)
{
    size_t sent = 0, received = 0, got, number;
    open_pipe();
    while (sent < 100000 && weft_pipe_send(&here, &sent, sizeof sent, 0) == WEFT_OK)
        sent++;
    CU_ASSERT(sent >= 2 && sent < 100000);
    const double start = weft_now();
    CU_ASSERT_EQUAL(weft_pipe_send(&here, &sent, sizeof sent, 0.03), WEFT_TIMEOUT);
    CU_ASSERT(weft_now() - start >= 0.03);
    while (weft_pipe_recv(&there, &number, sizeof number, &got, 0) == WEFT_OK)
        CU_ASSERT_EQUAL(number, received++);
    CU_ASSERT_EQUAL(received, sent);
    close_pipe();
}

static void *receive_a_moment_later(void *numbers)
{
    size_t number, wrong = 0, got;
    for (size_t k = 0; k < *(size_t *)numbers; k++)
        wrong += weft_pipe_recv(&there, &number, sizeof number, &got, WEFT_FOREVER) != WEFT_OK ||
                 number != k;
    return wrong ? numbers : NULL;
}

static void who_waits_is_woken(void)
{
    size_t numbers = 20000, failed = 0;
    pthread_t thread;
    void *wrong;
    open_pipe();
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, receive_a_moment_later, &numbers), 0);
    for (size_t k = 0; k < numbers; k++)
        failed += weft_pipe_send(&here, &k, sizeof k, WEFT_FOREVER) != WEFT_OK;
    pthread_join(thread, &wrong);
    CU_ASSERT(failed == 0 && !wrong);
    close_pipe();
}

/* ---- the other end ---- */

static void a_closed_end_is_no_signal(void)
{
    char c;
    open_pipe();
    weft_pipe_fini(&there);
    CU_ASSERT_EQUAL(weft_pipe_send(&here, "a", 1, WEFT_FOREVER), WEFT_CLOSED);
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, &c, 1, NULL, WEFT_FOREVER), WEFT_CLOSED);
    char *const large = calloc(1, 100000);
    CU_ASSERT_EQUAL(weft_pipe_send(&here, large, 100000, WEFT_FOREVER), WEFT_CLOSED);
    free(large);
    close_pipe();
}

static void what_was_sent_before_the_end_closed_arrives(void)
{
    char c = 0;
    open_pipe();
    CU_ASSERT_EQUAL(weft_pipe_send(&here, "x", 1, 0), WEFT_OK); /* never received */
    CU_ASSERT_EQUAL(weft_pipe_send(&there, "a", 1, 0), WEFT_OK);
    CU_ASSERT_EQUAL(weft_pipe_send(&there, "b", 1, 0), WEFT_OK);
    weft_pipe_fini(&there);
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, &c, 1, NULL, 0), WEFT_OK);
    CU_ASSERT_EQUAL(c, 'a');
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, &c, 1, NULL, 0), WEFT_OK);
    CU_ASSERT_EQUAL(c, 'b');
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, &c, 1, NULL, 0), WEFT_CLOSED);
    close_pipe();
}

static void *close_the_other_end(void *unused)
{
    weft_pipe_fini(&there);
    return unused;
}

static void who_waits_for_a_message_hears_of_the_close(void)
{
    char c;
    pthread_t thread;
    open_pipe();
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, close_the_other_end, NULL), 0);
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, &c, 1, NULL, WEFT_FOREVER), WEFT_CLOSED);
    pthread_join(thread, NULL);
    close_pipe();
}

/* ---- several processes ---- */

enum { senders = 4, messages = 200, longest = 200000 };

static size_t size_of(int sender, int k) { return (size_t)(k % 20 ? 8 + k * 7 + sender : longest); }

static _Noreturn void send_many(int sender)
{
    static unsigned char m[longest];
    int bad = 0;
    weft_pipe_fini(&here);
    for (int k = 0; k < messages; k++) {
        const int who[2] = { sender, k };
        fill(m, size_of(sender, k), (unsigned)(sender * 1000 + k));
        memcpy(m, who, sizeof who);
        bad += weft_pipe_send(&there, m, size_of(sender, k), WEFT_FOREVER) != WEFT_OK;
    }
    _exit(bad != 0);
}

static bool is_next(unsigned char *m, size_t size, int *next)
{
    int who[2];
    memcpy(who, m, sizeof who);
    if (size < sizeof who || who[0] < 0 || who[0] >= senders)
        return false;
    const int sender = who[0], k = who[1];
    unsigned char expected[sizeof who];
    fill(expected, sizeof who, (unsigned)(sender * 1000 + k));
    memcpy(m, expected, sizeof who);
    return k == next[sender]++ && size == size_of(sender, k) &&
           is_filled(m, size, (unsigned)(sender * 1000 + k));
}

static void messages_of_many_senders_do_not_mix(void)
{
    static unsigned char m[longest];
    int next[senders] = { 0 }, wrong = 0, received = 0, status;
    size_t got;
    open_pipe();
    fflush(NULL);
    for (int k = 0; k < senders; k++)
        if (fork() == 0)
            send_many(k);
    weft_pipe_fini(&there);
    while (weft_pipe_recv(&here, m, sizeof m, &got, 30) == WEFT_OK)
        wrong += !is_next(m, got, next), received++;
    CU_ASSERT_EQUAL(received, senders * messages);
    CU_ASSERT_EQUAL(wrong, 0);
    for (int k = 0; k < senders; k++)
        CU_ASSERT(wait(&status) > 0 && status == 0);
    close_pipe();
}

static void a_killed_sender_leaves_whole_messages(void)
{
    static unsigned char m[longest];
    int next[senders] = { 0 }, wrong = 0;
    size_t got;
    for (int k = 0; k < 30; k++) {
        open_pipe();
        fflush(NULL);
        const pid_t child = fork();
        if (child == 0)
            send_many(0);
        weft_pipe_fini(&there);
        memset(next, 0, sizeof next);
        for (int n = 0; n < k; n++)
            wrong +=
                weft_pipe_recv(&here, m, sizeof m, &got, 30) != WEFT_OK || !is_next(m, got, next);
        kill(child, SIGKILL);
        while (weft_pipe_recv(&here, m, sizeof m, &got, 30) == WEFT_OK)
            wrong += !is_next(m, got, next);
        waitpid(child, NULL, 0);
        close_pipe();
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* ---- misuse and limits ---- */

static void bad_arguments_are_refused(void)
{
    static const double bad_times[] = { -1, -INFINITY, NAN };
    char c;
    open_pipe();
    for (size_t k = 0; k < COUNT(bad_times); k++) {
        CU_ASSERT_EQUAL(weft_pipe_send(&here, "a", 1, bad_times[k]), WEFT_EINVAL);
        CU_ASSERT_EQUAL(weft_pipe_recv(&here, &c, 1, NULL, bad_times[k]), WEFT_EINVAL);
    }
    CU_ASSERT_EQUAL(weft_pipe_send(&here, NULL, 1, 0), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pipe_send: the message is NULL with size = 1 bytes");
    CU_ASSERT_EQUAL(weft_pipe_recv(&here, NULL, 1, NULL, 0), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pipe_init(NULL, &(weft_pipe){ 0 }), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pipe_init(&(weft_pipe){ 0 }, NULL), WEFT_EINVAL);
    close_pipe();
    CU_ASSERT_EQUAL(weft_pipe_init(&here, &here), WEFT_EINVAL);
}

static void an_end_of_no_pipe_is_a_wrong_state(void)
{
    char c;
    weft_pipe none = { 0 };
    CU_ASSERT_EQUAL(weft_pipe_send(&none, "a", 1, 0), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_pipe_send: the end is of no pipe");
    CU_ASSERT_EQUAL(weft_pipe_recv(&none, &c, 1, NULL, 0), WEFT_ESTATE);
    CU_ASSERT_EQUAL(weft_pipe_send(NULL, "a", 1, 0), WEFT_ESTATE);
    weft_pipe_fini(&none), weft_pipe_fini(NULL);
    open_pipe();
    close_pipe();
    CU_ASSERT_EQUAL(weft_pipe_send(&here, "a", 1, 0), WEFT_ESTATE);
    close_pipe();
}

static void nothing_is_left_open(void)
{
    const belongings before = belongings_now();
    for (size_t k = 0; k < 20; k++) {
        open_pipe();
        goes_through(&here, &there, 100000, 0);
        (void)weft_pipe_send(&there, sizes, sizeof sizes, 0);
        close_pipe();
    }
    const belongings after = belongings_now();
    CU_ASSERT_TRUE(belongings_equal(&before, &after));
}

/* As many more file descriptors as that. */
static void allow_files(int more)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit))
        abort();
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    const int next = dup(0);
    close(next);
    limit.rlim_cur = (rlim_t)(next + more);
    setrlimit(RLIMIT_NOFILE, &limit);
}

static int without_files(void)
{
    static char large[100000], in[100000];
    size_t got;
    allow_files(1);
    printf("%s", weft_strstatus(weft_pipe_init(&here, &there)));
    printf(", %d %d\n", here.end_, there.end_);
    allow_files(2);
    printf("%s\n", weft_strstatus(weft_pipe_init(&here, &there)));
    printf("%s\n", weft_strstatus(weft_pipe_send(&here, large, sizeof large, 0)));
    allow_files(1);
    large[99999] = 'x';
    printf("%s\n", weft_strstatus(weft_pipe_send(&here, large, sizeof large, 0)));
    allow_files(0);
    printf("%s\n", weft_strstatus(weft_pipe_recv(&there, in, sizeof in, &got, 0)));
    allow_files(1);
    printf("%s\n", weft_strstatus(weft_pipe_recv(&there, in, sizeof in, &got, 0)));
    return in[99999] != 'x';
}

static const scene scenes[] = { { "without_files", without_files }, { NULL, NULL } };

int pipe_probe(int argc, char **argv) { return scene_run(scenes, argc, argv); }

static void without_file_descriptors_nothing_is_lost(void)
{
    scene_says("pipe", "without_files", 0,
               "system call failed, 0 0\ndone\nsystem call failed\ndone\nsystem call failed\n"
               "done\n");
}

CU_TestInfo pipe_tests[] = {
    { "messages_of_every_size_arrive_whole", messages_of_every_size_arrive_whole },
    { "messages_keep_their_borders_and_their_order", messages_keep_their_borders_and_their_order },
    { "a_message_larger_than_the_buffer_stays_the_next_one",
      a_message_larger_than_the_buffer_stays_the_next_one },
    { "an_empty_pipe_times_out", an_empty_pipe_times_out },
    { "a_full_pipe_times_out_and_loses_nothing", a_full_pipe_times_out_and_loses_nothing },
    { "who_waits_is_woken", who_waits_is_woken },
    { "a_closed_end_is_no_signal", a_closed_end_is_no_signal },
    { "what_was_sent_before_the_end_closed_arrives", what_was_sent_before_the_end_closed_arrives },
    { "who_waits_for_a_message_hears_of_the_close", who_waits_for_a_message_hears_of_the_close },
    { "messages_of_many_senders_do_not_mix", messages_of_many_senders_do_not_mix },
    { "a_killed_sender_leaves_whole_messages", a_killed_sender_leaves_whole_messages },
    { "bad_arguments_are_refused", bad_arguments_are_refused },
    { "an_end_of_no_pipe_is_a_wrong_state", an_end_of_no_pipe_is_a_wrong_state },
    { "nothing_is_left_open", nothing_is_left_open },
    { "without_file_descriptors_nothing_is_lost", without_file_descriptors_nothing_is_lost },
    CU_TEST_INFO_NULL,
};
