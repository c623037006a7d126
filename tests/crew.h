/* crew.h - threads for a test: a crew that works at once, a helper that waits, signals that disturb.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_CREW_H
#define WEFT_TESTS_CREW_H

#include <pthread.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

#include <weft/status.h>

/* crew_run - runs work(0, ctx), ..., work(n - 1, ctx) on threads of their own, all let go at once, and
 * joins them. */
void crew_run(size_t n, void (*work)(size_t self, void *ctx), void *ctx);

/* A thread that is started, watched and joined. */
typedef struct helper {
    pthread_t thread;
    pid_t id;
    bool ended;
    void (*work)(void *ctx);
    void *ctx;
} helper;

/* helper_start - returns when it runs.
 *
 * helper_sleeps - waits until it sleeps in the kernel: false if it does not within ten seconds.
 * helper_ended - whether work has returned.
 * helper_join - waits for that. */
void helper_start(helper *h, void (*work)(void *ctx), void *ctx);
bool helper_sleeps(const helper *h);
bool helper_ended(const helper *h);
void helper_join(helper *h);

/* disturb_begin - sends the thread a signal a millisecond, which it handles, until disturb_end, which
 * returns how many it was sent. */
typedef struct disturbance {
    helper sender;
    pthread_t target;
    bool over;
    size_t sent;
} disturbance;
void disturb_begin(disturbance *s, pthread_t target);
size_t disturb_end(disturbance *s);

/* PANIC_OF - the line with which a call panics, or "". */
#define PANIC_OF(call)                                                  \
    __extension__({                                                     \
        weft_panic_handler *const before_ = weft_set_panic(panic_note); \
        panic_line[0] = 0;                                              \
        if (setjmp(panicked) == 0)                                      \
            (void)(call);                                               \
        weft_set_panic(before_);                                        \
        (const char *)panic_line;                                       \
    })
extern char panic_line[200];
extern jmp_buf panicked;
void panic_note(const char *message);

#endif
