/* crew.c - threads for a test.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "crew.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <weft/clock.h>

char panic_line[200];
jmp_buf panicked;

void panic_note(const char *message)
{
    snprintf(panic_line, sizeof panic_line, "%s", message);
    longjmp(panicked, 1);
}

/* ---- a crew ---- */

enum { crew_most = 64 };

struct member {
    pthread_t thread;
    size_t self;
    void (*work)(size_t self, void *ctx);
    void *ctx;
    pthread_barrier_t *start;
};

static void *member_main(void *arg)
{
    const struct member *const m = arg;
    pthread_barrier_wait(m->start);
    m->work(m->self, m->ctx);
    return NULL;
}

void crew_run(size_t n, void (*work)(size_t self, void *ctx), void *ctx)
{
    struct member crew[crew_most];
    pthread_barrier_t start;
    if (n > crew_most || pthread_barrier_init(&start, NULL, (unsigned)n))
        abort();
    for (size_t k = 0; k < n; k++) {
        crew[k] = (struct member){ .self = k, .work = work, .ctx = ctx, .start = &start };
        if (pthread_create(&crew[k].thread, NULL, member_main, &crew[k]))
            abort();
    }
    for (size_t k = 0; k < n; k++)
        pthread_join(crew[k].thread, NULL);
    pthread_barrier_destroy(&start);
}

/* ---- a helper ---- */

static void *helper_main(void *arg)
{
    helper *const h = arg;
    void (*const work)(void *) = h->work;
    void *const ctx = h->ctx;
    /* release: pairs with helper_start(), which waits for it */
    __atomic_store_n(&h->id, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
    work(ctx);
    __atomic_store_n(&h->ended, true, __ATOMIC_RELEASE); /* pairs with helper_ended() */
    return NULL;
}

void helper_start(helper *h, void (*work)(void *ctx), void *ctx)
{
    *h = (helper){ .work = work, .ctx = ctx };
    if (pthread_create(&h->thread, NULL, helper_main, h))
        abort();
    while (!__atomic_load_n(&h->id, __ATOMIC_ACQUIRE))
        usleep(100);
}

static char state_of(pid_t thread)
{
    char path[64], line[400] = "";
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
    FILE *const f = fopen(path, "re");
    if (!f)
        return 0;
    (void)!fgets(line, sizeof line, f);
    fclose(f);
    const char *const end = strrchr(line, ')');
    return end && end[1] ? end[2] : 0;
}

bool helper_sleeps(const helper *h)
{
    int seen = 0; /* times in a row: it may sleep for a moment on its way */
    for (const double start = weft_now(); weft_now() - start < 10 && seen < 3; usleep(1000))
        seen = state_of(h->id) == 'S' ? seen + 1 : 0;
    return seen == 3;
}

bool helper_ended(const helper *h) { return __atomic_load_n(&h->ended, __ATOMIC_ACQUIRE); }

void helper_join(helper *h) { pthread_join(h->thread, NULL); }

/* ---- a disturbance ---- */

static void nothing(int signal_number) { (void)signal_number; }

static void send(void *arg)
{
    disturbance *const s = arg;
    while (!__atomic_load_n(&s->over, __ATOMIC_RELAXED)) {
        pthread_kill(s->target, SIGUSR2);
        s->sent++;
        usleep(1000);
    }
}

void disturb_begin(disturbance *s, pthread_t target)
{
    *s = (disturbance){ .target = target };
    const struct sigaction act = { .sa_handler = nothing }; /* no SA_RESTART */
    sigaction(SIGUSR2, &act, NULL);
    helper_start(&s->sender, send, s);
}

size_t disturb_end(disturbance *s)
{
    __atomic_store_n(&s->over, true, __ATOMIC_RELAXED);
    helper_join(&s->sender);
    return s->sent;
}
