/* spawned.c - the life of a child that was executed: the child's half of a spawn.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A constructor looks for the variable by which the parent speaks, and takes it away, so that nobody
 * else finds it. That it does come from the parent is seen by the socket that it names: only who made
 * that can be its other end. Then main() is not reached any more.
 *
 * Owns these globals: the socket, the birth that this process owes itself to. */
#include "exec/process/letter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

static struct weft__birth birth = { .parent = -1, .said = { -1, -1 } };
static struct weft__letter letter;
static pid_t parent;

/* ---- reading ---- */

static bool receive(void *data, size_t size)
{
    for (char *at = data; size > 0;) {
        const ssize_t n = recv(birth.said[1], at, size, 0);
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        if (n > 0)
            at += n, size -= (size_t)n;
    }
    return true;
}

/* NULL: out of memory, or the parent has gone, which makes no difference then. */
static void *receive_block(size_t size)
{
    void *const block = malloc(size);
    if (block && receive(block, size))
        return block;
    free(block);
    return NULL;
}

static char *next_text(char **text)
{
    char *const t = *text;
    *text += strlen(t) + 1;
    return t;
}

/* ---- becoming what the letter says; each returns 0 or the errno why not ---- */

static int read_descent(struct weft__descent *d)
{
    static char *texts; /* some stay */
    char *at = texts = receive_block(letter.texts_size);
    if (!texts)
        return ENOMEM;
    *d = (struct weft__descent){ .name = next_text(&at),
                                 .identity = next_text(&at),
                                 .parent_name = next_text(&at),
                                 .parent_identity = next_text(&at),
                                 .parent = parent,
                                 .daemon = letter.daemon,
                                 .parent_is_daemon = letter.parent_is_daemon };
    return 0;
}

static int read_argument(void)
{
    if (letter.arg_size == 0)
        return 0;
    birth.arg = receive_block(letter.arg_size);
    return birth.arg ? 0 : ENOMEM;
}

/* For daemons; where the parent has another number by now it has ended. */
static int watch_parent(void)
{
    if (!letter.daemon)
        return 0;
    birth.parent = pidfd_open(parent, 0);
    if (birth.parent < 0)
        return errno;
    return getppid() == parent ? 0 : ESRCH;
}

static int become(void)
{
    struct weft__descent d;
    if (!receive(&letter, sizeof letter) || letter.form != weft__letter_form)
        return ENOEXEC;
    (void)weft_process_set_notice(letter.notice);
    birth.signals = &letter.signals;
    birth.run = (weft_process_run *)weft__spot_find(&letter.run);
    int error = birth.run ? read_descent(&d) : ENOEXEC;
    if (!error)
        error = read_argument();
    if (!error)
        error = weft__process_descend(&d) ? 0 : ENOMEM;
    return error ? error : watch_parent();
}

static void live(void)
{
    const int error = become();
    (void)prctl(PR_SET_NAME, program_invocation_short_name); /* "exe" otherwise */
    if (error)
        weft__child_refuse(&birth, error);
    weft__child_run(&birth);
}

/* ---- whether it is one ---- */

static bool comes_from(int socket, pid_t whom)
{
    struct ucred maker;
    socklen_t size = sizeof maker;
    return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &maker, &size) == 0 &&
           size == sizeof maker && maker.pid == whom;
}

/* A program that has more rights than its user takes no orders. */
__attribute__((constructor)) void weft__listen_to_parent(int argc, char **argv, char **env)
{
    const char *const word = secure_getenv(WEFT__SPAWNED);
    int socket, whom;
    (void)argc, (void)argv, (void)env;
    if (!word)
        return;
    const bool good = sscanf(word, "%d:%d", &socket, &whom) == 2 && comes_from(socket, whom);
    unsetenv(WEFT__SPAWNED);
    if (!good)
        return;
    (void)fcntl(socket, F_SETFD, FD_CLOEXEC);
    birth.said[1] = socket, parent = whom;
    weft__call_before_main(live, weft__listen_to_parent);
}
