/* barrier.c - nobody goes on before all have arrived.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Rounds are numbered. The last one to arrive ends the round, and so does who breaks or resets the
 * barrier; whoever ends it changes word_, on which the others sleep. So who finds word_ changed knows
 * that his round is over, and whether it failed is written down by its number: a waiter that gets to
 * run late is not misled by what became of later rounds. (Of failed rounds the last eight are kept; a
 * waiter that sleeps through eight more takes a round as old as that to have failed.)
 *
 *     filling -> acting -> filling           the action runs without the guard; nobody can arrive
 *        |         |                         meanwhile
 *        +---------+--> broken -> filling    by reset
 *
 * The guard is a weft_lock and protects everything but word_ and inside_, which are also looked at
 * without it. inside_ counts those who are in a wait; leaving is the last thing that one does with the
 * barrier, and fini waits for it.
 *
 * Between processes the guard is a shared lock, whose owner may die: the round at hand has failed then.
 * Whoever waits looks every 20 ms whether a process that takes part has ended (members.c). */
#include <weft/barrier.h>

#include "base/futex.h"
#include "base/options.h"
#include "sync/kind.h"
#include "sync/lock.h"
#include "sync/members.h"
#include "sync/spin.h"

enum { filling, acting, broken };
enum { failures_kept = 8 };
static const uint32_t is_ending = UINT32_C(1)
                                  << 31; /* in inside_: somebody waits for the last one */

_Static_assert(sizeof(((weft_barrier *)0)->failed_) == failures_kept * sizeof(uint64_t),
               "one size");
_Static_assert(sizeof(weft_barrier) == 320 + 8 * WEFT_BARRIER_SHARED_MAX, "part of the ABI");

static bool is_shared(const weft_barrier *b) { return b->kind_ == weft__shared; }

/* ---- rounds; the guard is held ---- */

static void set_waiting(weft_barrier *b, uint64_t n)
{
    __atomic_store_n(&b->waiting_, n, __ATOMIC_RELAXED); /* read without the guard, as old news */
}

static void set_state(weft_barrier *b, uint32_t state)
{
    __atomic_store_n(&b->state_, state, __ATOMIC_RELAXED); /* as above */
}

static void end_round(weft_barrier *b, uint32_t state)
{
    set_state(b, state);
    set_waiting(b, 0);
    b->round_++;
    /* release: who sees the change also sees what all who arrived wrote; pairs with is_over() */
    __atomic_fetch_add(&b->word_, 1, __ATOMIC_RELEASE);
    weft__futex_wake(&b->word_, SIZE_MAX, is_shared(b));
}

static void fail_round(weft_barrier *b, uint32_t state)
{
    b->failed_[b->failures_++ % failures_kept] = b->round_;
    end_round(b, state);
}

static bool has_failed(const weft_barrier *b, uint64_t round)
{
    const uint64_t n = b->failures_ < failures_kept ? b->failures_ : failures_kept;
    uint64_t oldest = UINT64_MAX;
    for (uint64_t k = 0; k < n; k++) {
        if (b->failed_[k] == round)
            return true;
        if (b->failed_[k] < oldest)
            oldest = b->failed_[k];
    }
    return n == failures_kept && round < oldest;
}

/* ---- the guard ---- */

static void guard(weft_barrier *b)
{
    if (weft__lock_take(&b->guard_, WEFT_FOREVER) == WEFT_EDIED)
        fail_round(b, broken);
}

static void unguard(weft_barrier *b) { (void)weft__lock_free(&b->guard_); }

/* ---- waiting ---- */

static bool is_over(const weft_barrier *b, uint32_t word)
{
    return __atomic_load_n(&b->word_, __ATOMIC_ACQUIRE) != word; /* pairs with end_round() */
}

/* The guard is not held. */
static void break_if_one_has_ended(weft_barrier *b, uint32_t word)
{
    if (!weft__members_one_has_ended(b))
        return;
    guard(b);
    if (!is_over(b, word))
        fail_round(b, broken);
    unguard(b);
}

/* Sleeps until word_ is not `word`; false: the deadline is past. */
static bool sleep_through(weft_barrier *b, uint32_t word, double deadline)
{
    struct weft__spin spin = { 0 };
    while (!is_over(b, word) && weft__spin(&spin) && spin.now < deadline)
        ;
    bool on_time = true;
    while (!is_over(b, word) && on_time) {
        on_time = weft__futex_wait(&b->word_, word, deadline, is_shared(b));
        if (is_shared(b) && !is_over(b, word))
            break_if_one_has_ended(b, word);
    }
    return on_time || is_over(b, word);
}

/* The guard is held, before and after; an action's end is waited for, then its barrier's next state. */
static void await_action(weft_barrier *b)
{
    while (b->state_ == acting) {
        const uint32_t word = b->word_;
        unguard(b);
        (void)sleep_through(b, word, WEFT_FOREVER);
        guard(b);
    }
}

/* The guard is held. */
static weft_status wait_for_others(weft_barrier *b, double deadline)
{
    const uint64_t round = b->round_;
    const uint32_t word = b->word_;
    unguard(b);
    const bool on_time = sleep_through(b, word, deadline);
    guard(b);
    if (!on_time && b->round_ == round) {
        await_action(b);
        if (b->round_ == round)
            fail_round(b, broken);
    }
    return has_failed(b, round) ? WEFT_BROKEN : WEFT_OK;
}

/* The guard is held, and all have arrived. */
static weft_status act(weft_barrier *b)
{
    const uint64_t round = b->round_;
    int failure = 0;
    if (b->action_) {
        set_state(b, acting);
        unguard(b);
        failure = b->action_(b->ctx_);
        guard(b);
    }
    if (b->round_ == round) {
        if (failure)
            fail_round(b, broken);
        else
            end_round(b, filling);
    }
    if (failure)
        return weft__fail(WEFT_EFAILED, "weft_barrier_wait: action returned %d: it must return 0",
                          failure);
    return has_failed(b, round) ? WEFT_BROKEN : WEFT_OK;
}

/* The guard is held. No room, but for the places of the dead: then a death is what happens here. */
static weft_status no_room(weft_barrier *b)
{
    if (weft__members_clear_away(b)) {
        fail_round(b, broken);
        return WEFT_BROKEN;
    }
    return weft__fail(WEFT_EOVERFLOW,
                      "weft_barrier_wait: %d processes take part already: a shared barrier has no "
                      "room for more",
                      WEFT_BARRIER_SHARED_MAX);
}

/* The guard is held. */
static weft_status arrive(weft_barrier *b, double deadline, size_t *place)
{
    await_action(b);
    if (b->state_ == broken)
        return WEFT_BROKEN;
    if (is_shared(b) && !weft__members_join(b))
        return no_room(b);
    const uint64_t mine = b->waiting_;
    set_waiting(b, mine + 1);
    const weft_status s = mine + 1 == b->parties_ ? act(b) : wait_for_others(b, deadline);
    if (s == WEFT_OK && place)
        *place = mine;
    return s;
}

static void leave(weft_barrier *b)
{
    /* release: pairs with the acquire of fini, after which the storage may be gone */
    const uint32_t before = __atomic_fetch_sub(&b->inside_, 1, __ATOMIC_RELEASE);
    if (before == (is_ending | 1))
        weft__futex_wake(&b->inside_, 1, false);
}

/* ---- public ---- */

weft_status weft_barrier_init_opts(weft_barrier *barrier, size_t parties,
                                   const weft_barrier_opts *opts)
{
    weft_barrier_opts o;
    weft__take_options(&o, opts);
    if (parties == 0)
        return weft__fail(WEFT_EINVAL, "weft_barrier_init: parties is 0: it must be 1 or more");
    if (!(o.timeout >= 0))
        return weft__check_timeout(o.timeout, "weft_barrier_init");
    *barrier = (weft_barrier){ .kind_ = o.shared ? weft__shared : weft__plain,
                               .parties_ = parties,
                               .timeout_ = o.timeout > 0 ? o.timeout : WEFT_FOREVER,
                               .action_ = o.action,
                               .ctx_ = o.ctx };
    return weft_lock_init(&barrier->guard_, .shared = o.shared);
}

void weft_barrier_fini(weft_barrier *barrier)
{
    const bool shared = weft__is_shared(barrier->kind_, "weft_barrier_fini");
    weft_barrier_abort(barrier);
    if (!shared) { /* the dead never leave, so those who share look to it themselves */
        __atomic_fetch_or(&barrier->inside_, is_ending, __ATOMIC_RELAXED);
        for (uint32_t n; (n = __atomic_load_n(&barrier->inside_, __ATOMIC_ACQUIRE)) != is_ending;)
            weft__futex_wait(&barrier->inside_, n, WEFT_FOREVER, false); /* pairs with leave() */
    }
    weft_lock_fini(&barrier->guard_);
    barrier->kind_ = weft__ended;
}

weft_status weft_barrier_wait(weft_barrier *barrier, double timeout, size_t *place)
{
    (void)weft__is_shared(barrier->kind_, "weft_barrier_wait");
    if (!(timeout >= 0))
        return weft__check_timeout(timeout, "weft_barrier_wait");
    const double deadline = weft__deadline_in(timeout < WEFT_FOREVER ? timeout : barrier->timeout_);
    __atomic_fetch_add(&barrier->inside_, 1, __ATOMIC_RELAXED); /* who ends it does not run yet */
    guard(barrier);
    const weft_status s = arrive(barrier, deadline, place);
    unguard(barrier);
    leave(barrier);
    return s;
}

void weft_barrier_reset(weft_barrier *barrier)
{
    (void)weft__is_shared(barrier->kind_, "weft_barrier_reset");
    guard(barrier);
    if (is_shared(barrier))
        (void)weft__members_clear_away(barrier);
    if (barrier->waiting_ > 0)
        fail_round(barrier, filling);
    set_state(barrier, filling);
    unguard(barrier);
}

void weft_barrier_abort(weft_barrier *barrier)
{
    (void)weft__is_shared(barrier->kind_, "weft_barrier_abort");
    guard(barrier);
    if (barrier->state_ != broken)
        fail_round(barrier, broken);
    unguard(barrier);
}

size_t weft_barrier_parties(const weft_barrier *barrier)
{
    (void)weft__is_shared(barrier->kind_, "weft_barrier_parties");
    return barrier->parties_;
}

size_t weft_barrier_waiting(const weft_barrier *barrier)
{
    (void)weft__is_shared(barrier->kind_, "weft_barrier_waiting");
    return __atomic_load_n(&barrier->waiting_, __ATOMIC_RELAXED);
}

bool weft_barrier_broken(const weft_barrier *barrier)
{
    (void)weft__is_shared(barrier->kind_, "weft_barrier_broken");
    return __atomic_load_n(&barrier->state_, __ATOMIC_RELAXED) == broken;
}
