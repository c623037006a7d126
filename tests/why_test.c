/* why_test.c - where the number of threads comes from, line by line.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>
#include <string.h>

#include <weft.h>

#include "cgroups.h"
#include "nests.h"
#include "suites.h"

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

CU_TestInfo why_tests[] = {
    { "every_source_has_a_line_and_one_has_won", every_source_has_a_line_and_one_has_won },
    { "what_bounds_a_number_has_won", what_bounds_a_number_has_won },
    { "a_reason_stays_on_its_line", a_reason_stays_on_its_line },
    CU_TEST_INFO_NULL,
};
