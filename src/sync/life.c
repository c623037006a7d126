/* life.c - has a process ended?
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A pid alone does not tell: it may belong to another process by now. With the time at which the
 * process was started, in the kernel's ticks, it does:
 *
 *     life = pid | start << 22            (pids have at most 22 bits)
 *
 * Whether it runs is asked of a pidfd, which also knows of the process that has ended and was not
 * waited for yet (kill(pid, 0) takes it for alive), and needs no /proc; whether it is still the same
 * process is asked of /proc, where that shows it, which a hidepid mount may not do: then a pid that was
 * given away again is taken for alive.
 *
 * A robust mutex for each participant would need neither. But it would have to be held from one call
 * to the next, and a thread's list of robust mutexes runs through the mutexes themselves: unmap one
 * that is held, and the next lock or unlock of any other writes into the hole.
 *
 * Owns one global: this process' number, forgotten by the child of a fork(). */
#include "sync/life.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <poll.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { pid_bits = 22, fields_before_start = 20 }; /* behind the name, which may hold anything */

static uint64_t own; /* relaxed: every thread that finds 0 stores the same number */

static void forget(void) { __atomic_store_n(&own, 0, __ATOMIC_RELAXED); }

__attribute__((constructor)) static void forget_after_fork(void)
{
    (void)pthread_atfork(NULL, NULL, forget);
}

static uint64_t start_in(const char *stat)
{
    const char *field = strrchr(stat, ')');
    for (int k = 0; field && k < fields_before_start; k++)
        field = strchr(field + 1, ' ');
    return field ? strtoull(field, NULL, 10) : 0;
}

/* 0: cannot be known. */
static uint64_t start_of(uint64_t pid)
{
    char path[40], stat[1024];
    snprintf(path, sizeof path, "/proc/%u/stat", (unsigned)pid);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return 0;
    const ssize_t n = read(fd, stat, sizeof stat - 1);
    close(fd);
    stat[n > 0 ? n : 0] = '\0';
    return start_in(stat);
}

uint64_t weft__life(void)
{
    uint64_t life = __atomic_load_n(&own, __ATOMIC_RELAXED);
    if (!life) {
        const uint64_t pid = (uint64_t)getpid();
        life = pid | start_of(pid) << pid_bits;
        __atomic_store_n(&own, life, __ATOMIC_RELAXED);
    }
    return life;
}

static bool has_ended(uint64_t pid)
{
    const int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
    if (fd < 0)
        return errno == ESRCH;
    struct pollfd p = { .fd = fd, .events = POLLIN };
    const bool ended = poll(&p, 1, 0) > 0;
    close(fd);
    return ended;
}

bool weft__life_is_over(uint64_t life)
{
    const uint64_t pid = life & ((1u << pid_bits) - 1), start = life >> pid_bits;
    if (life == weft__life())
        return false;
    if (has_ended(pid))
        return true;
    const uint64_t now = start_of(pid);
    return now && start && now != start;
}
