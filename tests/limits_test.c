/* limits_test.c - how many threads a process may use, and why: in control groups that are files in a
 * folder, under variables that are set nowhere else, and once in a real group.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

#include "cgroups.h"
#include "probe.h"
#include "suites.h"

/* ---- an environment of the test's own ---- */

static const char *const *environment_now; /* "NAME=VALUE", NULL last */

static const char *lookup(const char *name)
{
    const size_t n = strlen(name);
    for (const char *const *v = environment_now; v && *v; v++)
        if (strncmp(*v, name, n) == 0 && (*v)[n] == '=')
            return *v + n + 1;
    return NULL;
}

static weft_machine *machine_in(const char *synthetic, const char *root,
                                const char *const *environment)
{
    environment_now = environment;
    weft_machine *const m = weft_machine_new(.synthetic = synthetic, .root = root, .env = lookup);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    return m;
}

/* ---- control groups ---- */

#define V1      "/sys/fs/cgroup/cpu,cpuacct"
#define PIDS    "/sys/fs/cgroup/pids"
#define V2      "/sys/fs/cgroup"
#define UNIFIED "/sys/fs/cgroup/unified"

#define OWN    "/proc/self/cgroup"
#define MOUNTS "/proc/self/mountinfo"
#define STATUS "/proc/self/status"

#define MOUNT_1(root, point) \
    "32 31 0:29 " root " " point " rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
#define MOUNT_PIDS           "36 31 0:36 / " PIDS " rw - cgroup cgroup rw,pids\n"
#define MOUNT_2(root, point) "41 31 0:38 " root " " point " rw,nosuid - cgroup2 cgroup2 rw\n"
#define DISK                 "29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"

/* The file that every group has, at the top of a mount. */
#define IS_GROUP(folder)           \
    {                              \
        folder "/cgroup.procs", "" \
    }

/* quota 0 stands for none, new_threads 0 for no limit. */
typedef struct nest {
    const char *name;
    tree_file files[14];
    double quota;
    const char *quota_source;
    size_t new_threads;
    const char *new_threads_source;
    size_t threads;
    const char *rule, *trouble;
} nest;

/* Seen on eight cores. */
static const nest nests[] = {
    {
        .name = "version 1, two and a half CPUs",
        .files = { { OWN, "4:cpu,cpuacct:/job\n1:name=systemd:/job\n0::/job\n" },
                   { MOUNTS, DISK MOUNT_1("/", V1) },
                   IS_GROUP(V1),
                   { V1 "/job/cpu.cfs_quota_us", "250000\n" },
                   { V1 "/job/cpu.cfs_period_us", "100000\n" },
                   { V1 "/cpu.cfs_quota_us", "-1\n" } },
        .quota = 2.5,
        .quota_source = V1 "/job/cpu.cfs_quota_us",
        .threads = 3,
        .rule = "cgroup quota of 2.5 CPUs",
    },
    {
        .name = "version 1, another period",
        .files = { { OWN, "4:cpuacct,cpu:/job\n" },
                   { MOUNTS, MOUNT_1("/", V1) },
                   IS_GROUP(V1),
                   { V1 "/job/cpu.cfs_quota_us", "30000\n" },
                   { V1 "/job/cpu.cfs_period_us", "10000\n" } },
        .quota = 3,
        .quota_source = V1 "/job/cpu.cfs_quota_us",
        .threads = 3,
        .rule = "cgroup quota of 3 CPUs",
    },
    {
        .name = "version 1, no limit",
        .files = { { OWN, "4:cpu,cpuacct:/job\n" },
                   { MOUNTS, MOUNT_1("/", V1) },
                   IS_GROUP(V1),
                   { V1 "/job/cpu.cfs_quota_us", "-1\n" },
                   { V1 "/job/cpu.cfs_period_us", "100000\n" } },
        .threads = 8,
        .rule = "8 cores",
    },
    {
        .name = "version 2, one and a half CPUs",
        .files = { { OWN, "0::/job\n" },
                   { MOUNTS, DISK MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/job/cpu.max", "150000 100000\n" } },
        .quota = 1.5,
        .quota_source = V2 "/job/cpu.max",
        .threads = 2,
        .rule = "cgroup quota of 1.5 CPUs",
    },
    {
        .name = "version 2, max",
        .files = { { OWN, "0::/job\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/job/cpu.max", "max 100000\n" } },
        .threads = 8,
        .rule = "8 cores",
    },
    {
        .name = "half a CPU",
        .files = { { OWN, "0::/job\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/job/cpu.max", "50000 100000\n" } },
        .quota = 0.5,
        .quota_source = V2 "/job/cpu.max",
        .threads = 1,
        .rule = "cgroup quota of 0.5 CPUs",
    },
    {
        .name = "more than there is",
        .files = { { OWN, "0::/job\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/job/cpu.max", "1600000 100000\n" } },
        .quota = 16,
        .quota_source = V2 "/job/cpu.max",
        .threads = 8,
        .rule = "8 cores",
    },
    {
        .name = "an outer group grants less",
        .files = { { OWN, "0::/a/b/c\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a/b/c/cpu.max", "400000 100000\n" },
                   { V2 "/a/b/cpu.max", "max 100000\n" },
                   { V2 "/a/cpu.max", "100000 100000\n" } },
        .quota = 1,
        .quota_source = V2 "/a/cpu.max",
        .threads = 1,
        .rule = "cgroup quota of 1 CPU",
    },
    {
        .name = "an outer group grants more",
        .files = { { OWN, "4:cpu,cpuacct:/a/b\n" },
                   { MOUNTS, MOUNT_1("/", V1) },
                   IS_GROUP(V1),
                   { V1 "/a/b/cpu.cfs_quota_us", "120000\n" },
                   { V1 "/a/b/cpu.cfs_period_us", "100000\n" },
                   { V1 "/a/cpu.cfs_quota_us", "500000\n" },
                   { V1 "/a/cpu.cfs_period_us", "100000\n" } },
        .quota = 1.2,
        .quota_source = V1 "/a/b/cpu.cfs_quota_us",
        .threads = 2,
        .rule = "cgroup quota of 1.2 CPUs",
    },
    {
        .name = "both versions, and the first has the quota",
        .files = { { OWN, "4:cpu,cpuacct:/job\n2:pids:/job\n0::/other\n" },
                   { MOUNTS, MOUNT_1("/", V1) MOUNT_PIDS MOUNT_2("/", UNIFIED) },
                   IS_GROUP(V1),
                   IS_GROUP(PIDS),
                   { V1 "/job/cpu.cfs_quota_us", "400000\n" },
                   { V1 "/job/cpu.cfs_period_us", "100000\n" },
                   { UNIFIED "/other/cpu.max", "100000 100000\n" },
                   { PIDS "/job/pids.max", "100\n" },
                   { PIDS "/job/pids.current", "30\n" } },
        .quota = 4,
        .quota_source = V1 "/job/cpu.cfs_quota_us",
        .new_threads = 70,
        .new_threads_source = PIDS "/job/pids.max",
        .threads = 4,
        .rule = "cgroup quota of 4 CPUs",
    },
    {
        .name = "both versions, and the second has the quota",
        .files = { { OWN, "2:pids:/\n1:name=systemd:/job\n0::/job\n" },
                   { MOUNTS, MOUNT_PIDS MOUNT_2("/", UNIFIED) },
                   IS_GROUP(PIDS),
                   IS_GROUP(UNIFIED),
                   { UNIFIED "/job/cpu.max", "500000 100000\n" } },
        .quota = 5,
        .quota_source = UNIFIED "/job/cpu.max",
        .threads = 5,
        .rule = "cgroup quota of 5 CPUs",
    },
    {
        .name = "version 1, a container that has the names of its host",
        .files = { { OWN, "4:cpu,cpuacct:/docker/7f/job\n" },
                   { MOUNTS, MOUNT_1("/docker/7f", V1) },
                   IS_GROUP(V1),
                   { V1 "/job/cpu.cfs_quota_us", "-1\n" },
                   { V1 "/cpu.cfs_quota_us", "200000\n" },
                   { V1 "/cpu.cfs_period_us", "100000\n" } },
        .quota = 2,
        .quota_source = V1 "/cpu.cfs_quota_us",
        .threads = 2,
        .rule = "cgroup quota of 2 CPUs",
    },
    {
        .name = "version 1, a container with names of its own",
        .files = { { OWN, "4:cpu,cpuacct:/\n" },
                   { MOUNTS, MOUNT_1("/", V1) },
                   IS_GROUP(V1),
                   { V1 "/cpu.cfs_quota_us", "250000\n" },
                   { V1 "/cpu.cfs_period_us", "100000\n" } },
        .quota = 2.5,
        .quota_source = V1 "/cpu.cfs_quota_us",
        .threads = 3,
        .rule = "cgroup quota of 2.5 CPUs",
    },
    {
        .name = "version 2, a container with names of its own",
        .files = { { OWN, "0::/\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/cpu.max", "350000 100000\n" },
                   { V2 "/pids.max", "max\n" },
                   { V2 "/pids.current", "7\n" } },
        .quota = 3.5,
        .quota_source = V2 "/cpu.max",
        .threads = 4,
        .rule = "cgroup quota of 3.5 CPUs",
    },
    {
        .name = "a mount from outside the namespace, and a group beside it",
        .files = { { OWN, "0::/../job\n" },
                   { MOUNTS, MOUNT_2("/..", V2) },
                   IS_GROUP(V2),
                   { V2 "/job/cpu.max", "300000 100000\n" },
                   { V2 "/cpu.max", "400000 100000\n" } },
        .quota = 3,
        .quota_source = V2 "/job/cpu.max",
        .threads = 3,
        .rule = "cgroup quota of 3 CPUs",
    },
    {
        .name = "a mount from outside the namespace shows only its top",
        .files = { { OWN, "0::/job\n" },
                   { MOUNTS, MOUNT_2("/../..", V2) },
                   IS_GROUP(V2),
                   { V2 "/cpu.max", "600000 100000\n" },
                   { V2 "/job/cpu.max", "100000 100000\n" } },
        .quota = 6,
        .quota_source = V2 "/cpu.max",
        .threads = 6,
        .rule = "cgroup quota of 6 CPUs",
        .trouble = "the cpu limit is known in part: no mount shows the cgroup /job; the pids limit "
                   "is known in part: no mount shows the cgroup /job",
    },
    {
        .name = "a group outside of what is mounted",
        .files = { { OWN, "4:cpu,cpuacct:/../job\n" },
                   { MOUNTS, MOUNT_1("/", V1) },
                   IS_GROUP(V1),
                   { V1 "/cpu.cfs_quota_us", "100000\n" },
                   { V1 "/cpu.cfs_period_us", "100000\n" } },
        .threads = 8,
        .rule = "8 cores",
        .trouble = "the cpu limit is unknown: no mount shows the cgroup /../job",
    },
    {
        .name = "a group whose name only begins like that of the mount",
        .files = { { OWN, "4:cpu,cpuacct:/job2\n" },
                   { MOUNTS, MOUNT_1("/job", V1) },
                   IS_GROUP(V1),
                   { V1 "/cpu.cfs_quota_us", "100000\n" },
                   { V1 "/cpu.cfs_period_us", "100000\n" } },
        .threads = 8,
        .rule = "8 cores",
        .trouble = "the cpu limit is unknown: no mount shows the cgroup /job2",
    },
    {
        .name = "of two mounts the one that shows more groups",
        .files = { { OWN, "0::/a/b\n" },
                   { MOUNTS, MOUNT_2("/", V2) MOUNT_2("/a", "/mnt") },
                   IS_GROUP(V2),
                   IS_GROUP("/mnt"),
                   { V2 "/a/b/cpu.max", "max 100000\n" },
                   { V2 "/a/cpu.max", "200000 100000\n" } },
        .quota = 2,
        .quota_source = V2 "/a/cpu.max",
        .threads = 2,
        .rule = "cgroup quota of 2 CPUs",
    },
    {
        .name = "blanks in names",
        .files = { { OWN, "0::/my job\n" },
                   { MOUNTS, MOUNT_2("/", "/mnt/c\\040g\\134x") },
                   IS_GROUP("/mnt/c g\\x"),
                   { "/mnt/c g\\x/my job/cpu.max", "200000 100000\n" } },
        .quota = 2,
        .quota_source = "/mnt/c g\\x/my job/cpu.max",
        .threads = 2,
        .rule = "cgroup quota of 2 CPUs",
    },
    {
        .name = "a colon in a name",
        .files = { { OWN, "0::/a:b\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a:b/cpu.max", "200000 100000\n" } },
        .quota = 2,
        .quota_source = V2 "/a:b/cpu.max",
        .threads = 2,
        .rule = "cgroup quota of 2 CPUs",
    },
    {
        .name = "a long name",
        .files = { { OWN, "0::/kubepods.slice/kubepods-burstable.slice/"
                          "kubepods-burstable-pod01234567_89ab_cdef_0123_456789abcdef.slice/"
                          "cri-containerd-0123456789abcdef0123456789abcdef01234567.scope\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/kubepods.slice/kubepods-burstable.slice/"
                        "kubepods-burstable-pod01234567_89ab_cdef_0123_456789abcdef.slice/"
                        "cri-containerd-0123456789abcdef0123456789abcdef01234567.scope/cpu.max",
                     "200000 100000\n" } },
        .quota = 2,
        .quota_source = "...epods-burstable.slice/"
                        "kubepods-burstable-pod01234567_89ab_cdef_0123_456789abcdef.slice/"
                        "cri-containerd-0123456789abcdef0123456789abcdef01234567.scope/cpu.max",
        .threads = 2,
        .rule = "cgroup quota of 2 CPUs",
    },
    {
        .name = "a group that was removed",
        .files = { { OWN, "0::/a/b (deleted)\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a/cpu.max", "200000 100000\n" } },
        .quota = 2,
        .quota_source = V2 "/a/cpu.max",
        .threads = 2,
        .rule = "cgroup quota of 2 CPUs",
    },
    {
        .name = "a controller that is off",
        .files = { { OWN, "0::/job\n" }, { MOUNTS, MOUNT_2("/", V2) }, IS_GROUP(V2) },
        .threads = 8,
        .rule = "8 cores",
    },
    {
        .name = "no control groups at all",
        .files = { { OWN, "" }, { MOUNTS, DISK } },
        .threads = 8,
        .rule = "8 cores",
    },

    /* what cannot be read */
    {
        .name = "no list of groups",
        .files = { { MOUNTS, MOUNT_2("/", V2) } },
        .threads = 8,
        .rule = "8 cores",
        .trouble = "cgroup limits are unknown: " OWN ": No such file or directory",
    },
    {
        .name = "no list of mounts",
        .files = { { OWN, "0::/\n" }, { MOUNTS, NULL } },
        .threads = 8,
        .rule = "8 cores",
        .trouble = "cgroup limits are unknown: " MOUNTS ": Is a directory",
    },
    {
        .name = "groups that are not mounted",
        .files = { { OWN, "4:cpu,cpuacct:/docker/7f\n0::/\n" },
                   { MOUNTS, DISK MOUNT_2("/", V2) },
                   IS_GROUP(V2) },
        .threads = 8,
        .rule = "8 cores",
        .trouble = "the cpu limit is unknown: no mount shows the cgroup /docker/7f",
    },
    {
        .name = "version 2 alone, not mounted",
        .files = { { OWN, "0::/job\n" }, { MOUNTS, DISK } },
        .threads = 8,
        .rule = "8 cores",
        .trouble = "the cpu limit is unknown: no mount shows the cgroup /job; the pids limit is "
                   "unknown: no mount shows the cgroup /job",
    },
    {
        .name = "a mount that is covered",
        .files = { { OWN, "4:cpu,cpuacct:/job\n" }, { MOUNTS, MOUNT_1("/", V1) } },
        .threads = 8,
        .rule = "8 cores",
        .trouble = "the cpu limit is unknown: " V1 "/cgroup.procs: No such file or directory",
    },
    {
        .name = "a quota that cannot be read",
        .files = { { OWN, "0::/a/b\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a/b/cpu.max", NULL },
                   { V2 "/a/cpu.max", "300000 100000\n" } },
        .quota = 3,
        .quota_source = V2 "/a/cpu.max",
        .threads = 3,
        .rule = "cgroup quota of 3 CPUs",
        .trouble = V2 "/a/b/cpu.max: Is a directory",
    },
    {
        .name = "a period that cannot be read",
        .files = { { OWN, "4:cpu,cpuacct:/\n" },
                   { MOUNTS, MOUNT_1("/", V1) },
                   IS_GROUP(V1),
                   { V1 "/cpu.cfs_quota_us", "100000\n" } },
        .threads = 8,
        .rule = "8 cores",
        .trouble = V1 "/cpu.cfs_quota_us: a quota of 100000 us without a period",
    },
    {
        .name = "a period of 0",
        .files = { { OWN, "4:cpu,cpuacct:/\n" },
                   { MOUNTS, MOUNT_1("/", V1) },
                   IS_GROUP(V1),
                   { V1 "/cpu.cfs_quota_us", "100000\n" },
                   { V1 "/cpu.cfs_period_us", "0\n" } },
        .threads = 8,
        .rule = "8 cores",
        .trouble = V1 "/cpu.cfs_quota_us: a quota of 100000 us without a period",
    },
    {
        .name = "garbage for quotas, and one that is good",
        .files = { { OWN, "0::/a/b/c\n" },
                   { MOUNTS,
                     "\n\ngarbage\n - \na b c d e f -\n" MOUNT_2("/", V2) "41 31 0:38 / x" },
                   IS_GROUP(V2),
                   { V2 "/a/b/c/cpu.max", "maximal 100000\n" },
                   { V2 "/a/b/cpu.max", "0 100000\n" },
                   { V2 "/a/cpu.max", "" },
                   { V2 "/cpu.max", "700000 100000\n" } },
        .quota = 7,
        .quota_source = V2 "/cpu.max",
        .threads = 7,
        .rule = "cgroup quota of 7 CPUs",
        .trouble = V2 "/a/b/c/cpu.max: \"maximal 100000\" is no quota; " V2
                      "/a/b/cpu.max: \"0 100000\" is no quota; " V2 "/a/cpu.max: \"\" is no quota",
    },
    {
        .name = "garbage for groups",
        .files = { { OWN, "4:cpu\n:::\n0::/job\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/job/cpu.max", "200000 100000\n" } },
        .quota = 2,
        .quota_source = V2 "/job/cpu.max",
        .threads = 2,
        .rule = "cgroup quota of 2 CPUs",
        .trouble = OWN ": \"4:cpu\" names no group; " OWN ": \":::\" names no group",
    },

    /* room for threads */
    {
        .name = "an outer group has less room",
        .files = { { OWN, "0::/a/b\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a/b/pids.max", "max\n" },
                   { V2 "/a/b/pids.current", "2\n" },
                   { V2 "/a/pids.max", "12\n" },
                   { V2 "/a/pids.current", "9\n" } },
        .new_threads = 3,
        .new_threads_source = V2 "/a/pids.max",
        .threads = 4,
        .rule = "room for 3 new threads, below 8 cores",
    },
    {
        .name = "an outer group has more room",
        .files = { { OWN, "0::/a/b\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a/b/pids.max", "5\n" },
                   { V2 "/a/b/pids.current", "3\n" },
                   { V2 "/a/pids.max", "12\n" },
                   { V2 "/a/pids.current", "9\n" } },
        .new_threads = 2,
        .new_threads_source = V2 "/a/b/pids.max",
        .threads = 3,
        .rule = "room for 2 new threads, below 8 cores",
    },
    {
        .name = "little room and a small quota",
        .files = { { OWN, "0::/a\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a/pids.max", "10\n" },
                   { V2 "/a/pids.current", "9\n" },
                   { V2 "/a/cpu.max", "350000 100000\n" } },
        .quota = 3.5,
        .quota_source = V2 "/a/cpu.max",
        .new_threads = 1,
        .new_threads_source = V2 "/a/pids.max",
        .threads = 2,
        .rule = "room for 1 new thread, below cgroup quota of 3.5 CPUs",
    },
    {
        .name = "a count that is missing is that of one thread",
        .files = { { OWN, "0::/a\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a/pids.max", "4\n" } },
        .new_threads = 3,
        .new_threads_source = V2 "/a/pids.max",
        .threads = 4,
        .rule = "room for 3 new threads, below 8 cores",
    },
    {
        .name = "garbage for room",
        .files = { { OWN, "0::/a\n" },
                   { MOUNTS, MOUNT_2("/", V2) },
                   IS_GROUP(V2),
                   { V2 "/a/pids.max", "-1\n" },
                   { V2 "/pids.max", "5\n" },
                   { V2 "/pids.current", "many\n" } },
        .new_threads = 4,
        .new_threads_source = V2 "/pids.max",
        .threads = 5,
        .rule = "room for 4 new threads, below 8 cores",
        .trouble =
            V2 "/a/pids.max: \"-1\" is no number; " V2 "/pids.current: \"many\" is no number",
    },
    {
        .name = "the limit of a user who has other processes",
        .files = { { OWN, "" },
                   { MOUNTS, DISK },
                   { "/proc/self/limits", "Limit           Soft Limit  Hard Limit  Units\n"
                                          "Max processes   9           60000       processes\n" },
                   { STATUS, "Name:\tx\nUid:\t1000\t0\t0\t0\nCapEff:\t0000000000000000\n" },
                   { "/proc/20/status", "Uid:\t1000\t1000\t1000\t1000\nThreads:\t2\n" },
                   { "/proc/21/status", "Uid:\t1001\t1000\t1000\t1000\nThreads:\t90\n" },
                   { "/proc/22/status", "Uid:\t1000\t1000\t1000\t1000\nThreads:\t1\n" },
                   { "/proc/23/status", NULL } },
        .new_threads = 6,
        .new_threads_source = "RLIMIT_NPROC of 9",
        .threads = 7,
        .rule = "room for 6 new threads, below 8 cores",
    },
    {
        .name = "a limit of a user that is far away",
        .files = { { OWN, "" },
                   { MOUNTS, DISK },
                   { "/proc/self/limits", "Max processes   60000   60000   processes\n" },
                   { STATUS, "Uid:\t1000\t0\t0\t0\nCapEff:\t0000000000000000\n" },
                   { "/proc/20/status", "Uid:\t1000\t1000\t1000\t1000\nThreads:\t2\n" } },
        .new_threads = 59999,
        .new_threads_source = "RLIMIT_NPROC of 60000",
        .threads = 8,
        .rule = "8 cores",
    },
    {
        .name = "the limit of a user is not for root",
        .files = { { OWN, "" },
                   { MOUNTS, DISK },
                   { "/proc/self/limits", "Max processes   3   3   processes\n" },
                   { STATUS, "Uid:\t0\t1000\t1000\t1000\nCapEff:\t0000000000000000\n" } },
        .threads = 8,
        .rule = "8 cores",
    },
    {
        .name = "the limit of a user is not for those with a capability",
        .files = { { OWN, "" },
                   { MOUNTS, DISK },
                   { "/proc/self/limits", "Max processes   3   3   processes\n" },
                   { STATUS, "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000001000000\n" } },
        .threads = 8,
        .rule = "8 cores",
    },
    {
        .name = "a user without a limit",
        .files = { { OWN, "" },
                   { MOUNTS, DISK },
                   { "/proc/self/limits", "Max processes   unlimited   unlimited   processes\n" },
                   { STATUS, "Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n" } },
        .threads = 8,
        .rule = "8 cores",
    },
};

static void see(const nest *n)
{
    char *const root = tree_new(n->files);
    weft_machine *const m = machine_in("core:8 pu:1", root, NULL);
    const weft_limits *const l = weft_machine_limits(m);
    CU_ASSERT_EQUAL(l->quota, n->quota ? n->quota : WEFT_FOREVER);
    ASSERT_TEXT(l->quota_source, n->quota_source ? n->quota_source : "");
    CU_ASSERT_EQUAL(l->new_threads, n->new_threads ? n->new_threads : SIZE_MAX);
    ASSERT_TEXT(l->new_threads_source, n->new_threads_source ? n->new_threads_source : "");
    CU_ASSERT_EQUAL(l->threads, n->threads);
    ASSERT_TEXT(l->rule, n->rule);
    ASSERT_TEXT(l->trouble, n->trouble ? n->trouble : "");
    if (l->threads != n->threads)
        printf("in: %s\n", n->name);
    weft_machine_free(m);
    tree_free(root);
}

static void limits_of_control_groups_are_found(void)
{
    for (const nest *n = nests; n < nests + COUNT(nests); n++)
        see(n);
}

static void without_room_the_caller_works_alone(void)
{
    char *const root = tree_new((const tree_file[]){ { OWN, "0::/\n" },
                                                     { MOUNTS, MOUNT_2("/", V2) },
                                                     IS_GROUP(V2),
                                                     { V2 "/pids.max", "10\n" },
                                                     { V2 "/pids.current", "12\n" },
                                                     { NULL, NULL } });
    weft_machine *const m =
        machine_in("core:8 pu:1", root, (const char *[]){ "WEFT_NUM_THREADS=6", NULL });
    const weft_limits *const l = weft_machine_limits(m);
    CU_ASSERT_EQUAL(l->new_threads, 0);
    CU_ASSERT_EQUAL(l->threads, 1);
    ASSERT_TEXT(l->rule, "room for 0 new threads, below WEFT_NUM_THREADS=6");
    weft_machine_free(m);
    tree_free(root);
}

/* ---- variables ---- */

static const tree_file no_groups[] = { { OWN, "" },
                                       { MOUNTS, DISK },
                                       { "/proc/sys/kernel/hostname", "n17.cluster.example\n" },
                                       { NULL, NULL } };

static const tree_file two_and_a_half[] = { { OWN, "0::/\n" },
                                            { MOUNTS, MOUNT_2("/", V2) },
                                            IS_GROUP(V2),
                                            { V2 "/cpu.max", "250000 100000\n" },
                                            { NULL, NULL } };

typedef struct setting {
    const char *environment[8];
    size_t threads;
    const char *rule;
} setting;

/* On four cores with two PUs each. */
static void settle(const tree_file *files, const setting *s)
{
    char *const root = tree_new(files);
    weft_machine *const m = machine_in("core:4 pu:2", root, s->environment);
    const weft_limits *const l = weft_machine_limits(m);
    CU_ASSERT_EQUAL(l->threads, s->threads);
    ASSERT_TEXT(l->rule, s->rule);
    ASSERT_TEXT(l->trouble, "");
    weft_machine_free(m);
    tree_free(root);
}

#define SETTLE(files, settings)                     \
    for (size_t k_ = 0; k_ < COUNT(settings); k_++) \
    settle(files, &(settings)[k_])

static void the_strongest_source_counts(void)
{
    static const setting settings[] = {
        { { "WEFT_NUM_THREADS=30", "OMP_NUM_THREADS=20", "SLURM_CPUS_PER_TASK=5", "PBS_NUM_PPN=4",
            "LSB_DJOB_NUMPROC=3" },
          30,
          "WEFT_NUM_THREADS=30" },
        { { "OMP_NUM_THREADS=20", "SLURM_CPUS_PER_TASK=5", "PBS_NUM_PPN=4" },
          20,
          "OMP_NUM_THREADS=20" },
        { { "WEFT_NUM_THREADS=", "OMP_NUM_THREADS= ", "SLURM_CPUS_PER_TASK=5" },
          5,
          "SLURM_CPUS_PER_TASK=5" },
        { { "SLURM_CPUS_PER_TASK=5", "SLURM_CPUS_ON_NODE=8" }, 5, "SLURM_CPUS_PER_TASK=5" },
        { { "SLURM_CPUS_ON_NODE=6", "PBS_NUM_PPN=4" }, 6, "SLURM_CPUS_ON_NODE: 6 on this node" },
        { { "PBS_NUM_PPN=3", "LSB_DJOB_NUMPROC=2" }, 3, "PBS_NUM_PPN: 3 on this node" },
        { { "LSB_DJOB_NUMPROC=2" }, 2, "LSB_DJOB_NUMPROC: 2 on this node" },
        { { NULL }, 4, "4 cores" },
    };
    SETTLE(no_groups, settings);
}

static void orders_go_beyond_the_quota_and_grants_do_not(void)
{
    static const setting settings[] = {
        { { "WEFT_NUM_THREADS=30" }, 30, "WEFT_NUM_THREADS=30" },
        { { "OMP_NUM_THREADS=5" }, 5, "OMP_NUM_THREADS=5" },
        { { "SLURM_CPUS_PER_TASK=2" }, 2, "SLURM_CPUS_PER_TASK=2" },
        { { "SLURM_CPUS_PER_TASK=4" }, 3, "cgroup quota of 2.5 CPUs, below SLURM_CPUS_PER_TASK=4" },
        { { NULL }, 3, "cgroup quota of 2.5 CPUs" },
    };
    SETTLE(two_and_a_half, settings);
}

static void a_grant_may_use_hardware_threads_but_no_more(void)
{
    static const setting settings[] = {
        { { "SLURM_CPUS_PER_TASK=8" }, 8, "SLURM_CPUS_PER_TASK=8" },
        { { "SLURM_CPUS_PER_TASK=48" }, 8, "8 CPUs allowed, below SLURM_CPUS_PER_TASK=48" },
    };
    SETTLE(no_groups, settings);
}

static void the_first_level_of_openmp_counts(void)
{
    static const setting settings[] = {
        { { "OMP_NUM_THREADS=4,2" }, 4, "OMP_NUM_THREADS=4,2" },
        { { "OMP_NUM_THREADS= 3 , 2 ,1 " }, 3, "OMP_NUM_THREADS= 3 , 2 ,1 " },
        { { "OMP_NUM_THREADS=7" }, 7, "OMP_NUM_THREADS=7" },
    };
    SETTLE(no_groups, settings);
}

static void the_limit_of_openmp_bounds_the_others(void)
{
    static const setting settings[] = {
        { { "OMP_THREAD_LIMIT=3", "WEFT_NUM_THREADS=6" },
          3,
          "OMP_THREAD_LIMIT=3, below WEFT_NUM_THREADS=6" },
        { { "OMP_THREAD_LIMIT=3" }, 3, "OMP_THREAD_LIMIT=3, below 4 cores" },
        { { "OMP_THREAD_LIMIT=2147483647" }, 4, "4 cores" },
    };
    SETTLE(no_groups, settings);
}

static void what_is_for_a_node_is_shared_by_its_processes(void)
{
    static const setting settings[] = {
        { { "SLURM_CPUS_ON_NODE=8", "SLURM_STEP_TASKS_PER_NODE=2(x3),4", "SLURM_NODEID=2" },
          4,
          "SLURM_CPUS_ON_NODE: 8 on this node, for 2 processes" },
        { { "SLURM_CPUS_ON_NODE=8", "SLURM_STEP_TASKS_PER_NODE=2(x3),4", "SLURM_NODEID=3" },
          2,
          "SLURM_CPUS_ON_NODE: 8 on this node, for 4 processes" },
        { { "SLURM_CPUS_ON_NODE=8", "SLURM_STEP_TASKS_PER_NODE=4" },
          2,
          "SLURM_CPUS_ON_NODE: 8 on this node, for 4 processes" },
        { { "SLURM_CPUS_ON_NODE=3", "OMPI_COMM_WORLD_LOCAL_SIZE=16" },
          1,
          "SLURM_CPUS_ON_NODE: 3 on this node, for 16 processes" },
        { { "PBS_NUM_PPN=7", "MPI_LOCALNRANKS=2" },
          3,
          "PBS_NUM_PPN: 7 on this node, for 2 processes" },
        { { "LSB_DJOB_NUMPROC=6", "MV2_COMM_WORLD_LOCAL_SIZE=3" },
          2,
          "LSB_DJOB_NUMPROC: 6 on this node, for 3 processes" },
        { { "SLURM_CPUS_PER_TASK=4", "SLURM_STEP_TASKS_PER_NODE=2" }, 4, "SLURM_CPUS_PER_TASK=4" },
        { { "SLURM_CPUS_ON_NODE=8", "SLURM_STEP_TASKS_PER_NODE=2(x3", "SLURM_NODEID=0" },
          8,
          "SLURM_CPUS_ON_NODE: 8 on this node" },
    };
    SETTLE(no_groups, settings);
}

static void what_is_for_all_nodes_counts_on_one(void)
{
    static const setting settings[] = {
        { { "PBS_NP=6", "PBS_NUM_NODES=1" }, 6, "PBS_NP: 6 on this node" },
        { { "PBS_NP=6", "PBS_NUM_NODES=2" }, 4, "4 cores" },
        { { "PBS_NP=6" }, 4, "4 cores" },
        { { "LSB_DJOB_NUMPROC=6", "LSB_MCPU_HOSTS=n16 4 n18 2" }, 4, "4 cores" },
    };
    SETTLE(no_groups, settings);
}

static void ncpus_counts_in_a_job_of_pbs(void)
{
    static const setting settings[] = {
        { { "NCPUS=6" }, 4, "4 cores" },
        { { "NCPUS=6", "PBS_JOBID=1.server" }, 6, "NCPUS=6" },
    };
    SETTLE(no_groups, settings);
}

static void hosts_of_lsf_are_told_by_name(void)
{
    static const setting settings[] = {
        { { "LSB_MCPU_HOSTS=n16 4 n17 3 n18 2", "LSB_DJOB_NUMPROC=9" },
          3,
          "LSB_MCPU_HOSTS: 3 on this node" },
        { { "LSB_MCPU_HOSTS=N17.elsewhere 2 n17x 5" }, 2, "LSB_MCPU_HOSTS: 2 on this node" },
        { { "LSB_MCPU_HOSTS= by-its-alias 6 " }, 6, "LSB_MCPU_HOSTS: 6 on this node" },
        { { "LSB_MCPU_HOSTS=n16 4 n18 2" }, 4, "4 cores" },
    };
    SETTLE(no_groups, settings);
}

static void lines_of_a_nodefile_of_torque_are_counted(void)
{
    char *const folder = tree_new(
        (const tree_file[]){ { "/nodes", "n17\nn17\nn18\nn17.cluster.example\nn170\n\nn18\nn17" },
                             { "/others", "n18\n" },
                             { NULL, NULL } });
    char nodes[100], others[100], missing[100];
    snprintf(nodes, sizeof nodes, "PBS_NODEFILE=%s/nodes", folder);
    snprintf(others, sizeof others, "PBS_NODEFILE=%s/others", folder);
    snprintf(missing, sizeof missing, "PBS_NODEFILE=%s/missing", folder);
    const setting settings[] = {
        { { nodes, "PBS_NP=7", "PBS_NUM_PPN=1" }, 4, "PBS_NODEFILE: 4 on this node" },
        { { nodes, "PBS_NP=7", "OMPI_COMM_WORLD_LOCAL_SIZE=2" },
          2,
          "PBS_NODEFILE: 4 on this node, for 2 processes" },
        { { nodes, "PBS_NUM_PPN=2" }, 2, "PBS_NUM_PPN: 2 on this node" },
        { { others, "PBS_NP=7", "PBS_NUM_PPN=2" }, 2, "PBS_NUM_PPN: 2 on this node" },
        { { missing, "PBS_NP=7", "PBS_NUM_PPN=2" }, 2, "PBS_NUM_PPN: 2 on this node" },
    };
    SETTLE(no_groups, settings);
    tree_free(folder);
}

/* ---- misuse ---- */

static void is_refused(const char *name, const char *value, const char *rule)
{
    char variable[200], expected[160];
    snprintf(variable, sizeof variable, "%s=%s", name, value);
    char *const root = tree_new(no_groups);
    weft_machine *const m = machine_in(
        "core:4 pu:2", root, (const char *[]){ variable, "PBS_JOBID=1", "PBS_NUM_NODES=1", NULL });
    const weft_limits *const l = weft_machine_limits(m);
    snprintf(expected, sizeof expected, "%s: \"%s\" skipped: not %s", name, value, rule);
    ASSERT_TEXT(l->trouble, expected);
    CU_ASSERT_EQUAL(l->threads, 4);
    ASSERT_TEXT(l->rule, "4 cores");
    weft_machine_free(m);
    tree_free(root);
}

static void what_is_no_count_is_skipped_with_a_reason(void)
{
    static const char *const names[] = { "WEFT_NUM_THREADS",
                                         "SLURM_CPUS_PER_TASK",
                                         "SLURM_CPUS_ON_NODE",
                                         "PBS_NUM_PPN",
                                         "PBS_NP",
                                         "NCPUS",
                                         "LSB_DJOB_NUMPROC" };
    static const char *const bad[] = { "0",   "-1", "1e9", "abc", "4097", "1000000000",
                                       "4 2", "+4", "4.",  "0x4", "4,2",  "4x" };
    for (size_t n = 0; n < COUNT(names); n++)
        for (size_t k = 0; k < COUNT(bad); k++)
            is_refused(names[n], bad[k], "a whole number from 1 to 4096");
}

static void what_is_no_list_is_skipped_with_a_reason(void)
{
    static const char *const bad[] = { "0",  "-1",   "abc", "4097", "4,",
                                       ",4", "4,,2", "4,x", "4;2",  "4,0" };
    static const char *const hosts[] = { "n17", "4", "n17 4 n18", "n17 0", "n17 -1", "n17 4x" };
    for (size_t k = 0; k < COUNT(bad); k++)
        is_refused("OMP_NUM_THREADS", bad[k], "a list of whole numbers from 1 to 4096");
    for (size_t k = 0; k < COUNT(hosts); k++)
        is_refused("LSB_MCPU_HOSTS", hosts[k], "hosts with their CPUs");
    is_refused("OMP_THREAD_LIMIT", "0", "a whole number from 1");
    is_refused("OMP_THREAD_LIMIT", "all", "a whole number from 1");
}

/* 2^64 + 1 is not 1. */
static void a_number_that_is_too_large_does_not_wrap(void)
{
    char *const root = tree_new(no_groups);
    weft_machine *const m = machine_in(
        "core:4 pu:2", root, (const char *[]){ "WEFT_NUM_THREADS=18446744073709551617", NULL });
    ASSERT_TEXT(weft_machine_limits(m)->rule, "4 cores");
    ASSERT_TEXT(weft_machine_limits(m)->trouble,
                "WEFT_NUM_THREADS: \"1844674407370955...\" skipped: not a whole number from 1 to "
                "4096");
    weft_machine_free(m);
    tree_free(root);
}

static void the_next_source_counts_after_one_that_is_wrong(void)
{
    char *const root = tree_new(no_groups);
    weft_machine *const m =
        machine_in("core:4 pu:2", root,
                   (const char *[]){ "WEFT_NUM_THREADS=4097", "OMP_NUM_THREADS=x", "NCPUS=3",
                                     "PBS_JOBID=1", NULL });
    ASSERT_TEXT(weft_machine_limits(m)->rule, "NCPUS=3");
    ASSERT_TEXT(weft_machine_limits(m)->trouble,
                "WEFT_NUM_THREADS: \"4097\" skipped: not a whole number from 1 to 4096; "
                "OMP_NUM_THREADS: \"x\" skipped: not a list of whole numbers from 1 to 4096");
    weft_machine_free(m);
    tree_free(root);
}

static void the_most_there_may_be_is_taken(void)
{
    static const setting settings[] = {
        { { "WEFT_NUM_THREADS=4096" }, 4096, "WEFT_NUM_THREADS=4096" },
        { { "WEFT_NUM_THREADS= 0007\t" }, 7, "WEFT_NUM_THREADS= 0007?" },
    };
    SETTLE(no_groups, settings);
}

/* ---- why ---- */

static size_t why_lines(const weft_machine *m, char line[][200], size_t most)
{
    size_t n = 0;
    while (n < most && weft_machine_why(m, n, line[n], sizeof line[n]))
        n++;
    return n;
}

static void every_source_has_a_line_and_one_has_won(void)
{
    static const char *const order[] = {
        "new threads",
        "OMP_THREAD_LIMIT",
        "WEFT_NUM_THREADS",
        "OMP_NUM_THREADS",
        "SLURM_CPUS_PER_TASK",
        "SLURM_CPUS_ON_NODE",
        "PBS_NODEFILE",
        "PBS_NUM_PPN",
        "PBS_NP",
        "NCPUS",
        "LSB_MCPU_HOSTS",
        "LSB_DJOB_NUMPROC",
        "cgroup quota",
        "cores",
    };
    char line[20][200];
    char *const root = tree_new(two_and_a_half);
    weft_machine *const m = machine_in(
        "core:4 pu:2", root, (const char *[]){ "OMP_NUM_THREADS=x", "SLURM_CPUS_ON_NODE=2", NULL });
    CU_ASSERT_EQUAL_FATAL(why_lines(m, line, COUNT(line)), COUNT(order));
    for (size_t k = 0; k < COUNT(order); k++) {
        CU_ASSERT_EQUAL(strncmp(line[k] + 2, order[k], strlen(order[k])), 0);
        CU_ASSERT_EQUAL(line[k][0] == '*', strcmp(order[k], "SLURM_CPUS_ON_NODE") == 0);
        CU_ASSERT(strlen(line[k]) <= 78);
    }
    ASSERT_TEXT(line[0], "  new threads          no limit");
    ASSERT_TEXT(line[2], "  WEFT_NUM_THREADS     not set");
    ASSERT_TEXT(line[3], "  OMP_NUM_THREADS      \"x\" skipped: not a list of whole numbers from 1 "
                         "to 4096");
    ASSERT_TEXT(line[5], "* SLURM_CPUS_ON_NODE   2 on this node");
    ASSERT_TEXT(line[12], "  cgroup quota         2.5 CPUs");
    ASSERT_TEXT(line[13], "  cores                4, with 8 CPUs");
    weft_machine_free(m);
    tree_free(root);
}

/* The number of the line with the star. */
static size_t winner(const tree_file *files, const char *variable)
{
    char line[20][200];
    size_t won = SIZE_MAX;
    char *const root = tree_new(files);
    weft_machine *const m =
        machine_in("core:4 pu:2", root, (const char *[]){ variable, "X=", NULL });
    for (size_t k = 0, n = why_lines(m, line, COUNT(line)); k < n; k++)
        if (line[k][0] == '*')
            won = won == SIZE_MAX ? k : COUNT(line);
    weft_machine_free(m);
    tree_free(root);
    return won;
}

static void what_bounds_a_number_has_won(void)
{
    static const tree_file little_room[] = {
        { OWN, "0::/\n" },         { MOUNTS, MOUNT_2("/", V2) },  IS_GROUP(V2),
        { V2 "/pids.max", "2\n" }, { V2 "/pids.current", "1\n" }, { NULL, NULL }
    };
    CU_ASSERT_EQUAL(winner(little_room, "WEFT_NUM_THREADS=9"), 0);
    CU_ASSERT_EQUAL(winner(little_room, "WEFT_NUM_THREADS=2"), 2);
    CU_ASSERT_EQUAL(winner(no_groups, "OMP_THREAD_LIMIT=2"), 1);
    CU_ASSERT_EQUAL(winner(two_and_a_half, "SLURM_CPUS_PER_TASK=4"), 12);
    CU_ASSERT_EQUAL(winner(two_and_a_half, "X=0"), 12);
    CU_ASSERT_EQUAL(winner(no_groups, "SLURM_CPUS_PER_TASK=9"), 13);
    CU_ASSERT_EQUAL(winner(no_groups, "X=0"), 13);
}

/* A value with a line end in it must not make two lines. */
static void a_reason_stays_on_its_line(void)
{
    char line[20][200];
    char *const root = tree_new(no_groups);
    weft_machine *const m = machine_in(
        "core:4 pu:2", root,
        (const char *[]){ "WEFT_NUM_THREADS=1\n\033[31m and much more text than fits", NULL });
    CU_ASSERT_EQUAL_FATAL(why_lines(m, line, COUNT(line)), 14);
    ASSERT_TEXT(line[2],
                "  WEFT_NUM_THREADS     \"1??[31m and much...\" skipped: not a whole number "
                "from 1 to 4096");
    weft_machine_free(m);
    tree_free(root);
}

/* ---- in a process of its own ---- */

/* Joins the control group in argv[0] and prints how many threads follow. It may be slow there, but is
 * not to hang. */
int limits_probe(int argc, char **argv)
{
    alarm(30);
    if (argc > 0) {
        char path[200];
        snprintf(path, sizeof path, "%s/cgroup.procs", argv[0]);
        FILE *const members = fopen(path, "we");
        if (!members || fputs("0", members) < 0 || fclose(members))
            return 1;
    }
    const weft_limits *const l = weft_machine_limits(weft_machine_this());
    printf("%zu threads by %s\n", weft_threads(), l->rule);
    printf("trouble: %s\n", l->trouble);
    return 0;
}

static void a_variable_that_is_wrong_is_warned_of_once(void)
{
    said s = probe_run((const char *[]){ "limits", NULL },
                       (const char *[]){ "WEFT_NUM_THREADS=abc", "OMP_NUM_THREADS=5", "NCPUS=-1",
                                         "PBS_JOBID=1", NULL });
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.err,
                "weft: WEFT_NUM_THREADS: \"abc\" skipped: not a whole number from 1 to 4096; "
                "NCPUS: \"-1\" skipped: not a whole number from 1 to 4096\n");
    CU_ASSERT_EQUAL(strncmp(s.out, "5 threads by OMP_NUM_THREADS=5\n", 31), 0);
    said_free(&s);
}

/* False where no group may be made. */
static bool with_quota(unsigned quota, const char *expected)
{
    char *const group = real_group(quota);
    if (!group)
        return false;
    said s = probe_run((const char *[]){ "limits", group, NULL }, NULL);
    real_group_free(group);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, expected);
    said_free(&s);
    return true;
}

static void a_real_quota_is_rounded_up(void)
{
    const weft_limits *const l = weft_machine_limits(weft_machine_this());
    bool done = with_quota(50000, "1 threads by cgroup quota of 0.5 CPUs\ntrouble: \n");
    if (done && l->allowed_cores >= 2)
        done = with_quota(150000, l->allowed_cores > 2
                                      ? "2 threads by cgroup quota of 1.5 CPUs\ntrouble: \n"
                                      : "2 threads by 2 cores\ntrouble: \n");
    if (!done)
        puts("skipped: a_real_quota_is_rounded_up: this process may not make control groups");
}

CU_TestInfo limits_tests[] = {
    { "limits_of_control_groups_are_found", limits_of_control_groups_are_found },
    { "without_room_the_caller_works_alone", without_room_the_caller_works_alone },
    { "the_strongest_source_counts", the_strongest_source_counts },
    { "orders_go_beyond_the_quota_and_grants_do_not",
      orders_go_beyond_the_quota_and_grants_do_not },
    { "a_grant_may_use_hardware_threads_but_no_more",
      a_grant_may_use_hardware_threads_but_no_more },
    { "the_first_level_of_openmp_counts", the_first_level_of_openmp_counts },
    { "the_limit_of_openmp_bounds_the_others", the_limit_of_openmp_bounds_the_others },
    { "what_is_for_a_node_is_shared_by_its_processes",
      what_is_for_a_node_is_shared_by_its_processes },
    { "what_is_for_all_nodes_counts_on_one", what_is_for_all_nodes_counts_on_one },
    { "ncpus_counts_in_a_job_of_pbs", ncpus_counts_in_a_job_of_pbs },
    { "hosts_of_lsf_are_told_by_name", hosts_of_lsf_are_told_by_name },
    { "lines_of_a_nodefile_of_torque_are_counted", lines_of_a_nodefile_of_torque_are_counted },
    { "what_is_no_count_is_skipped_with_a_reason", what_is_no_count_is_skipped_with_a_reason },
    { "what_is_no_list_is_skipped_with_a_reason", what_is_no_list_is_skipped_with_a_reason },
    { "a_number_that_is_too_large_does_not_wrap", a_number_that_is_too_large_does_not_wrap },
    { "the_next_source_counts_after_one_that_is_wrong",
      the_next_source_counts_after_one_that_is_wrong },
    { "the_most_there_may_be_is_taken", the_most_there_may_be_is_taken },
    { "every_source_has_a_line_and_one_has_won", every_source_has_a_line_and_one_has_won },
    { "what_bounds_a_number_has_won", what_bounds_a_number_has_won },
    { "a_reason_stays_on_its_line", a_reason_stays_on_its_line },
    { "a_variable_that_is_wrong_is_warned_of_once", a_variable_that_is_wrong_is_warned_of_once },
    { "a_real_quota_is_rounded_up", a_real_quota_is_rounded_up },
    CU_TEST_INFO_NULL,
};
