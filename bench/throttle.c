/* throttle.c - how long the CPU quota of a control group has stopped this process and its children.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * /proc/self/cgroup names our group, "0::/a/b" in version 2 and "4:cpu,cpuacct:/a/b" in version 1. A
 * quota counts what it stopped itself, so the groups above have to be asked too. Within a container
 * the name may belong to the host: then only the root of the mount is there, and it is ours. */
#include "throttle.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Where the groups with a CPU quota are mounted, by version. */
static const char *const mounts[][3] = {
    { "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/cpuacct,cpu" },
    { "/sys/fs/cgroup/unified", "/sys/fs/cgroup", NULL },
};

/* "cpu" among the comma-separated names. */
static bool names_cpu(const char *names)
{
    for (const char *at = names; *at; at += strcspn(at, ",") + (at[strcspn(at, ",")] == ','))
        if (strcspn(at, ",") == 3 && strncmp(at, "cpu", 3) == 0)
            return true;
    return false;
}

static void add(throttle *t, const char *root, const char *mount, const char *group)
{
    if (t->count == throttle_files_most)
        return;
    char *path = t->path[t->count];
    const int n = snprintf(path, sizeof t->path[0], "%s%s%s/cpu.stat", root, mount, group);
    if (n > 0 && (size_t)n < sizeof t->path[0] && access(path, R_OK) == 0)
        t->count++;
}

/* The group, those around it, and the root of the mount. */
static void add_group(throttle *t, const char *root, const char *mount, const char *group)
{
    char name[400];
    snprintf(name, sizeof name, "%s", group);
    for (char *end = name + strlen(name); end > name; end = strrchr(name, '/')) {
        *end = '\0';
        if (*name)
            add(t, root, mount, name);
    }
    add(t, root, mount, "");
}

static void add_line(throttle *t, const char *root, char *line)
{
    char *names = strchr(line, ':'), *group = names ? strchr(names + 1, ':') : NULL;
    if (!group)
        return;
    *group++ = '\0';
    group[strcspn(group, "\n")] = '\0';
    const bool version2 = !names[1];
    if (!version2 && !names_cpu(names + 1))
        return;
    for (size_t k = 0; k < 3 && mounts[version2][k]; k++)
        add_group(t, root, mounts[version2][k], group);
}

static bool read_file(const char *path, throttled *sum)
{
    char name[64];
    double value;
    FILE *f = fopen(path, "re");
    bool known = false;
    while (f && fscanf(f, "%63s %lf", name, &value) == 2) {
        if (strcmp(name, "nr_throttled") == 0)
            sum->periods += value, known = true;
        else if (strcmp(name, "throttled_usec") == 0)
            sum->seconds += 1e-6 * value;
        else if (strcmp(name, "throttled_time") == 0) /* version 1 */
            sum->seconds += 1e-9 * value;
    }
    if (f)
        fclose(f);
    return known;
}

void throttle_find(throttle *t, const char *root)
{
    char path[512], line[600];
    t->count = 0;
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        add_line(t, root, line);
    if (f)
        fclose(f);
}

throttled throttle_now(const throttle *t)
{
    throttled sum = { 0, 0 };
    bool known = false;
    for (size_t k = 0; k < t->count; k++)
        known |= read_file(t->path[k], &sum);
    return known ? sum : (throttled){ NAN, NAN };
}
