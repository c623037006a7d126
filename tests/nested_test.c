/* nested_test.c - calls inside of calls have one thread and make none.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <omp.h>

#include <weft.h>

#include "answers.h"
#include "probe.h"
#include "suites.h"

static size_t tasks(void)
{
    size_t n = 0;
    DIR *const d = opendir("/proc/self/task");
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

struct nest {
    size_t calls, wide, grown, wrong; /* inner calls; with more than a thread; more tasks; wrong */
    size_t tasks;                     /* before */
};

static void add_length(weft_range r, void *total)
{
    __atomic_fetch_add((size_t *)total, r.end - r.begin, __ATOMIC_RELAXED); /* as in count() */
}

static void inner(struct nest *nest)
{
    struct answers a = { 0 };
    count(&nest->calls);
    if (weft_threads() != 1)
        count(&nest->wide);
    weft_with_threads (4) {
        if (weft_threads() != 1)
            count(&nest->wide);
        weft_for (i, 10)
            count(&a.turns);
        weft_for_dynamic (i, 10)
            count(&a.dynamic_turns);
        weft_for_range(10, add_length, &a.ranges);
        a.sum = weft_sum(x, many / 4);
        a.sum_of = weft_sum_of(i, 5000, (double)i);
    }
    if (a.turns != 10 || a.dynamic_turns != 10 || a.ranges != 10 || a.sum_of != 12497500)
        count(&nest->wrong);
    if (tasks() > nest->tasks)
        count(&nest->grown);
}

static void inner_of_range(weft_range r, void *nest)
{
    weft_each (i, r)
        inner(nest);
}

static void inner_of_fold(void *acc, weft_range r, void *nest)
{
    (void)acc;
    inner_of_range(r, nest);
}

static void merge_nothing(void *into, const void *from) { (void)into, (void)from; }

static void in_for(struct nest *nest)
{
    weft_for (i, 6)
        inner(nest);
}

static void in_for_dynamic(struct nest *nest)
{
    weft_for_dynamic (i, 6)
        inner(nest);
}

static void in_for_of_one(struct nest *nest)
{
    weft_for (i, 1)
        inner(nest);
}

static void in_for_range(struct nest *nest) { weft_for_range(6, inner_of_range, nest); }

static void in_reduce(struct nest *nest)
{
    char acc = 0;
    weft_reduce(6, &acc, 1, inner_of_fold, merge_nothing, nest);
}

static void in_reduce_of_one(struct nest *nest)
{
    char acc = 0;
    weft_reduce(1, &acc, 1, inner_of_fold, merge_nothing, nest);
}

static void in_sum_of(struct nest *nest) { (void)weft_sum_of(i, 6, (inner(nest), 1.0)); }

static void in_map(struct nest *nest)
{
    double z[6];
    weft_map(z, i, 6, (inner(nest), 1.0));
}

static void in_the_hosts_region(struct nest *nest)
{
#pragma omp parallel num_threads(3)
    inner(nest);
}

static void in_the_hosts_region_of_one(struct nest *nest)
{
#pragma omp parallel num_threads(1)
    inner(nest);
}

static const struct {
    const char *name;
    void (*call)(struct nest *nest);
} outer[] = {
    { "for", in_for },
    { "for_dynamic", in_for_dynamic },
    { "for of one", in_for_of_one },
    { "for_range", in_for_range },
    { "reduce", in_reduce },
    { "reduce of one", in_reduce_of_one },
    { "sum_of", in_sum_of },
    { "map", in_map },
    { "a region of the host's", in_the_hosts_region },
    { "a region of one", in_the_hosts_region_of_one },
};

/* Runs every outer call with every inner one in a program that has its team of three already. */
int nested_probe(int argc, char **argv)
{
    (void)argc, (void)argv;
    fill_x();
    omp_set_max_active_levels(3);
    weft_set_threads(3);
    answers_now();
    const size_t before = tasks();
    for (size_t k = 0; k < COUNT(outer); k++) {
        struct nest nest = { .tasks = before };
        outer[k].call(&nest);
        printf("%s: %s%zu wide, %zu grown, %zu wrong; after it %zu threads\n", outer[k].name,
               nest.calls ? "" : "no call, ", nest.wide, nest.grown, nest.wrong, weft_threads());
    }
    return 0;
}

static void nested_calls_have_one_thread_and_make_none(void)
{
    char expected[2000] = "";
    for (size_t k = 0; k < COUNT(outer); k++)
        snprintf(expected + strlen(expected), sizeof expected - strlen(expected),
                 "%s: 0 wide, 0 grown, 0 wrong; after it 3 threads\n", outer[k].name);
    said s = probe_run((const char *[]){ "nested", NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, expected);
    ASSERT_TEXT(s.err, "");
    said_free(&s);
}

CU_TestInfo nested_tests[] = {
    { "nested_calls_have_one_thread_and_make_none", nested_calls_have_one_thread_and_make_none },
    CU_TEST_INFO_NULL,
};
