/* variables_test.c - which of the variables of a batch system, of OpenMP and of weft counts, and what is
 * made of wrong ones.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include <weft.h>

#include "cgroups.h"
#include "nests.h"
#include "suites.h"

/* ---- variables ---- */

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

CU_TestInfo variables_tests[] = {
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
    CU_TEST_INFO_NULL,
};
