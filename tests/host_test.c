/* host_test.c - the host notices nothing of a team: not its mask, its OpenMP settings, its threads.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <pthread.h>
#include <string.h>

#include <omp.h>

#include <weft.h>

#include "answers.h"
#include "suites.h"

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

CU_TestInfo host_tests[] = {
    { "the_callers_mask_is_as_before", the_callers_mask_is_as_before },
    { "the_hosts_openmp_settings_are_as_before", the_hosts_openmp_settings_are_as_before },
    { "the_hosts_settings_change_no_answer", the_hosts_settings_change_no_answer },
    { "threads_of_the_host_calling_at_once_are_all_right",
      threads_of_the_host_calling_at_once_are_all_right },
    CU_TEST_INFO_NULL,
};
