/* spawn.c - executes the program anew and tells it what to run: the parent's half of a spawn.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * /proc/self/exe is the file that this process was executed from, whatever became of its name. As no
 * page of the parent's is copied, a spawn takes the same time however large the parent is. */
#include "exec/process/letter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>
#include <spawn.h>
#include <sys/auxv.h>
#include <sys/socket.h>
#include <unistd.h>

#include <weft/cpus.h>
#include <weft/team.h>

#include "base/detail.h"
#include "exec/process/environment.h"
#include "place/bind.h"

/* ---- whether it can be done ---- */

static weft_status check_arguments(const void *arg, const weft_process_opts *o)
{
    if (arg && o->arg_size == 0)
        return weft__fail(WEFT_EINVAL, "weft_process_start: .arg_size is 0: WEFT_SPAWN takes the "
                                       "bytes of arg, a pointer means nothing there");
    if (o->pipes_count && !o->pipes)
        return weft__fail(WEFT_EINVAL,
                          "weft_process_start: .pipes is NULL with .pipes_count = %zu: it must "
                          "point to that many ends",
                          o->pipes_count);
    for (size_t k = 0; k < o->pipes_count; k++)
        if (o->pipes[k].end_ <= 0)
            return weft__fail(WEFT_ESTATE, "weft_process_start: .pipes[%zu] is of no pipe", k);
    return WEFT_OK;
}

static weft_status check_linked(const void *function, const char *path)
{
    const int error = weft__check_linked(function);
    if (error == ENOENT && function == (const void *)weft__listen_to_parent)
        return weft__fail(WEFT_ESTATE,
                          "weft_process_start: WEFT_SPAWN: the program has loaded weft "
                          "while it ran: it would not be there before main()");
    if (error == ENOENT)
        return weft__fail(WEFT_EINVAL,
                          "weft_process_start: run is in %s: WEFT_SPAWN finds what the program is "
                          "linked to, not what it loads while it runs",
                          path);
    return error ? weft__fail(WEFT_ENOMEM, "weft_process_start: WEFT_SPAWN: %s", strerror(error))
                 : WEFT_OK;
}

static weft_status check_program(void)
{
    if (getauxval(AT_SECURE))
        return weft__fail(WEFT_EPERM, "weft_process_start: WEFT_SPAWN: the program has more rights "
                                      "than its user, and takes no orders from its environment");
    if (weft__is_loaders_argument())
        return weft__fail(WEFT_ESTATE, "weft_process_start: WEFT_SPAWN: the program was started as "
                                       "an argument of its loader, which would be executed");
    if (getenv(WEFT__SPAWNED)) /* without this, main() would start itself without end */
        return weft__fail(WEFT_ESTATE,
                          "weft_process_start: WEFT_SPAWN: the program was executed for "
                          "a spawn and has come to main() all the same");
    return check_linked((const void *)weft__listen_to_parent, NULL);
}

weft_status weft__spawn_check(weft_process_run *run, const void *arg, const weft_process_opts *o,
                              struct weft__spot *spot)
{
    const char *path;
    weft_status s = check_arguments(arg, o);
    if (s == WEFT_OK)
        s = check_program();
    if (s != WEFT_OK)
        return s;
    if (!weft__spot_of((const void *)run, spot, &path))
        return weft__fail(WEFT_EINVAL, "weft_process_start: run is in no file: WEFT_SPAWN finds "
                                       "functions of the program, not what it makes while it runs");
    return check_linked((const void *)run, path);
}

/* ---- executing ---- */

struct plan {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    char **env;
};

static void drop(struct plan *p)
{
    free(p->env);
    posix_spawn_file_actions_destroy(&p->files);
    posix_spawnattr_destroy(&p->attributes);
}

/* A descriptor that becomes itself is not closed. */
static int keep_open(struct plan *p, const struct weft__birth *b)
{
    const int socket = b->said[1];
    int error = posix_spawn_file_actions_adddup2(&p->files, socket, socket);
    for (size_t k = 0; k < b->o->pipes_count && !error; k++) {
        const int fd = b->o->pipes[k].end_ - 1;
        error = posix_spawn_file_actions_adddup2(&p->files, fd, fd);
    }
    return error;
}

/* All signals are blocked until run has the mask that the letter brings. */
static int make(struct plan *p, const struct weft__birth *b, char *variable)
{
    sigset_t all;
    sigfillset(&all);
    posix_spawnattr_init(&p->attributes);
    posix_spawn_file_actions_init(&p->files);
    posix_spawnattr_setsigmask(&p->attributes, &all);
    posix_spawnattr_setflags(&p->attributes, POSIX_SPAWN_SETSIGMASK);
    p->env = weft__environment(b->o->threads ? b->o->threads : weft_threads(), variable);
    return p->env ? keep_open(p, b) : ENOMEM;
}

/* The runtimes that look at the mask before main() must find all CPUs in it. */
static int execute(const struct plan *p, pid_t *child)
{
    char *argv[] = { program_invocation_name, NULL };
    weft_cpus all, before;
    weft_cpus_original(&all);
    const bool moves =
        weft__bound(0, &before) == 0 && !weft_cpus_equal(&all, &before) && weft__bind(0, &all) == 0;
    const int error = posix_spawn(child, "/proc/self/exe", &p->files, &p->attributes, argv, p->env);
    if (moves)
        (void)weft__bind(0, &before); /* it had these a moment ago */
    return error;
}

pid_t weft__spawn(struct weft__birth *b)
{
    struct plan p;
    char variable[64];
    pid_t child = -1;
    snprintf(variable, sizeof variable, WEFT__SPAWNED "=%d:%d", b->said[1], (int)getpid());
    weft__flush_streams();
    int error = make(&p, b, variable);
    if (!error)
        error = execute(&p, &child);
    drop(&p);
    errno = error;
    return error ? -1 : child;
}

/* ---- the letter ---- */

static bool send_all(int socket, const void *data, size_t size)
{
    for (const char *at = data; size > 0;) {
        const ssize_t n = send(socket, at, size, MSG_NOSIGNAL);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            at += n, size -= (size_t)n;
    }
    return true;
}

static bool send_texts(int socket, char *const *texts)
{
    bool good = true;
    for (size_t k = 0; k < weft__letter_texts && good; k++)
        good = send_all(socket, texts[k] ? texts[k] : "", (texts[k] ? strlen(texts[k]) : 0) + 1);
    return good;
}

void weft__spawn_tell(const struct weft__birth *b)
{
    struct weft__letter letter = { .form = weft__letter_form,
                                   .daemon = b->record->daemon,
                                   .run = *b->spot,
                                   .notice = weft__process_notice(),
                                   .arg_size = b->o->arg_size };
    pthread_sigmask(SIG_SETMASK, NULL, &letter.signals);
    weft__processes_lock();
    const struct weft__process *const me = weft__process_me();
    char *const texts[weft__letter_texts] = { b->record->name, b->record->identity, me->name,
                                              me->identity };
    letter.parent_is_daemon = me->daemon;
    weft__processes_unlock();
    for (size_t k = 0; k < weft__letter_texts; k++)
        letter.texts_size += (texts[k] ? strlen(texts[k]) : 0) + 1;
    /* If it does not listen it has ended, or says why. */
    if (send_all(b->said[0], &letter, sizeof letter) && send_texts(b->said[0], texts))
        (void)send_all(b->said[0], b->arg, letter.arg_size);
}
