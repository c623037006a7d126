/* pool_test.c - what a pool promises, whatever its workers are.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What costs a process its life is in pool_kill_test.c. */
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "suites.h"
#include "tasks.h"

/* ---- map and apply ---- */

static void map_gives_results_in_the_order_of_the_inputs(void)
{
    static const size_t sizes[] = { 1, 2, 3, 10, 1000, 100003 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        for (size_t k = 0; k < COUNT(sizes); k++) {
            const size_t n = sizes[k];
            int *const x = numbers(n), *const y = calloc(n, sizeof *y);
            size_t wrong = 0;
            CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, n, y), WEFT_OK);
            for (size_t i = 0; i < n; i++)
                wrong += y[i] != x[i] * x[i];
            CU_ASSERT_EQUAL(wrong, 0);
            free(x), free(y);
        }
        weft_pool_free(pool);
    }
}

static void apply_runs_one_item(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        const int x = 12;
        int y = 0;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x, &y), WEFT_OK);
        CU_ASSERT_EQUAL(y, 144);
        weft_pool_free(pool);
    }
}

weft_task(tells_whether_it_has_an_output, const int *x, int *y)
{
    stage *const s = weft_task_ctx();
    (void)x;
    count(y ? &s->begun : &s->ended);
    return 0;
}

static void an_output_may_be_left_out(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        int *const x = numbers(100);
        CU_ASSERT_EQUAL(weft_pool_map(pool, tells_whether_it_has_an_output, x, 100, NULL), WEFT_OK);
        CU_ASSERT(counted(&s->begun) == 0 && counted(&s->ended) == 100);
        weft_pool_free(pool);
        stage_free(s);
        free(x);
    }
}

static void a_map_of_nothing_is_done_at_once(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind);
        size_t failed = 7;
        weft_result r;
        CU_ASSERT_EQUAL(weft_pool_map(pool, square, NULL, 0, NULL, .failed_count = &failed),
                        WEFT_OK);
        CU_ASSERT_EQUAL(failed, 0);
        CU_ASSERT_EQUAL(weft_pool_map_async(pool, &r, square, NULL, 0, NULL), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_OK);
        CU_ASSERT_EQUAL(weft_pool_map_async(pool, NULL, square, NULL, 0, NULL), WEFT_OK);
        weft_pool_free(pool);
    }
}

typedef struct large {
    double numbers[3000];
} large;

weft_task(double_all, const large *x, large *y)
{
    for (size_t i = 0; i < COUNT(x->numbers); i++)
        y->numbers[i] = 2 * x->numbers[i];
    return 0;
}

static void items_may_be_large(void)
{
    enum { n = 40 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        large *const x = calloc(n, sizeof *x), *const y = calloc(n, sizeof *y);
        size_t wrong = 0;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < COUNT(x->numbers); k++)
                x[i].numbers[k] = (double)(1000 * i + k);
        CU_ASSERT_EQUAL(weft_pool_map(pool, double_all, x, n, y), WEFT_OK);
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < COUNT(x->numbers); k++)
                wrong += y[i].numbers[k] != 2 * x[i].numbers[k];
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        free(x), free(y);
    }
}

weft_task(knows_itself, const int *x, size_t *y)
{
    const stage *const s = weft_task_ctx();
    (void)s;
    *y = weft_task_index() == (size_t)*x && weft_task_worker() < 3 ? weft_task_worker() : 99;
    return weft_stop_is_set(weft_task_stop());
}

static void a_task_knows_its_index_and_its_worker(void)
{
    enum { n = 20000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(n);
        size_t *const y = calloc(n, sizeof *y), wrong = 0;
        CU_ASSERT_EQUAL(weft_pool_map(pool, knows_itself, x, n, y), WEFT_OK);
        for (size_t i = 0; i < n; i++)
            wrong += y[i] > 2;
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        free(x), free(y);
    }
    CU_ASSERT(!weft_task_ctx() && weft_task_worker() == 0 && weft_task_index() == 0);
    CU_ASSERT_FALSE(weft_stop_is_set(weft_task_stop()));
}

/* ---- failures ---- */

static void a_failed_item_costs_itself_only(void)
{
    enum { n = 1000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        weft_failure failed[n];
        size_t count = 0, wrong = 0;
        CU_ASSERT_EQUAL(weft_pool_map(pool, picky, x, n, y, .failed = failed, .failed_max = n,
                                      .failed_count = &count),
                        WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_result_get: item 3 of 1000 failed: returned 42");
        CU_ASSERT_EQUAL(count, n / 10);
        for (size_t k = 0; k < count; k++) {
            wrong += failed[k].index != 10 * k + 3 || failed[k].code != 42;
            wrong += failed[k].status != WEFT_EFAILED || strcmp(failed[k].reason, "returned 42");
        }
        for (size_t i = 0; i < n; i++)
            wrong += i % 10 != 3 && y[i] != x[i] + 1;
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        free(x), free(y);
    }
}

static void the_first_failures_are_kept_and_all_are_counted(void)
{
    enum { n = 5000, most = 7 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        weft_failure failed[most + 1] = { [most] = { .index = 77 } };
        size_t count = 0, wrong = 0;
        weft_pool_map(pool, picky, x, n, y, .failed = failed, .failed_max = most,
                      .failed_count = &count);
        for (size_t k = 0; k < most; k++)
            wrong += failed[k].index != 10 * k + 3;
        CU_ASSERT(count == n / 10 && wrong == 0 && failed[most].index == 77);
        CU_ASSERT_EQUAL(weft_pool_map(pool, picky, x, n, y, .failed_count = &count), WEFT_EFAILED);
        CU_ASSERT_EQUAL(count, n / 10);
        weft_pool_free(pool);
        free(x), free(y);
    }
}

/* Fails so many times, then no more. */
weft_task(fails_at_first, const int *times, int *attempt)
{
    stage *const s = weft_task_ctx();
    int *const attempts = &s->attempts[weft_task_index()];
    *attempt = __atomic_add_fetch(attempts, 1, __ATOMIC_RELAXED);
    return *attempt <= *times ? *attempt : 0;
}

static void a_failed_item_is_run_again_as_often_as_asked(void)
{
    enum { n = 40 };
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s, .retries = 2);
        int times[n], attempt[n] = { 0 };
        weft_failure failed[n];
        size_t count = 0, wrong = 0;
        for (int i = 0; i < n; i++)
            times[i] = i % 4;
        CU_ASSERT_EQUAL(weft_pool_map(pool, fails_at_first, times, n, attempt, .failed = failed,
                                      .failed_max = n, .failed_count = &count),
                        WEFT_EFAILED);
        CU_ASSERT_EQUAL(count, n / 4);
        for (size_t k = 0; k < count; k++)
            wrong += failed[k].index != 4 * k + 3 || strcmp(failed[k].reason, "returned 3");
        for (int i = 0; i < n; i++)
            wrong += times[i] < 3 && attempt[i] != times[i] + 1;
        for (int i = 0; i < n; i++)
            wrong += s->attempts[i] != (times[i] < 3 ? times[i] + 1 : 3);
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
        stage_free(s);
    }
}

/* ---- stop, progress, callbacks ---- */

static void a_stop_token_ends_a_map_early(void)
{
    enum { n = 1000 };
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .ctx = s);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        weft_stop stop = { 0 };
        weft_result r;
        weft_pool_map_async(pool, &r, gated, x, n, y, .stop = &stop);
        CU_ASSERT_TRUE(comes_to(&s->begun, 2));
        weft_stop_set(&stop);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_CANCELLED);
        CU_ASSERT(counted(&s->begun) < n);
        CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, n, y, .stop = &stop), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(weft_pool_map(pool, square, x, n, y), WEFT_OK);
        weft_pool_free(pool);
        stage_free(s);
        free(x), free(y);
    }
}

typedef struct watched {
    size_t done, failed, total, calls, backwards;
    bool last;
} watched;

static void watch(const weft_progress *p, void *ctx)
{
    watched *const w = ctx;
    w->backwards += p->done < w->done || w->last;
    w->done = p->done, w->failed = p->failed, w->total = p->total, w->last = p->last;
    w->calls++;
}

static void progress_ends_with_every_item(void)
{
    enum { n = 5000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        watched w = { 0 };
        weft_pool_map(pool, picky, x, n, y, .progress = watch, .progress_ctx = &w);
        CU_ASSERT(w.last && w.done == n && w.total == n && w.failed == n / 10);
        CU_ASSERT_EQUAL(w.backwards, 0);
        weft_pool_free(pool);
        free(x), free(y);
    }
}

typedef struct heard {
    weft_status status;
    const void *out;
    size_t calls; /* atomic */
} heard;

static void hear(weft_status status, void *out, void *ctx)
{
    heard *const h = ctx;
    h->status = status, h->out = out;
    __atomic_fetch_add(&h->calls, 1, __ATOMIC_RELEASE);
}

static void a_callback_is_heard_before_the_result(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        const int x = 3;
        int y = 0;
        heard h = { 0 };
        weft_result r;
        weft_pool_apply_async(pool, &r, square, &x, &y, .callback = hear, .callback_ctx = &h);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT(h.calls == 1 && h.status == WEFT_OK && h.out == &y && y == 9);
        weft_pool_apply_async(pool, &r, picky, &x, &y, .callback = hear, .callback_ctx = &h);
        CU_ASSERT_EQUAL(weft_result_get(&r, WEFT_FOREVER), WEFT_EFAILED);
        CU_ASSERT(h.calls == 2 && h.status == WEFT_EFAILED);
        weft_pool_free(pool);
    }
}

static void a_job_without_a_result_is_run_and_its_callback_heard(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        int *const x = numbers(100), y[100];
        heard h = { 0 };
        weft_pool_map_async(pool, NULL, square, x, 100, y, .callback = hear, .callback_ctx = &h);
        CU_ASSERT_TRUE(comes_to(&h.calls, 1));
        weft_pool_apply_async(pool, NULL, square, &x[5], &y[0]);
        weft_pool_free(pool);
        CU_ASSERT(y[99] == 9801 && y[0] == 25);
        free(x);
    }
}

/* ---- the pool in its tasks ---- */

weft_task(fibonacci, const int *n, long *f)
{
    weft_pool **const pool = weft_task_ctx();
    const int less[2] = { *n - 1, *n - 2 };
    long part[2];
    weft_result r[2];
    if (*n < 2)
        return *f = *n, 0;
    for (int k = 0; k < 2; k++)
        if (weft_pool_apply_async(*pool, &r[k], fibonacci, &less[k], &part[k]))
            return 1;
    for (int k = 0; k < 2; k++)
        if (weft_result_get(&r[k], WEFT_FOREVER))
            return 2;
    return *f = part[0] + part[1], 0;
}

static void a_task_that_waits_for_its_own_pool_helps(void)
{
    for (size_t workers = 1; workers <= 3; workers++) {
        weft_pool *pool = weft_pool_new(.workers = workers, .ctx = &pool);
        const int n = 16;
        long f = 0;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, fibonacci, &n, &f), WEFT_OK);
        CU_ASSERT_EQUAL(f, 987);
        weft_pool_free(pool);
    }
}

weft_task(maps, const int *n, int *sum)
{
    weft_pool **const pool = weft_task_ctx();
    int *const x = numbers((size_t)*n), *const y = calloc((size_t)*n, sizeof *y);
    const size_t index = weft_task_index();
    const weft_status s = weft_pool_map(*pool, square, x, (size_t)*n, y);
    *sum = 0;
    for (int i = 0; i < *n; i++)
        *sum += y[i];
    free(x), free(y);
    return s || weft_task_index() != index;
}

static void maps_may_be_nested(void)
{
    for (size_t workers = 1; workers <= 3; workers++) {
        weft_pool *pool = weft_pool_new(.workers = workers, .ctx = &pool);
        int n[20], sum[20], wrong = 0;
        for (int i = 0; i < 20; i++)
            n[i] = 100;
        CU_ASSERT_EQUAL(weft_pool_map(pool, maps, n, 20, sum), WEFT_OK);
        for (int i = 0; i < 20; i++)
            wrong += sum[i] != 328350;
        CU_ASSERT_EQUAL(wrong, 0);
        weft_pool_free(pool);
    }
}

weft_task(joins, const int *x, int *y)
{
    weft_pool **const pool = weft_task_ctx();
    (void)x;
    weft_pool_close(*pool);
    *y = weft_pool_join(*pool, WEFT_FOREVER);
    return 0;
}

static void a_task_may_not_join_its_own_pool(void)
{
    weft_pool *pool = weft_pool_new(.workers = 1, .ctx = &pool);
    const int x = 0;
    int y = 0;
    CU_ASSERT_EQUAL(weft_pool_apply(pool, joins, &x, &y), WEFT_OK);
    CU_ASSERT_EQUAL(y, WEFT_EDEADLK);
    weft_pool_free(pool);
}

/* ---- workers ---- */

static int begin_worker(void *ctx)
{
    stage *const s = ctx;
    return count(&s->begun), 0;
}

static void end_worker(void *ctx)
{
    stage *const s = ctx;
    count(&s->ended);
}

static void init_and_fini_run_once_on_each_worker(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind, .ctx = s,
                                              .init = begin_worker, .fini = end_worker);
        CU_ASSERT_EQUAL(weft_pool_workers(pool), 3);
        CU_ASSERT(counted(&s->begun) == 3 && counted(&s->ended) == 0);
        weft_pool_free(pool);
        CU_ASSERT(counted(&s->begun) == 3 && counted(&s->ended) == 3);
        stage_free(s);
    }
}

static int init_fails(void *ctx)
{
    stage *const s = ctx;
    return count(&s->begun) == 2 ? 7 : 0;
}

static void there_is_no_pool_where_init_fails(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 3, .kind = kind, .ctx = s,
                                              .init = init_fails, .fini = end_worker);
        CU_ASSERT_PTR_NULL(pool);
        ASSERT_TEXT(weft_detail(), "weft_pool_new: init returned 7: it must return 0");
        CU_ASSERT_EQUAL(counted(&s->ended), 2);
        stage_free(s);
    }
}

weft_task(counts_threads, const int *x, size_t *y)
{
    (void)x;
    *y = weft_threads();
    return 0;
}

static void workers_share_out_the_cores(void)
{
    const size_t all = weft_machine_limits(weft_machine_this())->threads;
    for_each_kind(kind)
    {
        for (size_t workers = 1; workers <= 4; workers++) {
            weft_pool *const pool = weft_pool_new(.workers = workers, .kind = kind);
            const int x = 0;
            size_t y = 0;
            CU_ASSERT_EQUAL(weft_pool_apply(pool, counts_threads, &x, &y), WEFT_OK);
            CU_ASSERT_EQUAL(y, all / workers ? all / workers : 1);
            weft_pool_free(pool);
        }
    }
}

weft_task(asks_a_program, const int *x, long *y)
{
    FILE *const f = popen("echo $OMP_NUM_THREADS", "re");
    *y = *x;
    return !f || fscanf(f, "%ld", y) != 1 || pclose(f);
}

static void programs_that_a_task_executes_have_the_share_of_its_worker(void)
{
    const size_t all = weft_machine_limits(weft_machine_this())->threads;
    for (size_t workers = 1; workers <= 2; workers++) {
        weft_pool *const pool = weft_pool_new(.workers = workers, .kind = WEFT_PROCESSES);
        const int x = 0;
        long y = 0;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, asks_a_program, &x, &y), WEFT_OK);
        CU_ASSERT_EQUAL((size_t)y, all / workers ? all / workers : 1);
        weft_pool_free(pool);
    }
}

weft_task(counts_cpus, const int *x, size_t *y)
{
    weft_cpus bound;
    (void)x;
    weft_cpus_bound(&bound);
    *y = weft_cpus_count(&bound);
    return 0;
}

static void workers_are_bound_where_the_policy_says(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind, .place = "compact");
        const int x = 0;
        size_t y = 0;
        CU_ASSERT_EQUAL(weft_pool_apply(pool, counts_cpus, &x, &y), WEFT_OK);
        CU_ASSERT_EQUAL(y, 1);
        weft_pool_free(pool);
    }
    CU_ASSERT_PTR_NULL(weft_pool_new(.place = "nowhere at all"));
}

struct label {
    char text[32];
};

weft_task(tells_its_name, const int *x, struct label *y)
{
    char text[16];
    (void)x;
    pthread_getname_np(pthread_self(), text, sizeof text);
    return snprintf(y->text, sizeof y->text, "%s", text) < 0;
}

static void workers_have_names(void)
{
    struct label name;
    const int x = 0;
    weft_pool *const pool = weft_pool_new(.workers = 1, .name = "label");
    CU_ASSERT_EQUAL(weft_pool_apply(pool, tells_its_name, &x, &name), WEFT_OK);
    ASSERT_TEXT(name.text, "label-0");
    weft_pool_free(pool);
}

static void zero_workers_are_as_many_as_the_machine_allows(void)
{
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.kind = kind);
        CU_ASSERT_EQUAL(weft_pool_workers(pool), weft_machine_limits(weft_machine_this())->threads);
        weft_pool_free(pool);
    }
}

/* ---- deadlines of threads ---- */

weft_task(waits_for_its_token, const int *x, int *y)
{
    *y = 0;
    return *x ? weft_stop_wait(weft_task_stop(), 20) : 0;
}

static void a_thread_over_its_deadline_is_asked_to_stop_and_has_failed(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 2, .deadline = 0.02);
    int x[100] = { 0 }, y[100];
    weft_failure failed[4];
    size_t count = 0;
    x[7] = x[70] = 1;
    CU_ASSERT_EQUAL(weft_pool_map(pool, waits_for_its_token, x, 100, y, .failed = failed,
                                  .failed_max = 4, .failed_count = &count),
                    WEFT_EDEADLINE);
    CU_ASSERT(count == 2 && failed[0].index == 7 && failed[1].index == 70);
    ASSERT_TEXT(failed[0].reason, "over its deadline of 0.02 s");
    weft_pool_free(pool);
}

/* ---- the end ---- */

static void free_finishes_what_was_submitted(void)
{
    enum { n = 2000 };
    for_each_kind(kind)
    {
        weft_pool *const pool = weft_pool_new(.workers = 2, .kind = kind);
        int *const x = numbers(n), *const y = calloc(n, sizeof *y);
        weft_result r;
        size_t wrong = 0;
        weft_pool_map_async(pool, &r, square, x, n, y);
        weft_pool_free(pool);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_OK);
        for (size_t i = 0; i < n; i++)
            wrong += y[i] != x[i] * x[i];
        CU_ASSERT_EQUAL(wrong, 0);
        free(x), free(y);
    }
    weft_pool_free(NULL);
}

static void a_closed_pool_takes_no_more_and_finishes_the_rest(void)
{
    for_each_kind(kind)
    {
        stage *const s = stage_new();
        weft_pool *const pool = weft_pool_new(.workers = 1, .kind = kind, .ctx = s);
        const int x = 2;
        int y[2] = { 0 };
        weft_result r, late;
        weft_pool_apply_async(pool, &r, gated, &x, &y[0]);
        CU_ASSERT_EQUAL(weft_pool_join(pool, 0), WEFT_ESTATE);
        ASSERT_TEXT(weft_detail(), "weft_pool_join: pool is open: close or terminate it first");
        CU_ASSERT_EQUAL(weft_pool_close(pool), WEFT_OK);
        CU_ASSERT_EQUAL(weft_pool_close(pool), WEFT_OK);
        CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x, &y[1]), WEFT_CLOSED);
        ASSERT_TEXT(weft_detail(), "weft_pool_map: pool is closed: it takes no more jobs");
        CU_ASSERT_EQUAL(weft_pool_map(pool, square, NULL, 0, NULL), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_pool_apply_async(pool, &late, square, &x, &y[1]), WEFT_CLOSED);
        CU_ASSERT_EQUAL(weft_result_get(&late, 0), WEFT_ESTATE);
        CU_ASSERT_EQUAL(weft_pool_join(pool, 0.02), WEFT_TIMEOUT);
        weft_event_set(&s->gate);
        CU_ASSERT_EQUAL(weft_pool_join(pool, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT(y[0] == 3 && y[1] == 0);
        weft_pool_free(pool);
        stage_free(s);
    }
}

weft_task(until_stopped, const int *x, int *y)
{
    stage *const s = weft_task_ctx();
    count(&s->begun);
    *y = *x;
    return weft_stop_wait(weft_task_stop(), 20) != WEFT_OK;
}

static void terminate_takes_back_and_asks_to_stop(void)
{
    for (int timed = 0; timed < 2; timed++) {
        stage *const s = stage_new();
        weft_pool *const pool =
            weft_pool_new(.workers = 2, .ctx = s, .deadline = timed ? 1000.0 : 0);
        int *const x = numbers(100), y[100];
        weft_result r;
        weft_pool_map_async(pool, &r, until_stopped, x, 100, y);
        CU_ASSERT_TRUE(comes_to(&s->begun, 2));
        CU_ASSERT_EQUAL(weft_pool_terminate(pool), WEFT_OK);
        CU_ASSERT_EQUAL(weft_pool_join(pool, WEFT_FOREVER), WEFT_OK);
        CU_ASSERT_EQUAL(weft_result_get(&r, 0), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(counted(&s->begun), 2);
        weft_pool_free(pool);
        stage_free(s);
        free(x);
    }
}

/* ---- many at once ---- */

typedef struct submitters {
    weft_pool *pool;
    size_t wrong; /* atomic */
} submitters;

static void submit(size_t self, void *ctx)
{
    enum { n = 500 };
    submitters *const u = ctx;
    int x[n], y[n];
    static _Thread_local weft_result r[n];
    size_t wrong = 0;
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < n; i++) {
            x[i] = (int)self * n + i;
            wrong += weft_pool_apply_async(u->pool, &r[i], square, &x[i], &y[i]) != WEFT_OK;
        }
        for (int i = 0; i < n; i += 7)
            (void)weft_result_cancel(&r[i]);
        for (int i = 0; i < n; i++) {
            const weft_status s = weft_result_get(&r[i], WEFT_FOREVER);
            wrong += s == WEFT_OK ? y[i] != x[i] * x[i] : s != WEFT_CANCELLED || i % 7;
        }
        wrong +=
            weft_pool_map(u->pool, square, x, n, y) != WEFT_OK || y[n - 1] != x[n - 1] * x[n - 1];
    }
    __atomic_fetch_add(&u->wrong, wrong, __ATOMIC_RELAXED);
}

static void many_threads_may_submit_wait_and_cancel(void)
{
    for_each_kind(kind)
    {
        submitters u = { .pool = weft_pool_new(.workers = 3, .kind = kind) };
        crew_run(4, submit, &u);
        CU_ASSERT_EQUAL(u.wrong, 0);
        weft_pool_free(u.pool);
    }
}

/* ---- misuse ---- */

static void absurd_pools_are_refused_with_a_reason(void)
{
    CU_ASSERT_PTR_NULL(weft_pool_new(.workers = 1025));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: workers is 1025: it must be at most 1024");
    CU_ASSERT_PTR_NULL(weft_pool_new(.kind = (weft_pool_kind)2));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: kind is 2: it must be one of weft_pool_kind");
    CU_ASSERT_PTR_NULL(weft_pool_new(.deadline = -0.5));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: deadline is -0.5 seconds: it must be 0 or more");
    CU_ASSERT_PTR_NULL(weft_pool_new(.deadline = NAN));
    CU_ASSERT_PTR_NULL(weft_pool_new(.max_tasks = 3));
    ASSERT_TEXT(weft_detail(), "weft_pool_new: max_tasks is 3: only processes are replaced");
    weft_pool *const pool = weft_pool_new_opts(NULL);
    CU_ASSERT_PTR_NOT_NULL(pool);
    weft_pool_free(pool);
}

static void bad_arguments_are_refused_with_a_reason(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 1);
    const int x = 1;
    int y;
    CU_ASSERT_EQUAL(weft_pool_map(NULL, square, &x, 1, &y), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pool_map: pool is NULL: it must be one");
    CU_ASSERT_EQUAL(weft_pool_map(pool, NULL, &x, 1, &y), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pool_map: task is NULL: it must be one");
    CU_ASSERT_EQUAL(weft_pool_map(pool, square, NULL, 3, &y), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_pool_map: in is NULL with n = 3: it must point to n inputs");
    CU_ASSERT_EQUAL(weft_pool_map(pool, square, &x, 1, &y, .failed_max = 2), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_close(NULL), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_terminate(NULL), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_join(NULL, 0), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_pool_join(pool, -1), WEFT_EINVAL);
    ASSERT_TEXT(PANIC_OF(weft_pool_workers(NULL)),
                "weft_pool_workers: pool is NULL: it must be one");
    weft_pool_free(pool);
}

static void a_forked_child_is_told_that_the_pool_is_not_its_own(void)
{
    weft_pool *const pool = weft_pool_new(.workers = 1);
    const int x = 1;
    int y, status;
    const pid_t child = fork();
    if (child == 0)
        _exit(weft_pool_apply(pool, square, &x, &y) == WEFT_ESTATE ? 0 : 1);
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT_EQUAL(status, 0);
    CU_ASSERT_EQUAL(weft_pool_apply(pool, square, &x, &y), WEFT_OK);
    weft_pool_free(pool);
}

static void every_failed_allocation_is_reported(void)
{
    weft_pool_free(weft_pool_new(.workers = 2, .name = "first")); /* records that threads keep */
    for (size_t n = 0;; n++) {
        fault_begin(n);
        weft_pool *const pool =
            weft_pool_new(.workers = 2, .name = "short", .place = "none", .deadline = 1);
        if (!fault_end()) {
            CU_ASSERT_PTR_NOT_NULL(pool);
            weft_pool_free(pool);
            break;
        }
        weft_pool_free(pool);
    }
    weft_pool *const pool = weft_pool_new(.workers = 1);
    const int x = 1;
    int y;
    fault_begin(0);
    CU_ASSERT_EQUAL(weft_pool_apply_async(pool, NULL, square, &x, &y), WEFT_ENOMEM);
    CU_ASSERT_TRUE(fault_end());
    fault_begin(1);
    CU_ASSERT_EQUAL(weft_pool_apply_async(pool, NULL, square, &x, &y), WEFT_ENOMEM);
    CU_ASSERT_TRUE(fault_end());
    weft_pool_free(pool);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo pool_tests[] = {
    TEST(map_gives_results_in_the_order_of_the_inputs),
    TEST(apply_runs_one_item),
    TEST(an_output_may_be_left_out),
    TEST(a_map_of_nothing_is_done_at_once),
    TEST(items_may_be_large),
    TEST(a_task_knows_its_index_and_its_worker),
    TEST(a_failed_item_costs_itself_only),
    TEST(the_first_failures_are_kept_and_all_are_counted),
    TEST(a_failed_item_is_run_again_as_often_as_asked),
    TEST(a_stop_token_ends_a_map_early),
    TEST(progress_ends_with_every_item),
    TEST(a_callback_is_heard_before_the_result),
    TEST(a_job_without_a_result_is_run_and_its_callback_heard),
    TEST(a_task_that_waits_for_its_own_pool_helps),
    TEST(maps_may_be_nested),
    TEST(a_task_may_not_join_its_own_pool),
    TEST(init_and_fini_run_once_on_each_worker),
    TEST(there_is_no_pool_where_init_fails),
    TEST(workers_share_out_the_cores),
    TEST(programs_that_a_task_executes_have_the_share_of_its_worker),
    TEST(workers_are_bound_where_the_policy_says),
    TEST(workers_have_names),
    TEST(zero_workers_are_as_many_as_the_machine_allows),
    TEST(a_thread_over_its_deadline_is_asked_to_stop_and_has_failed),
    TEST(free_finishes_what_was_submitted),
    TEST(a_closed_pool_takes_no_more_and_finishes_the_rest),
    TEST(terminate_takes_back_and_asks_to_stop),
    TEST(many_threads_may_submit_wait_and_cancel),
    TEST(absurd_pools_are_refused_with_a_reason),
    TEST(bad_arguments_are_refused_with_a_reason),
    TEST(a_forked_child_is_told_that_the_pool_is_not_its_own),
    TEST(every_failed_allocation_is_reported),
    CU_TEST_INFO_NULL,
};
