/* quota.c - how much CPU time the control groups grant this process.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A group may use `quota` microseconds of CPU time in each `period` of wall time, which is
 * quota / period CPUs; every group around it holds for it too, so the least counts.
 *
 *     version 1    cpu.cfs_quota_us "150000" or "-1", which is no limit, and cpu.cfs_period_us "100000"
 *     version 2    cpu.max "150000 100000" or "max 100000"
 *
 * See Documentation/admin-guide/cgroup-v2.rst and scheduler/sched-bwc.rst of Linux. */
#include "place/quota.h"

#include <stdlib.h>
#include <string.h>

#include "place/file.h"
#include "place/number.h"
#include "place/trouble.h"

static void lower(weft_limits *l, size_t quota, size_t period, const char *path)
{
    const double cpus = (double)quota / (double)period;
    if (cpus < l->quota) {
        l->quota = cpus;
        weft__file_shorten(l->quota_source, sizeof l->quota_source, path);
    }
}

static void refuse(weft_limits *l, const char *path, const char *text)
{
    weft__trouble(l, "%s: \"%.20s\" is no quota", path, text);
}

/* "150000 100000" */
static void take_max(weft_limits *l, const char *text, const char *path)
{
    const char *at = text;
    size_t quota, period;
    if (strncmp(text, "max", 3) == 0 && (text[3] == ' ' || text[3] == '\0'))
        return;
    if (weft__number(&at, &quota) && *at == ' ' && weft__number_alone(at, &period) && quota > 0 &&
        period > 0)
        lower(l, quota, period, path);
    else
        refuse(l, path, text);
}

static void look_at_max(const weft__cgroups *all, const char *folder)
{
    char path[PATH_MAX];
    char *const text = weft__cgroup_value(all, folder, "cpu.max", path);
    if (text)
        take_max(all->limits, text, path);
    free(text);
}

static void take_cfs(const weft__cgroups *all, const char *folder, const char *text,
                     const char *path)
{
    char period_path[PATH_MAX];
    size_t quota, period;
    if (strcmp(text, "-1") == 0)
        return;
    if (!weft__number_alone(text, &quota) || quota == 0) {
        refuse(all->limits, path, text);
        return;
    }
    char *const length = weft__cgroup_value(all, folder, "cpu.cfs_period_us", period_path);
    if (length && weft__number_alone(length, &period) && period > 0)
        lower(all->limits, quota, period, path);
    else
        weft__trouble(all->limits, "%s: a quota of %s us without a period", path, text);
    free(length);
}

static void look_at_cfs(const weft__cgroups *all, const char *folder)
{
    char path[PATH_MAX];
    char *const text = weft__cgroup_value(all, folder, "cpu.cfs_quota_us", path);
    if (text)
        take_cfs(all, folder, text, path);
    free(text);
}

static void look(const char *folder, void *all)
{
    look_at_max(all, folder);
    look_at_cfs(all, folder);
}

void weft__quota_find(const weft__cgroups *all)
{
    all->limits->quota = WEFT_FOREVER;
    weft__cgroups_walk(all, "cpu", look, (void *)all);
}
