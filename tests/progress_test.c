/* progress_test.c - progress: the bar on a terminal, the lines in a log, and how often they come.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What is shown is shown by probes: one gives itself a terminal and prints what that received. The
 * counter behind the option .progress is the one thing of the library's inside that is tested here. */
#include <weft/progress.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <weft/clock.h>
#include <weft/thread.h>

#include "../src/sync/progress.h"
#include "probe.h"
#include "suites.h"

/* ---- what a probe shows ---- */

static const weft_progress half = { .done = 4200,
                                    .failed = 3,
                                    .total = 10000,
                                    .seconds = 3.4,
                                    .before = 3.29,
                                    .rate = 1235.3,
                                    .left = 46.6 };

static weft_progress at(double before, double seconds)
{
    weft_progress p = half;
    p.before = before, p.seconds = seconds;
    return p;
}

static void show(weft_progress p, const char *label) { weft_progress_bar(&p, (void *)label); }

static void one(const char *label) { show(half, label); }

static void whole(const char *label)
{
    weft_progress p = half;
    p.done = p.total, p.last = true, p.seconds = 3723;
    show(p, label);
}

static void no_total(const char *label)
{
    weft_progress p = half;
    p.total = 0, p.failed = 0, p.left = WEFT_FOREVER;
    show(p, label);
}

static void beginning(const char *label)
{
    show((weft_progress){ .total = 7, .before = -1, .seconds = 0.1, .left = WEFT_FOREVER }, label);
}

/* A report every 20 ms of 25 s, and the last one. */
static void run(const char *label)
{
    double before = -1;
    for (int k = 1; k <= 1250; before = 0.02 * k++)
        show(at(before, 0.02 * k), label);
    weft_progress p = at(before, 25.01);
    p.last = true;
    show(p, label);
}

static const struct {
    const char *name;
    void (*play)(const char *label);
} scenes[] = {
    { "half", one }, { "whole", whole }, { "no_total", no_total }, { "beginning", beginning },
    { "run", run },
};

/* Standard error becomes a terminal of that width, as far as it tells. */
static int be_a_terminal(unsigned short width)
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) || unlockpt(master))
        abort();
    const int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    struct termios t;
    if (slave < 0 || tcgetattr(slave, &t))
        abort();
    t.c_oflag &= ~(tcflag_t)OPOST; /* every byte as it was written */
    if (tcsetattr(slave, TCSANOW, &t) ||
        ioctl(slave, TIOCSWINSZ, &(struct winsize){ .ws_row = 24, .ws_col = width }) ||
        dup2(slave, 2) < 0 || fcntl(master, F_SETFL, O_NONBLOCK))
        abort();
    return master;
}

static void print_all(int master)
{
    static char text[1 << 16];
    for (ssize_t n; (n = read(master, text, sizeof text)) > 0;)
        fwrite(text, 1, (size_t)n, stdout);
}

/* SCENE WIDTH [LABEL]; width 0: not on a terminal. */
int progress_probe(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    const int width = atoi(argv[1]);
    const int master = width ? be_a_terminal((unsigned short)width) : -1;
    for (size_t k = 0; k < COUNT(scenes); k++)
        if (strcmp(argv[0], scenes[k].name) == 0)
            scenes[k].play(argv[2]);
    if (master >= 0)
        print_all(master);
    return 0;
}

static said shown(const char *scene, const char *width, const char *label)
{
    return probe_run((const char *[]){ "progress", scene, width, label, NULL }, NULL);
}

/* ---- on a terminal ---- */

static void draws(const char *scene, const char *width, const char *label, const char *expected)
{
    said s = shown(scene, width, label);
    ASSERT_TEXT(s.out, expected);
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static void a_bar_shows_share_counts_failures_rate_and_time_left(void)
{
    draws("half", "81", "crunch",
          "\rcrunch  42 % [==========>             ] 4200/10000, 3 failed, 1.24k/s, 0:47 left");
}

static void the_last_bar_is_full_tells_the_time_and_ends_its_line(void)
{
    draws("whole", "71", NULL,
          "\r100 % [====================] 10000/10000, 3 failed, 1.24k/s in 1:02:03\n");
}

static void a_bar_gives_way_to_the_numbers_and_these_to_the_width(void)
{
    draws("half", "52", NULL, "\r 42 % 4200/10000, 3 failed, 1.24k/s, 0:47 left     ");
    draws("half", "20", NULL, "\r 42 % 4200/10000, 3");
}

static void without_a_total_there_is_no_bar_and_no_time_left(void)
{
    draws("no_total", "40", "crunch", "\rcrunch 4200 done, 1.24k/s              ");
}

static void where_nothing_is_done_no_time_is_left(void)
{
    draws("beginning", "40", NULL, "\r  0 % [>                  ] 0/7, 0.00/s");
}

static size_t count_of(const char *text, char c)
{
    size_t n = 0;
    for (; *text; text++)
        n += *text == c;
    return n;
}

static void a_bar_is_redrawn_ten_times_a_second_at_most(void)
{
    said s = shown("run", "40", NULL);
    CU_ASSERT(count_of(s.out, '\r') >= 200 && count_of(s.out, '\r') <= 251);
    CU_ASSERT_EQUAL(count_of(s.out, '\n'), 1);
    said_free(&s);
}

static void no_line_is_wider_than_the_terminal(void)
{
    static const char *const widths[] = { "10", "33", "79", "200", "511", "1000" };
    for (size_t k = 0; k < COUNT(widths); k++) {
        said s = shown("half", widths[k], "a label that takes some room");
        CU_ASSERT(strlen(s.out) > 1 && strlen(s.out) <= (size_t)atoi(widths[k]));
        said_free(&s);
    }
}

/* ---- in a log ---- */

static void a_log_gets_a_line_every_ten_seconds_and_one_at_the_end(void)
{
    said s = shown("run", "0", "crunch");
    ASSERT_TEXT(s.err, "crunch: 4200 of 10000 done, 3 failed, 1.24k/s, 0:47 left\n"
                       "crunch: 4200 of 10000 done, 3 failed, 1.24k/s, 0:47 left\n"
                       "crunch: 4200 of 10000 done, 3 failed, 1.24k/s in 0:25\n");
    ASSERT_TEXT(s.out, "");
    said_free(&s);
}

static void a_short_call_logs_its_end_only(void)
{
    said s = shown("half", "0", NULL);
    ASSERT_TEXT(s.err, "");
    said_free(&s);
    s = shown("whole", "0", NULL);
    ASSERT_TEXT(s.err, "10000 of 10000 done, 3 failed, 1.24k/s in 1:02:03\n");
    said_free(&s);
}

/* ---- the counter ---- */

struct heard {
    size_t times, last_times, backwards, at_once;
    int inside;
    double since; /* the shortest time between two reports but the last one */
    weft_progress last;
};

static void hear(const weft_progress *p, void *ctx)
{
    struct heard *const h = ctx;
    h->at_once += __atomic_exchange_n(&h->inside, 1, __ATOMIC_RELAXED) != 0;
    h->backwards += p->done < h->last.done || p->seconds < p->before ||
                    (h->times > 0 && p->before != h->last.seconds);
    if (!p->last && p->before >= 0 && p->seconds - p->before < h->since)
        h->since = p->seconds - p->before;
    h->times++, h->last_times += p->last;
    h->last = *p;
    if (h->times == 1)
        (void)weft_sleep(0.25); /* the next report is due meanwhile */
    __atomic_store_n(&h->inside, 0, __ATOMIC_RELAXED);
}

enum { adders = 4, adds = 20000 };

static void add_many(void *progress)
{
    for (int k = 0; k < adds; k++) {
        weft__progress_add(progress, 2, k % 100 == 0);
        if (k % 1000 == 0)
            (void)weft_sleep(0.02);
    }
}

static void reports_are_rare_never_two_at_once_and_the_last_one_has_it_all(void)
{
    struct heard h = { .since = 1e9 };
    struct weft__progress p;
    weft_thread t[adders];
    weft__progress_begin(&p, hear, &h, (size_t)2 * adders * adds);
    for (int k = 0; k < adders; k++)
        CU_ASSERT_EQUAL_FATAL(weft_thread_start(&t[k], add_many, &p), WEFT_OK);
    for (int k = 0; k < adders; k++)
        CU_ASSERT_EQUAL_FATAL(weft_thread_join(&t[k], WEFT_FOREVER), WEFT_OK);
    weft__progress_end(&p);
    CU_ASSERT(h.times >= 2);
    CU_ASSERT((double)h.times <= h.last.seconds / 0.1 + 1);
    CU_ASSERT(h.since >= 0.0999);
    CU_ASSERT_EQUAL(h.at_once, 0);
    CU_ASSERT_EQUAL(h.backwards, 0);
    CU_ASSERT_EQUAL(h.last_times, 1);
    CU_ASSERT_EQUAL(h.last.done, (size_t)2 * adders * adds);
    CU_ASSERT_EQUAL(h.last.failed, adders * adds / 100);
    CU_ASSERT_EQUAL(h.last.left, 0);
}

static void rate_and_time_left_follow_from_what_is_done(void)
{
    struct heard h = { .since = 1e9 };
    struct weft__progress p;
    weft__progress_begin(&p, hear, &h, 40);
    weft__progress_add(&p, 10, 0);
    CU_ASSERT_EQUAL(h.times, 0); /* too early */
    (void)weft_sleep(0.11);
    weft__progress_add(&p, 0, 0);
    CU_ASSERT_EQUAL(h.times, 1);
    CU_ASSERT(h.last.before < 0);
    CU_ASSERT_EQUAL(h.last.rate, 10 / h.last.seconds);
    CU_ASSERT_DOUBLE_EQUAL(h.last.left, 3 * h.last.seconds, 1e-9);
}

static void without_work_done_no_time_is_left_to_tell(void)
{
    struct heard h = { .since = 1e9 };
    struct weft__progress p;
    weft__progress_begin(&p, hear, &h, 40);
    weft__progress_end(&p);
    CU_ASSERT_EQUAL(h.last.rate, 0);
    CU_ASSERT_EQUAL(h.last.left, WEFT_FOREVER);
}

static void without_a_hook_nothing_happens(void)
{
    struct weft__progress p;
    weft__progress_begin(&p, NULL, NULL, 10);
    weft__progress_add(&p, 10, 10);
    weft__progress_end(&p);
    CU_ASSERT_EQUAL(p.done, 0);
}

CU_TestInfo progress_tests[] = {
    { "a_bar_shows_share_counts_failures_rate_and_time_left",
      a_bar_shows_share_counts_failures_rate_and_time_left },
    { "the_last_bar_is_full_tells_the_time_and_ends_its_line",
      the_last_bar_is_full_tells_the_time_and_ends_its_line },
    { "a_bar_gives_way_to_the_numbers_and_these_to_the_width",
      a_bar_gives_way_to_the_numbers_and_these_to_the_width },
    { "without_a_total_there_is_no_bar_and_no_time_left",
      without_a_total_there_is_no_bar_and_no_time_left },
    { "where_nothing_is_done_no_time_is_left", where_nothing_is_done_no_time_is_left },
    { "a_bar_is_redrawn_ten_times_a_second_at_most", a_bar_is_redrawn_ten_times_a_second_at_most },
    { "no_line_is_wider_than_the_terminal", no_line_is_wider_than_the_terminal },
    { "a_log_gets_a_line_every_ten_seconds_and_one_at_the_end",
      a_log_gets_a_line_every_ten_seconds_and_one_at_the_end },
    { "a_short_call_logs_its_end_only", a_short_call_logs_its_end_only },
    { "reports_are_rare_never_two_at_once_and_the_last_one_has_it_all",
      reports_are_rare_never_two_at_once_and_the_last_one_has_it_all },
    { "rate_and_time_left_follow_from_what_is_done", rate_and_time_left_follow_from_what_is_done },
    { "without_work_done_no_time_is_left_to_tell", without_work_done_no_time_is_left_to_tell },
    { "without_a_hook_nothing_happens", without_a_hook_nothing_happens },
    CU_TEST_INFO_NULL,
};
