/* memory.c - how much memory there is to take, and how large the caches are.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The least of three: what the system calls available, what the address space limit leaves, and
 * what each cgroup from ours up to the root leaves: limit - (usage - file pages that nobody used
 * lately), since the system takes those pages back before it refuses any. In a container without a
 * cgroup namespace our path may not exist below the mount; then the ancestors that do exist count,
 * and the last one is the container's own. */
#include "memory.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <weft.h>

enum { path_size = 400 };

static void lower(memory *m, size_t available, const char *source)
{
    if (available >= m->available)
        return;
    m->available = available;
    snprintf(m->source, sizeof m->source, "%.*s", (int)sizeof m->source - 1, source);
}

/* The number behind a name that begins a line, or the first one for ""; SIZE_MAX: there is none. */
static size_t number_in(const char *path, const char *name)
{
    char line[path_size];
    unsigned long long value;
    size_t found = SIZE_MAX;
    FILE *f = fopen(path, "re");
    while (f && found == SIZE_MAX && fgets(line, sizeof line, f))
        if (strncmp(line, name, strlen(name)) == 0 &&
            sscanf(line + strlen(name), "%llu", &value) == 1)
            found = (size_t)value;
    if (f)
        fclose(f);
    return found;
}

/* ---- the system and ulimit ---- */

static void read_system(memory *m, const char *root)
{
    char path[path_size];
    snprintf(path, sizeof path, "%s/proc/meminfo", root);
    const size_t kibibytes = number_in(path, "MemAvailable:");
    if (kibibytes < SIZE_MAX / 1024)
        lower(m, 1024 * kibibytes, path);
}

static void read_ulimit(memory *m)
{
    struct rlimit most;
    const size_t pages = number_in("/proc/self/statm", "");
    if (getrlimit(RLIMIT_AS, &most) || most.rlim_cur == RLIM_INFINITY || pages == SIZE_MAX)
        return;
    const size_t used = pages * (size_t)sysconf(_SC_PAGESIZE);
    lower(m, most.rlim_cur > used ? most.rlim_cur - used : 0, "ulimit -v");
}

/* ---- cgroups ---- */

/* The names of one version's files. */
typedef struct version {
    const char *mount, *limit, *usage, *idle;
} version;

static const version v1 = { "/sys/fs/cgroup/memory", "memory.limit_in_bytes",
                            "memory.usage_in_bytes", "total_inactive_file " };
static const version v2 = { "/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file " };

static size_t minus(size_t a, size_t b) { return a > b ? a - b : 0; }

static void read_group(memory *m, const char *folder, const version *v)
{
    char path[2 * path_size];
    snprintf(path, sizeof path, "%s/%s", folder, v->usage);
    const size_t usage = number_in(path, "");
    snprintf(path, sizeof path, "%s/memory.stat", folder);
    const size_t idle = number_in(path, v->idle);
    snprintf(path, sizeof path, "%s/%s", folder, v->limit);
    const size_t limit = number_in(path, ""); /* "max": no number */
    if (limit != SIZE_MAX && usage != SIZE_MAX)
        lower(m, minus(limit, idle == SIZE_MAX ? usage : minus(usage, idle)), path);
}

/* The group and its ancestors. */
static void read_groups(memory *m, const char *root, const char *group, const version *v)
{
    char folder[path_size];
    const int top = snprintf(folder, sizeof folder, "%s%s", root, v->mount);
    snprintf(folder + top, sizeof folder - (size_t)top, "%s", strcmp(group, "/") ? group : "");
    for (;;) {
        read_group(m, folder, v);
        char *last = strrchr(folder + top, '/');
        if (!last)
            return;
        *last = '\0';
    }
}

/* "4:cpu,memory:/group" or "0::/group". */
static bool names_memory(const char *controllers)
{
    char list[path_size], *state = NULL;
    snprintf(list, sizeof list, "%s", controllers);
    for (char *c = strtok_r(list, ",", &state); c; c = strtok_r(NULL, ",", &state))
        if (strcmp(c, "memory") == 0)
            return true;
    return false;
}

static void read_cgroups(memory *m, const char *root)
{
    char line[path_size];
    snprintf(line, sizeof line, "%s/proc/self/cgroup", root);
    FILE *f = fopen(line, "re");
    while (f && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        char *controllers = strchr(line, ':'), *group = NULL;
        if (controllers)
            group = strchr(++controllers, ':');
        if (!group)
            continue;
        *group++ = '\0';
        if (!*controllers || names_memory(controllers))
            read_groups(m, root, group, *controllers ? &v1 : &v2);
    }
    if (f)
        fclose(f);
}

/* ---- caches ---- */

static bool read_line(const char *root, size_t cpu, unsigned index, const char *file, char *line)
{
    char path[path_size];
    snprintf(path, sizeof path, "%s/sys/devices/system/cpu/cpu%zu/cache/index%u/%s", root, cpu,
             index, file);
    FILE *f = fopen(path, "re");
    const bool good = f && fgets(line, path_size, f);
    if (f)
        fclose(f);
    if (good)
        line[strcspn(line, "\n")] = '\0';
    return good;
}

/* Whether cpu is the first allowed one in the list; each cache is then counted once. */
static bool is_first(size_t cpu, const char *list)
{
    weft_cpus sharing;
    if (weft_cpus_parse(&sharing, list))
        return false;
    const weft_cpus *allowed = &weft_machine_limits(weft_machine_this())->allowed;
    for (size_t other = 0; other < cpu; other++)
        if (weft_cpus_has(&sharing, other) && weft_cpus_has(allowed, other))
            return false;
    return true;
}

/* Bytes of the last-level cache that cpu is the first to share. */
static size_t cache_of(const char *root, size_t cpu)
{
    char line[path_size];
    size_t size = 0;
    unsigned level, highest = 0, kibibytes;
    for (unsigned k = 0; read_line(root, cpu, k, "level", line); k++) {
        if (sscanf(line, "%u", &level) != 1 || level < highest ||
            !read_line(root, cpu, k, "size", line) || sscanf(line, "%uK", &kibibytes) != 1 ||
            !read_line(root, cpu, k, "shared_cpu_list", line))
            continue;
        highest = level;
        size = is_first(cpu, line) ? (size_t)kibibytes << 10 : 0;
    }
    return size;
}

void memory_read(memory *m, const char *root)
{
    *m = (memory){ .available = SIZE_MAX };
    read_system(m, root);
    read_ulimit(m);
    read_cgroups(m, root);
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX; cpu++)
        if (weft_cpus_has(&weft_machine_limits(weft_machine_this())->allowed, cpu))
            m->cache += cache_of(root, cpu);
}
