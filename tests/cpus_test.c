/* cpus_test.c - sets of CPUs, their lists, and binding to them.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Tests that bind restore the mask of the thread they run on. */
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <weft.h>

#include "probe.h"
#include "suites.h"

static weft_cpus set_of(const char *list)
{
    weft_cpus set = { { 0 } };
    CU_ASSERT_EQUAL_FATAL(weft_cpus_parse(&set, list), WEFT_OK);
    return set;
}

/* ---- sets ---- */

static void a_set_holds_what_was_added(void)
{
    weft_cpus set = { { 0 } };
    weft_cpus_add(&set, 0), weft_cpus_add(&set, 64), weft_cpus_add(&set, 1023);
    CU_ASSERT_EQUAL(weft_cpus_count(&set), 3);
    CU_ASSERT(weft_cpus_has(&set, 0) && weft_cpus_has(&set, 64) && weft_cpus_has(&set, 1023));
    CU_ASSERT(!weft_cpus_has(&set, 1) && !weft_cpus_has(&set, 63));
}

static void a_cpu_out_of_range_is_in_no_set(void)
{
    weft_cpus set = { { 0 } }, none = { { 0 } };
    weft_cpus_add(&set, WEFT_CPUS_MAX), weft_cpus_add(&set, SIZE_MAX);
    CU_ASSERT(weft_cpus_equal(&set, &none));
    CU_ASSERT(!weft_cpus_has(&set, WEFT_CPUS_MAX) && !weft_cpus_has(&set, SIZE_MAX));
}

/* ---- lists ---- */

static const struct {
    const char *list, *same;
} lists[] = {
    { "", "" },
    { "0", "0" },
    { "1023", "1023" },
    { "0-3,8", "0-3,8" },
    { "0-3,8,10-12:2", "0-3,8,10,12" },
    { "0-9:4", "0,4,8" },
    { "5-5", "5" },
    { "8,0-3", "0-3,8" },
    { "0,1,2,3", "0-3" },
    { "2,2,1-2", "1-2" },
    { "0-1023", "0-1023" },
    { "007", "7" },
    { "0-7:1000", "0" },
};

static void a_list_is_read_and_written(void)
{
    for (size_t k = 0; k < COUNT(lists); k++) {
        const weft_cpus set = set_of(lists[k].list);
        char text[100];
        ASSERT_TEXT(weft_cpus_format(&set, text, sizeof text), lists[k].same);
    }
}

static void what_is_no_list_is_refused_and_changes_nothing(void)
{
    static const char *const bad[] = { ",",
                                       "1,",
                                       ",1",
                                       "1,,2",
                                       "-1",
                                       "1-",
                                       "3-1",
                                       "1024",
                                       "0-1024",
                                       "a",
                                       "1 2",
                                       "0-3:0",
                                       "0-3:",
                                       "1:2",
                                       "0x1",
                                       "+1",
                                       "1-2-3",
                                       "1\n",
                                       "99999999999999999999999",
                                       "0-3:99999999999999999999" };
    for (size_t k = 0; k < COUNT(bad); k++) {
        weft_cpus set = set_of("7"), before = set;
        CU_ASSERT_EQUAL(weft_cpus_parse(&set, bad[k]), WEFT_EINVAL);
        CU_ASSERT(weft_cpus_equal(&set, &before));
        char start[100];
        snprintf(start, sizeof start, "weft_cpus_parse: list is \"%s\": it must be", bad[k]);
        CU_ASSERT_PTR_EQUAL(strstr(weft_detail(), start), weft_detail());
    }
}

static void a_list_that_is_too_long_ends_in_dots(void)
{
    static const struct {
        size_t size;
        const char *text;
    } cuts[] = { { 12, "10-12,20,30" },
                 { 11, "10-12,..." },
                 { 10, "10-12,..." },
                 { 9, "..." },
                 { 4, "..." },
                 { 3, ".." },
                 { 1, "" } };
    const weft_cpus set = set_of("10-12,20,30");
    for (size_t k = 0; k < COUNT(cuts); k++) {
        char text[16];
        memset(text, 'x', sizeof text);
        ASSERT_TEXT(weft_cpus_format(&set, text, cuts[k].size), cuts[k].text);
        CU_ASSERT_EQUAL(text[cuts[k].size], 'x');
    }
}

static void the_longest_list_comes_back(void)
{
    const weft_cpus odd = set_of("1-1023:2");
    char text[4096];
    const weft_cpus again = set_of(weft_cpus_format(&odd, text, sizeof text));
    CU_ASSERT_EQUAL(weft_cpus_count(&odd), 512);
    CU_ASSERT(weft_cpus_equal(&odd, &again));
}

/* ---- binding ---- */

static void a_thread_is_bound_where_it_was_asked_to_be(void)
{
    weft_cpus before, bound;
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bound(&before), WEFT_OK);
    for (size_t cpu = 0; cpu < WEFT_CPUS_MAX; cpu++) {
        if (!weft_cpus_has(&before, cpu))
            continue;
        weft_cpus one = { { 0 } };
        weft_cpus_add(&one, cpu);
        CU_ASSERT_EQUAL(weft_cpus_bind(&one), WEFT_OK);
        CU_ASSERT_EQUAL(weft_cpus_bound(&bound), WEFT_OK);
        CU_ASSERT(weft_cpus_equal(&bound, &one));
        cpu_set_t mask;
        CU_ASSERT_EQUAL(sched_getaffinity(0, sizeof mask, &mask), 0);
        CU_ASSERT(CPU_COUNT(&mask) == 1 && CPU_ISSET(cpu, &mask));
    }
    CU_ASSERT_EQUAL(weft_cpus_bind(&before), WEFT_OK);
    CU_ASSERT_EQUAL(weft_cpus_bound(&bound), WEFT_OK);
    CU_ASSERT(weft_cpus_equal(&bound, &before));
}

static void nowhere_is_no_place_to_be_bound_to(void)
{
    const weft_cpus none = { { 0 } };
    CU_ASSERT_EQUAL(weft_cpus_bind(&none), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(),
                "weft_cpus_bind: set is {}: it must hold a CPU that this process may use");
}

static void a_cpu_that_is_not_there_is_no_place_to_be_bound_to(void)
{
    weft_cpus before;
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bound(&before), WEFT_OK);
    if (weft_cpus_has(&before, 1023))
        return; /* here it is */
    const weft_cpus last = set_of("1023");
    CU_ASSERT_EQUAL(weft_cpus_bind(&last), WEFT_EINVAL);
    CU_ASSERT_PTR_NOT_NULL(strstr(weft_detail(), "set is {1023}"));
}

/* Makes sched_setaffinity() fail as it does in some sandboxes. */
static bool forbid_binding(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sched_setaffinity, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = { COUNT(code), code };
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

/* Forbids binding, then prints what binding and the machine say. */
int bind_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    weft_cpus now;
    if (!forbid_binding() || weft_cpus_bound(&now))
        return 1;
    printf("%s\n", weft_strstatus(weft_cpus_bind(&now)));
    const weft_limits *l = weft_machine_limits(weft_machine_this());
    printf("%s, trouble: %s\n", l->can_bind ? "can bind" : "cannot bind", l->trouble);
    printf("%g\n", weft_sum_of(i, 1000000, (double)(i % 2)));
    return 0;
}

static void forbidden_binding_is_reported_and_does_no_harm(void)
{
    /* libomp itself ends a program that may not bind, unless it is told not to try. */
    said s = probe_run((const char *[]){ "bind", NULL },
                       (const char *[]){ "KMP_AFFINITY=disabled", NULL });
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, "not permitted\n"
                       "cannot bind, trouble: threads cannot be bound: Operation not permitted\n"
                       "500000\n");
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

/* ---- the original mask ---- */

/* Prints it, having bound itself to its first CPU before if asked to. */
int original_probe(int argc, char **argv)
{
    (void)argv;
    weft_cpus bound, first = { { 0 } }, original;
    char text[200];
    if (weft_cpus_bound(&bound))
        return 1;
    size_t cpu = 0;
    while (!weft_cpus_has(&bound, cpu))
        cpu++;
    weft_cpus_add(&first, cpu);
    if (argc > 0 && weft_cpus_bind(&first))
        return 1;
    weft_cpus_original(&original);
    printf("%s\n", weft_cpus_format(&original, text, sizeof text));
    printf("%s\n",
           weft_cpus_format(&weft_machine_limits(weft_machine_this())->allowed, text, sizeof text));
    return 0;
}

/* Starts the probe under the mask `set`. */
static void finds_whole(const weft_cpus *set, const char *variable, const char *argument,
                        const weft_cpus *expected)
{
    char list[200], twice[402];
    said s = probe_run_on(set, (const char *[]){ "original", argument, NULL },
                          (const char *[]){ variable, NULL });
    weft_cpus_format(expected, list, sizeof list);
    snprintf(twice, sizeof twice, "%s\n%s\n", list, list);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, twice);
    said_free(&s);
}

static weft_cpus all_here(void)
{
    weft_cpus all;
    weft_cpus_original(&all);
    return all;
}

static weft_cpus last_here(void)
{
    const weft_cpus all = all_here();
    weft_cpus last = { { 0 } };
    size_t cpu = WEFT_CPUS_MAX - 1;
    while (!weft_cpus_has(&all, cpu))
        cpu--;
    weft_cpus_add(&last, cpu);
    return last;
}

static void the_original_mask_is_found_where_openmp_binds(void)
{
    static const char *const variables[] = { "OMP_PROC_BIND=true",  "OMP_PROC_BIND=spread",
                                             "OMP_PLACES=cores",    "OMP_PLACES=threads",
                                             "OMP_PROC_BIND=false", NULL };
    const weft_cpus all = all_here();
    for (size_t k = 0; k < COUNT(variables); k++)
        finds_whole(&all, variables[k], NULL, &all);
}

static void a_mask_that_was_narrowed_before_the_start_is_the_original(void)
{
    const weft_cpus last = last_here();
    finds_whole(&last, NULL, NULL, &last);
    finds_whole(&last, "OMP_PROC_BIND=true", NULL, &last);
}

static void places_that_the_user_chose_are_the_original(void)
{
    const weft_cpus all = all_here(), last = last_here();
    char list[100], places[120];
    snprintf(places, sizeof places, "OMP_PLACES={%s}", weft_cpus_format(&last, list, sizeof list));
    finds_whole(&all, places, NULL, &last);
}

static void a_thread_that_bound_itself_does_not_change_the_original(void)
{
    const weft_cpus all = all_here();
    finds_whole(&all, NULL, "bound", &all);
}

CU_TestInfo cpus_tests[] = {
    { "a_set_holds_what_was_added", a_set_holds_what_was_added },
    { "a_cpu_out_of_range_is_in_no_set", a_cpu_out_of_range_is_in_no_set },
    { "a_list_is_read_and_written", a_list_is_read_and_written },
    { "what_is_no_list_is_refused_and_changes_nothing",
      what_is_no_list_is_refused_and_changes_nothing },
    { "a_list_that_is_too_long_ends_in_dots", a_list_that_is_too_long_ends_in_dots },
    { "the_longest_list_comes_back", the_longest_list_comes_back },
    { "a_thread_is_bound_where_it_was_asked_to_be", a_thread_is_bound_where_it_was_asked_to_be },
    { "nowhere_is_no_place_to_be_bound_to", nowhere_is_no_place_to_be_bound_to },
    { "a_cpu_that_is_not_there_is_no_place_to_be_bound_to",
      a_cpu_that_is_not_there_is_no_place_to_be_bound_to },
    { "forbidden_binding_is_reported_and_does_no_harm",
      forbidden_binding_is_reported_and_does_no_harm },
    { "the_original_mask_is_found_where_openmp_binds",
      the_original_mask_is_found_where_openmp_binds },
    { "a_mask_that_was_narrowed_before_the_start_is_the_original",
      a_mask_that_was_narrowed_before_the_start_is_the_original },
    { "places_that_the_user_chose_are_the_original", places_that_the_user_chose_are_the_original },
    { "a_thread_that_bound_itself_does_not_change_the_original",
      a_thread_that_bound_itself_does_not_change_the_original },
    CU_TEST_INFO_NULL,
};
