/* room.c - how many threads this process may still create.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Two limits count threads. In a control group and in each around it, pids.max bounds pids.current.
 * RLIMIT_NPROC bounds the threads of a user, and Linux does not tell how many those are: they are
 * counted, as far as /proc shows them, where the limit is so low that it may matter. It does not hold
 * for root and where CAP_SYS_ADMIN or CAP_SYS_RESOURCE is in force.
 *
 * What others create later is not foreseen: this is room, not a promise. */
#include "place/room.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "place/file.h"
#include "place/number.h"
#include "place/trouble.h"

enum { near_enough = 4 * WEFT_THREADS_MAX };

static void lower(weft_limits *l, size_t most, size_t used, const char *source)
{
    const size_t left = most > used ? most - used : 0;
    if (left < l->new_threads) {
        l->new_threads = left;
        weft__file_shorten(l->new_threads_source, sizeof l->new_threads_source, source);
    }
}

/* ---- control groups ---- */

/* False where there is no such file or no number in it, which is trouble. */
static bool read_count(const weft__cgroups *all, const char *folder, const char *file, char *path,
                       size_t *count)
{
    char *const text = weft__cgroup_value(all, folder, file, path);
    const bool unlimited = text && strcmp(text, "max") == 0;
    const bool good = text && !unlimited && weft__number_alone(text, count);
    if (text && !good && !unlimited)
        weft__trouble(all->limits, "%s: \"%.20s\" is no number", path, text);
    free(text);
    return good;
}

static void look(const char *folder, void *data)
{
    const weft__cgroups *const all = data;
    char path[PATH_MAX], current[PATH_MAX];
    size_t most, used = 1; /* this thread at least */
    if (!read_count(all, folder, "pids.max", path, &most))
        return;
    (void)read_count(all, folder, "pids.current", current, &used);
    lower(all->limits, most, used, path);
}

/* ---- the limit of the user ---- */

/* What stands behind a name at the start of a line: "Uid:\t0\t0"; NULL where it is not there. */
static const char *behind(const char *text, const char *name)
{
    const size_t n = strlen(name);
    for (; text && *text; text = strchr(text, '\n'), text += text != NULL)
        if (strncmp(text, name, n) == 0)
            return text + n + strspn(text + n, " \t");
    return NULL;
}

static bool number_behind(const char *text, const char *name, size_t *number)
{
    const char *at = behind(text, name);
    return at && weft__number(&at, number);
}

static bool is_exempt(const char *status, size_t user)
{
    enum { cap_sys_admin = 21, cap_sys_resource = 24 };
    const char *const effective = behind(status, "CapEff:");
    const unsigned long long caps = effective ? strtoull(effective, NULL, 16) : 0;
    return user == 0 || (caps >> cap_sys_admin & 1) || (caps >> cap_sys_resource & 1);
}

/* Threads of the process `name`, if it is the user's. */
static size_t threads_of(const char *root, const char *name, size_t user)
{
    char path[300];
    size_t owner, threads = 0;
    snprintf(path, sizeof path, "/proc/%.255s/status", name);
    char *const status = weft__file_load(root, path);
    if (!number_behind(status, "Uid:", &owner) || owner != user ||
        !number_behind(status, "Threads:", &threads))
        threads = 0;
    free(status);
    return threads;
}

static size_t threads_of_user(const char *root, size_t user)
{
    char folder[PATH_MAX];
    size_t threads = 0;
    snprintf(folder, sizeof folder, "%s/proc", root);
    DIR *const processes = opendir(folder);
    if (!processes)
        return 0;
    for (struct dirent *e; (e = readdir(processes));)
        if (*e->d_name >= '1' && *e->d_name <= '9')
            threads += threads_of(root, e->d_name, user);
    closedir(processes);
    return threads;
}

/* The soft limit, whose line is "Max processes   96364   96364   processes". */
static void look_at_user(const weft__cgroups *all)
{
    char *const limits = weft__file_load(all->root, "/proc/self/limits");
    char *const status = weft__file_load(all->root, "/proc/self/status");
    char source[60];
    size_t most, user, used = 1; /* this thread at least */
    if (number_behind(limits, "Max processes", &most) && number_behind(status, "Uid:", &user) &&
        !is_exempt(status, user)) {
        if (most <= near_enough)
            used = threads_of_user(all->root, user);
        snprintf(source, sizeof source, "RLIMIT_NPROC of %zu", most);
        lower(all->limits, most, used, source);
    }
    free(limits), free(status);
}

void weft__room_find(const weft__cgroups *all)
{
    all->limits->new_threads = SIZE_MAX;
    weft__cgroups_walk(all, "pids", look, (void *)all);
    look_at_user(all);
}
