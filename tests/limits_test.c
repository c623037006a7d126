/* limits_test.c - how many threads control groups leave to a process: groups that are files in a
 * folder (nests.h), and once a real one.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <weft.h>

#include "cgroups.h"
#include "nests.h"
#include "probe.h"
#include "suites.h"

/* ---- control groups ---- */

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
    static const nest *const nests[] = { quota_nests, trouble_nests, room_nests };
    for (size_t k = 0; k < COUNT(nests); k++)
        for (const nest *n = nests[k]; n->name; n++)
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
    { "a_variable_that_is_wrong_is_warned_of_once", a_variable_that_is_wrong_is_warned_of_once },
    { "a_real_quota_is_rounded_up", a_real_quota_is_rounded_up },
    CU_TEST_INFO_NULL,
};
