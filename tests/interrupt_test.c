/* interrupt_test.c - Ctrl-C and kill end a study with all that it runs, and leave the terminal usable.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "program.h"
#include "suites.h"

enum { report_fd = 9 };

/* A study in a terminal of its own, whose program has started a child and waits. */
typedef struct session {
    pid_t weft, run, child;
    int terminal;
    struct termios before;
} session;

static _Noreturn void become_study(int reports)
{
    dup2(reports, report_fd);
    execl(built("weft"), "weft", "scale", "--threads", "1", "--place", "none", "--", "sh", "-c",
          "sleep 100 & echo $$ $! >&9; wait", (char *)NULL);
    _exit(127);
}

/* The program inherits a pipe and says by it that it runs. */
static void start(session *s)
{
    int pipe_ends[2], run = 0, child = 0;
    CU_ASSERT_EQUAL_FATAL(pipe(pipe_ends), 0);
    s->weft = forkpty(&s->terminal, NULL, NULL, NULL);
    CU_ASSERT_FATAL(s->weft >= 0);
    if (s->weft == 0)
        become_study(pipe_ends[1]);
    close(pipe_ends[1]);
    FILE *f = fdopen(pipe_ends[0], "r");
    CU_ASSERT_EQUAL(fscanf(f, "%d %d", &run, &child), 2);
    fclose(f);
    s->run = run, s->child = child;
    tcgetattr(s->terminal, &s->before);
}

/* What the terminal shows at the end. */
static void read_screen(const session *s, char *text, size_t size)
{
    size_t n = 0;
    for (ssize_t more = 1; more > 0 && n + 1 < size; n += more > 0 ? (size_t)more : 0)
        more = read(s->terminal, text + n, size - 1 - n);
    text[n] = '\0';
}

static void expect_orderly_end(session *s, int signal_number)
{
    char screen[2000];
    struct termios after;
    int status = 0;
    CU_ASSERT_EQUAL(tcgetattr(s->terminal, &after), 0);
    CU_ASSERT_EQUAL(after.c_lflag, s->before.c_lflag);
    CU_ASSERT_EQUAL(after.c_oflag, s->before.c_oflag);
    read_screen(s, screen, sizeof screen);
    CU_ASSERT_PTR_NOT_NULL(strstr(screen, "weft: interrupted after 0 of 10 rounds\r\n"));
    CU_ASSERT_EQUAL(waitpid(s->weft, &status, 0), s->weft);
    CU_ASSERT(WIFSIGNALED(status));
    CU_ASSERT_EQUAL(WTERMSIG(status), signal_number);
    CU_ASSERT(process_ends(s->run));
    CU_ASSERT(process_ends(s->child));
    close(s->terminal);
}

static void ctrl_c_ends_the_study_and_all_that_it_runs(void)
{
    session s;
    start(&s);
    CU_ASSERT_EQUAL(write(s.terminal, "\003", 1), 1);
    expect_orderly_end(&s, SIGINT);
}

static void a_request_to_terminate_does_the_same(void)
{
    session s;
    start(&s);
    kill(s.weft, SIGTERM);
    expect_orderly_end(&s, SIGTERM);
}

/* Nothing can be done then but what the kernel was asked for before. */
static void the_program_ends_even_if_the_study_is_killed(void)
{
    session s;
    start(&s);
    kill(s.weft, SIGKILL);
    CU_ASSERT_EQUAL(waitpid(s.weft, NULL, 0), s.weft);
    CU_ASSERT(process_ends(s.run));
    kill(s.child, SIGKILL);
    close(s.terminal);
}

/* The fifth run asks for the end: two rounds of two runs are complete. */
static void complete_rounds_are_still_reported(void)
{
    char path[] = "/tmp/weft-test-XXXXXX", arguments[300];
    const int fd = mkstemp(path);
    CU_ASSERT_FATAL(fd >= 0);
    close(fd);
    snprintf(arguments, sizeof arguments,
             "scale --threads 1,2 --place none --rounds 4 --warmup 0 -- sh -c "
             "'echo >>%s; test $(wc -l <%s) -lt 5 || kill -INT $PPID'",
             path, path);
    said s = run_weft(arguments, NULL);
    unlink(path);
    CU_ASSERT_EQUAL(s.status, 128 + SIGINT);
    ASSERT_TEXT(s.err, "weft: interrupted after 2 of 4 rounds\n");
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "\n2 rounds after 0 to warm up, until interrupted;"));
    said_free(&s);
}

CU_TestInfo interrupt_tests[] = {
    { "ctrl_c_ends_the_study_and_all_that_it_runs", ctrl_c_ends_the_study_and_all_that_it_runs },
    { "a_request_to_terminate_does_the_same", a_request_to_terminate_does_the_same },
    { "the_program_ends_even_if_the_study_is_killed",
      the_program_ends_even_if_the_study_is_killed },
    { "complete_rounds_are_still_reported", complete_rounds_are_still_reported },
    CU_TEST_INFO_NULL,
};
