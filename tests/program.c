/* program.c - runs a program for a test and keeps what it said.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Output goes to files in memory and not to pipes: nothing has to be read while the program runs. */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { arguments_most = 40, variables_most = 40 };

/* A variable passes if it begins with one of these. */
static const char *const kept[] = {
    "PATH=",         "HOME=",          "TMPDIR=",           "WEFT_BUILD=",
    "TSAN_OPTIONS=", "UBSAN_OPTIONS=", "LLVM_PROFILE_FILE="
};

static bool is_kept(const char *variable)
{
    for (size_t k = 0; k < sizeof kept / sizeof *kept; k++)
        if (strncmp(variable, kept[k], strlen(kept[k])) == 0)
            return true;
    return false;
}

/* A command line tool lets the system free its memory, so leaks are not looked for. */
static void fill_environment(const char **env, const char *const *set)
{
    size_t n = 0;
    env[n++] = "LC_ALL=C";
    env[n++] = "ASAN_OPTIONS=detect_leaks=0";
    for (char **v = environ; *v && n < variables_most; v++)
        if (is_kept(*v))
            env[n++] = *v;
    for (; set && *set && n < variables_most; set++)
        env[n++] = *set;
    env[n] = NULL;
}

static char *contents(int fd)
{
    const off_t size = lseek(fd, 0, SEEK_END);
    char *text = calloc(1, (size_t)size + 1);
    if (!text || pread(fd, text, (size_t)size, 0) != size)
        abort();
    return text;
}

static int exit_status(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static pid_t spawn(char *const *argv, char *const *env, int out, int err)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, err, 2);
    pid_t child;
    if (posix_spawnp(&child, argv[0], &actions, NULL, argv, env))
        abort();
    posix_spawn_file_actions_destroy(&actions);
    return child;
}

/* Parts text at blanks, in place, into argv[1] and what follows. */
static void part(char *text, char **argv)
{
    for (size_t n = 1; *text && n < arguments_most; n++) {
        text += strspn(text, " ");
        const bool quoted = *text == '\'';
        argv[n] = text += quoted;
        text += strcspn(text, quoted ? "'" : " ");
        if (*text)
            *text++ = '\0';
    }
}

const char *built(const char *name)
{
    static char paths[4][4096];
    static size_t next;
    const char *folder = getenv("WEFT_BUILD");
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder ? folder : "build/release", name);
    return path;
}

started program_start(char *const *argv, const char *const *set)
{
    const char *env[variables_most + 1];
    fill_environment(env, set);
    const int out = memfd_create("out", MFD_CLOEXEC), err = memfd_create("err", MFD_CLOEXEC);
    if (out < 0 || err < 0)
        abort();
    return (started){ spawn(argv, (char *const *)env, out, err), out, err };
}

said program_end(const started *r)
{
    int status;
    while (waitpid(r->process, &status, 0) < 0 && errno == EINTR)
        ;
    const said s = { exit_status(status), contents(r->out), contents(r->err) };
    close(r->out), close(r->err);
    return s;
}

said program_run(char *const *argv, const char *const *set)
{
    const started r = program_start(argv, set);
    return program_end(&r);
}

said run_weft(const char *arguments, const char *const *set)
{
    char *argv[arguments_most + 1] = { (char *)built("weft") };
    char *text = strdup(arguments);
    if (!text)
        abort();
    part(text, argv);
    const said s = program_run(argv, set);
    free(text);
    return s;
}

void said_free(said *s)
{
    free(s->out), free(s->err);
    *s = (said){ 0 };
}

bool process_ends(pid_t process)
{
    const int fd = pidfd_open(process, 0);
    if (fd < 0)
        return errno == ESRCH;
    const bool ended = poll(&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 10000) == 1;
    close(fd);
    return ended;
}
