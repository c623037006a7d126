/* herd.c - processes for a test, that share memory and are killed at random.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "herd.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft/clock.h>

enum { most = 16, kills_by_default = 200 };

void *herd_memory(size_t size)
{
    void *const p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        abort();
    return p;
}

pid_t herd_fork(herd_work *work, size_t self, void *shared)
{
    fflush(NULL); /* or the child might say it once more */
    const pid_t parent = getpid(), child = fork();
    if (child < 0)
        abort();
    if (child > 0)
        return child;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent)
        work(self, shared);
    _exit(0);
}

bool herd_end(pid_t process)
{
    int status = -1;
    for (const double start = weft_now(); weft_now() - start < 10; usleep(1000))
        if (waitpid(process, &status, WNOHANG) == process)
            return status == 0;
    herd_kill(process);
    return false;
}

void herd_kill(pid_t process)
{
    kill(process, SIGKILL);
    while (waitpid(process, NULL, 0) < 0)
        ;
}

/* xorshift; the same storm in every run, as far as the machine lets it. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13, *state ^= *state >> 17, *state ^= *state << 5;
    return *state;
}

size_t herd_storm(size_t n, size_t kills, herd_work *work, void *shared, bool *stop)
{
    pid_t herd[most];
    uint32_t state = 1;
    size_t hung = 0;
    if (n > most)
        abort();
    for (size_t k = 0; k < n; k++)
        herd[k] = herd_fork(work, k, shared);
    for (size_t k = 0; k < kills; k++) {
        usleep(next_random(&state) % 4000);
        const size_t victim = next_random(&state) % n;
        herd_kill(herd[victim]);
        herd[victim] = herd_fork(work, victim, shared);
    }
    __atomic_store_n(stop, true, __ATOMIC_RELAXED);
    for (size_t k = 0; k < n; k++)
        hung += !herd_end(herd[k]);
    return hung;
}

const char *herd_kills(void)
{
    static char text[20];
    const char *const soak = getenv("WEFT_SOAK");
    const int kills = soak ? atoi(soak) / 1000 : kills_by_default;
    snprintf(text, sizeof text, "%d", kills > 0 ? kills : kills_by_default);
    return text;
}
