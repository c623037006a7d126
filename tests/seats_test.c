/* seats_test.c - where the threads of a team are bound, as they and as the system see it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Seen from inside of probes, which choose how they are started. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <omp.h>

#include <weft.h>

#include "answers.h"
#include "probe.h"
#include "suites.h"

enum { team_most = 16 };

/* ---- places, from inside and from outside ---- */

struct seat {
    pid_t thread;
    weft_cpus bound;
};

/* As many indices as threads: thread k gets index k. */
static void seat_team(size_t threads, struct seat *seats)
{
    weft_with_threads (threads)
        weft_for (k, threads) {
            seats[k].thread = gettid();
            if (weft_cpus_bound(&seats[k].bound))
                abort();
        }
}

/* What the system says of a thread; empty where it says nothing. */
static weft_cpus bound_from_outside(pid_t thread)
{
    static const char key[] = "Cpus_allowed_list:";
    char path[60], line[300];
    weft_cpus set = { { 0 } };
    snprintf(path, sizeof path, "/proc/self/task/%d/status", (int)thread);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, key, strlen(key)) == 0) {
            line[strcspn(line, "\n")] = '\0';
            if (weft_cpus_parse(&set, line + strlen(key) + strspn(line + strlen(key), " \t")))
                abort();
        }
    if (f)
        fclose(f);
    return set;
}

/* As "4: 0-1 1 0 1". */
static void print_seats(size_t threads, const struct seat *seats)
{
    char list[200];
    printf("%zu:", threads);
    for (size_t k = 0; k < threads; k++) {
        const weft_cpus outside = bound_from_outside(seats[k].thread);
        printf(" %s%s", weft_cpus_format(&seats[k].bound, list, sizeof list),
               weft_cpus_equal(&outside, &seats[k].bound) ? "" : " (not from outside)");
    }
    printf("\n");
}

/* arguments: sizes of teams, and policies behind a colon; ":" alone is that of the start */
int seats_probe(int argc, char **argv)
{
    struct seat seats[team_most];
    for (int k = 0; k < argc; k++) {
        const char *const policy = argv[k] + 1;
        const size_t threads = strtoul(argv[k], NULL, 10);
        if (argv[k][0] == ':') {
            if (weft_set_place(*policy ? policy : NULL))
                return 1;
        } else {
            seat_team(threads, seats);
            print_seats(threads, seats);
        }
    }
    return 0;
}

/* What seats_probe prints where weft binds; the caller is where it was. */
static char *expected_seats(char *text, size_t size, const char *policy, size_t threads)
{
    weft_cpus places[team_most];
    char list[200];
    CU_ASSERT_EQUAL_FATAL(weft_machine_places(weft_machine_this(), policy, threads, places), 0);
    weft_cpus_original(&places[0]);
    size_t used = (size_t)snprintf(text, size, "%zu:", threads);
    for (size_t k = 0; k < threads; k++)
        used += (size_t)snprintf(text + used, size - used, " %s",
                                 weft_cpus_format(&places[k], list, sizeof list));
    snprintf(text + used, size - used, "\n");
    return text + used + 1;
}

/* CPUs of one's own, the last first: as no policy gives them. Behind a colon. */
static const char *backward(void)
{
    static char text[200] = ":";
    weft_cpus all;
    size_t used = 1;
    weft_cpus_original(&all);
    for (size_t cpu = WEFT_CPUS_MAX; cpu-- > 0 && used < 100;)
        if (weft_cpus_has(&all, cpu))
            used +=
                (size_t)snprintf(text + used, sizeof text - used, used > 1 ? ",%zu" : "%zu", cpu);
    return text;
}

static void bindings_hold_through_growing_and_shrinking_teams(void)
{
    static const size_t sizes[] = { 4, 2, 4, 6, 4 };
    const char *const policies[] = { ":cores", ":spread", ":compact", backward() };
    for (size_t p = 0; p < COUNT(policies); p++) {
        char expected[4000], *end = expected;
        for (size_t k = 0; k < COUNT(sizes); k++)
            end = expected_seats(end, 600, policies[p] + 1, sizes[k]);
        said s = probe_run((const char *[]){ "seats", policies[p], "4", "2", "4", "6", "4", NULL },
                           NULL);
        CU_ASSERT_EQUAL(s.status, 0);
        ASSERT_TEXT(s.out, expected);
        ASSERT_TEXT(s.err, "");
        said_free(&s);
    }
}

static void sits(const char *const *words, const char *variable, const char *const *policies,
                 const size_t *sizes, size_t n)
{
    char expected[4000], *end = expected;
    for (size_t k = 0; k < n; k++)
        end = expected_seats(end, 600, policies[k], sizes[k]);
    said s = probe_run(words, (const char *[]){ variable, NULL });
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, expected);
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

static void none_leaves_workers_on_every_allowed_cpu(void)
{
    sits((const char *[]){ "seats", ":none", "4", "2", "4", NULL }, NULL,
         (const char *[]){ "none", "none", "none" }, (const size_t[]){ 4, 2, 4 }, 3);
}

static void auto_binds_only_a_full_team(void)
{
    const size_t cores = weft_machine_limits(weft_machine_this())->allowed_cores;
    if (cores > team_most - 1) {
        CU_FAIL("this test knows machines of up to 15 cores");
        return;
    }
    char full[20], more[20];
    snprintf(full, sizeof full, "%zu", cores);
    snprintf(more, sizeof more, "%zu", cores + 1);
    sits((const char *[]){ "seats", full, more, full, NULL }, NULL,
         (const char *[]){ "cores", "none", "cores" }, (const size_t[]){ cores, cores + 1, cores },
         3);
}

static void a_change_of_policy_moves_the_workers(void)
{
    sits((const char *[]){ "seats", ":cores", "4", ":none", "4", backward(), "4", ":cores", "4",
                           ":", "4", NULL },
         "WEFT_PLACE=compact",
         (const char *[]){ "cores", "none", backward() + 1, "cores", "compact" },
         (const size_t[]){ 4, 4, 4, 4, 4 }, 5);
}

static void weft_place_is_the_policy_of_the_start(void)
{
    sits((const char *[]){ "seats", "4", NULL }, "WEFT_PLACE=compact",
         (const char *[]){ "compact" }, (const size_t[]){ 4 }, 1);
}

static void a_bad_weft_place_is_named_once_and_ignored(void)
{
    char expected[2000];
    expected_seats(expected_seats(expected, 600, "auto", 3), 600, "auto", 4);
    said s = probe_run((const char *[]){ "seats", "3", "4", NULL },
                       (const char *[]){ "WEFT_PLACE=nonsense", NULL });
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, expected);
    ASSERT_TEXT(s.err,
                "weft: WEFT_PLACE=nonsense is ignored: weft_machine_places: policy is "
                "\"nonsense\": it must be cores, spread, compact, none, auto, or a CPU list such "
                "as 0-3,8\n");
    said_free(&s);
}

static void an_unknown_policy_changes_nothing(void)
{
    CU_ASSERT_EQUAL(weft_set_place("nonsense"), WEFT_EINVAL);
    CU_ASSERT_PTR_NOT_NULL(strstr(weft_detail(), "policy is \"nonsense\""));
    CU_ASSERT_EQUAL(weft_set_place(""), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_set_place("1024"), WEFT_EINVAL);
}

/* ---- OMP_PROC_BIND and OMP_PLACES ---- */

static bool bound_as_openmp_says(void)
{
    int cpus[WEFT_CPUS_MAX];
    const int place = omp_get_place_num();
    weft_cpus bound, wanted = { { 0 } };
    if (place < 0 || omp_get_place_num_procs(place) > WEFT_CPUS_MAX || weft_cpus_bound(&bound))
        return false;
    omp_get_place_proc_ids(place, cpus);
    for (int k = 0; k < omp_get_place_num_procs(place); k++)
        weft_cpus_add(&wanted, (size_t)cpus[k]);
    return weft_cpus_equal(&bound, &wanted);
}

/* argument: a policy that says otherwise */
int openmp_probe(int argc, char **argv)
{
    size_t as_openmp_says = 0;
    if (argc != 1 || weft_set_place(argv[0]))
        return 1;
    weft_with_threads (4)
        weft_for (k, 4)
            if (bound_as_openmp_says())
                count(&as_openmp_says);
    printf("%zu of 4\n", as_openmp_says);
    return 0;
}

/* What binding OpenMP asks for is what the threads have, whatever weft is told. */
static void the_users_openmp_binding_wins(void)
{
    static const char *const variables[][2] = {
        { "OMP_PROC_BIND=close", "OMP_PLACES=threads" },
        { "OMP_PROC_BIND=spread", "OMP_PLACES=cores" },
        { "OMP_PROC_BIND=true", NULL },
        { "OMP_PLACES=threads", NULL },
    };
    char list[20];
    snprintf(list, sizeof list, "%zu", strtoul(backward() + 1, NULL, 10));
    const char *const policies[] = { "none", list };
    for (size_t k = 0; k < COUNT(variables); k++)
        for (size_t p = 0; p < COUNT(policies); p++) {
            said s = probe_run((const char *[]){ "openmp", policies[p], NULL },
                               (const char *[]){ variables[k][0], variables[k][1], NULL });
            CU_ASSERT_EQUAL(s.status, 0);
            ASSERT_TEXT(s.out, "4 of 4\n");
            said_free(&s);
        }
}

CU_TestInfo seats_tests[] = {
    { "bindings_hold_through_growing_and_shrinking_teams",
      bindings_hold_through_growing_and_shrinking_teams },
    { "none_leaves_workers_on_every_allowed_cpu", none_leaves_workers_on_every_allowed_cpu },
    { "auto_binds_only_a_full_team", auto_binds_only_a_full_team },
    { "a_change_of_policy_moves_the_workers", a_change_of_policy_moves_the_workers },
    { "weft_place_is_the_policy_of_the_start", weft_place_is_the_policy_of_the_start },
    { "a_bad_weft_place_is_named_once_and_ignored", a_bad_weft_place_is_named_once_and_ignored },
    { "an_unknown_policy_changes_nothing", an_unknown_policy_changes_nothing },
    { "the_users_openmp_binding_wins", the_users_openmp_binding_wins },
    CU_TEST_INFO_NULL,
};
