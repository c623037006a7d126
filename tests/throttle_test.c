/* throttle_test.c - control groups that are not here: which files count, and how they add up.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "throttle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "suites.h"

/* A folder that holds proc and sys. */
static char root[40];

static void shell(const char *command)
{
    said s = program_run((char *const[]){ "sh", "-c", (char *)command, NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    said_free(&s);
}

/* /proc/self/cgroup says `groups`. */
static void plant(const char *groups)
{
    char command[300];
    strcpy(root, "/tmp/weft-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(root));
    snprintf(command, sizeof command, "mkdir -p %s/proc/self; printf '%s' >%s/proc/self/cgroup",
             root, groups, root);
    shell(command);
}

/* A cpu.stat in a folder below /sys/fs/cgroup. */
static void add(const char *folder, const char *text)
{
    char command[400];
    snprintf(command, sizeof command,
             "d=%s/sys/fs/cgroup/%s; mkdir -p $d; printf '%s' >$d/cpu.stat", root, folder, text);
    shell(command);
}

/* Reads all of it, and removes it. */
static throttled harvest(void)
{
    static throttle files;
    char command[60];
    throttle_find(&files, root);
    const throttled sum = throttle_now(&files);
    snprintf(command, sizeof command, "rm -rf %s", root);
    shell(command);
    return sum;
}

static void version_two_counts_microseconds(void)
{
    plant("0::/user/job\\n");
    add("user/job", "usage_usec 9\\nnr_periods 7\\nnr_throttled 3\\nthrottled_usec 250000\\n");
    const throttled t = harvest();
    CU_ASSERT_EQUAL(t.periods, 3);
    CU_ASSERT_DOUBLE_EQUAL(t.seconds, 0.25, 1e-12);
}

static void groups_around_ours_count_too(void)
{
    plant("0::/user/job\\n");
    add("user/job", "nr_throttled 3\\nthrottled_usec 250000\\n");
    add("user", "nr_throttled 2\\nthrottled_usec 1000000\\n");
    add(".", "usage_usec 5\\n"); /* the root has no quota */
    const throttled t = harvest();
    CU_ASSERT_EQUAL(t.periods, 5);
    CU_ASSERT_DOUBLE_EQUAL(t.seconds, 1.25, 1e-12);
}

static void version_one_counts_nanoseconds(void)
{
    plant("9:memory:/a\\n4:cpu,cpuacct:/job\\n0::/\\n");
    add("cpu,cpuacct/job", "nr_periods 10\\nnr_throttled 4\\nthrottled_time 2000000000\\n");
    add("memory/a", "nr_throttled 99\\nthrottled_time 99\\n");
    const throttled t = harvest();
    CU_ASSERT_EQUAL(t.periods, 4);
    CU_ASSERT_DOUBLE_EQUAL(t.seconds, 2, 1e-12);
}

static void cpuset_is_not_cpu(void)
{
    plant("3:cpuset:/job\\n");
    add("cpuset/job", "nr_throttled 4\\nthrottled_time 5\\n");
    add("cpu/job", "nr_throttled 4\\nthrottled_time 5\\n");
    CU_ASSERT(isnan(harvest().seconds));
}

/* In a container the group may be named as the host names it; what is mounted is ours. */
static void a_group_of_the_host_falls_back_to_the_root(void)
{
    plant("0::/../../host/pod\\n");
    add(".", "nr_throttled 6\\nthrottled_usec 500000\\n");
    const throttled t = harvest();
    CU_ASSERT_EQUAL(t.periods, 6);
    CU_ASSERT_DOUBLE_EQUAL(t.seconds, 0.5, 1e-12);
}

static void no_groups_are_unknown(void)
{
    plant("");
    const throttled t = harvest();
    CU_ASSERT(isnan(t.periods));
    CU_ASSERT(isnan(t.seconds));
}

CU_TestInfo throttle_tests[] = {
    { "version_two_counts_microseconds", version_two_counts_microseconds },
    { "groups_around_ours_count_too", groups_around_ours_count_too },
    { "version_one_counts_nanoseconds", version_one_counts_nanoseconds },
    { "cpuset_is_not_cpu", cpuset_is_not_cpu },
    { "a_group_of_the_host_falls_back_to_the_root", a_group_of_the_host_falls_back_to_the_root },
    { "no_groups_are_unknown", no_groups_are_unknown },
    CU_TEST_INFO_NULL,
};
