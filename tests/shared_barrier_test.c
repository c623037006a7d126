/* shared_barrier_test.c - a barrier between processes, whoever is killed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each test starts a probe, a process of one thread, which forks the others (places.h). */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <weft.h>

#include "herd.h"
#include "places.h"
#include "suites.h"

static void arrive_often(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    while (!stopped(p)) {
        const weft_status s = weft_barrier_wait(&p->barrier, 8, NULL);
        count(s == WEFT_OK ? &p->rounds : s == WEFT_BROKEN ? &p->broken : &p->lost);
        if (s == WEFT_BROKEN)
            weft_barrier_reset(&p->barrier);
    }
    weft_barrier_abort(&p->barrier);
}

static void arrive_once(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    const weft_status s = weft_barrier_wait(&p->barrier, WEFT_FOREVER, NULL);
    count(s == WEFT_OK ? &p->rounds : s == WEFT_BROKEN ? &p->broken : &p->lost);
}

static void until_waiting(const struct place *p, size_t n)
{
    for (const double start = weft_now(); weft_barrier_waiting(&p->barrier) < n;)
        if (weft_now() - start > 10)
            abort();
}

/* One of two that wait for a third is killed: the other one is told, though it waits for ever. */
static void break_by_a_death(struct place *p)
{
    const pid_t a = herd_fork(arrive_once, 0, p), b = herd_fork(arrive_once, 1, p);
    until_waiting(p, 2);
    const double start = weft_now();
    herd_kill(a);
    const bool ended = herd_end(b);
    printf("ended %d, %ld broken, %s\n", ended, p->broken,
           weft_now() - start < 5 ? "soon" : "late");
    weft_barrier_reset(&p->barrier);
    pid_t c[3];
    for (size_t k = 0; k < 3; k++)
        c[k] = herd_fork(arrive_once, k, p);
    for (size_t k = 0; k < 3; k++)
        p->lost += !herd_end(c[k]);
    printf("%ld went through, %ld lost\n", p->rounds, p->lost);
}

/* One that took part in a round dies before the next one. */
static void arrive_and_die(size_t self, void *shared)
{
    arrive_once(self, shared);
    raise(SIGKILL);
}

static void arrive_twice(size_t self, void *shared)
{
    arrive_once(self, shared), arrive_once(self, shared);
}

static void break_by_a_death_between_rounds(struct place *p)
{
    const pid_t a = herd_fork(arrive_and_die, 0, p), b = herd_fork(arrive_twice, 1, p),
                c = herd_fork(arrive_twice, 2, p);
    const bool ended[] = { herd_end(a), herd_end(b), herd_end(c) };
    printf("%d by itself, %d and %d ended, %ld went through, %ld broken\n", ended[0], ended[1],
           ended[2], p->rounds, p->broken);
}

const struct play barrier_plays[] = {
    { "broken", .begin = break_by_a_death },
    { "between", .begin = break_by_a_death_between_rounds },
    { "rounds", .storm = arrive_often, .herd = 3 },
    { .name = NULL },
};

/* ---- tests ---- */

static void a_death_breaks_the_barrier_soon(void)
{
    says("broken", NULL, "ended 1, 1 broken, soon\n3 went through, 0 lost\n");
}

static void a_death_between_rounds_breaks_the_next_one(void)
{
    says("between", NULL, "0 by itself, 1 and 1 ended, 3 went through, 2 broken\n");
}

static void kills_leave_the_barrier_working(void)
{
    says("rounds", herd_kills(), "0 hung, 0 lost\n");
}

CU_TestInfo shared_barrier_tests[] = {
    { "a_death_breaks_the_barrier_soon", a_death_breaks_the_barrier_soon },
    { "a_death_between_rounds_breaks_the_next_one", a_death_between_rounds_breaks_the_next_one },
    { "kills_leave_the_barrier_working", kills_leave_the_barrier_working },
    CU_TEST_INFO_NULL,
};
