/* machine_test.c - the machine at hand, machines that are not here, and machines that hide.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pthread.h>

#include <weft.h>

#include "machines.h"
#include "probe.h"
#include "suites.h"

/* ---- machines that are not here ---- */

static void see(const model *m)
{
    weft_machine *const machine = model_machine(m);
    const weft_limits *const l = weft_machine_limits(machine);
    char allowed[100];
    CU_ASSERT_EQUAL(l->packages, m->packages);
    CU_ASSERT_EQUAL(l->numa_nodes, m->nodes);
    CU_ASSERT_EQUAL(l->cores, m->cores);
    CU_ASSERT_EQUAL(l->pus, m->pus);
    ASSERT_TEXT(weft_cpus_format(&l->allowed, allowed, sizeof allowed), m->allowed);
    CU_ASSERT_EQUAL(l->allowed_cores, m->allowed_cores);
    CU_ASSERT_FALSE(l->can_bind);
    weft_machine_free(machine);
}

static void a_described_machine_is_seen_whole(void)
{
    for (const model *m = models; m->name; m++)
        see(m);
}

static void a_machine_that_cannot_be_is_refused(void)
{
    CU_ASSERT_PTR_NULL(weft_machine_new(.synthetic = "core:2 nonsense:3"));
    ASSERT_TEXT(weft_detail(), "weft_machine_new: synthetic is \"core:2 nonsense:3\": hwloc cannot "
                               "read it");
    CU_ASSERT_PTR_NULL(weft_machine_new(.synthetic = "core:2 pu:1", .cpus = "0-x"));
    ASSERT_TEXT(weft_detail(), "weft_machine_new: cpus is \"0-x\": it must be a CPU list");
    CU_ASSERT_PTR_NULL(weft_machine_new(.synthetic = "core:2 pu:1", .cpus = "2-9"));
    ASSERT_TEXT(weft_detail(), "weft_machine_new: cpus is \"2-9\": the machine has none of them");
    CU_ASSERT_PTR_NULL(weft_machine_new(.synthetic = "core:2 pu:1", .cpus = ""));
    weft_machine_free(NULL);
}

/* A caller that was compiled before there was .cpus. */
static void options_of_an_older_caller_are_taken(void)
{
    const weft_machine_opts older = {
        .size = offsetof(weft_machine_opts, cpus),
        .synthetic = "core:4 pu:1",
        .cpus = "no list at all",
    };
    weft_machine *const m = weft_machine_new_opts(&older);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    CU_ASSERT_EQUAL(weft_machine_limits(m)->allowed_cores, 4);
    weft_machine_free(m);
}

static void reasons_end_and_fit(void)
{
    weft_machine *const m = weft_machine_new(.synthetic = "core:4 pu:1");
    char line[200], start[5];
    size_t lines = 0;
    for (; weft_machine_why(m, lines, line, sizeof line); lines++) {
        CU_ASSERT(strlen(line) > 0);
        CU_ASSERT_PTR_EQUAL(weft_machine_why(m, lines, start, sizeof start), start);
        CU_ASSERT(strlen(start) < sizeof start && strncmp(line, start, strlen(start)) == 0);
    }
    CU_ASSERT(lines > 0);
    CU_ASSERT_PTR_NULL(weft_machine_why(m, SIZE_MAX, line, sizeof line));
    weft_machine_free(m);
}

/* ---- the machine at hand ---- */

static void this_machine_is_that_of_the_original_mask(void)
{
    const weft_limits *const l = weft_machine_limits(weft_machine_this());
    weft_cpus original;
    weft_cpus_original(&original);
    CU_ASSERT(weft_cpus_equal(&l->allowed, &original));
    CU_ASSERT(l->packages >= 1 && l->numa_nodes >= 1);
    CU_ASSERT(l->cores >= l->packages && l->pus >= l->cores);
    CU_ASSERT(l->allowed_cores >= 1 && l->allowed_cores <= l->cores);
    CU_ASSERT(l->pus <= (size_t)sysconf(_SC_NPROCESSORS_CONF));
    CU_ASSERT(l->threads >= 1);
}

static void a_policy_of_this_machine_can_be_bound_to(void)
{
    const weft_machine *const m = weft_machine_this();
    weft_cpus before, bound, place;
    if (!weft_machine_limits(m)->can_bind)
        return;
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bound(&before), WEFT_OK);
    CU_ASSERT_EQUAL(weft_machine_places(m, "compact", 1, &place), WEFT_OK);
    CU_ASSERT_EQUAL(weft_cpus_bind(&place), WEFT_OK);
    CU_ASSERT_EQUAL(weft_cpus_bound(&bound), WEFT_OK);
    CU_ASSERT(weft_cpus_equal(&bound, &place));
    CU_ASSERT_EQUAL(weft_cpus_bind(&before), WEFT_OK);
}

static void looking_at_the_machine_leaves_the_mask_alone(void)
{
    weft_cpus before, after;
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bound(&before), WEFT_OK);
    weft_machine_free(weft_machine_new());
    CU_ASSERT_EQUAL(weft_cpus_bound(&after), WEFT_OK);
    CU_ASSERT(weft_cpus_equal(&before, &after));
}

static void as_if_started_on_one_cpu(void)
{
    const weft_cpus *const all = &weft_machine_limits(weft_machine_this())->allowed;
    size_t cpu = 0;
    while (!weft_cpus_has(all, cpu))
        cpu++;
    char list[20], allowed[20];
    snprintf(list, sizeof list, "%zu", cpu);
    weft_machine *const m = weft_machine_new(.cpus = list);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    const weft_limits *const l = weft_machine_limits(m);
    ASSERT_TEXT(weft_cpus_format(&l->allowed, allowed, sizeof allowed), list);
    CU_ASSERT_EQUAL(l->allowed_cores, 1);
    CU_ASSERT_EQUAL(l->cores, weft_machine_limits(weft_machine_this())->cores);
    weft_machine_free(m);
}

/* ---- in an environment of its own ---- */

static void *ask(void *into)
{
    *(const weft_machine **)into = weft_machine_this();
    return NULL;
}

/* Asks for the machine on many threads at once, then prints what it is. */
int machine_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    enum { threads = 8 };
    pthread_t thread[threads];
    const weft_machine *seen[threads];
    for (size_t k = 0; k < threads; k++)
        if (pthread_create(&thread[k], NULL, ask, &seen[k]))
            return 1;
    for (size_t k = 0; k < threads; k++)
        pthread_join(thread[k], NULL);
    for (size_t k = 0; k < threads; k++)
        if (seen[k] != weft_machine_this())
            return 1;
    const weft_limits *const l = weft_machine_limits(weft_machine_this());
    char allowed[200];
    printf("packages %zu nodes %zu cores %zu pus %zu allowed %s in %zu cores, %s, trouble: %s\n",
           l->packages, l->numa_nodes, l->cores, l->pus,
           weft_cpus_format(&l->allowed, allowed, sizeof allowed), l->allowed_cores,
           l->can_bind ? "bind" : "do not bind", l->trouble);
    return 0;
}

/* What the probe must say on a machine without cores. */
static void coreless(const char *trouble, char *text, size_t size)
{
    const weft_limits *const l = weft_machine_limits(weft_machine_this());
    char list[200];
    const size_t n = weft_cpus_count(&l->allowed);
    snprintf(text, size,
             "packages 1 nodes 1 cores %zu pus %zu allowed %s in %zu cores, %s, trouble: %s\n", n,
             n, weft_cpus_format(&l->allowed, list, sizeof list), n,
             l->can_bind ? "bind" : "do not bind", trouble);
}

static void says(const char *const *environment, const char *expected)
{
    said s = probe_run((const char *[]){ "machine", NULL }, environment);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, expected);
    said_free(&s);
}

static void hwloc_synthetic_replaces_the_machine_and_nothing_is_bound(void)
{
    says((const char *[]){ "HWLOC_SYNTHETIC=package:2 core:3 pu:2", NULL },
         "packages 2 nodes 1 cores 6 pus 12 allowed 0-11 in 6 cores, do not bind, trouble: \n");
}

static void hwloc_xmlfile_replaces_the_machine(void)
{
    says((const char *[]){ "HWLOC_XMLFILE=tests/machines/hybrid.xml", NULL },
         "packages 1 nodes 1 cores 6 pus 8 allowed 0-7 in 6 cores, do not bind, trouble: \n");
}

/* An empty folder in place of sysfs, and nobody to ask the CPUs themselves. The CPUs that are allowed
 * must be all there are, for hwloc counts those; the limits of such a machine are seen elsewhere. */
static void without_sysfs_each_cpu_is_a_core(void)
{
    const weft_limits *const l = weft_machine_limits(weft_machine_this());
    if (weft_cpus_count(&l->allowed) != (size_t)sysconf(_SC_NPROCESSORS_CONF))
        return;
    char folder[] = "/tmp/weft-test-XXXXXX", root[60], expected[400];
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
    snprintf(root, sizeof root, "HWLOC_FSROOT=%s", folder);
    coreless("hwloc sees no cores: each CPU counts as one", expected, sizeof expected);
    says((const char *[]){ root, "HWLOC_THISSYSTEM=1", "HWLOC_COMPONENTS=-x86", NULL }, expected);
    CU_ASSERT_EQUAL(rmdir(folder), 0);
}

/* hwloc is made to know one CPU, which is not here. */
static void without_hwloc_each_cpu_is_a_core(void)
{
    char expected[400];
    coreless("hwloc cannot read this machine: each CPU counts as a core", expected,
             sizeof expected);
    says(
        (const char *[]){ "HWLOC_SYNTHETIC=core:1 pu:1(indexes=1023)", "HWLOC_THISSYSTEM=1", NULL },
        expected);
}

CU_TestInfo machine_tests[] = {
    { "a_described_machine_is_seen_whole", a_described_machine_is_seen_whole },
    { "a_machine_that_cannot_be_is_refused", a_machine_that_cannot_be_is_refused },
    { "options_of_an_older_caller_are_taken", options_of_an_older_caller_are_taken },
    { "reasons_end_and_fit", reasons_end_and_fit },
    { "this_machine_is_that_of_the_original_mask", this_machine_is_that_of_the_original_mask },
    { "a_policy_of_this_machine_can_be_bound_to", a_policy_of_this_machine_can_be_bound_to },
    { "looking_at_the_machine_leaves_the_mask_alone",
      looking_at_the_machine_leaves_the_mask_alone },
    { "as_if_started_on_one_cpu", as_if_started_on_one_cpu },
    { "hwloc_synthetic_replaces_the_machine_and_nothing_is_bound",
      hwloc_synthetic_replaces_the_machine_and_nothing_is_bound },
    { "hwloc_xmlfile_replaces_the_machine", hwloc_xmlfile_replaces_the_machine },
    { "without_sysfs_each_cpu_is_a_core", without_sysfs_each_cpu_is_a_core },
    { "without_hwloc_each_cpu_is_a_core", without_hwloc_each_cpu_is_a_core },
    CU_TEST_INFO_NULL,
};
