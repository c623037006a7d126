/* child.c - runs one program once and measures it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The clock runs from before fork to the end of the process: it is what a user waits for. The end of the
 * process counts, not that of its output: a daemon that it leaves behind may keep the pipes open for
 * ever. That is what the pidfd is for: it is readable once the process has ended.
 *
 *     fork -- exec or errno through `started` -- hear both pipes until the pidfd speaks -- wait4
 *
 * The child leads a session, so all that it starts can be ended with it, and it has no terminal to
 * wait for or to leave in disorder. Between its end and wait4 its number cannot belong to anybody
 * else, so then the rest of its process group is killed: it would disturb the next run. */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft/clock.h>

#include "interrupt.h"
#include "listen.h"

static const double grace = 2; /* seconds between SIGTERM and SIGKILL */

enum { piece = 64 * 1024, pipe_room = 1024 * 1024 };

typedef struct pipes {
    int out[2], err[2], started[2]; /* [0] is ours, [1] the child's */
} pipes;

/* A child that runs. */
typedef struct run {
    pid_t child;
    int process; /* pidfd, or -1 where the kernel has none */
    int out, err;
    listener heard;
    last_words *words;
    watcher *watcher;
} run;

static void close_pipes(const pipes *p, int end)
{
    close(p->out[end]), close(p->err[end]), close(p->started[end]);
}

static bool open_pipes(pipes *p)
{
    if (pipe2(p->out, O_CLOEXEC))
        return false;
    if (pipe2(p->err, O_CLOEXEC))
        goto fail_out;
    if (pipe2(p->started, O_CLOEXEC))
        goto fail_err;
    (void)fcntl(p->out[0], F_SETPIPE_SZ, pipe_room); /* fewer switches; 64 KiB will do too */
    fcntl(p->out[0], F_SETFL, O_NONBLOCK);
    fcntl(p->err[0], F_SETFL, O_NONBLOCK);
    return true;
fail_err:
    close(p->err[0]), close(p->err[1]);
fail_out:
    close(p->out[0]), close(p->out[1]);
    return false;
}

/* In the child; reports errno to the parent where exec fails. */
static _Noreturn void become(const launch *what, const pipes *p)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* the command has one thread: its end is the command's */
    setsid();
    interrupt_release();
    const int null = open("/dev/null", O_RDONLY);
    const bool ready = null >= 0 && dup2(null, 0) == 0 && dup2(p->out[1], 1) == 1 &&
                       dup2(p->err[1], 2) == 2 &&
                       (!what->cpus || !sched_setaffinity(0, sizeof *what->cpus, what->cpus));
    if (ready)
        execvpe(what->argv[0], what->argv, what->env);
    const int error = errno;
    (void)!write(p->started[1], &error, sizeof error);
    _exit(127);
}

/* The errno of a failed exec; 0 once exec has closed the child's end. */
static int exec_error(int started)
{
    int error = 0;
    while (read(started, &error, sizeof error) < 0 && errno == EINTR)
        ;
    return error;
}

static void remember(last_words *words, const char *text, size_t size)
{
    const size_t room = sizeof words->text - 1, had = strlen(words->text);
    const size_t from_new = size < room ? size : room;
    const size_t from_old = had < room - from_new ? had : room - from_new;
    memmove(words->text, words->text + had - from_old, from_old);
    memcpy(words->text + from_old, text + size - from_new, from_new);
    words->text[from_old + from_new] = '\0';
}

/* Reads one piece of what is there; 0 at the end of the stream, < 0 where there is nothing now. */
static ssize_t hear_out(run *r)
{
    char text[piece];
    const ssize_t n = read(r->out, text, sizeof text);
    if (n > 0)
        listener_hear(&r->heard, text, (size_t)n);
    return n;
}

static ssize_t hear_err(run *r)
{
    char text[piece];
    const ssize_t n = read(r->err, text, sizeof text);
    if (n > 0)
        remember(r->words, text, (size_t)n);
    return n;
}

/* What the pipes still hold; no more, for a daemon may go on writing. */
static void hear_rest(run *r)
{
    for (int k = 0; k < pipe_room / piece && hear_out(r) > 0; k++)
        ;
    for (int k = 0; k < pipe_room / piece && hear_err(r) > 0; k++)
        ;
}

/* For poll(): rounded up, so that it does not come back early; -1 for ever. */
static int milliseconds_until(double moment)
{
    const double left = 1000 * (moment - weft_now());
    return left > INT_MAX - 1 ? (isinf(moment) ? -1 : INT_MAX) : left > 0 ? (int)left + 1 : 0;
}

/* When attention is due next. */
static double next_moment(const run *r, double until)
{
    return r->watcher && r->watcher->due < until ? r->watcher->due : until;
}

/* Hears both streams until the process ends, the moment comes, or a signal does. Where the kernel has
 * no pidfd, the end of both streams stands for the end of the process. */
static child_end attend(run *r, double until, int signals)
{
    struct pollfd fds[] = { { .fd = r->process, .events = POLLIN },
                            { .fd = r->out, .events = POLLIN },
                            { .fd = r->err, .events = POLLIN },
                            { .fd = signals, .events = POLLIN } };
    while (r->process >= 0 || fds[1].fd >= 0 || fds[2].fd >= 0) {
        if (poll(fds, 4, milliseconds_until(next_moment(r, until))) < 0)
            continue;
        if (fds[0].revents)
            return child_ended;
        if (fds[3].revents)
            return child_interrupted;
        if (weft_now() >= until)
            return child_timed_out;
        if (r->watcher)
            watch_look(r->watcher, r->child);
        if (fds[1].revents && hear_out(r) == 0)
            fds[1].fd = -1;
        if (fds[2].revents && hear_err(r) == 0)
            fds[2].fd = -1;
    }
    return child_ended;
}

static child_end attend_to_the_end(run *r, double until)
{
    const child_end end = attend(r, until, interrupt_fd());
    if (end == child_ended)
        return end;
    kill(-r->child, SIGTERM);
    if (attend(r, weft_now() + grace, -1) == child_timed_out) {
        kill(-r->child, SIGKILL);
        attend(r, WEFT_FOREVER, -1);
    }
    return end;
}

static double seconds_of(struct timeval t) { return (double)t.tv_sec + 1e-6 * (double)t.tv_usec; }

/* Leaves it to wait4. */
static void wait_for_end(pid_t child)
{
    siginfo_t info;
    while (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) && errno == EINTR)
        ;
}

static sample follow(run *r, double start, double until)
{
    listener_init(&r->heard);
    r->process = pidfd_open(r->child, 0);
    sample s = { .end = attend_to_the_end(r, until) };
    wait_for_end(r->child);
    s.wall = weft_now() - start;
    kill(-r->child, SIGKILL);
    struct rusage used;
    while (wait4(r->child, &s.status, 0, &used) < 0 && errno == EINTR)
        ;
    if (r->process >= 0)
        close(r->process);
    hear_rest(r);
    listener_end(&r->heard);
    s.user = seconds_of(used.ru_utime), s.sys = seconds_of(used.ru_stime);
    s.memory = used.ru_maxrss, s.waits = used.ru_nvcsw, s.preemptions = used.ru_nivcsw;
    s.seconds = r->heard.seconds, s.cpu = r->heard.cpu;
    s.bytes = r->heard.bytes, s.flops = r->heard.flops, s.items = r->heard.items;
    s.hash = r->heard.hash;
    return s;
}

static void bury(pid_t child)
{
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
}

static sample start_and_follow(const launch *what, pipes *p, last_words *words)
{
    const double start = weft_now();
    const pid_t child = fork();
    if (child == 0)
        become(what, p);
    const int fork_error = errno;
    close_pipes(p, 1);
    if (child < 0)
        return (sample){ .exec_error = fork_error };
    const int error = exec_error(p->started[0]);
    if (error)
        return bury(child), (sample){ .exec_error = error };
    run r = {
        .child = child, .out = p->out[0], .err = p->err[0], .words = words, .watcher = what->watcher
    };
    if (r.watcher)
        watch_start(r.watcher);
    return follow(&r, start, what->timeout > 0 ? start + what->timeout : WEFT_FOREVER);
}

sample child_run(const launch *what, last_words *words)
{
    pipes p;
    words->text[0] = '\0';
    if (!open_pipes(&p))
        return (sample){ .exec_error = errno };
    const sample s = start_and_follow(what, &p, words);
    close_pipes(&p, 0);
    return s;
}
