/* queue_history_test.c - what a FIFO did, recorded, could have happened one call after the other.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * With values that are put once each, a history is one of a FIFO if and only if (M. Herlihy, J. Wing,
 * Linearizability, 1990; A. Bouajjani et al., On reducing linearizability to state reachability,
 * 2015) there is no
 *
 *     get of what was not put, or had been got
 *     a, b: put(a) ends before put(b) begins, and get(b) ends before get(a) begins, or a is never got
 *     a: inside for all the time of a get that found the queue empty
 *
 * where a call may take effect at any moment between its begin and its end. */
#include <weft/queue.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "suites.h"

typedef int64_t moment; /* nanoseconds */

typedef struct record {
    moment begin, end;
    uint32_t value; /* `nothing`: found it empty */
} record;

typedef struct value {
    record put, get;
} value;

enum { threads = 4, nothing = UINT32_MAX };

static const moment never = INT64_MAX;

typedef struct party {
    pthread_t thread;
    weft_queue *q;
    uint32_t self, n;
    record *puts, *gets; /* n puts at most, and 4 n gets */
    size_t put_count, get_count;
} party;

static moment now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/* ---- recording ---- */

static void put_one(party *p, uint32_t number)
{
    record r = { .begin = now(), .value = p->self * p->n + number };
    if (weft_queue_put(p->q, &r.value, 1e-5) == WEFT_OK) {
        r.end = now();
        p->puts[p->put_count++] = r;
    }
}

static void get_one(party *p, double timeout)
{
    record r = { .begin = now() };
    const weft_status s = weft_queue_get(p->q, &r.value, timeout);
    r.end = now();
    if (s != WEFT_OK) /* what it found at its end, or since its begin if it polled */
        r.value = nothing;
    if (s == WEFT_OK || timeout == 0)
        p->gets[p->get_count++] = r;
}

static void *live(void *arg)
{
    party *const p = arg;
    for (uint32_t k = 0; k < p->n; k++) {
        put_one(p, k);
        get_one(p, 0);
        if (k % 8 == p->self) /* one more, so that it is empty now and then */
            get_one(p, k % 16 < 8 ? 0 : 1e-5);
    }
    return NULL;
}

/* ---- checking ---- */

static int by_put_end(const void *a, const void *b)
{
    const moment x = ((const value *)a)->put.end, y = ((const value *)b)->put.end;
    return (x > y) - (x < y);
}

/* At `at`, the latest begin of a get of what had been put by then. */
typedef struct sweep {
    const value *values; /* by put.end */
    size_t n, next;
    moment latest;
} sweep;

static moment latest_get(sweep *s, moment at)
{
    for (; s->next < s->n && s->values[s->next].put.end < at; s->next++)
        if (s->values[s->next].get.begin > s->latest)
            s->latest = s->values[s->next].get.begin;
    return s->latest;
}

static int by_put_begin(const void *a, const void *b)
{
    const moment x = ((const value *)a)->put.begin, y = ((const value *)b)->put.begin;
    return (x > y) - (x < y);
}

static int by_begin(const void *a, const void *b)
{
    const moment x = ((const record *)a)->begin, y = ((const record *)b)->begin;
    return (x > y) - (x < y);
}

/* How many b came out before something that was in before them. */
static size_t overtakers(value *values, size_t n)
{
    value *const by_begin_of_put = malloc(n * sizeof *values);
    for (size_t k = 0; k < n; k++)
        by_begin_of_put[k] = values[k];
    qsort(values, n, sizeof *values, by_put_end);
    qsort(by_begin_of_put, n, sizeof *values, by_put_begin);
    sweep s = { .values = values, .n = n, .latest = -1 };
    size_t count = 0;
    for (size_t k = 0; k < n; k++)
        count += latest_get(&s, by_begin_of_put[k].put.begin) > by_begin_of_put[k].get.end;
    free(by_begin_of_put);
    return count;
}

/* How many gets found it empty while something was certainly inside; values are by put.end. */
static size_t false_alarms(const value *values, size_t n, record *empties, size_t count)
{
    sweep s = { .values = values, .n = n, .latest = -1 };
    size_t wrong = 0;
    qsort(empties, count, sizeof *empties, by_begin);
    for (size_t k = 0; k < count; k++)
        wrong += latest_get(&s, empties[k].begin) > empties[k].end;
    return wrong;
}

/* Collects the records by value; returns how many gets were of nothing that was put, or of it again. */
static size_t collect(const party *p, value *values, record *empties, size_t *empty_count)
{
    size_t wrong = 0;
    for (size_t t = 0; t < threads; t++)
        for (size_t k = 0; k < p[t].put_count; k++)
            values[p[t].puts[k].value] = (value){ p[t].puts[k], { never, never, 0 } };
    for (size_t t = 0; t < threads; t++)
        for (size_t k = 0; k < p[t].get_count; k++) {
            const record r = p[t].gets[k];
            if (r.value == nothing)
                empties[(*empty_count)++] = r;
            else if (r.value >= threads * p[t].n || values[r.value].put.end == 0 ||
                     values[r.value].get.begin != never)
                wrong++;
            else
                values[r.value].get = r;
        }
    return wrong;
}

static size_t pack(value *values, size_t n)
{
    size_t count = 0;
    for (size_t k = 0; k < n; k++)
        if (values[k].put.end)
            values[count++] = values[k];
    return count;
}

static size_t record_and_check(size_t capacity, uint32_t n)
{
    party p[threads];
    weft_queue *const q = weft_queue_new(sizeof(uint32_t), .capacity = capacity);
    for (uint32_t t = 0; t < threads; t++) {
        p[t] = (party){ .q = q, .self = t, .n = n };
        p[t].puts = malloc(n * sizeof(record)), p[t].gets = malloc(2 * n * sizeof(record));
        if (pthread_create(&p[t].thread, NULL, live, &p[t]))
            abort();
    }
    size_t operations = 0, empty_count = 0;
    for (size_t t = 0; t < threads; t++) {
        pthread_join(p[t].thread, NULL);
        operations += p[t].put_count + p[t].get_count;
    }
    value *const values = calloc((size_t)threads * n, sizeof *values);
    record *const empties = malloc(operations * sizeof *empties);
    CU_ASSERT_EQUAL(collect(p, values, empties, &empty_count), 0);
    const size_t count = pack(values, (size_t)threads * n);
    CU_ASSERT_EQUAL(overtakers(values, count), 0);
    CU_ASSERT_EQUAL(false_alarms(values, count, empties, empty_count), 0);
    CU_ASSERT(empty_count > 0);
    free(values), free(empties);
    for (size_t t = 0; t < threads; t++)
        free(p[t].puts), free(p[t].gets);
    weft_queue_free(q);
    return operations;
}

static uint32_t rounds(void)
{
    const char *const soak = getenv("WEFT_SOAK");
    return soak ? (uint32_t)(strtoul(soak, NULL, 10) / 400000 + 1) : 1;
}

static void a_million_calls_of_a_bounded_fifo_are_linearizable(void)
{
    static const size_t capacities[] = { 1, 2, 3, 64, 1024 };
    size_t operations = 0;
    for (uint32_t r = 0; r < rounds(); r++)
        for (size_t k = 0; k < COUNT(capacities); k++)
            operations += record_and_check(capacities[k], 45000);
    CU_ASSERT(operations >= 1000000);
}

static void half_a_million_calls_of_an_unbounded_fifo_are_linearizable(void)
{
    size_t operations = 0;
    for (uint32_t r = 0; r < rounds(); r++)
        operations += record_and_check(0, 70000);
    CU_ASSERT(operations >= 500000);
}

/* ---- the check itself, on histories that cannot have happened ---- */

/* put of values[k] in [k, k + 1) of hundreds; gets as given */
static void history(value *values, const moment *get_begin, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        const moment at = 100 * (moment)(k + 1);
        values[k].put = (record){ at, at + 50, (uint32_t)k };
        values[k].get = (record){ get_begin[k], get_begin[k] == never ? never : get_begin[k] + 50,
                                  (uint32_t)k };
    }
}

static void the_check_finds_an_overtaker(void)
{
    value v[3];
    history(v, (const moment[]){ 1000, 1100, 1200 }, 3);
    CU_ASSERT_EQUAL(overtakers(v, 3), 0);
    history(v, (const moment[]){ 1100, 1000, 1200 }, 3);
    CU_ASSERT_EQUAL(overtakers(v, 3), 1);
    history(v, (const moment[]){ 1040, 1000, 1200 }, 3); /* overlap: may be either way round */
    CU_ASSERT_EQUAL(overtakers(v, 3), 0);
}

static void the_check_finds_a_lost_item(void)
{
    value v[3];
    history(v, (const moment[]){ 1000, never, 1200 }, 3);
    CU_ASSERT_EQUAL(overtakers(v, 3), 1);
    history(v, (const moment[]){ 1000, 1100, never }, 3);
    CU_ASSERT_EQUAL(overtakers(v, 3), 0);
}

static void the_check_finds_a_false_alarm(void)
{
    value v[2];
    record empty = { 400, 500, nothing }, early = { 110, 500, nothing };
    history(v, (const moment[]){ 450, 1000 }, 2);
    CU_ASSERT_EQUAL(overtakers(v, 2), 0);
    CU_ASSERT_EQUAL(false_alarms(v, 2, &empty, 1), 1);
    CU_ASSERT_EQUAL(false_alarms(v, 2, &early, 1), 0);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo queue_history_tests[] = {
    TEST(the_check_finds_an_overtaker),
    TEST(the_check_finds_a_lost_item),
    TEST(the_check_finds_a_false_alarm),
    TEST(a_million_calls_of_a_bounded_fifo_are_linearizable),
    TEST(half_a_million_calls_of_an_unbounded_fifo_are_linearizable),
    CU_TEST_INFO_NULL,
};
