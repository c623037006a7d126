/* sem.c - a count of tokens.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Tokens and waiters are the halves of one word, so that a release learns by the same atomic addition
 * that gives the token whether somebody waits:
 *
 *     state_ = waiters << 32 | tokens
 *
 *     acquire  takes a token where there is one; else registers, and sleeps while the lower half is 0
 *     release  adds; wakes where waiters were registered
 *
 * No wake-up is lost: the kernel falls asleep only on a lower half of 0, and who registered before a
 * release added is seen by it. After the addition a release touches nothing of the semaphore any more,
 * its storage may be gone (as in glibc's semaphore, whose shape this is). A waiter that gives up
 * leaves in the same step in which it sees that there is no token. model/sem.pml is checked.
 *
 * Between processes a waiter that was woken may be killed before it takes the token: the others look
 * again after a slice (base/futex.h). A dead waiter stays registered and costs a system call at each
 * release, no more. */
#include <weft/sem.h>

#include "base/futex.h"
#include "base/options.h"
#include "sync/kind.h"
#include "sync/spin.h"

_Static_assert(sizeof(weft_sem) == 64, "the size is part of the ABI");

static const uint64_t one_waiter = UINT64_C(1) << 32;

static uint32_t tokens(uint64_t state) { return (uint32_t)state; }
static uint32_t waiters(uint64_t state) { return (uint32_t)(state >> 32); }

/* The half of the word that the kernel looks at. */
static uint32_t *tokens_of(weft_sem *s)
{
    return (uint32_t *)&s->state_ + (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

/* Takes a token, and with it leaves the waiters if `leaving` is one of them.
 * acquire: who takes a token sees what its giver wrote; pairs with add() */
static bool take(weft_sem *s, uint64_t leaving)
{
    uint64_t state = __atomic_load_n(&s->state_, __ATOMIC_RELAXED);
    while (tokens(state) > 0)
        if (__atomic_compare_exchange_n(&s->state_, &state, state - 1 - leaving, true,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
            return true;
    return false;
}

/* Gives up: leaves the waiters, unless there is a token after all, which it takes. */
static bool take_or_leave(weft_sem *s)
{
    uint64_t state = __atomic_load_n(&s->state_, __ATOMIC_RELAXED);
    for (;;) {
        const uint64_t taken = tokens(state) > 0;
        if (__atomic_compare_exchange_n(&s->state_, &state, state - taken - one_waiter, true,
                                        __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) /* with add() */
            return taken;
    }
}

static weft_status wait_for(weft_sem *s, double timeout)
{
    const double deadline = weft__deadline_in(timeout);
    struct weft__spin spin = { 0 };
    while (weft__spin(&spin) && spin.now < deadline)
        if (take(s, 0))
            return WEFT_OK;
    /* relaxed: the kernel, which compares under its own lock, orders it before the sleep */
    __atomic_fetch_add(&s->state_, one_waiter, __ATOMIC_RELAXED);
    do {
        if (take(s, one_waiter))
            return WEFT_OK;
    } while (weft__futex_wait(tokens_of(s), 0, deadline, s->kind_ == weft__shared));
    return take_or_leave(s) ? WEFT_OK : WEFT_TIMEOUT;
}

static weft_status add(weft_sem *s, size_t n, const char *function)
{
    const bool shared = weft__is_shared(s->kind_, function);
    const uint32_t most = s->bound_;
    uint64_t state = __atomic_load_n(&s->state_, __ATOMIC_RELAXED);
    do {
        if (n > most - tokens(state))
            return weft__fail(WEFT_EOVERFLOW, "%s: n is %zu with %u tokens: there may be %u",
                              function, n, tokens(state), most);
    } while (!__atomic_compare_exchange_n(&s->state_, &state, state + n, true, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED)); /* pairs with take() */
    if (waiters(state) > 0)
        weft__futex_wake(tokens_of(s), n, shared);
    return WEFT_OK;
}

weft_status weft_sem_init_opts(weft_sem *sem, long value, const weft_sem_opts *opts)
{
    weft_sem_opts o;
    weft__take_options(&o, opts);
    if (value < 0 || value > WEFT_SEM_MAX)
        return weft__fail(WEFT_EINVAL, "weft_sem_init: value is %ld: it must be 0 to %ld", value,
                          WEFT_SEM_MAX);
    *sem = (weft_sem){ .kind_ = o.shared ? weft__shared : weft__plain,
                       .bound_ = (uint32_t)(o.bounded ? value : WEFT_SEM_MAX),
                       .state_ = (uint64_t)value };
    return WEFT_OK;
}

void weft_sem_fini(weft_sem *sem)
{
    (void)weft__is_shared(sem->kind_, "weft_sem_fini");
    sem->kind_ = weft__ended;
}

weft_status weft_sem_acquire(weft_sem *sem, double timeout)
{
    (void)weft__is_shared(sem->kind_, "weft_sem_acquire");
    if (!(timeout >= 0))
        return weft__check_timeout(timeout, "weft_sem_acquire");
    if (take(sem, 0))
        return WEFT_OK;
    return timeout == 0 ? WEFT_TIMEOUT : wait_for(sem, timeout);
}

weft_status weft_sem_release(weft_sem *sem) { return add(sem, 1, "weft_sem_release"); }

weft_status weft_sem_release_many(weft_sem *sem, size_t n)
{
    if (n == 0)
        return weft__fail(WEFT_EINVAL, "weft_sem_release_many: n is 0: it must be 1 or more");
    return add(sem, n, "weft_sem_release_many");
}

long weft_sem_value(const weft_sem *sem)
{
    (void)weft__is_shared(sem->kind_, "weft_sem_value");
    return tokens(__atomic_load_n(&sem->state_, __ATOMIC_RELAXED));
}
