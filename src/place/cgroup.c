/* cgroup.c - the control groups that this process is in, from its own up to the outermost it can see.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * /proc/self/cgroup names the group, and /proc/self/mountinfo tells where its hierarchy is mounted and
 * which group the mount shows at its top, the mount's root. Both names count from the root of the
 * namespace:
 *
 *     group /a/b, mounted on /sys/fs/cgroup, root /      folder /sys/fs/cgroup/a/b
 *     group /a/b, mounted on /sys/fs/cgroup, root /a     folder /sys/fs/cgroup/b, a container's
 *     group /,    mounted on /sys/fs/cgroup, root /..    a group that has no name here
 *
 * In the last case only the top can be read. A controller is in one hierarchy: in one of version 1
 * if it is listed there, else in that of version 2, whose line lists none. */
#include "place/cgroup.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "place/file.h"
#include "place/trouble.h"

/* ---- the group's name ---- */

/* Whether a list as "cpu,cpuacct" holds a word. */
static bool lists(const char *list, const char *word)
{
    const size_t n = strlen(word);
    for (const char *at = list; at; at = strchr(at, ','), at += at != NULL)
        if (strncmp(at, word, n) == 0 && (at[n] == ',' || at[n] == '\0'))
            return true;
    return false;
}

/* Of a line as "4:cpu,cpuacct:/a/b", which is cut up; NULL where it is of another hierarchy. */
static const char *group_in(char *line, const char *controller)
{
    strsep(&line, ":");
    const char *const controllers = line ? strsep(&line, ":") : NULL;
    if (!line || *line != '/')
        return NULL;
    return (controller ? lists(controllers, controller) : !*controllers) ? line : NULL;
}

/* controller NULL: the group in version 2. False where there is none. */
static bool find_group(const char *own, const char *controller, char *group)
{
    char *const copy = strdup(own), *rest = copy, *line;
    const char *found = NULL;
    while (!found && (line = strsep(&rest, "\n")))
        found = group_in(line, controller);
    if (found)
        snprintf(group, PATH_MAX, "%s", found);
    free(copy);
    return found;
}

/* Whether any controller is in version 1; that has hierarchies of another kind too, "name=systemd". */
static bool uses_v1(const char *own)
{
    for (const char *line = own; *line; line += strspn(line, "\n")) {
        const char *const list = line + strcspn(line, ":\n");
        if (*list == ':' && list[1] != ':' && strncmp(list + 1, "name=", 5) != 0)
            return true;
        line += strcspn(line, "\n");
    }
    return false;
}

/* ---- where it is mounted ---- */

typedef struct mount {
    char *root, *point, *type, *options;
} mount;

/* mountinfo writes blanks and backslashes as "\040". */
static void unescape(char *text)
{
    char *to = text;
    for (const char *at = text; *at; to++) {
        unsigned code;
        if (*at == '\\' && sscanf(at + 1, "%3o", &code) == 1)
            *to = (char)code, at += 4;
        else
            *to = *at++;
    }
    *to = '\0';
}

/* A line as "32 31 0:29 /root /point rw,relatime shared:5 - cgroup source rw,cpu", which is cut up. */
static bool read_mount(char *line, mount *m)
{
    char *behind = strstr(line, " - ");
    if (!behind)
        return false;
    *behind = '\0', behind += strlen(" - ");
    for (int field = 0; field < 3; field++)
        strsep(&line, " ");
    m->root = strsep(&line, " "), m->point = strsep(&line, " ");
    m->type = strsep(&behind, " "), strsep(&behind, " "), m->options = behind;
    if (!m->point || !m->options)
        return false;
    unescape(m->root), unescape(m->point);
    return true;
}

static bool shows(const mount *m, const char *controller)
{
    return controller ? strcmp(m->type, "cgroup") == 0 && lists(m->options, controller)
                      : strcmp(m->type, "cgroup2") == 0;
}

/* How many ".." a path begins with. */
static size_t ups(const char *path)
{
    size_t n = 0;
    while (strncmp(path, "/..", 3) == 0 && (path[3] == '/' || path[3] == '\0'))
        path += 3, n++;
    return n;
}

/* What of a group's name is below a mount's root: "", "/b"; NULL where the group is not below it. */
static const char *below(const char *group, const char *root)
{
    const size_t n = strcmp(root, "/") ? strlen(root) : 0;
    if (strncmp(group, root, n) || (group[n] != '/' && group[n] != '\0') || ups(group + n))
        return NULL;
    return strcmp(group + n, "/") ? group + n : "";
}

/* Whether a mount's root is around the group, by steps whose names are not known here. */
static bool is_around(const char *group, const char *root)
{
    return strlen(root) == 3 * ups(root) && ups(root) > ups(group);
}

/* ---- the folder ---- */

typedef struct place {
    char folder[PATH_MAX];
    size_t top; /* length of the mount point in it */
    bool found;
    bool partial; /* the folder is only one around the group */
} place;

/* Of several mounts the one that shows most groups counts; of equals the last, which may cover the
 * others. */
static void consider(place *p, const mount *m, const char *group)
{
    const char *const rest = below(group, m->root);
    const bool partial = !rest && is_around(group, m->root);
    const size_t shown = p->found && !p->partial ? strlen(p->folder) - p->top : 0;
    if ((!rest && !partial) || (partial && p->found && !p->partial))
        return;
    if (rest && strlen(rest) < shown)
        return;
    p->top = strlen(m->point), p->partial = partial;
    p->found = snprintf(p->folder, PATH_MAX, "%s%s", m->point, rest ? rest : "") < PATH_MAX;
}

static void find_place(place *p, const char *mounts, const char *controller, const char *group)
{
    char *const copy = strdup(mounts), *rest = copy, *line;
    mount m;
    while ((line = strsep(&rest, "\n")))
        if (read_mount(line, &m) && shows(&m, controller))
            consider(p, &m, group);
    free(copy);
}

/* ---- what others call ---- */

static char *load(const weft__cgroups *all, const char *path)
{
    char *const text = weft__file_load(all->root, path);
    if (!text)
        weft__trouble(all->limits, "cgroup limits are unknown: %s: %s", path, strerror(errno));
    return text;
}

/* A line that is not understood might be the one that counts. */
static void check(const weft__cgroups *all)
{
    for (const char *line = all->own; line && *line; line += strspn(line, "\n")) {
        const char *const controllers = strchr(line, ':'), *group = NULL;
        const size_t length = strcspn(line, "\n");
        if (controllers)
            group = strchr(controllers + 1, ':');
        if (!group || group >= line + length || group[1] != '/')
            weft__trouble(all->limits, "/proc/self/cgroup: \"%.*s\" names no group",
                          length < 40 ? (int)length : 40, line);
        line += length;
    }
}

void weft__cgroups_open(weft__cgroups *all, const char *root, weft_limits *limits)
{
    *all = (weft__cgroups){ .root = root, .limits = limits };
    all->own = load(all, "/proc/self/cgroup");
    check(all);
    all->mounts = all->own ? load(all, "/proc/self/mountinfo") : NULL;
}

void weft__cgroups_close(weft__cgroups *all) { free(all->own), free(all->mounts); }

/* Every group has this file. A mount without it is covered by another, or forbidden. */
static bool is_open(const weft__cgroups *all, const place *p, const char *controller)
{
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s%.*s/cgroup.procs", all->root, (int)p->top, p->folder);
    if (access(path, F_OK) == 0)
        return true;
    weft__trouble(all->limits, "the %s limit is unknown: %s: %s", controller,
                  path + strlen(all->root), strerror(errno));
    return false;
}

/* From a group up to the top of the mount. */
static void climb(place *p, weft__cgroup_visit *visit, void *data)
{
    for (size_t n = strlen(p->folder); n >= p->top; n--)
        if (n == p->top || p->folder[n] == '/' || p->folder[n] == '\0') {
            p->folder[n] = '\0';
            visit(p->folder, data);
        }
}

void weft__cgroups_walk(const weft__cgroups *all, const char *controller, weft__cgroup_visit *visit,
                        void *data)
{
    char group[PATH_MAX];
    place p = { .found = false };
    if (!all->mounts)
        return;
    const bool v1 = find_group(all->own, controller, group);
    if (!v1 && !find_group(all->own, NULL, group))
        return;
    find_place(&p, all->mounts, v1 ? controller : NULL, group);
    if (!v1 && !p.found && uses_v1(all->own))
        return; /* version 1 is in use and lacks this controller */
    if (!p.found || p.partial)
        weft__trouble(all->limits, "the %s limit is %s: no mount shows the cgroup %s", controller,
                      p.found ? "known in part" : "unknown", group);
    if (p.found && is_open(all, &p, controller))
        climb(&p, visit, data);
}

char *weft__cgroup_value(const weft__cgroups *all, const char *folder, const char *file, char *path)
{
    if (snprintf(path, PATH_MAX, "%s/%s", folder, file) >= PATH_MAX)
        return NULL;
    char *const text = weft__file_load(all->root, path);
    if (text)
        text[strcspn(text, "\n")] = '\0';
    else if (errno != ENOENT && errno != ENODEV) /* no such file; the group was removed */
        weft__trouble(all->limits, "%s: %s", path, strerror(errno));
    return text;
}
