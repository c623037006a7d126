/* shared_cond_test.c - a condition between processes, whoever is killed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each test starts a probe, a process of one thread, which forks the others (places.h). */
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "herd.h"
#include "places.h"
#include "suites.h"

static void wait_once(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    weft_lock_acquire(&p->lock, WEFT_FOREVER);
    p->waiting++;
    if (weft_cond_wait(&p->cond, 20) == WEFT_OK)
        p->woken++;
    weft_lock_release(&p->lock);
}

static size_t reached(struct place *p, const size_t *count, size_t n)
{
    size_t now = 0;
    for (const double start = weft_now(); now < n && weft_now() - start < 10; usleep(1000))
        weft_with_lock (&p->lock)
            now = *count;
    return now;
}

/* Kills it and leaves it as a zombie; herd_end() takes it away. */
static void kill_unwaited(pid_t process)
{
    siginfo_t info;
    kill(process, SIGKILL);
    waitid(P_PID, (id_t)process, &info, WEXITED | WNOWAIT);
}

/* Four wait, the first and the third of them are killed, and two are notified: both of those left. */
static void pass_over_the_dead(struct place *p)
{
    pid_t herd[4];
    for (size_t k = 0; k < 4; k++) {
        herd[k] = herd_fork(wait_once, k, p);
        (void)reached(p, &p->waiting, k + 1);
    }
    herd_kill(herd[0]), kill_unwaited(herd[2]);
    weft_with_lock (&p->lock)
        weft_cond_notify(&p->cond, 2);
    const size_t woken = reached(p, &p->woken, 2);
    const bool ended[] = { herd_end(herd[1]), herd_end(herd[3]) };
    (void)herd_end(herd[2]);
    printf("%zu of 4 woken, %d and %d ended\n", woken, ended[0], ended[1]);
}

/* A process with a pid of our choice, that does nothing; -1: we may not choose. */
static pid_t start_as(pid_t pid)
{
    struct clone_args args = { .exit_signal = SIGCHLD,
                               .set_tid = (uintptr_t)&pid,
                               .set_tid_size = 1 };
    const pid_t child = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    while (child == 0)
        pause();
    return child;
}

/* The first of two that wait is killed, and another process gets its pid: the notify is not for it. */
static void give_a_pid_away(struct place *p)
{
    const pid_t first = herd_fork(wait_once, 0, p);
    (void)reached(p, &p->waiting, 1);
    const pid_t second = herd_fork(wait_once, 1, p);
    (void)reached(p, &p->waiting, 2);
    usleep(50000); /* the kernel counts starts in ticks */
    herd_kill(first);
    const pid_t other = start_as(first);
    weft_with_lock (&p->lock)
        weft_cond_notify(&p->cond, 1);
    const size_t woken = reached(p, &p->woken, 1);
    if (other > 0)
        herd_kill(other);
    const bool ended = herd_end(second);
    printf("%zu woken, ended %d\n", woken, ended);
}

/* As many as there is room for, all dead; then one that lives, and one too many. */
static void fill_with_the_dead(struct place *p)
{
    pid_t herd[WEFT_COND_SHARED_MAX];
    for (int round = 0; round < 2; round++) {
        p->waiting = 0;
        for (size_t k = 0; k < WEFT_COND_SHARED_MAX; k++)
            herd[k] = herd_fork(wait_once, k, p);
        (void)reached(p, &p->waiting, WEFT_COND_SHARED_MAX);
        if (round == 1)
            break;
        for (size_t k = 0; k < WEFT_COND_SHARED_MAX; k++)
            herd_kill(herd[k]);
    }
    weft_lock_acquire(&p->lock, WEFT_FOREVER);
    const weft_status s = weft_cond_wait(&p->cond, 1);
    printf("%s: %s\n", weft_strstatus(s), weft_detail());
    weft_cond_notify_all(&p->cond);
    weft_lock_release(&p->lock);
    for (size_t k = 0; k < WEFT_COND_SHARED_MAX; k++)
        p->lost += !herd_end(herd[k]);
    printf("%zu woken, %ld lost\n", p->woken, p->lost);
}

/* Dies while others wait, with the lock in its hands. */
static void die_with_the_lock(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    weft_lock_acquire(&p->lock, WEFT_FOREVER);
    weft_cond_notify(&p->cond, 1);
    raise(SIGKILL);
}

static void wait_and_tell(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    weft_lock_acquire(&p->lock, WEFT_FOREVER);
    p->waiting++;
    p->deaths += weft_cond_wait(&p->cond, 20) == WEFT_EDIED && weft_lock_owner_died(&p->lock);
    weft_lock_release(&p->lock);
}

static void tell_of_a_death(struct place *p)
{
    const pid_t waiter = herd_fork(wait_and_tell, 0, p);
    (void)reached(p, &p->waiting, 1);
    const pid_t killer = herd_fork(die_with_the_lock, 0, p);
    const bool waiter_ended = herd_end(waiter);
    printf("told %ld times, ended %d, killed %d\n", p->deaths, waiter_ended, !herd_end(killer));
}

static void wait_at_rlock(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    for (int k = 0; k < 3; k++)
        weft_rlock_acquire(&p->rlock, WEFT_FOREVER);
    p->waiting++;
    if (weft_cond_wait(&p->cond, 20) == WEFT_OK && weft_rlock_count(&p->rlock) == 3)
        p->woken++;
    for (int k = 0; k < 3; k++)
        weft_rlock_release(&p->rlock);
}

static void over_a_recursive_lock(struct place *p)
{
    if (weft_rlock_init(&p->rlock, .shared = true) || weft_cond_init(&p->cond, &p->rlock))
        abort();
    const pid_t waiter = herd_fork(wait_at_rlock, 0, p);
    for (bool waits = false; !waits; usleep(1000))
        weft_with_lock (&p->rlock)
            if ((waits = p->waiting == 1))
                weft_cond_notify(&p->cond, 1);
    const bool ended = herd_end(waiter);
    printf("ended %d, woken %zu\n", ended, p->woken);
}

static bool got(weft_status s) { return s == WEFT_OK || s == WEFT_EDIED; }

/* Even ones give tickets, odd ones take them. A killed taker may take a ticket along, never the lock
 * or somebody else's turn. */
static void trade(size_t self, void *shared)
{
    struct place *const p = shared;
    while (!stopped(p)) {
        if (!got(weft_lock_acquire(&p->lock, 8))) {
            count(&p->lost);
            continue;
        }
        if (self % 2 == 0) {
            p->tickets++;
            weft_cond_notify(&p->cond, 1);
        } else {
            /* the givers never stop for long, so that a wait of seconds means a lost wake-up */
            while (p->tickets == 0 && !stopped(p))
                if (weft_cond_wait(&p->cond, 8) == WEFT_TIMEOUT && !stopped(p))
                    count(&p->lost);
            p->tickets = 0;
        }
        weft_lock_release(&p->lock);
        if (self % 2 == 0)
            usleep(100);
    }
    weft_lock_acquire(&p->lock, WEFT_FOREVER);
    weft_cond_notify_all(&p->cond);
    weft_lock_release(&p->lock);
}

const struct play cond_plays[] = {
    { "dead-waiters", .begin = pass_over_the_dead },
    { "reused", .begin = give_a_pid_away },
    { "full", .begin = fill_with_the_dead },
    { "death", .begin = tell_of_a_death },
    { "recursive", .begin = over_a_recursive_lock },
    { "trade", .storm = trade, .herd = 4 },
    { .name = NULL },
};

/* ---- tests ---- */

static void a_notify_passes_over_the_dead(void)
{
    says("dead-waiters", NULL, "2 of 4 woken, 1 and 1 ended\n");
}

static void a_pid_that_was_given_away_does_not_make_the_dead_alive(void)
{
    says("reused", NULL, "1 woken, ended 1\n");
}

static void the_dead_make_room_and_one_too_many_is_refused(void)
{
    says("full", NULL,
         "overflow: weft_cond_wait: 64 threads wait already: a shared condition has no room for "
         "more\n64 woken, 0 lost\n");
}

static void who_waits_is_told_of_a_death_under_the_lock(void)
{
    says("death", NULL, "told 1 times, ended 1, killed 1\n");
}

static void a_recursive_lock_is_restored_between_processes(void)
{
    says("recursive", NULL, "ended 1, woken 1\n");
}

static void kills_leave_the_condition_working(void)
{
    says("trade", herd_kills(), "0 hung, 0 lost\n");
}

CU_TestInfo shared_cond_tests[] = {
    { "a_notify_passes_over_the_dead", a_notify_passes_over_the_dead },
    { "a_pid_that_was_given_away_does_not_make_the_dead_alive",
      a_pid_that_was_given_away_does_not_make_the_dead_alive },
    { "the_dead_make_room_and_one_too_many_is_refused",
      the_dead_make_room_and_one_too_many_is_refused },
    { "who_waits_is_told_of_a_death_under_the_lock", who_waits_is_told_of_a_death_under_the_lock },
    { "a_recursive_lock_is_restored_between_processes",
      a_recursive_lock_is_restored_between_processes },
    { "kills_leave_the_condition_working", kills_leave_the_condition_working },
    CU_TEST_INFO_NULL,
};
