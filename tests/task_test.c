/* task_test.c - two calls at once, and what they may do there.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/task.h>

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include <omp.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "races.h"
#include "suites.h"

static const size_t team_sizes[] = { 1, 2, 3, 4, 8, 16 };

/* Runs a statement with teams of several sizes. */
#define with_teams                                    \
    for (size_t t_ = 0; t_ < COUNT(team_sizes); t_++) \
        weft_with_threads (team_sizes[t_])

static void count(size_t *counter) { __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED); }

static int count_one(void *counter)
{
    count(counter);
    return 0;
}

static int fail_with(void *value) { return *(const int *)value; }

/* ---- trees ---- */

struct fib {
    int n;
    long value;
};

static int fib(void *arg)
{
    struct fib *const me = arg;
    me->value = me->n;
    if (me->n < 2)
        return 0;
    struct fib one = { .n = me->n - 1 }, two = { .n = me->n - 2 };
    const weft_status s = weft_fork2(fib, &one, fib, &two);
    me->value = one.value + two.value;
    return s;
}

static void both_jobs_have_run_when_it_returns(void)
{
    with_teams
    {
        size_t f = 0, g = 0;
        CU_ASSERT_EQUAL(weft_fork2(count_one, &f, count_one, &g), WEFT_OK);
        CU_ASSERT(f == 1 && g == 1);
    }
}

static void fib_is_right_on_every_team(void)
{
    with_teams
    {
        struct fib f = { .n = 22 };
        CU_ASSERT_EQUAL(weft_in_team(fib, &f), WEFT_OK);
        CU_ASSERT_EQUAL(f.value, 17711);
    }
}

/* A tree that a seed describes: at each node up to four children, split in two again and again; its value
 * wraps, and depends on the order of nothing. */
struct tree {
    uint64_t seed, value;
    unsigned depth;
};

static uint64_t mix(uint64_t k)
{
    k = (k ^ k >> 30) * 0xbf58476d1ce4e5b9u;
    k = (k ^ k >> 27) * 0x94d049bb133111ebu;
    return k ^ k >> 31;
}

static unsigned children_of(const struct tree *t) { return t->depth ? (unsigned)(t->seed % 5) : 0; }

static struct tree child_of(const struct tree *t, unsigned k)
{
    return (struct tree){ .seed = mix(t->seed + k + 1), .depth = t->depth - 1 };
}

static uint64_t serial(struct tree t)
{
    t.value = mix(t.seed);
    for (unsigned k = 0; k < children_of(&t); k++)
        t.value += serial(child_of(&t, k)) * (k + 3);
    return t.value;
}

struct siblings {
    const struct tree *parent;
    unsigned begin, end;
    uint64_t value;
};

static int grow(void *arg);

static int grow_siblings(void *arg)
{
    struct siblings *const s = arg;
    s->value = 0;
    if (s->end - s->begin == 1) {
        struct tree child = child_of(s->parent, s->begin);
        const int bad = grow(&child);
        s->value = child.value * (s->begin + 3);
        return bad;
    }
    const unsigned middle = s->begin + (s->end - s->begin) / 2;
    struct siblings left = { s->parent, s->begin, middle, 0 };
    struct siblings right = { s->parent, middle, s->end, 0 };
    const weft_status bad = weft_fork2(grow_siblings, &left, grow_siblings, &right);
    s->value = left.value + right.value;
    return bad;
}

static int grow(void *arg)
{
    struct tree *const t = arg;
    struct siblings all = { t, 0, children_of(t), 0 };
    const int bad = all.end ? grow_siblings(&all) : 0;
    t->value = mix(t->seed) + all.value;
    return bad;
}

static size_t soak_or(size_t usual, size_t divisor)
{
    const char *const soak = getenv("WEFT_SOAK");
    return soak ? strtoul(soak, NULL, 10) / divisor : usual;
}

static void random_trees_give_the_value_of_the_serial_walk(void)
{
    const size_t trees = soak_or(1500, 100);
    size_t wrong = 0;
    for (size_t k = 0; k < trees; k++)
        weft_with_threads (1 + k % 16) {
            struct tree t = { .seed = mix(k), .depth = 3 + k % 6 };
            wrong += weft_in_team(grow, &t) != WEFT_OK;
            wrong += t.value != serial(t);
        }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* ---- failures ---- */

static void a_job_that_returns_other_than_0_fails_the_call(void)
{
    int three = 3, minus_4 = -4, zero = 0;
    with_teams
    {
        CU_ASSERT_EQUAL(weft_fork2(fail_with, &three, fail_with, &zero), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_fork2: f returned 3: a job that is fine returns 0");
        CU_ASSERT_EQUAL(weft_fork2(fail_with, &zero, fail_with, &minus_4), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_fork2: g returned -4: a job that is fine returns 0");
        CU_ASSERT_EQUAL(weft_fork2(fail_with, &three, fail_with, &minus_4), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_fork2: f returned 3: a job that is fine returns 0");
        CU_ASSERT_EQUAL(weft_in_team(fail_with, &three), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_in_team: f returned 3: a job that is fine returns 0");
    }
}

static void a_failure_stops_nothing(void)
{
    int one = 1;
    with_teams
    {
        size_t ran = 0;
        CU_ASSERT_EQUAL(weft_fork2(fail_with, &one, count_one, &ran), WEFT_EFAILED);
        CU_ASSERT_EQUAL(ran, 1);
    }
}

static int hand_on(void *arg)
{
    int zero = 0;
    return weft_fork2(fail_with, arg, fail_with, &zero);
}

static void a_failure_that_is_handed_on_keeps_its_line(void)
{
    int seven = 7;
    with_teams
    {
        CU_ASSERT_EQUAL(weft_in_team(hand_on, &seven), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_fork2: f returned 7: a job that is fine returns 0");
    }
}

static void null_is_refused_and_neither_job_runs(void)
{
    size_t ran = 0;
    CU_ASSERT_EQUAL(weft_fork2(NULL, NULL, count_one, &ran), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_fork2: f is NULL: it must be a function");
    CU_ASSERT_EQUAL(weft_fork2(count_one, &ran, NULL, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_fork2: g is NULL: it must be a function");
    CU_ASSERT_EQUAL(weft_in_team(NULL, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_in_team: f is NULL: it must be a function");
    CU_ASSERT_EQUAL(ran, 0);
}

/* ---- places ---- */

static int note_budget(void *threads)
{
    *(size_t *)threads = weft_threads();
    return 0;
}

static void the_budget_in_a_task_is_one_thread(void)
{
    with_teams
    {
        size_t f = 0, g = 0;
        const size_t before = weft_threads();
        weft_fork2(note_budget, &f, note_budget, &g);
        CU_ASSERT(f == 1 && g == 1);
        CU_ASSERT_EQUAL(weft_threads(), before);
    }
}

static void tasks_in_the_programs_own_region_are_serial_and_right(void)
{
    size_t wrong = 0;
#pragma omp parallel num_threads(4) reduction(+ : wrong)
    {
        struct fib f = { .n = 12 };
        wrong += weft_in_team(fib, &f) != WEFT_OK;
        wrong += f.value != 144;
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

static void tasks_in_iterations_and_expressions_are_right(void)
{
    with_teams
    {
        size_t wrong = 0;
        weft_for (i, 20) {
            struct fib f = { .n = 10 };
            weft_in_team(fib, &f);
            if (f.value != 55)
                count(&wrong);
        }
        const long total = weft_sum_of(i, 20, __extension__({
                                           struct fib f = { .n = (int)i % 3 + 8 };
                                           weft_in_team(fib, &f);
                                           f.value;
                                       }));
        CU_ASSERT_EQUAL(total, 7 * 21 + 7 * 34 + 6 * 55);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

static void fibs_of_range(weft_range r, void *total)
{
    weft_each (i, r) {
        struct fib f = { .n = (int)(i % 4) + 12 };
        weft_in_team(fib, &f);
        __atomic_fetch_add((long *)total, f.value, __ATOMIC_RELAXED);
    }
}

static void tasks_in_blocks_of_a_loop_are_right(void)
{
    with_teams for (size_t n = 1; n < 400; n = 3 * n + 1)
    {
        long total = 0, expected = 0;
        static const long values[] = { 144, 233, 377, 610 };
        for (size_t i = 0; i < n; i++)
            expected += values[i % 4];
        weft_for_range(n, fibs_of_range, &total);
        CU_ASSERT_EQUAL(total, expected);
    }
}

/* ---- calls with blocks inside of tasks ---- */

enum { many = 300000 };
static double x[many];

struct calls {
    double sum, reduced, last;
    bool sorted;
};

static void add(void *acc, weft_range r, void *ctx)
{
    (void)ctx;
    weft_each (i, r)
        *(double *)acc += x[i];
}

static void add_up(void *into, const void *from) { *(double *)into += *(const double *)from; }

static int call_all(void *arg)
{
    struct calls *const c = arg;
    c->sum = weft_sum(x, many);
    c->reduced = 0;
    weft_reduce(many, &c->reduced, sizeof c->reduced, add, add_up, NULL);
    double *const y = malloc(sizeof x), *const z = malloc(sizeof x);
    c->last = weft_scan(x, y, many);
    for (size_t i = 0; i < many; i++)
        z[i] = x[many - 1 - i];
    weft_sort(z, many);
    c->sorted = weft_is_sorted(z, many);
    free(y);
    free(z);
    return 0;
}

static void calls_inside_of_tasks_have_the_same_bits(void)
{
    for (size_t i = 0; i < many; i++)
        x[i] = 1 / (double)(i % 1000 + 1);
    struct calls expected;
    call_all(&expected);
    with_teams
    {
        struct calls f, g;
        weft_fork2(call_all, &f, call_all, &g);
        CU_ASSERT(f.sum == expected.sum && g.sum == expected.sum);
        CU_ASSERT(f.reduced == expected.reduced && g.reduced == expected.reduced);
        CU_ASSERT(f.last == expected.last && g.last == expected.last);
        CU_ASSERT(f.sorted && g.sorted);
    }
}

/* ---- host threads ---- */

static void tree_of_a_thread(size_t self, void *wrong)
{
    weft_with_threads (2 + self % 3)
        for (int k = 0; k < 20; k++) {
            struct tree t = { .seed = mix(self * 1000 + (size_t)k), .depth = 8 };
            weft_in_team(grow, &t);
            if (t.value != serial(t))
                count(wrong);
        }
}

static void threads_have_trees_of_their_own_at_the_same_time(void)
{
    size_t wrong = 0;
    crew_run(2, tree_of_a_thread, &wrong);
    CU_ASSERT_EQUAL(wrong, 0);
}

/* ---- storms ---- */

struct count {
    unsigned depth;
    size_t leaves;
};

static int count_leaves(void *arg)
{
    struct count *const c = arg;
    if (c->depth == 0) {
        c->leaves = 1;
        return 0;
    }
    struct count left = { .depth = c->depth - 1 }, right = left;
    weft_fork2(count_leaves, &left, count_leaves, &right);
    c->leaves = left.leaves + right.leaves;
    return 0;
}

static void a_storm_of_tasks_loses_none(void)
{
    for (size_t left = soak_or(1000000, 1) * (getenv("WEFT_SOAK") ? 10 : 1), threads = 1; left > 1;
         left -= left < 1 << 18 ? left : 1 << 18, threads = threads % 16 + 1)
        weft_with_threads (threads) {
            struct count c = { .depth = 18 };
            weft_in_team(count_leaves, &c);
            CU_ASSERT_EQUAL(c.leaves, 1 << 18);
        }
}

#if RACES_ARE_LOOKED_FOR
enum { deep = 10 * 1000 }; /* ThreadSanitizer follows 65536 calls */
#elif defined WEFT_DEBUG
enum { deep = 100 * 1000 }; /* frames are large there */
#else
enum { deep = 1000 * 1000 };
#endif

struct link {
    size_t left, *ran;
};

static int go_deeper(void *arg)
{
    struct link *const me = arg;
    if (me->left == 0)
        return 0;
    struct link next = { me->left - 1, me->ran };
    return weft_fork2(go_deeper, &next, count_one, me->ran);
}

static void *chain_of_tasks(void *ran)
{
    weft_with_threads (3)
        (void)go_deeper(&(struct link){ deep, ran });
    return NULL;
}

/* As many tasks wait in one deque as the tree is deep. */
static void depth_is_bounded_by_the_stack_alone(void)
{
    const size_t stack = (size_t)1 << 30;
    size_t ran = 0;
    pthread_attr_t attr;
    pthread_t thread;
    pthread_attr_init(&attr);
    CU_ASSERT_EQUAL_FATAL(pthread_attr_setstacksize(&attr, stack), 0);
    CU_ASSERT_EQUAL_FATAL(pthread_create(&thread, &attr, chain_of_tasks, &ran), 0);
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
    CU_ASSERT_EQUAL(ran, deep);
}

/* Where the deque cannot grow its tasks run in place. */
static void a_task_that_cannot_be_queued_is_run(void)
{
    for (size_t n = 0; n < 4; n++) {
        size_t ran = 0;
        weft_with_threads (2) {
            fault_begin(n);
            (void)go_deeper(&(struct link){ 1000, &ran });
            fault_end();
        }
        CU_ASSERT_EQUAL(ran, 1000);
    }
}

/* ---- tasks that start loops that start tasks ---- */

static void trees_of_range(weft_range r, void *wrong)
{
    weft_each (i, r) {
        struct tree t = { .seed = mix(i), .depth = 4 };
        const weft_status s = weft_in_team(grow, &t);
        if (s || t.value != serial(t))
            count(wrong);
    }
}

static int loop_over_trees(void *wrong)
{
    weft_for_range(40, trees_of_range, wrong);
    return 0;
}

static void loops_of_range(weft_range r, void *wrong)
{
    weft_each (i, r)
        (void)weft_fork2(loop_over_trees, wrong, loop_over_trees, wrong);
}

static void tasks_start_loops_that_start_tasks(void)
{
    with_teams
    {
        size_t wrong = 0;
        weft_fork2(loop_over_trees, &wrong, loop_over_trees, &wrong);
        weft_for_range(12, loops_of_range, &wrong);
        CU_ASSERT_EQUAL(wrong, 0);
    }
}

/* ---- what is left ---- */

static void nothing_is_left_behind(void)
{
    long before = 0;
    for (int round = 0; round < 20; round++) {
        if (round == 1) /* the first has made what lives on */
            before = fault_live();
        weft_with_threads (4) {
            struct fib f = { .n = 14 };
            size_t ran = 0;
            weft_in_team(fib, &f);
            (void)go_deeper(&(struct link){ 2000, &ran });
        }
    }
    CU_ASSERT_EQUAL(fault_live(), before);
}

/* ---- who runs what ---- */

/* f waits for g: they have to run at the same time. */
static int wait_for_event(void *event) { return weft_event_wait(event, 30); }

static int set_event(void *event)
{
    weft_event_set(event);
    return 0;
}

static int wait_where_others_set(void *event)
{
    return weft_fork2(wait_for_event, event, set_event, event);
}

static void an_idle_thread_takes_a_task_whose_maker_is_busy(void)
{
    for (int round = 0; round < 50; round++) {
        weft_event e;
        weft_event_init(&e);
        if (round % 10 == 9)
            weft_sleep(2e-3);
        weft_with_threads (2)
            CU_ASSERT_EQUAL(weft_in_team(wait_where_others_set, &e), WEFT_OK);
        weft_event_fini(&e);
    }
}

/* Four tasks lie in the deque of a thread that is busy until all have run, and pushes none of them anew. */
struct crowd {
    size_t ran;
    weft_event all;
};

static int arrive(void *arg)
{
    struct crowd *const c = arg;
    if (__atomic_add_fetch(&c->ran, 1, __ATOMIC_RELAXED) == 4)
        weft_event_set(&c->all);
    return 0;
}

static int hold(void *arg) { return weft_event_wait(&((struct crowd *)arg)->all, 30); }

static int nest_1(void *arg) { return weft_fork2(hold, arg, arrive, arg); }
static int nest_2(void *arg) { return weft_fork2(nest_1, arg, arrive, arg); }
static int nest_3(void *arg) { return weft_fork2(nest_2, arg, arrive, arg); }
static int nest_4(void *arg) { return weft_fork2(nest_3, arg, arrive, arg); }

static void a_busy_thread_keeps_no_task_from_others(void)
{
    for (size_t threads = 2; threads <= 4; threads++)
        for (int round = 0; round < 20; round++) {
            struct crowd c = { 0 };
            weft_event_init(&c.all);
            weft_with_threads (threads)
                CU_ASSERT_EQUAL(weft_in_team(nest_4, &c), WEFT_OK);
            CU_ASSERT_EQUAL(c.ran, 4);
            weft_event_fini(&c.all);
        }
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo task_tests[] = {
    TEST(both_jobs_have_run_when_it_returns),
    TEST(fib_is_right_on_every_team),
    TEST(random_trees_give_the_value_of_the_serial_walk),
    TEST(a_job_that_returns_other_than_0_fails_the_call),
    TEST(a_failure_stops_nothing),
    TEST(a_failure_that_is_handed_on_keeps_its_line),
    TEST(null_is_refused_and_neither_job_runs),
    TEST(the_budget_in_a_task_is_one_thread),
    TEST(tasks_in_the_programs_own_region_are_serial_and_right),
    TEST(tasks_in_iterations_and_expressions_are_right),
    TEST(tasks_in_blocks_of_a_loop_are_right),
    TEST(calls_inside_of_tasks_have_the_same_bits),
    TEST(threads_have_trees_of_their_own_at_the_same_time),
    TEST(a_storm_of_tasks_loses_none),
    TEST(depth_is_bounded_by_the_stack_alone),
    TEST(a_task_that_cannot_be_queued_is_run),
    TEST(tasks_start_loops_that_start_tasks),
    TEST(nothing_is_left_behind),
    TEST(an_idle_thread_takes_a_task_whose_maker_is_busy),
    TEST(a_busy_thread_keeps_no_task_from_others),
    CU_TEST_INFO_NULL,
};
