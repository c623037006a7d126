/* herd.h - processes for a test, that share memory and are killed at random.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * For use inside of a probe (probe.h): who forks must have one thread. */
#ifndef WEFT_TESTS_HERD_H
#define WEFT_TESTS_HERD_H

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

/* herd_memory - zeroed, shared with every process forked later; never given back. */
void *herd_memory(size_t size);

/* herd_fork - a process that runs work(self, shared) and ends. It dies with its parent.
 *
 * herd_end - waits until it ends by itself, ten seconds at most, then kills it; whether it ended by
 * itself with status 0.
 * herd_kill - kills it with SIGKILL and waits until it is dead. */
typedef void herd_work(size_t self, void *shared);
pid_t herd_fork(herd_work *work, size_t self, void *shared);
bool herd_end(pid_t process);
void herd_kill(pid_t process);

/* herd_storm - n processes run work; now and then one of them is killed and started anew. At the end
 * *stop is set, which ends work, and the processes are waited for: returns how many did not end. */
size_t herd_storm(size_t n, size_t kills, herd_work *work, void *shared, bool *stop);

/* How many kills a storm has: 200, or a thousandth of WEFT_SOAK; as the text for an argument. */
const char *herd_kills(void);

#endif
