/* robust.c - the shared lock: a robust mutex of the system, taken by trying only.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The kernel keeps the list of the robust mutexes that a thread has and frees them when it dies,
 * whatever kills it: no pid, no heartbeat, nothing to poll. Between a thread's death and the next
 * acquire() `held_` is still that thread.
 *
 * glibc's way of sleeping on a mutex is left aside: a sleeper that is killed takes a wake-up with it.
 * Sleeping is lock.c's, in slices, so that such a loss costs one slice (base/futex.h).
 *
 * Owns one global, a thread's: how many of these locks it has. */
#include "sync/robust.h"

#include <errno.h>
#include <pthread.h>

#include "sync/self.h"

_Thread_local struct weft__holdings weft__holdings;

_Static_assert(sizeof(pthread_mutex_t) <= sizeof((weft_lock){ 0 }.robust_), "no room for a mutex");
_Static_assert(_Alignof(pthread_mutex_t) <= _Alignof(weft_lock), "a mutex would be misaligned");

static pthread_mutex_t *mutex(weft_lock *l) { return (pthread_mutex_t *)l->robust_; }

static int set_up(pthread_mutexattr_t *a)
{
    int e = pthread_mutexattr_setpshared(a, PTHREAD_PROCESS_SHARED);
    if (!e)
        e = pthread_mutexattr_setrobust(a, PTHREAD_MUTEX_ROBUST);
    return e ? e : pthread_mutexattr_settype(a, PTHREAD_MUTEX_ERRORCHECK);
}

weft_status weft__robust_init(weft_lock *lock)
{
    pthread_mutexattr_t a;
    pthread_mutexattr_init(&a);
    int e = set_up(&a);
    if (!e)
        e = pthread_mutex_init(mutex(lock), &a);
    pthread_mutexattr_destroy(&a);
    return e ? WEFT_ESYS : WEFT_OK;
}

static void count_one_more(void)
{
    struct weft__holdings *const h = &weft__holdings;
    if (h->locks++ == h->at_first && h->at)
        h->since = *h->at;
}

/* 0 or the errno why not. */
static int unlock(weft_lock *l)
{
    const int e = pthread_mutex_unlock(mutex(l));
    weft__holdings.locks -= e == 0;
    return e;
}

/* A mutex that the calling thread has is on its list of robust ones, and memory that is not there any
 * more must not be. */
void weft__robust_fini(weft_lock *lock)
{
    if (lock->held_ == weft__self())
        (void)unlock(lock); /* EPERM: the number was another thread's once */
    (void)pthread_mutex_destroy(mutex(lock));
}

weft_status weft__robust_try(weft_lock *lock)
{
    const int e = pthread_mutex_trylock(mutex(lock));
    if (e == EBUSY)
        return WEFT_TIMEOUT;
    if (e == EDEADLK)
        return WEFT_EDEADLK;
    if (e && e != EOWNERDEAD)
        return WEFT_ESYS;
    if (e == EOWNERDEAD)
        pthread_mutex_consistent(mutex(lock));
    /* relaxed: only to be compared with the reader's own number, or for weft_lock_locked() */
    __atomic_store_n(&lock->held_, weft__self(), __ATOMIC_RELAXED);
    lock->died_ = e == EOWNERDEAD;
    count_one_more();
    return e ? WEFT_EDIED : WEFT_OK;
}

weft_status weft__robust_free(weft_lock *lock)
{
    if (__atomic_load_n(&lock->held_, __ATOMIC_RELAXED) != weft__self())
        return WEFT_EPERM;
    __atomic_store_n(&lock->held_, 0, __ATOMIC_RELAXED);
    return unlock(lock) ? WEFT_EPERM : WEFT_OK;
}
