/* example_test.c - every program of examples/ runs as it stands and prints what it promises.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The examples mostly sleep, so all of them run side by side, and the tests look at what came. */
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include <weft.h>

#include "program.h"
#include "races.h"
#include "scene.h"
#include "suites.h"

/* Seconds later than it should be, for one that sleeps and for one that computes: the machine may be
 * busy, and they run side by side. */
static const double late_most = RACES_ARE_LOOKED_FOR ? 30 : 3, work_most = 40;

/* A program, its argument, and how long it must take, in seconds. */
static struct example {
    const char *name, *argument;
    double seconds;
    bool works;
    started run;
    double start, took;
    said said;
} examples[] = {
    { .name = "first", .works = true },
    { .name = "one_line", .works = true },
    { .name = "accumulate", .works = true },
    { .name = "divide", .works = true },
    { .name = "dice", .works = true },
    { .name = "timer", .seconds = 5 },
    { .name = "introspect" },
    { .name = "many", .seconds = 2 },
    { .name = "queue", .seconds = 5 },
    { .name = "lock", .seconds = 5 },
    { .name = "semaphore", .seconds = 3 },
    { .name = "washer", .seconds = 12 },
    { .name = "pool", .works = true },
    { .name = "isolate", .seconds = 1, .works = true },
    { .name = "sync", .seconds = 0.2 },
    { .name = "process" },
    { .name = "early_stop", .seconds = 12 },
    { .name = "daemon", .seconds = 1 },
    { .name = "shared" },
};

enum { example_count = COUNT(examples) };

static void start(struct example *e)
{
    char path[64];
    snprintf(path, sizeof path, "examples/%s", e->name);
    char *argv[] = { (char *)built(path), (char *)e->argument, NULL };
    e->start = weft_now();
    e->run = program_start(argv, NULL);
}

static void wait_for_all(void)
{
    struct pollfd ends[example_count];
    for (size_t k = 0; k < example_count; k++)
        ends[k] = (struct pollfd){ pidfd_open(examples[k].run.process, 0), POLLIN, 0 };
    for (size_t left = example_count; left > 0;) {
        poll(ends, example_count, -1);
        for (size_t k = 0; k < example_count; k++)
            if (ends[k].revents) {
                examples[k].took = weft_now() - examples[k].start;
                close(ends[k].fd);
                ends[k] = (struct pollfd){ .fd = -1 };
                left--;
            }
    }
}

static void run_all(void)
{
    for (size_t k = 0; k < example_count; k++)
        start(&examples[k]);
    wait_for_all();
    for (size_t k = 0; k < example_count; k++)
        examples[k].said = program_end(&examples[k].run);
}

static const struct example *example(const char *name)
{
    static bool ran;
    if (!ran)
        run_all();
    ran = true;
    for (size_t k = 0; k < example_count; k++)
        if (strcmp(examples[k].name, name) == 0)
            return &examples[k];
    abort();
}

static const char *out(const char *name) { return example(name)->said.out; }

/* To stderr goes nothing but a progress bar. */
static bool is_quiet(const struct example *e)
{
    return e->said.err[0] == '\0' || strcmp(e->name, "isolate") == 0;
}

static void every_example_ends_well_and_in_its_time(void)
{
    (void)example("accumulate");
    for (size_t k = 0; k < example_count; k++) {
        const struct example *const e = &examples[k];
        const bool good = e->said.status == 0 && is_quiet(e) && e->took >= e->seconds &&
                          e->took < e->seconds + (e->works ? work_most : late_most);
        if (!good)
            printf("%s: status %d after %.2f s\n%s%s\n", e->name, e->said.status, e->took,
                   e->said.out, e->said.err);
        CU_ASSERT_TRUE(good);
    }
}

/* ---- algorithms ---- */

/* The text that an example prints when it runs on so many threads; freed by the caller. */
static char *on_threads(const char *name, const char *threads)
{
    char path[64], variable[40];
    snprintf(path, sizeof path, "examples/%s", name);
    snprintf(variable, sizeof variable, "WEFT_NUM_THREADS=%s", threads);
    char *argv[] = { (char *)built(path), NULL };
    said s = program_run(argv, (const char *[]){ variable, NULL });
    free(s.err);
    return s.out;
}

static void assert_same_on_all_teams(const char *name)
{
    static const char *const teams[] = { "1", "2", "3", "7" };
    for (size_t k = 0; k < COUNT(teams); k++) {
        char *const text = on_threads(name, teams[k]);
        ASSERT_TEXT(text, out(name));
        free(text);
    }
}

static void one_line_equals_its_serial_loops(void)
{
    enum { n = 5 * 1000 * 1000 };
    double total = 0, dot = 0, highest = 0, gap = 1, got[5], least, mass;
    size_t nearest = 0, hits = 0, kept = 0, got_nearest, got_hits, got_kept, got_sum;
    long double exact = 0;
    int sane;
    for (size_t i = 0; i < n; i++) {
        const double x = sin(1e-3 * (double)i), y = sqrt(fabs(x));
        total += x, exact += x, dot += x * y;
        highest = fmax(highest, hypot(x, y));
        hits += x > 0, kept += x > 0.9;
        if (fabs(x - 0.5) < gap)
            gap = fabs(x - 0.5), nearest = i;
    }
    CU_ASSERT_EQUAL_FATAL(sscanf(out("one_line"), "%lf %lf %lf %lf %zu %zu %d %zu %zu %lf %lf",
                                 &got[0], &got[1], &got[2], &got[3], &got_nearest, &got_hits, &sane,
                                 &got_kept, &got_sum, &least, &mass),
                          11);
    CU_ASSERT_DOUBLE_EQUAL(got[0], total, 1e-7);
    CU_ASSERT_DOUBLE_EQUAL(got[1], dot, 1e-7);
    CU_ASSERT_DOUBLE_EQUAL(got[2], (double)exact, 1e-12); /* long double is off by less */
    CU_ASSERT_EQUAL(got[3], highest);
    CU_ASSERT_EQUAL(got_nearest, nearest);
    CU_ASSERT_EQUAL(got_hits, hits);
    CU_ASSERT_EQUAL(sane, 1);
    CU_ASSERT_EQUAL(got_kept, kept);
    CU_ASSERT_EQUAL(got_sum, 4999999); /* of 0, 1, 2, 0, 1, 2, ...: n - 1 */
    CU_ASSERT_TRUE(least >= -1 && least < -0.999 && mass > 0.999 && mass <= 1);
}

static void one_line_prints_the_same_on_all_teams(void) { assert_same_on_all_teams("one_line"); }

static void accumulate_prints_the_serial_moments(void)
{
    enum { n = 1000 * 1000 };
    double mean = 0, m2 = 0, got_n = 0, got_mean = 0, got_variance = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = (double)((i * 2654435761u) % 1000), d = x - mean;
        mean += d / (double)(i + 1), m2 += d * (x - mean);
    }
    CU_ASSERT_EQUAL(
        sscanf(out("accumulate"), "n %lf mean %lf variance %lf", &got_n, &got_mean, &got_variance),
        3);
    CU_ASSERT_EQUAL(got_n, n);
    CU_ASSERT_DOUBLE_EQUAL(got_mean, mean, 1e-12 * mean);
    CU_ASSERT_DOUBLE_EQUAL(got_variance, m2 / n, 1e-12 * m2 / n);
}

static void accumulate_prints_the_same_on_all_teams(void)
{
    assert_same_on_all_teams("accumulate");
}

static void divide_computes_fibonacci_and_names_who_failed(void)
{
    ASSERT_TEXT(out("divide"),
                "fib(27) is 196418\nWEFT 9: weft_group_wait: 2 tasks failed, the first "
                "returned 1: one that is fine returns 0\n");
}

static void divide_prints_the_same_on_all_teams(void) { assert_same_on_all_teams("divide"); }

/* To the last bit, on any machine. */
static void dice_fall_as_they_always_do(void)
{
    ASSERT_TEXT(out("dice"), "mean -0.00098686967474590414\n"
                             "deviation 1.0005736512079351\n"
                             "median -0.0013464879784593651\n"
                             "beyond 4 deviations 69\n"
                             "-4 to -3 1317\n"
                             "-3 to -2 21697\n"
                             "-2 to -1 135956\n"
                             "-1 to +0 341552\n"
                             "+0 to +1 340308\n"
                             "+1 to +2 136601\n"
                             "+2 to +3 21223\n"
                             "+3 to +4 1277\n"
                             "1 rolled 166677 times\n"
                             "2 rolled 167199 times\n"
                             "3 rolled 165808 times\n"
                             "4 rolled 167143 times\n"
                             "5 rolled 166358 times\n"
                             "6 rolled 166815 times\n");
}

static void dice_print_the_same_on_all_teams(void) { assert_same_on_all_teams("dice"); }

static void first_prints_the_same_on_all_teams(void) { assert_same_on_all_teams("first"); }

/* ---- threads ---- */

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (text = strstr(text, part); text; text = strstr(text + 1, part))
        n++;
    return n;
}

/* Whether the parts, NULL last, stand in the text one behind the other. */
static bool in_order(const char *text, const char *const *parts)
{
    for (; *parts && text; parts++)
        if ((text = strstr(text, *parts)))
            text += strlen(*parts);
    return text != NULL;
}

static bool each_datum_once(const char *text, int data)
{
    for (int k = 0; k < data; k++) {
        char line[20];
        snprintf(line, sizeof line, ": Data %d\n", k);
        if (count(text, line) != 1)
            return false;
    }
    return count(text, ": Data ") == (size_t)data;
}

static void timer_ends_the_short_job_between_two_looks_of_main(void)
{
    CU_ASSERT_TRUE(in_order(
        out("timer"), (const char *[]){ "Start main thread", "Main thread working... 1",
                                        "Done job_short", "Done job_long", "All done!", NULL }));
    CU_ASSERT_EQUAL(count(out("timer"), " at thread: <Thread(task1, started "), 1);
    CU_ASSERT_EQUAL(count(out("timer"), " at thread: <Thread(task2, started "), 1);
    CU_ASSERT_EQUAL(count(out("timer"), "Main thread working..."), 3);
}

static void introspect_shows_main_and_the_live_threads(void)
{
    CU_ASSERT_TRUE(
        in_order(out("introspect"),
                 (const char *[]){ "Active count: 3\n", "<_MainThread(MainThread, started ",
                                   "<Thread(task1, started ", "<Thread(heartbeat, started daemon ",
                                   "current: MainThread\n", "task1 alive: 1\n", NULL }));
    CU_ASSERT_EQUAL(count(out("introspect"), "still running"), 0);
}

static void many_runs_each_argument_once_twice_over(void)
{
    for (int k = 0; k < 5; k++) {
        char line[20];
        snprintf(line, sizeof line, "Thread %d\n", k);
        CU_ASSERT_EQUAL(count(out("many"), line), 2);
    }
    CU_ASSERT_EQUAL(count(out("many"), "Thread "), 10);
}

static void queue_hands_out_each_datum_once(void)
{
    CU_ASSERT_TRUE(each_datum_once(out("queue"), 10));
    CU_ASSERT_TRUE(in_order(out("queue"), (const char *[]){ "Data 9\n", "Done.\n", NULL }));
}

static void lock_keeps_what_it_guards_together(void)
{
    const char *text = out("lock");
    int worker, again, datum, got = 0;
    while (sscanf(text, "Lock acquired by Worker %d\nWorker %d: Data %d\n", &worker, &again,
                  &datum) == 3) {
        char release[40];
        snprintf(release, sizeof release, "Lock released by Worker %d\n", worker);
        CU_ASSERT_EQUAL(worker, again);
        text = strstr(text, "Data ");
        text = strchr(text, '\n') + 1;
        CU_ASSERT_EQUAL_FATAL(strncmp(text, release, strlen(release)), 0);
        text += strlen(release);
        got++;
    }
    CU_ASSERT_EQUAL(got, 5);
    CU_ASSERT_TRUE(each_datum_once(out("lock"), 5));
    ASSERT_TEXT(text, "Done. 499500\n");
}

static void semaphore_lets_two_in_and_no_more(void)
{
    int inside = 0, most = 0;
    for (const char *line = out("semaphore"); line; line = strchr(line, '\n')) {
        line += *line == '\n';
        inside += strncmp(line, "Semaphore acquired", 18) == 0;
        most = inside > most ? inside : most;
        inside -= strncmp(line, "Semaphore released", 18) == 0;
    }
    CU_ASSERT_EQUAL(inside, 0);
    CU_ASSERT_EQUAL(count(out("semaphore"), "(2 left)"), 0);
    CU_ASSERT_EQUAL(most, 2);
    CU_ASSERT_TRUE(each_datum_once(out("semaphore"), 5));
}

static void sync_gets_its_value_its_rounds_and_its_order(void)
{
    ASSERT_TEXT(out("sync"), "got 42\nround 0 done\nround 1 done\nround 2 done\nring\n"
                             "first second later \n");
}

/* ---- processes ---- */

static void process_has_five_numbers(void)
{
    int pid[5] = { 0 }, same = 0;
    size_t n = 0;
    for (const char *line = out("process"); n < 5 && sscanf(line, "Process %d", &pid[n]) == 1; n++)
        line = strchr(line, '\n') + 1;
    for (size_t k = 0; k < n; k++)
        for (size_t other = 0; other < k; other++)
            same += pid[k] == pid[other];
    CU_ASSERT(n == 5 && same == 0);
    CU_ASSERT_EQUAL(count(out("process"), "doing: Main program\n"), 1);
    CU_ASSERT_EQUAL(count(out("process"), "doing: loop "), 4);
}

static void early_stop_ends_the_child_by_a_signal(void)
{
    const size_t lines = count(out("early_stop"), "Doing ");
    CU_ASSERT(lines >= 9 && lines <= 13); /* 12, but the child may be late on a busy machine */
    CU_ASSERT_EQUAL(count(out("early_stop"), "Main processing...\n"), 3);
    CU_ASSERT_EQUAL(count(out("early_stop"), "Done. exit code -15\n"), 1);
}

static void daemon_ends_with_main_and_its_last_word_is_not_said(void)
{
    CU_ASSERT_EQUAL(count(out("daemon"), "Starting: daemon\n"), 1);
    CU_ASSERT_EQUAL(count(out("daemon"), "Exiting: non-daemon\n"), 1);
    CU_ASSERT_EQUAL(count(out("daemon"), "d is alive: 1\n"), 1);
    CU_ASSERT_EQUAL(count(out("daemon"), "Exiting: daemon\n"), 0);
}

static void shared_loses_no_deposit_and_no_report(void)
{
    ASSERT_TEXT(out("shared"), "balance 40000, heard from 6\n");
}

static void washer_knows_when_all_dishes_are_dry(void)
{
    const char *const text = out("washer");
    CU_ASSERT_EQUAL(count(text, " - Drying dish: "), 4);
    CU_ASSERT_EQUAL(count(text, "] Done: "), 4);
    CU_ASSERT_EQUAL(count(text, "Washing dish ("), 4);
    CU_ASSERT_TRUE(in_order(text, (const char *[]){ "] Done: salad\n", "All Done!\n", NULL }) ||
                   in_order(text, (const char *[]){ "] Done: orange\n", "All Done!\n", NULL }));
    CU_ASSERT_EQUAL(count(text, "All wash work done!!!\n"), 1);
}

/* The lines of pool.c without its progress, and without its last one, whose order is free. */
static void assert_pool_lines(const char *text)
{
    static const char row[] = "[0, 1, 4, 9, 16, 25, 36, 49, 64, 81]\n";
    static const char lazy[] = "0 1 4 9 16 25 36 49 64 81 ";
    CU_ASSERT_EQUAL(count(text, row), 3);
    CU_ASSERT_TRUE(in_order(text, (const char *[]){ row, "4\n", row, row, lazy, NULL }));
    for (int k = 0; k < 10; k++) {
        char pair[26];
        snprintf(pair, sizeof pair, "%d:%d ", k, k * k);
        CU_ASSERT_EQUAL(count(text, pair), 1);
    }
}

static void pool_prints_the_same_for_threads_and_for_processes(void)
{
    char *argv[] = { (char *)built("examples/pool"), "processes", NULL };
    said s = program_run(argv, NULL);
    assert_pool_lines(out("pool"));
    CU_ASSERT_EQUAL(s.status, 0);
    assert_pool_lines(s.out);
    said_free(&s);
}

static void isolate_loses_only_the_jobs_that_failed(void)
{
    static const char *const reasons[] = { "killed by SIGABRT", "killed by SIGSEGV",
                                           "over its deadline of 0.2 s", "killed by SIGKILL",
                                           "returned 42" };
    enum { wild = 1 }; /* a wild pointer: a sanitizer reports it and exits */
    const char *const text = out("isolate");
    CU_ASSERT_EQUAL(count(text, ", 50 of 10000 jobs lost\n"), 1);
    CU_ASSERT_EQUAL(count(text, "\njob "), 50);
    for (int job = 0; job < 10000; job += 1000)
        for (int k = 0; k < 5; k++) {
            char line[60];
            snprintf(line, sizeof line, "\njob %d: %s", job + k + 1,
                     k == wild && (asan || tsan) ? "" : reasons[k]);
            CU_ASSERT_EQUAL(count(text, line), 1);
        }
    CU_ASSERT_EQUAL(count(example("isolate")->said.err, "10000 of 10000 done, 50 failed"), 1);
}

CU_TestInfo example_tests[] = {
    { "every_example_ends_well_and_in_its_time", every_example_ends_well_and_in_its_time },
    { "first_prints_the_same_on_all_teams", first_prints_the_same_on_all_teams },
    { "one_line_equals_its_serial_loops", one_line_equals_its_serial_loops },
    { "one_line_prints_the_same_on_all_teams", one_line_prints_the_same_on_all_teams },
    { "accumulate_prints_the_serial_moments", accumulate_prints_the_serial_moments },
    { "accumulate_prints_the_same_on_all_teams", accumulate_prints_the_same_on_all_teams },
    { "dice_fall_as_they_always_do", dice_fall_as_they_always_do },
    { "dice_print_the_same_on_all_teams", dice_print_the_same_on_all_teams },
    { "divide_computes_fibonacci_and_names_who_failed",
      divide_computes_fibonacci_and_names_who_failed },
    { "divide_prints_the_same_on_all_teams", divide_prints_the_same_on_all_teams },
    { "timer_ends_the_short_job_between_two_looks_of_main",
      timer_ends_the_short_job_between_two_looks_of_main },
    { "introspect_shows_main_and_the_live_threads", introspect_shows_main_and_the_live_threads },
    { "many_runs_each_argument_once_twice_over", many_runs_each_argument_once_twice_over },
    { "queue_hands_out_each_datum_once", queue_hands_out_each_datum_once },
    { "lock_keeps_what_it_guards_together", lock_keeps_what_it_guards_together },
    { "semaphore_lets_two_in_and_no_more", semaphore_lets_two_in_and_no_more },
    { "washer_knows_when_all_dishes_are_dry", washer_knows_when_all_dishes_are_dry },
    { "pool_prints_the_same_for_threads_and_for_processes",
      pool_prints_the_same_for_threads_and_for_processes },
    { "isolate_loses_only_the_jobs_that_failed", isolate_loses_only_the_jobs_that_failed },
    { "sync_gets_its_value_its_rounds_and_its_order",
      sync_gets_its_value_its_rounds_and_its_order },
    { "process_has_five_numbers", process_has_five_numbers },
    { "early_stop_ends_the_child_by_a_signal", early_stop_ends_the_child_by_a_signal },
    { "daemon_ends_with_main_and_its_last_word_is_not_said",
      daemon_ends_with_main_and_its_last_word_is_not_said },
    { "shared_loses_no_deposit_and_no_report", shared_loses_no_deposit_and_no_report },
    CU_TEST_INFO_NULL,
};
