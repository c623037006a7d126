/* shared_signal_test.c - event and semaphore between processes, whoever is killed.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each test starts a probe, a process of one thread, which forks the others (places.h). */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <weft.h>

#include "herd.h"
#include "places.h"
#include "suites.h"

static void set_and_clear(size_t self, void *shared)
{
    struct place *const p = shared;
    while (!stopped(p)) {
        if (self % 2 == 0) {
            weft_event_set(&p->event);
            weft_event_clear(&p->event);
            usleep(200);
        } else if (weft_event_wait(&p->event, 8) != WEFT_OK && !stopped(p)) {
            count(&p->lost);
        }
    }
    weft_event_set(&p->event);
}

static void issue_tokens(struct place *p)
{
    if (weft_sem_release_many(&p->sem, 1000000))
        abort();
}

/* Tokens are never held: who is killed can lose one only between acquire and release. */
static void pass_tokens(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    while (!stopped(p)) {
        if (weft_sem_acquire(&p->sem, 8) == WEFT_OK) {
            usleep(20);
            weft_sem_release(&p->sem);
        } else {
            count(&p->lost);
        }
    }
}

static void set_when_told(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    weft_sem_acquire(&p->sem, WEFT_FOREVER);
    weft_event_set(&p->event);
    weft_sem_release(&p->back);
}

static void between_processes(struct place *p)
{
    const pid_t child = herd_fork(set_when_told, 0, p);
    const weft_status before = weft_event_wait(&p->event, 10e-3);
    weft_sem_release(&p->sem);
    const weft_status after = weft_event_wait(&p->event, 20);
    const weft_status back = weft_sem_acquire(&p->back, 20);
    printf("%s, %s, %s, ended %d\n", weft_strstatus(before), weft_strstatus(after),
           weft_strstatus(back), herd_end(child));
}

const struct play signal_plays[] = {
    { "told", .begin = between_processes },
    { "event", .storm = set_and_clear, .herd = 4 },
    { "sem", .begin = issue_tokens, .storm = pass_tokens, .herd = 4 },
    { .name = NULL },
};

/* ---- tests ---- */

static void processes_tell_each_other(void)
{
    says("told", NULL, "timed out, done, done, ended 1\n");
}

static void kills_leave_the_event_working(void) { says("event", herd_kills(), "0 hung, 0 lost\n"); }

static void kills_leave_the_semaphore_working(void)
{
    says("sem", herd_kills(), "0 hung, 0 lost\n");
}

CU_TestInfo shared_signal_tests[] = {
    { "processes_tell_each_other", processes_tell_each_other },
    { "kills_leave_the_event_working", kills_leave_the_event_working },
    { "kills_leave_the_semaphore_working", kills_leave_the_semaphore_working },
    CU_TEST_INFO_NULL,
};
