/* task_group_test.c - any number of tasks, waited for together.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/task.h>

#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "crew.h"
#include "fault.h"
#include "suites.h"

static const size_t team_sizes[] = { 1, 2, 4, 16 };
#define with_teams                                    \
    for (size_t t_ = 0; t_ < COUNT(team_sizes); t_++) \
        weft_with_threads (team_sizes[t_])

static int count_one(void *counter)
{
    __atomic_fetch_add((size_t *)counter, 1, __ATOMIC_RELAXED);
    return 0;
}

static int fail_with(void *value) { return *(const int *)value; }

static void all_tasks_have_run_after_the_wait(void)
{
    static const size_t sizes[] = { 0, 1, 2, 31, 33, 5000, 20000 };
    with_teams for (size_t k = 0; k < COUNT(sizes); k++)
    {
        size_t ran = 0;
        weft_group g = { 0 };
        for (size_t i = 0; i < sizes[k]; i++)
            CU_ASSERT_EQUAL(weft_group_spawn(&g, count_one, &ran), WEFT_OK);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
        CU_ASSERT_EQUAL(ran, sizes[k]);
    }
}

struct flood {
    size_t n, ran;
    weft_status spawned, waited;
};

static int flood(void *arg)
{
    struct flood *const f = arg;
    weft_group g = { 0 };
    for (size_t i = 0; i < f->n; i++)
        f->spawned = (weft_status)(f->spawned | (int)weft_group_spawn(&g, count_one, &f->ran));
    f->waited = weft_group_wait(&g);
    return 0;
}

static void a_group_in_a_task_is_right(void)
{
    with_teams
    {
        struct flood f = { .n = 100000 };
        CU_ASSERT_EQUAL(weft_in_team(flood, &f), WEFT_OK);
        CU_ASSERT(f.spawned == WEFT_OK && f.waited == WEFT_OK);
        CU_ASSERT_EQUAL(f.ran, f.n);
    }
}

/* Tasks that spawn into the group they belong to, until so many have been made. */
struct chain {
    weft_group group;
    size_t made, ran, most;
};

static int go_on(void *arg)
{
    struct chain *const c = arg;
    for (int k = 0; k < 3; k++)
        if (__atomic_fetch_add(&c->made, 1, __ATOMIC_RELAXED) < c->most)
            weft_group_spawn(&c->group, go_on, c);
    __atomic_fetch_add(&c->ran, 1, __ATOMIC_RELAXED);
    return 0;
}

static void tasks_spawn_into_their_own_group(void)
{
    with_teams
    {
        struct chain c = { .most = 30000 };
        weft_group_spawn(&c.group, go_on, &c);
        CU_ASSERT_EQUAL(weft_group_wait(&c.group), WEFT_OK);
        CU_ASSERT_EQUAL(c.ran, c.most + 1);
    }
}

static void a_group_is_as_new_after_a_wait(void)
{
    with_teams
    {
        size_t ran = 0;
        weft_group g = { 0 };
        for (size_t k = 1; k < 5; k++) {
            weft_group_spawn(&g, count_one, &ran);
            CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
            CU_ASSERT_EQUAL(ran, k);
            CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
        }
    }
}

static void a_failure_is_told_once_and_stops_nothing(void)
{
    int nine = 9;
    with_teams
    {
        size_t ran = 0;
        weft_group g = { 0 };
        for (size_t k = 0; k < 100; k++)
            weft_group_spawn(&g, count_one, &ran);
        weft_group_spawn(&g, fail_with, &nine);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_group_wait: 1 task failed, the first returned 9: one that "
                                   "is fine returns 0");
        CU_ASSERT_EQUAL(ran, 100);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
    }
}

static void null_is_refused(void)
{
    weft_group g = { 0 };
    CU_ASSERT_EQUAL(weft_group_spawn(&g, NULL, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_group_spawn: f is NULL: it must be a function");
    CU_ASSERT_EQUAL(weft_group_spawn(NULL, count_one, NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_group_spawn: group is NULL: it must be a group");
    CU_ASSERT_EQUAL(weft_group_wait(NULL), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(), "weft_group_wait: group is NULL: it must be a group");
    CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
}

/* ---- cancelled ---- */

struct stopped {
    weft_stop stop;
    weft_group group;
    size_t ran, set_at;
};

/* Whoever is late sets it, too: so each thread runs at most one task more. */
static int run_until(void *arg)
{
    struct stopped *const s = arg;
    if (__atomic_add_fetch(&s->ran, 1, __ATOMIC_RELAXED) >= s->set_at)
        weft_stop_set(&s->stop);
    return 0;
}

static int spawn_all(void *arg)
{
    struct stopped *const s = arg;
    weft_group_init(&s->group, .stop = &s->stop);
    for (int k = 0; k < 10000; k++)
        weft_group_spawn(&s->group, run_until, s);
    return weft_group_wait(&s->group);
}

static void a_stop_in_the_middle_skips_the_rest(void)
{
    with_teams
    {
        struct stopped s = { .set_at = 100 };
        CU_ASSERT_EQUAL(weft_in_team(spawn_all, &s), WEFT_EFAILED);
        ASSERT_TEXT(weft_detail(), "weft_in_team: f returned 3: a job that is fine returns 0");
        CU_ASSERT(s.ran >= 100 && s.ran < 100 + team_sizes[t_]);
        CU_ASSERT(weft_group_is_cancelled(&s.group));
    }
}

static void a_stop_set_beforehand_skips_all(void)
{
    with_teams
    {
        struct stopped s = { .set_at = SIZE_MAX };
        weft_stop_set(&s.stop);
        weft_group_init(&s.group, .stop = &s.stop);
        weft_group_spawn(&s.group, run_until, &s);
        CU_ASSERT_EQUAL(weft_group_wait(&s.group), WEFT_CANCELLED);
        CU_ASSERT_EQUAL(s.ran, 0);
        CU_ASSERT_EQUAL(weft_group_wait(&s.group), WEFT_OK);
    }
}

static void a_stop_after_the_last_task_changes_nothing(void)
{
    with_teams
    {
        struct stopped s = { .set_at = 10000 };
        CU_ASSERT_EQUAL(weft_in_team(spawn_all, &s), WEFT_OK);
        CU_ASSERT_EQUAL(s.ran, 10000);
    }
}

static void fail_fast_skips_what_has_not_begun(void)
{
    int two = 2;
    with_teams
    {
        size_t ran = 0;
        weft_group g;
        weft_group_init(&g, .fail_fast = true);
        weft_group_spawn(&g, fail_with, &two);
        for (int k = 0; k < 20; k++)
            weft_group_spawn(&g, count_one, &ran);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_EFAILED);
        CU_ASSERT(ran <= 20);
        if (team_sizes[t_] == 1)
            CU_ASSERT_EQUAL(ran, 0);
        CU_ASSERT_FALSE(weft_group_is_cancelled(&g)); /* as new */
        weft_group_spawn(&g, count_one, &ran);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
    }
}

/* ---- misuse ---- */

struct own {
    weft_group group;
    weft_status status;
    char detail[200];
};

static int wait_for_own(void *arg)
{
    struct own *const o = arg;
    o->status = weft_group_wait(&o->group);
    snprintf(o->detail, sizeof o->detail, "%s", weft_detail());
    return 0;
}

static void a_task_that_waits_for_its_own_group_is_refused(void)
{
    with_teams
    {
        struct own o = { .status = WEFT_OK };
        weft_group_spawn(&o.group, wait_for_own, &o);
        CU_ASSERT_EQUAL(weft_group_wait(&o.group), WEFT_OK);
        CU_ASSERT_EQUAL(o.status, WEFT_EDEADLK);
        ASSERT_TEXT(o.detail, "weft_group_wait: a task of the group would wait for its own end");
    }
}

struct held {
    weft_group group;
    weft_event begun, gate;
};

static int hold_gate(void *arg)
{
    struct held *const h = arg;
    weft_event_set(&h->begun);
    return weft_event_wait(&h->gate, 30);
}

static void spawn_and_wait(void *arg)
{
    struct held *const h = arg;
    weft_with_threads (2) {
        weft_group_spawn(&h->group, hold_gate, h);
        (void)weft_group_wait(&h->group);
    }
}

static void a_group_at_work_in_another_team_is_refused(void)
{
    struct held h = { 0 };
    helper other;
    size_t ran = 0;
    weft_event_init(&h.begun);
    weft_event_init(&h.gate);
    helper_start(&other, spawn_and_wait, &h);
    CU_ASSERT_EQUAL(weft_event_wait(&h.begun, 30), WEFT_OK);
    CU_ASSERT_EQUAL(weft_group_spawn(&h.group, count_one, &ran), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_group_spawn: another team is at work on the group: it serves "
                               "one at a time");
    CU_ASSERT_EQUAL(weft_group_wait(&h.group), WEFT_ESTATE);
    ASSERT_TEXT(weft_detail(), "weft_group_wait: another team is at work on the group: it serves "
                               "one at a time");
    weft_event_set(&h.gate);
    helper_join(&other);
    CU_ASSERT_EQUAL(ran, 0);
    CU_ASSERT_EQUAL(weft_group_wait(&h.group), WEFT_OK);
    weft_event_fini(&h.begun);
    weft_event_fini(&h.gate);
}

static void a_group_that_is_given_up_runs_nothing_and_keeps_no_memory(void)
{
    size_t ran = 0;
    const long before = fault_live();
    weft_group g = { 0 };
    for (int k = 0; k < 100; k++)
        weft_group_spawn(&g, count_one, &ran);
    weft_group_fini(&g);
    weft_group_fini(NULL);
    CU_ASSERT_EQUAL(ran, 0);
    CU_ASSERT_EQUAL(fault_live(), before);
}

struct given_up {
    size_t ran;
    const char *panic;
};

static int give_up_a_running_group(void *arg)
{
    struct given_up *const u = arg;
    weft_group g = { 0 };
    weft_group_spawn(&g, count_one, &u->ran);
#ifdef WEFT_DEBUG
    u->panic = PANIC_OF((weft_group_fini(&g), 0));
    weft_group_wait(&g);
#else
    weft_group_fini(&g);
#endif
    return 0;
}

/* Alone in a block of a loop: its one task lies in the deque when the group goes. */
static void a_group_that_goes_while_it_runs_is_waited_for_or_panics(void)
{
    weft_with_threads (2) {
        struct given_up u = { 0 };
        weft_in_team(give_up_a_running_group, &u);
        CU_ASSERT_EQUAL(u.ran, 1);
#ifdef WEFT_DEBUG
        if (u.panic[0]) /* it may have been stolen and run before */
            ASSERT_TEXT(u.panic, "weft_group_fini: tasks of the group still run: it must be "
                                 "waited for");
#endif
    }
}

static void a_task_that_cannot_be_kept_is_run(void)
{
    for (size_t n = 0; n < 5; n++) {
        size_t ran = 0;
        weft_group g = { 0 };
        weft_with_threads (2) {
            fault_begin(n);
            for (int k = 0; k < 1000; k++)
                weft_group_spawn(&g, count_one, &ran);
            CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
            fault_end();
        }
        CU_ASSERT_EQUAL(ran, 1000);
    }
}

/* ---- others ---- */

/* Tasks take from a queue that a thread of the host's fills. */
struct feed {
    weft_queue *queue;
    size_t got;
};

static int take_100(void *arg)
{
    struct feed *const f = arg;
    for (int k = 0, item; k < 100; k++) {
        if (weft_queue_get(f->queue, &item, 30))
            return 1;
        __atomic_fetch_add(&f->got, (size_t)item, __ATOMIC_RELAXED);
    }
    return 0;
}

static void feed_800(void *arg)
{
    struct feed *const f = arg;
    for (int k = 0; k < 800; k++)
        weft_queue_put(f->queue, &(int){ 1 }, 30);
}

static void tasks_may_block_in_a_queue(void)
{
    with_teams
    {
        struct feed f = { .queue = weft_queue_new(sizeof(int), .capacity = 7) };
        helper feeder;
        weft_group g = { 0 };
        for (int k = 0; k < 8; k++)
            weft_group_spawn(&g, take_100, &f);
        helper_start(&feeder, feed_800, &f);
        CU_ASSERT_EQUAL(weft_group_wait(&g), WEFT_OK);
        helper_join(&feeder);
        CU_ASSERT_EQUAL(f.got, 800);
        weft_queue_free(f.queue);
    }
}

/* Blocks of a loop spawn into one group, which is waited for after the loop. */
struct shared {
    weft_group group;
    size_t ran;
};

static void spawn_some(weft_range r, void *arg)
{
    struct shared *const s = arg;
    weft_each (i, r)
        weft_group_spawn(&s->group, count_one, &s->ran);
}

static void blocks_of_a_loop_spawn_into_one_group(void)
{
    with_teams
    {
        if (team_sizes[t_] == 1)
            continue; /* outside of teams one thread at a time */
        struct shared s = { 0 };
        weft_for_range(100000, spawn_some, &s);
        CU_ASSERT_EQUAL(weft_group_wait(&s.group), WEFT_OK);
        CU_ASSERT_EQUAL(s.ran, 100000);
    }
}

/* A tree of groups: each node waits for its children. */
struct node {
    unsigned depth;
    size_t nodes;
};

static int grow_node(void *arg)
{
    struct node *const me = arg;
    struct node child[5];
    weft_group g = { 0 };
    me->nodes = 1;
    for (size_t k = 0; me->depth && k < COUNT(child); k++) {
        child[k] = (struct node){ .depth = me->depth - 1 };
        weft_group_spawn(&g, grow_node, &child[k]);
    }
    const weft_status s = weft_group_wait(&g);
    for (size_t k = 0; me->depth && k < COUNT(child); k++)
        me->nodes += child[k].nodes;
    return s;
}

static size_t storm_size(void)
{
    const char *const soak = getenv("WEFT_SOAK");
    return soak ? strtoul(soak, NULL, 10) : 600000;
}

static void a_storm_of_groups_loses_no_task(void)
{
    enum { nodes = 19531 }; /* 5^0 + ... + 5^6 */
    size_t wrong = 0;
    for (size_t k = 0; k < storm_size() / nodes; k++)
        weft_with_threads (1 + k % 16) {
            struct node root = { .depth = 6 };
            wrong += weft_in_team(grow_node, &root) != WEFT_OK || root.nodes != nodes;
        }
    CU_ASSERT_EQUAL(wrong, 0);
}

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo task_group_tests[] = {
    TEST(all_tasks_have_run_after_the_wait),
    TEST(a_group_in_a_task_is_right),
    TEST(tasks_spawn_into_their_own_group),
    TEST(a_group_is_as_new_after_a_wait),
    TEST(a_failure_is_told_once_and_stops_nothing),
    TEST(null_is_refused),
    TEST(a_stop_in_the_middle_skips_the_rest),
    TEST(a_stop_set_beforehand_skips_all),
    TEST(a_stop_after_the_last_task_changes_nothing),
    TEST(fail_fast_skips_what_has_not_begun),
    TEST(a_task_that_waits_for_its_own_group_is_refused),
    TEST(a_group_at_work_in_another_team_is_refused),
    TEST(a_group_that_is_given_up_runs_nothing_and_keeps_no_memory),
    TEST(a_group_that_goes_while_it_runs_is_waited_for_or_panics),
    TEST(a_task_that_cannot_be_kept_is_run),
    TEST(tasks_may_block_in_a_queue),
    TEST(blocks_of_a_loop_spawn_into_one_group),
    TEST(a_storm_of_groups_loses_no_task),
    CU_TEST_INFO_NULL,
};
