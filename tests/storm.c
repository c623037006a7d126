/* storm.c - a thousand signals a second, while a test waits.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A timer of its own: the one of alarm() watches over the test. */
#include "storm.h"

#include <signal.h>
#include <stdlib.h>
#include <time.h>

static timer_t timer;
static size_t count; /* relaxed: only the thread that takes the signals reads it meanwhile */
static void (*handle)(size_t count);

static void one_more(int number)
{
    (void)number;
    const size_t n = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
    if (handle)
        handle(n);
}

void storm_begin(void (*handler)(size_t count))
{
    const struct sigaction act = { .sa_handler = one_more };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN };
    const struct itimerspec often = { { 0, 1000000 }, { 0, 1000000 } };
    count = 0, handle = handler;
    if (sigaction(SIGRTMIN, &act, NULL) || timer_create(CLOCK_MONOTONIC, &event, &timer) ||
        timer_settime(timer, 0, &often, NULL))
        abort();
}

size_t storm_end(void)
{
    timer_delete(timer);
    signal(SIGRTMIN, SIG_IGN); /* also drops one that is on its way */
    return __atomic_load_n(&count, __ATOMIC_RELAXED);
}
