/* team_test.c - how many threads a call uses, and that the host notices nothing of them.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <omp.h>

#include <weft.h>

#include "answers.h"
#include "probe.h"
#include "suites.h"

/* ---- the host's own ---- */

static void the_callers_mask_is_as_before(void)
{
    weft_cpus before, after, one = { { 0 } };
    CU_ASSERT_EQUAL_FATAL(weft_cpus_bound(&before), WEFT_OK);
    size_t cpu = 0;
    while (!weft_cpus_has(&before, cpu))
        cpu++;
    weft_cpus_add(&one, cpu);
    CU_ASSERT_EQUAL(weft_cpus_bind(&one), WEFT_OK);
    CU_ASSERT_EQUAL(weft_set_place("cores"), WEFT_OK);
    for (size_t threads = 1; threads < 6; threads++)
        weft_with_threads (threads)
            answers_now();
    CU_ASSERT_EQUAL(weft_cpus_bound(&after), WEFT_OK);
    CU_ASSERT_TRUE(weft_cpus_equal(&after, &one));
    CU_ASSERT_EQUAL(weft_cpus_bind(&before), WEFT_OK);
    CU_ASSERT_EQUAL(weft_set_place(NULL), WEFT_OK);
}

struct settings {
    int threads, dynamic, levels, limit, chunk, level;
    omp_sched_t schedule;
    omp_proc_bind_t bind;
};

static struct settings settings_now(void)
{
    struct settings s;
    memset(&s, 0, sizeof s);
    s.threads = omp_get_max_threads(), s.dynamic = omp_get_dynamic();
    s.levels = omp_get_max_active_levels(), s.limit = omp_get_thread_limit();
    s.level = omp_get_level(), s.bind = omp_get_proc_bind();
    omp_get_schedule(&s.schedule, &s.chunk);
    return s;
}

static void set(const struct settings *s)
{
    omp_set_num_threads(s->threads);
    omp_set_dynamic(s->dynamic);
    omp_set_max_active_levels(s->levels);
    omp_set_schedule(s->schedule, s->chunk);
}

static void the_hosts_openmp_settings_are_as_before(void)
{
    const struct settings host = settings_now();
    struct settings own = host;
    own.threads = 3, own.dynamic = 0, own.levels = 2;
    own.schedule = omp_sched_guided, own.chunk = 7;
    set(&own);
    for (size_t threads = 1; threads < 6; threads++)
        weft_with_threads (threads)
            answers_now();
    const struct settings after = settings_now();
    CU_ASSERT_EQUAL(memcmp(&after, &own, sizeof own), 0);
    size_t members = 0;
#pragma omp parallel
    count(&members);
    CU_ASSERT_EQUAL(members, 3);
    set(&host);
}

static void the_hosts_settings_change_no_answer(void)
{
    fill_x();
    const struct settings host = settings_now();
    const struct answers serial = serial_answers();
    const struct settings odd[] = {
        { .threads = 1, .levels = 1, .schedule = omp_sched_static, .chunk = 1 },
        { .threads = 5, .levels = 0, .schedule = omp_sched_dynamic, .chunk = 3 },
        { .threads = 2, .levels = 4, .schedule = omp_sched_auto, .dynamic = 1 },
    };
    for (size_t k = 0; k < COUNT(odd); k++) {
        struct answers now;
        set(&odd[k]);
        weft_with_threads (4)
            now = answers_now();
        CU_ASSERT_TRUE(same(&now, &serial));
    }
    set(&host);
}

/* ---- the budget ---- */

static void the_setting_is_returned_and_given_back(void)
{
    const size_t before = weft_set_threads(3);
    CU_ASSERT_EQUAL(weft_threads(), 3);
    CU_ASSERT_EQUAL(weft_set_threads(5), 3);
    CU_ASSERT_EQUAL(weft_set_threads(0), 5);
    CU_ASSERT_EQUAL(weft_threads(), weft_machine_limits(weft_machine_this())->threads);
    CU_ASSERT_EQUAL(weft_set_threads(before), 0);
}

static void more_threads_than_the_most_count_as_the_most(void)
{
    static const size_t asked[] = { WEFT_THREADS_MAX, WEFT_THREADS_MAX + 1, SIZE_MAX };
    for (size_t k = 0; k < COUNT(asked); k++) {
        const size_t before = weft_set_threads(asked[k]);
        CU_ASSERT_EQUAL(weft_threads(), WEFT_THREADS_MAX);
        CU_ASSERT_EQUAL(weft_set_threads(before), WEFT_THREADS_MAX);
    }
}

static void no_more_threads_are_used_than_there_are_indices(void)
{
    size_t members = 0;
    weft_with_threads (WEFT_THREADS_MAX)
        weft_for (i, 3)
            if (omp_get_thread_num() == 0)
                members = (size_t)omp_get_num_threads();
    CU_ASSERT_EQUAL(members, 3);
}

static void with_threads_nests_and_gives_back(void)
{
    const size_t before = weft_threads();
    weft_with_threads (3) {
        weft_with_threads (2)
            CU_ASSERT_EQUAL(weft_threads(), 2);
        CU_ASSERT_EQUAL(weft_threads(), 3);
        weft_with_threads (0)
            CU_ASSERT_EQUAL(weft_threads(), weft_machine_limits(weft_machine_this())->threads);
        CU_ASSERT_EQUAL(weft_threads(), 3);
    }
    CU_ASSERT_EQUAL(weft_threads(), before);
}

static void break_leaves_with_threads_and_gives_back(void)
{
    const size_t before = weft_threads();
    size_t turns = 0, after = 0;
    for (size_t k = 0; k < 3; k++) {
        weft_with_threads (before + 1) {
            turns++;
            if (k == 1)
                break;
            after++;
        }
        CU_ASSERT_EQUAL(weft_threads(), before);
    }
    CU_ASSERT(turns == 3 && after == 2);
}

static void *threads_of_a_new_thread(void *threads)
{
    *(size_t *)threads = weft_threads();
    weft_set_threads(7);
    return NULL;
}

static void the_setting_belongs_to_a_thread(void)
{
    size_t its = 0;
    pthread_t thread;
    weft_with_threads (5) {
        CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, NULL, threads_of_a_new_thread, &its), 0);
        pthread_join(thread, NULL);
        CU_ASSERT_EQUAL(weft_threads(), 5);
    }
    CU_ASSERT_EQUAL(its, weft_machine_limits(weft_machine_this())->threads);
}

/* ---- nested calls ---- */

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

/* ---- two threads of the host ---- */

struct caller {
    const double *data;
    size_t threads, wrong;
    double sum, sum_of;
};

enum { callers_count = 3, a_part = 70001, rounds = 60 };

static void *call_often(void *ctx)
{
    struct caller *const c = ctx;
    const double *const data = c->data;
    for (size_t round = 0; round < rounds; round++) {
        static _Thread_local unsigned char seen[1000];
        unsigned char *const mine = seen;
        memset(mine, 0, sizeof seen);
        weft_set_threads(1 + (c->threads + round) % 4);
        c->wrong += weft_sum(data, a_part) != c->sum;
        c->wrong += weft_sum_of(i, a_part, 3 * data[i]) != c->sum_of;
        weft_for_dynamic (i, sizeof seen)
            mine[i]++;
        weft_for (i, sizeof seen)
            mine[i]++;
        for (size_t i = 0; i < sizeof seen; i++)
            c->wrong += mine[i] != 2;
    }
    return NULL;
}

static void threads_of_the_host_calling_at_once_are_all_right(void)
{
    struct caller callers[callers_count];
    pthread_t threads[callers_count];
    fill_x();
    for (size_t k = 0; k < callers_count; k++) {
        const double *const data = x + k * 1000;
        callers[k] = (struct caller){ .data = data, .threads = k };
        weft_with_threads (1) {
            callers[k].sum = weft_sum(data, a_part);
            callers[k].sum_of = weft_sum_of(i, a_part, 3 * data[i]);
        }
    }
    for (size_t k = 0; k < callers_count; k++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[k], NULL, call_often, &callers[k]), 0);
    for (size_t k = 0; k < callers_count; k++) {
        pthread_join(threads[k], NULL);
        CU_ASSERT_EQUAL(callers[k].wrong, 0);
    }
}

CU_TestInfo team_tests[] = {
    { "the_callers_mask_is_as_before", the_callers_mask_is_as_before },
    { "the_hosts_openmp_settings_are_as_before", the_hosts_openmp_settings_are_as_before },
    { "the_hosts_settings_change_no_answer", the_hosts_settings_change_no_answer },
    { "the_setting_is_returned_and_given_back", the_setting_is_returned_and_given_back },
    { "more_threads_than_the_most_count_as_the_most",
      more_threads_than_the_most_count_as_the_most },
    { "no_more_threads_are_used_than_there_are_indices",
      no_more_threads_are_used_than_there_are_indices },
    { "with_threads_nests_and_gives_back", with_threads_nests_and_gives_back },
    { "break_leaves_with_threads_and_gives_back", break_leaves_with_threads_and_gives_back },
    { "the_setting_belongs_to_a_thread", the_setting_belongs_to_a_thread },
    { "nested_calls_have_one_thread_and_make_none", nested_calls_have_one_thread_and_make_none },
    { "threads_of_the_host_calling_at_once_are_all_right",
      threads_of_the_host_calling_at_once_are_all_right },
    CU_TEST_INFO_NULL,
};
