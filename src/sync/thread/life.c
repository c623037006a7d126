/* life.c - who is alive: threads begin, end, are waited for, and all but one end at a fork.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A thread ends in the destructor of a thread-specific value: after the destructors of its C++
 * thread_local objects, and also when it called pthread_exit(). Destructors run in four rounds; ours
 * puts off the end until the third, so that values of the host's are gone by then. (In the fourth the
 * sanitizers take down what they know of the thread.)
 *
 * Owns these globals: the list of the living, the main thread, the key; and each thread's pointer to
 * its record. */
#include "sync/thread/thread.h"

#include <errno.h>
#include <stdlib.h>

#include <unistd.h>

#include "base/futex.h"
#include "sync/spin.h"

enum { last_round = 3 };

static struct weft__thread *main_thread = &weft__main_record;
static struct weft__thread *oldest_living = &weft__main_record, *newest_living = &weft__main_record;

static _Thread_local struct weft__thread *me;
static _Thread_local int round_of_end; /* last_round: this thread has ended */
static pthread_key_t key;

__attribute__((constructor)) static void see_main(void)
{
    if (gettid() == getpid())
        weft__main_record.ident = pthread_self(), weft__main_record.native_id = getpid();
}

static void add_living(struct weft__thread *t)
{
    t->before = newest_living, t->next = NULL;
    *(newest_living ? &newest_living->next : &oldest_living) = t;
    newest_living = t;
}

static void remove_living(struct weft__thread *t)
{
    *(t->before ? &t->before->next : &oldest_living) = t->next;
    *(t->next ? &t->next->before : &newest_living) = t->before;
}

/* ---- an end, and a fork ---- */

static void end(struct weft__thread *t, bool rests)
{
    weft__threads_lock();
    const bool lives = t->word & 1, sleepers = t->sleepers > 0;
    if (lives) {
        remove_living(t);
        /* release: what the thread did, who joins it sees; pairs with is_over() */
        __atomic_store_n(&t->word, t->word + 1, __ATOMIC_RELEASE);
    }
    if (rests && t != main_thread) /* weft_thread_main() names it for ever */
        weft__thread_rest(t);
    weft__threads_unlock();
    if (lives && sleepers)
        weft__futex_wake(&t->word, SIZE_MAX, false);
}

static void at_end(void *record)
{
    if (++round_of_end < last_round) {
        pthread_setspecific(key, record);
        return;
    }
    struct weft__thread *const t = record;
    free(t->copy), t->copy = NULL;
    end(t, true);
    me = NULL;
}

/* The calling thread is all that the child has. The lock has been held since before the fork. */
static void be_the_child(void)
{
    main_thread = me ? me : &weft__main_record;
    weft__threads_end_all_but(main_thread);
    oldest_living = newest_living = NULL;
    add_living(main_thread);
    main_thread->word |= 1;
    main_thread->self.turn_ = main_thread->word;
    main_thread->sleepers = 0;
    main_thread->kind = weft__kind_main, main_thread->given = "MainThread";
    main_thread->daemon = false;
    main_thread->ident = pthread_self(), main_thread->native_id = gettid();
    if (!me)
        (void)pthread_setspecific(key, me = main_thread); /* fails: no end of main to be seen */
    weft__threads_unlock();
}

static int ready_error;

static void make_ready(void)
{
    ready_error = pthread_key_create(&key, at_end);
    if (!ready_error)
        ready_error = pthread_atfork(weft__threads_lock, weft__threads_unlock, be_the_child);
    if (!ready_error && atexit(weft__threads_join))
        ready_error = ENOMEM;
}

int weft__threads_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_ready);
    return ready_error;
}

/* ---- the calling thread ---- */

static bool is_main(void)
{
    return gettid() == getpid() && main_thread == &weft__main_record &&
           (weft__main_record.word & 1);
}

static struct weft__thread *adopt_main(void)
{
    if (weft__threads_ready())
        return NULL;
    (void)pthread_setspecific(key, &weft__main_record); /* fails: no end of main to be seen */
    return &weft__main_record;
}

static struct weft__thread *adopt(void)
{
    if (weft__threads_ready())
        return NULL;
    struct weft__thread *const t = weft__thread_take(weft__kind_foreign, NULL, true);
    if (t && weft__thread_enter(t)) {
        weft__thread_give_back(t);
        return NULL;
    }
    return t;
}

struct weft__thread *weft__thread_known(void)
{
    if (!me && round_of_end < last_round && is_main())
        me = adopt_main();
    return me;
}

struct weft__thread *weft__thread_me(void)
{
    if (!weft__thread_known() && round_of_end < last_round)
        me = adopt();
    return me;
}

int weft__thread_enter(struct weft__thread *t)
{
    const int error = pthread_setspecific(key, t);
    if (error)
        return error;
    weft__threads_lock();
    t->ident = pthread_self(), t->native_id = gettid();
    /* relaxed: who looks without the lock got the handle from a thread that did what was before */
    __atomic_store_n(&t->word, t->self.turn_, __ATOMIC_RELAXED);
    add_living(t);
    weft__threads_unlock();
    me = t;
    return 0;
}

void weft__thread_end(struct weft__thread *t) { end(t, false); }

struct weft__thread *weft__threads_living(void) { return oldest_living; }

const weft_thread *weft_thread_main(void) { return &main_thread->self; }

/* ---- waiting for an end ---- */

static bool is_over(const struct weft__thread *t, uint32_t turn)
{
    /* acquire: pairs with the release in weft__thread_end() */
    return __atomic_load_n(&t->word, __ATOMIC_ACQUIRE) != turn;
}

/* Under the lock: who ends looks at the sleepers there, after the last moment to become one. */
static void count_sleepers(struct weft__thread *t, uint32_t change)
{
    weft__threads_lock();
    t->sleepers += change;
    weft__threads_unlock();
}

bool weft__thread_wait(struct weft__thread *t, uint32_t turn, double deadline)
{
    struct weft__spin spin = { 0 };
    bool over, in_time = deadline != weft__late;
    while (!(over = is_over(t, turn)) && in_time && weft__spin(&spin))
        ;
    if (over || !in_time)
        return over;
    count_sleepers(t, 1);
    while (!(over = is_over(t, turn)) && in_time)
        in_time = weft__futex_wait(&t->word, turn, deadline, false);
    count_sleepers(t, -1u);
    return over;
}
