/* watch.c - looks at a program while it runs: how many threads it has, and where they may run.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The program leads a session, and /proc/PID/stat names the session of each process: that finds its
 * descendants also where the kernel has no /proc/PID/task/TID/children. What ends between two reads is
 * not there any more and is left out. */
#include "watch.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft/clock.h>

#include "launch.h"

enum { processes_most = 512, working_ticks = 5 };

static const double first_look = 0.001, shortest_pause = 0.002, longest_pause = 0.1; /* seconds */

typedef struct process {
    pid_t id, parent;
    size_t threads;
    long ticks; /* of processor time, 10 ms each */
    bool sleeps, has_children;
} process;

/* One look. */
typedef struct view {
    size_t threads, processes, held;
    weft_cpus together;
    bool *taken; /* places that are the mask of a thread */
} view;

static weft_cpus either(const weft_cpus *a, const weft_cpus *b)
{
    return launch_union((const weft_cpus[]){ *a, *b }, 2);
}

/* ---- reading /proc ---- */

/* The whole file, up to `size`; false where it is not there any more. */
static bool read_text(const char *path, char *text, size_t size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    const ssize_t n = read(fd, text, size - 1);
    close(fd);
    text[n > 0 ? n : 0] = '\0';
    return n > 0;
}

/* Fields of a stat file, numbered as proc(5) does. The name, field 2, may hold blanks and brackets. */
typedef struct stat_line {
    char text[1024], *state; /* field 3 */
} stat_line;

static bool read_stat(const char *path, stat_line *s)
{
    if (!read_text(path, s->text, sizeof s->text))
        return false;
    char *bracket = strrchr(s->text, ')');
    s->state = bracket && bracket[1] ? bracket + 2 : NULL;
    return s->state && *s->state != 'Z' && *s->state != 'X';
}

static long field(const stat_line *s, int number)
{
    const char *at = s->state;
    for (int k = 3; k < number && at; k++)
        at = (at = strchr(at, ' ')) ? at + 1 : NULL;
    return at ? atol(at) : -1;
}

/* "Cpus_allowed_list:\t0-3" of a status file. */
static bool read_mask(const char *path, weft_cpus *mask)
{
    static const char name[] = "\nCpus_allowed_list:";
    char text[8192];
    char *at = read_text(path, text, sizeof text) ? strstr(text, name) : NULL;
    if (!at)
        return false;
    at += sizeof name - 1;
    at += strspn(at, " \t");
    at[strcspn(at, "\n")] = '\0';
    return weft_cpus_parse(mask, at) == WEFT_OK;
}

/* ---- processes ---- */

static bool read_process(const char *name, pid_t session, process *p)
{
    char path[300];
    stat_line s;
    snprintf(path, sizeof path, "/proc/%s/stat", name);
    if (!read_stat(path, &s) || field(&s, 6) != session)
        return false;
    *p = (process){ .id = atoi(name),
                    .parent = (pid_t)field(&s, 4),
                    .threads = (size_t)field(&s, 20),
                    .ticks = field(&s, 14) + field(&s, 15),
                    .sleeps = *s.state != 'R' };
    return true;
}

static size_t find_processes(pid_t session, process *found)
{
    size_t n = 0;
    DIR *all = opendir("/proc");
    if (!all)
        return 0;
    for (struct dirent *d; n < processes_most && (d = readdir(all));)
        if (isdigit((unsigned char)*d->d_name))
            n += read_process(d->d_name, session, &found[n]);
    closedir(all);
    for (size_t child = 0; child < n; child++)
        for (size_t k = 0; k < n; k++)
            found[k].has_children |= found[k].id == found[child].parent;
    return n;
}

/* A shell may still be runnable when its child has begun to work; it has done nothing then. */
static bool only_waits(const process *p)
{
    return p->threads == 1 && p->has_children && (p->sleeps || p->ticks < working_ticks);
}

/* ---- threads ---- */

static void take_place(const watcher *w, view *v, const weft_cpus *mask)
{
    for (size_t k = 0; k < w->count; k++)
        if (weft_cpus_equal(&w->places[k], mask)) {
            v->held += !v->taken[k];
            v->taken[k] = true;
            return;
        }
}

static void add_thread(watcher *w, view *v, pid_t id, const char *thread)
{
    char path[340];
    stat_line s;
    weft_cpus mask;
    snprintf(path, sizeof path, "/proc/%d/task/%s/stat", id, thread);
    if (!read_stat(path, &s))
        return;
    snprintf(path, sizeof path, "/proc/%d/task/%s/status", id, thread);
    if (!read_mask(path, &mask))
        return;
    v->together = either(&v->together, &mask);
    if (*s.state == 'R')
        weft_cpus_add(&w->ran, (size_t)field(&s, 39));
    take_place(w, v, &mask);
    v->threads++;
}

static void add_process(watcher *w, view *v, pid_t id)
{
    char path[64];
    const size_t before = v->threads;
    snprintf(path, sizeof path, "/proc/%d/task", id);
    DIR *tasks = opendir(path);
    if (!tasks)
        return;
    for (struct dirent *d; (d = readdir(tasks));)
        if (isdigit((unsigned char)*d->d_name))
            add_thread(w, v, id, d->d_name);
    closedir(tasks);
    v->processes += v->threads > before;
}

/* ---- looks ---- */

static bool is_crowded(const watcher *w, const view *v)
{
    if (!w->places)
        return false;
    const weft_cpus places = launch_union(w->places, w->count);
    const size_t cpus = weft_cpus_count(&places), room = cpus < v->threads ? cpus : v->threads;
    return weft_cpus_count(&v->together) < room;
}

/* A look at as many threads as ever. */
static void keep_full(watcher *w, const view *v)
{
    w->full++;
    if (is_crowded(w, v)) {
        w->crowded++;
        w->huddle = v->together;
    }
}

static void keep(watcher *w, const view *v)
{
    w->allowed = either(&w->allowed, &v->together);
    w->looks += v->threads > 0;
    w->held = v->held > w->held ? v->held : w->held;
    if (v->threads > w->threads) {
        w->threads = v->threads;
        w->processes = v->processes;
        w->full = w->crowded = 0;
    }
    if (v->threads && v->threads == w->threads)
        keep_full(w, v);
}

static void look(watcher *w, pid_t session)
{
    static process found[processes_most];
    view v = { .taken = calloc(w->count + 1, sizeof *v.taken) };
    if (!v.taken)
        abort();
    const size_t n = find_processes(session, found);
    for (size_t k = 0; k < n; k++)
        if (!only_waits(&found[k]))
            add_process(w, &v, found[k].id);
    keep(w, &v);
    free(v.taken);
}

void watch_start(watcher *w) { w->due = weft_now() + first_look; }

void watch_look(watcher *w, pid_t session)
{
    const double begin = weft_now();
    if (begin < w->due)
        return;
    look(w, session);
    const double end = weft_now(), cost = end - begin, pause = shortest_pause + 10 * cost;
    w->due = end + (pause < longest_pause ? pause : longest_pause);
}

static size_t distinct(const weft_cpus *places, size_t n)
{
    size_t count = 0;
    for (size_t k = 0; k < n; k++) {
        size_t first = 0;
        while (!weft_cpus_equal(&places[first], &places[k]))
            first++;
        count += first == k;
    }
    return count;
}

binding watch_binding(const watcher *w)
{
    if (!w->looks)
        return binding_unseen;
    if (!w->places)
        return binding_free;
    const weft_cpus places = launch_union(w->places, w->count);
    const weft_cpus all = either(&places, &w->allowed);
    if (!weft_cpus_equal(&all, &places))
        return binding_escaped;
    /* a new thread has the mask of its parent for a moment: one look may see that */
    if (w->crowded >= 2 && 2 * w->crowded > w->full)
        return binding_huddled;
    return w->held >= distinct(w->places, w->count) ? binding_each : binding_shared;
}
