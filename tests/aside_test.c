/* aside_test.c - the caller of a region that runs where one of its workers is bound.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <weft.h>

#include "probe.h"
#include "suites.h"

enum { rounds = 20 };

static bool bind(const weft_cpus *set) { return weft_cpus_bind(set) == WEFT_OK; }

/* Whether thread 0 of a team of two runs in its own place. */
static bool begins_at_home(const weft_cpus *home)
{
    int cpu = -1;
    weft_with_threads (2)
        weft_for (k, 2) {
            if (k == 0)
                cpu = sched_getcpu();
        }
    return cpu >= 0 && weft_cpus_has(home, (size_t)cpu);
}

/* argument: what the caller is bound to, "free" or "bound", while it starts on its worker's CPU.
 * Prints how often the region began at home, and whether the mask is as before. */
int aside_probe(int argc, char **argv)
{
    weft_cpus place[2], all, now;
    const bool bound = argc > 0 && argv[0][0] == 'b';
    int at_home = 0, kept = 0;
    weft_cpus_original(&all);
    if (weft_set_place("cores") || weft_machine_places(weft_machine_this(), "cores", 2, place))
        return 1;
    for (int k = 0; k < rounds; k++) {
        const weft_cpus *const mask = bound ? &place[1] : &all;
        if (!bind(&place[1]) || !bind(mask))
            return 1;
        at_home += begins_at_home(&place[0]);
        kept += weft_cpus_bound(&now) == WEFT_OK && weft_cpus_equal(&now, mask);
    }
    printf("%d %d\n", at_home, kept);
    return 0;
}

static bool has_two_cores(void)
{
    if (weft_machine_limits(weft_machine_this())->allowed_cores >= 2)
        return true;
    printf("skipped: this process may use one core only\n");
    return false;
}

static void run(const char *how, int *at_home, int *kept)
{
    said s = probe_run((const char *[]){ "aside", how, NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    CU_ASSERT_EQUAL(sscanf(s.out, "%d %d", at_home, kept), 2);
    said_free(&s);
}

/* The system may move it back at any time, so not all of them: without a step aside it is none. */
static void a_free_caller_leaves_the_cpu_of_its_worker(void)
{
    int at_home = 0, kept = 0;
    if (!has_two_cores())
        return;
    run("free", &at_home, &kept);
    CU_ASSERT_TRUE(at_home > rounds / 2);
    CU_ASSERT_EQUAL(kept, rounds);
}

static void a_bound_caller_stays_where_it_is_bound(void)
{
    int at_home = 0, kept = 0;
    if (!has_two_cores())
        return;
    run("bound", &at_home, &kept);
    CU_ASSERT_EQUAL(at_home, 0);
    CU_ASSERT_EQUAL(kept, rounds);
}

CU_TestInfo aside_tests[] = {
    { "a_free_caller_leaves_the_cpu_of_its_worker", a_free_caller_leaves_the_cpu_of_its_worker },
    { "a_bound_caller_stays_where_it_is_bound", a_bound_caller_stays_where_it_is_bound },
    CU_TEST_INFO_NULL,
};
