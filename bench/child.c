/* child.c - runs one program once and measures it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The clock runs from before fork to after wait4: it is what a user waits for. The end of the process
 * counts, not that of its output: a daemon that it leaves behind may keep the pipes open for ever.
 * That is what the pidfd is for: it is readable once the process has ended.
 *
 *     fork -- exec or errno through `started` -- hear both pipes until the pidfd speaks -- wait4 */
#include "child.h"

#include <errno.h>
#include <fcntl.h>
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

#include "listen.h"

enum { piece = 64 * 1024, pipe_room = 1024 * 1024 };

typedef struct pipes {
    int out[2], err[2], started[2]; /* [0] is ours, [1] the child's */
} pipes;

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
static ssize_t hear(int fd, listener *out, last_words *err)
{
    char text[piece];
    const ssize_t n = read(fd, text, sizeof text);
    if (n > 0 && out)
        listener_hear(out, text, (size_t)n);
    else if (n > 0)
        remember(err, text, (size_t)n);
    return n;
}

/* Hears both streams until the process has ended; where the kernel has no pidfd, until both end. */
static void attend(int process, const pipes *p, listener *out, last_words *err)
{
    struct pollfd fds[] = { { .fd = process, .events = POLLIN },
                            { .fd = p->out[0], .events = POLLIN },
                            { .fd = p->err[0], .events = POLLIN } };
    while (!fds[0].revents && (process >= 0 || fds[1].fd >= 0 || fds[2].fd >= 0)) {
        if (poll(fds, 3, -1) < 0)
            continue;
        if (fds[1].revents && hear(p->out[0], out, NULL) == 0)
            fds[1].fd = -1;
        if (fds[2].revents && hear(p->err[0], NULL, err) == 0)
            fds[2].fd = -1;
    }
}

/* What the pipes still hold; no more, for a daemon may go on writing. */
static void hear_rest(const pipes *p, listener *out, last_words *err)
{
    for (int k = 0; k < pipe_room / piece && hear(p->out[0], out, NULL) > 0; k++)
        ;
    for (int k = 0; k < pipe_room / piece && hear(p->err[0], NULL, err) > 0; k++)
        ;
}

static double seconds_of(struct timeval t) { return (double)t.tv_sec + 1e-6 * (double)t.tv_usec; }

static sample follow(pid_t child, const pipes *p, double start, last_words *words)
{
    sample s = { .exec_error = exec_error(p->started[0]) };
    listener out;
    listener_init(&out);
    const int process = pidfd_open(child, 0);
    attend(process, p, &out, words);
    struct rusage used;
    while (wait4(child, &s.status, 0, &used) < 0 && errno == EINTR)
        ;
    s.wall = weft_now() - start;
    if (process >= 0)
        close(process);
    hear_rest(p, &out, words);
    listener_end(&out);
    s.user = seconds_of(used.ru_utime), s.sys = seconds_of(used.ru_stime);
    s.seconds = out.seconds, s.cpu = out.cpu, s.bytes = out.bytes, s.hash = out.hash;
    return s;
}

sample child_run(const launch *what, last_words *words)
{
    pipes p;
    words->text[0] = '\0';
    if (!open_pipes(&p))
        return (sample){ .exec_error = errno };
    const double start = weft_now();
    const pid_t child = fork();
    if (child == 0)
        become(what, &p);
    const int error = errno;
    close_pipes(&p, 1);
    const sample s = child < 0 ? (sample){ .exec_error = error } : follow(child, &p, start, words);
    close_pipes(&p, 0);
    return s;
}
