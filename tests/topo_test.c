/* topo_test.c - weft topo on machines that are not here, against golden files.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * After a wanted change of the output:
 *
 *     WEFT_GOLDEN=update make test T=topo     then read `git diff tests/golden`
 *
 * HWLOC_SYNTHETIC describes the machine. Limits are those of the machine at hand, so the golden files
 * end before them; where policies put threads is for the tests of weft_machine_places. */
#include <stdio.h>
#include <string.h>

#include "golden.h"
#include "program.h"
#include "recorded.h"
#include "suites.h"

static said topo(const char *arguments, const char *machine, const char *threads)
{
    char synthetic[200], number[40], command[60];
    snprintf(synthetic, sizeof synthetic, "HWLOC_SYNTHETIC=%s", machine);
    snprintf(number, sizeof number, "WEFT_NUM_THREADS=%s", threads);
    snprintf(command, sizeof command, "topo %s", arguments);
    return run_weft(command, (const char *[]){ synthetic, number, NULL });
}

static void draws(const char *machine, const char *name)
{
    said s = topo("", machine, "1");
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.err, "");
    char *limits = strstr(s.out, "\nlimits\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(limits);
    *limits = '\0';
    golden(name, s.out);
    said_free(&s);
}

static void one_cpu(void) { draws("core:1 pu:1", "topo-one-cpu"); }
static void two_cores(void)
{
    draws("package:1 l3:1(size=33554432) core:2 pu:1", "topo-two-cores");
}
static void cores_with_hardware_threads(void)
{
    draws("package:1 l3:1(size=8388608) core:4 pu:2", "topo-smt");
}
static void hardware_threads_numbered_behind_all_cores(void)
{
    draws("package:1 core:4 pu:2(indexes=0,4,1,5,2,6,3,7)", "topo-smt-apart");
}
static void two_sockets_with_two_numa_nodes_each(void)
{
    draws("package:2 numa:2(memory=68719476736) l3:1(size=33554432) core:4 pu:2",
          "topo-two-sockets");
}
static void many_cores_in_groups_that_share_a_cache(void)
{
    draws("package:2 l3:8(size=33554432) l2:8(size=1048576) core:1 pu:1", "topo-128-cores");
}
static void no_cores_are_known(void) { draws("numa:3 pu:4", "topo-no-cores"); }

/* Every line, also of the largest machine. */
static void a_picture_fits_into_eighty_columns(void)
{
    said s = topo("--why", "package:2 numa:2 l3:4 l2:8 core:1 pu:2", "64");
    for (const char *line = s.out; *line; line += strcspn(line, "\n") + 1)
        CU_ASSERT(strcspn(line, "\n") <= 80);
    said_free(&s);
}

/* ---- why ---- */

static void the_number_of_threads_has_a_reason(void)
{
    said s = topo("", "core:8 pu:1", "3");
    CU_ASSERT_PTR_NOT_NULL(strstr(s.out, "\nthreads of a call: 3, by WEFT_NUM_THREADS=3\n"));
    said_free(&s);
}

static void why_adds_the_other_sources(void)
{
    static const char said_first[] = "\nthreads of a call: 3, by WEFT_NUM_THREADS=3\n";
    said plain = topo("", "core:8 pu:1", "3"), why = topo("--why", "core:8 pu:1", "3");
    const char *reasons = strstr(why.out, said_first);
    CU_ASSERT_PTR_NOT_NULL_FATAL(reasons);
    CU_ASSERT_EQUAL(strncmp(why.out, plain.out, (size_t)(reasons - why.out)), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(reasons + sizeof said_first, "WEFT_NUM_THREADS"));
    CU_ASSERT_PTR_NOT_NULL(strstr(reasons + sizeof said_first, "OMP_NUM_THREADS"));
    CU_ASSERT_PTR_NULL(strstr(plain.out, "OMP_NUM_THREADS"));
    said_free(&plain), said_free(&why);
}

/* ---- for programs ---- */

static void the_topology_is_there_for_programs(void)
{
    static const char *const machine[] = {
        "HWLOC_SYNTHETIC=package:2 l3:1(size=1048576) core:2 pu:2", NULL
    };
    said s = run_weft("topo --json", machine);
    CU_ASSERT_EQUAL(s.status, 0);
    json_t *r = json_read(s.out);
    ASSERT_TEXT(json_text(r, "schema"), "weft.topo/1");
    CU_ASSERT_EQUAL(json_number(r, "machine/sockets"), 2);
    CU_ASSERT_EQUAL(json_number(r, "machine/cores"), 4);
    CU_ASSERT_EQUAL(json_number(r, "machine/pus"), 8);
    CU_ASSERT(json_truth(r, "machine/smt"));
    CU_ASSERT_FALSE(json_truth(r, "machine/this_system"));
    CU_ASSERT_EQUAL(json_number(r, "machine/caches/0/bytes"), 1048576);
    ASSERT_TEXT(json_text(r, "limits/affinity"), "0-7");
    CU_ASSERT(json_number(r, "limits/threads") >= 1);
    json_decref(r);
    said_free(&s);
}

static void every_policy_has_a_place_for_each_thread(void)
{
    static const char *const machine[] = { "HWLOC_SYNTHETIC=package:2 core:2 pu:2", NULL };
    said s = run_weft("topo --json", machine);
    json_t *r = json_read(s.out), *placement = json_at(r, "placement");
    CU_ASSERT_EQUAL(json_object_size(placement), 4);
    ASSERT_TEXT(json_text(placement, "cores/1/0"), "0-1");
    ASSERT_TEXT(json_text(placement, "cores/4/3"), "6-7");
    ASSERT_TEXT(json_text(placement, "spread/2/1"), "4");
    ASSERT_TEXT(json_text(placement, "compact/2/1"), "1");
    ASSERT_TEXT(json_text(placement, "none/1/0"), "0-7");
    CU_ASSERT_EQUAL(json_array_size(json_at(placement, "cores/4")), 4);
    json_decref(r);
    said_free(&s);
}

CU_TestInfo topo_tests[] = {
    { "one_cpu", one_cpu },
    { "two_cores", two_cores },
    { "cores_with_hardware_threads", cores_with_hardware_threads },
    { "hardware_threads_numbered_behind_all_cores", hardware_threads_numbered_behind_all_cores },
    { "two_sockets_with_two_numa_nodes_each", two_sockets_with_two_numa_nodes_each },
    { "many_cores_in_groups_that_share_a_cache", many_cores_in_groups_that_share_a_cache },
    { "no_cores_are_known", no_cores_are_known },
    { "a_picture_fits_into_eighty_columns", a_picture_fits_into_eighty_columns },
    { "the_number_of_threads_has_a_reason", the_number_of_threads_has_a_reason },
    { "why_adds_the_other_sources", why_adds_the_other_sources },
    { "the_topology_is_there_for_programs", the_topology_is_there_for_programs },
    { "every_policy_has_a_place_for_each_thread", every_policy_has_a_place_for_each_thread },
    CU_TEST_INFO_NULL,
};
