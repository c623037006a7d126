/* thread.h - the records behind the handles of threads.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A record serves one thread after the other and is never freed, so a handle of any age can be looked
 * up: it names the record's place, and its turn.
 *
 *     word    0    1       2      3       4     ...
 *             free runs    ended  runs    ended
 *     turn         1              3
 *
 * So a turn is over when the word is greater, and was never when the word is less. */
#ifndef WEFT_SYNC_THREAD_H
#define WEFT_SYNC_THREAD_H

#include <pthread.h>
#include <sys/types.h>

#include <weft/thread.h>

enum { weft__names_kept = 8 };

/* `word` is changed under the lock and read without it; everything else is under the lock, but for
 * what only the thread itself uses. */
struct weft__thread {
    weft_thread self;  /* the handle of who has the record, or had it last */
    uint32_t word;     /* above; joiners sleep on it */
    uint32_t sleepers; /* joiners that sleep on it or are about to */
    uint32_t pending;  /* for timer.c: what becomes of a timer; its thread sleeps on it */
    const char *kind;  /* "Thread" */
    const char *given; /* a static name, or NULL: */
    char *names[weft__names_kept]; /* a ring of names; the last stands at [named] */
    unsigned named;
    bool daemon;
    pthread_t ident;
    pid_t native_id;
    void *copy;                         /* of the argument, or NULL */
    struct weft__thread *before, *next; /* among the living; next alone among those at rest */
};

/* Kinds that are told apart; the record that main has, unless it forked in another thread. */
extern const char weft__kind_main[], weft__kind_foreign[];
extern struct weft__thread weft__main_record;

/* One lock for all records. A thread that holds it does not fork, allocate for long or call anybody. */
void weft__threads_lock(void);
void weft__threads_unlock(void);

/* Sets up what all of them share; 0 or the errno why not. */
int weft__threads_ready(void);

/* The record of the calling thread; made at the first call in a thread that weft did not start. NULL:
 * there is no memory, or the thread has ended but for its last destructors.
 *
 * weft__thread_known - the same, but makes none. */
struct weft__thread *weft__thread_me(void);
struct weft__thread *weft__thread_known(void);

/* ---- under the lock ---- */

typedef enum { weft__never, weft__runs, weft__ended } weft__thread_state;

/* *record is NULL where the state is all that is known. */
weft__thread_state weft__thread_find(const weft_thread *handle, struct weft__thread **record);

/* At rest: others may have it some time. */
void weft__thread_rest(struct weft__thread *t);

/* For a forked child: they have ended, and rest. */
void weft__threads_end_all_but(const struct weft__thread *one);

/* The living, main first. */
struct weft__thread *weft__threads_living(void);

const char *weft__thread_name(const struct weft__thread *t);
bool weft__thread_rename(struct weft__thread *t, const char *name); /* false: no memory */

/* ---- without the lock ---- */

/* A record for a thread to come, with all but ident, native_id and copy; name NULL: "Thread-1" and so
 * on, by `kind`. NULL: there is no memory. */
struct weft__thread *weft__thread_take(const char *kind, const char *name, bool daemon);
void weft__thread_give_back(struct weft__thread *t);

/* The calling thread is `t` from here to its end; 0 or the errno why not. */
int weft__thread_enter(struct weft__thread *t);

/* What others see as the end of `t`, which goes on to the end of the process. */
void weft__thread_end(struct weft__thread *t);

/* Sleeps until that turn of `t` is over: false at the deadline. */
bool weft__thread_wait(struct weft__thread *t, uint32_t turn, double deadline);

/* weft_thread_start for the library's own: another kind, all signals blocked but those that a thread
 * raises itself. */
weft_status weft__thread_start(weft_thread *thread, weft_run *run, void *arg,
                               const weft_thread_opts *o, const char *kind, bool own);

/* Binds the calling thread to the place; NULL: to all that the process may use, if that can be done.
 * 0 or the errno why not. */
int weft__thread_place(const weft_cpus *place);

/* Waits for all threads that are no daemons: what is done at exit. */
void weft__threads_join(void);

/* Whether exit() was called on that thread, and does not wait for the calling one. */
bool weft__thread_exits_without_me(const weft_thread *handle);

/* weft_thread_join in the name of another function. */
weft_status weft__thread_join(const weft_thread *thread, double timeout, const char *function);

/* Shows the system the name of a thread that is alive. */
void weft__thread_show_name(pthread_t thread, const char *name);

#endif
