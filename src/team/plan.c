/* plan.c - the policy in force, and the places it gives to teams of each size.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libgomp drops pooled threads when a team shrinks and makes new, unbound ones when it grows. So each
 * worker remembers the plan by which it is bound and looks, whenever it enters a region, whether that
 * is still the region's plan: two loads when it is. A worker that a policy leaves free is bound to the
 * whole allowed set, since it may have been created by a thread that was itself bound.
 *
 * Owns three globals under one lock: the policy, its names, and the list of plans. Names and plans are
 * few and live on, so workers read them without the lock. It is held over a fork, so that a thread of
 * the child finds it free, and never while a hook of the host's runs. */
#include "team/plan.h"

#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include <omp.h>

#include <weft/machine.h>
#include <weft/team.h>

#include "base/detail.h"
#include "team/member.h"

struct name {
    struct name *next;
    char text[];
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *policy; /* one of `names`; NULL: to be read from the environment */
static struct name *names; /* every policy that was ever in force, once */
static struct weft__plan *plans;

static bool the_user_binds(void)
{
    return omp_get_proc_bind() != omp_proc_bind_false || secure_getenv("OMP_PLACES") != NULL;
}

static bool may_bind(void)
{
    static enum { unknown, yes, no } known; /* relaxed: who finds it unknown finds the same */
    int answer = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (answer == unknown) {
        const bool can = weft_machine_limits(weft_machine_this())->can_bind;
        answer = can && !the_user_binds() ? yes : no;
        __atomic_store_n(&known, answer, __ATOMIC_RELAXED);
    }
    return answer == yes;
}

/* `lock` is held. NULL where there is no memory. */
static const char *name_of(const char *text)
{
    for (const struct name *n = names; n; n = n->next)
        if (strcmp(n->text, text) == 0)
            return n->text;
    struct name *const n = malloc(sizeof *n + strlen(text) + 1);
    if (!n)
        return NULL;
    strcpy(n->text, text);
    n->next = names;
    return (names = n)->text;
}

static const char *from_environment(void)
{
    static bool warned;
    const char *const wanted = secure_getenv("WEFT_PLACE");
    weft_cpus one;
    if (!wanted || weft_machine_places(weft_machine_this(), wanted, 1, &one) == WEFT_OK)
        return wanted ? wanted : "auto";
    if (!__atomic_exchange_n(&warned, true, __ATOMIC_RELAXED)) /* one of them says it */
        weft__warn("WEFT_PLACE=%s is ignored: %s", wanted, weft_detail());
    return "auto";
}

/* Sets the policy from the environment, unless there is one. */
static void settle(void)
{
    if (__atomic_load_n(&policy, __ATOMIC_RELAXED)) /* only whether there is one counts */
        return;
    const char *const text = from_environment();
    pthread_mutex_lock(&lock);
    if (!policy)
        __atomic_store_n(&policy, name_of(text), __ATOMIC_RELAXED); /* pairs with is_current */
    pthread_mutex_unlock(&lock);
}

/* `lock` is held. */
static const struct weft__plan *find(size_t threads)
{
    const struct weft__plan *p = plans;
    while (p && (p->threads != threads || p->policy != policy))
        p = p->next;
    return p;
}

/* `lock` is held. NULL where there is no memory: the team is left as it is. */
static const struct weft__plan *make(size_t threads)
{
    struct weft__plan *p = policy ? malloc(sizeof *p + threads * sizeof p->places[0]) : NULL;
    if (!p || weft_machine_places(weft_machine_this(), policy, threads, p->places)) {
        free(p);
        return NULL;
    }
    p->threads = threads, p->policy = policy;
    p->next = plans;
    return plans = p;
}

static bool is_current(const struct weft__plan *p, size_t threads)
{
    /* relaxed: a caller that races with weft_set_place may see either policy */
    return p && p->threads == threads && p->policy == __atomic_load_n(&policy, __ATOMIC_RELAXED);
}

const struct weft__plan *weft__plan_for(size_t threads)
{
    struct weft__member *me = &weft__member;
    if (is_current(me->last, threads))
        return me->last;
    if (!may_bind())
        return NULL;
    settle();
    pthread_mutex_lock(&lock);
    const struct weft__plan *p = find(threads);
    if (!p)
        p = make(threads);
    pthread_mutex_unlock(&lock);
    return me->last = p;
}

void weft__plan_lock(void) { pthread_mutex_lock(&lock); }
void weft__plan_unlock(void) { pthread_mutex_unlock(&lock); }

static void say_once_why_not(void)
{
    static bool said;
    if (!__atomic_exchange_n(&said, true, __ATOMIC_RELAXED)) /* one of them says it */
        weft__warn("workers stay unbound: %s", weft_detail());
}

void weft__plan_bind(const struct weft__plan *plan, size_t index)
{
    struct weft__member *me = &weft__member;
    if (me->plan == plan && me->index == index)
        return;
    if (weft_cpus_bind(&plan->places[index]))
        say_once_why_not();
    me->plan = plan, me->index = index;
}

weft_status weft_set_place(const char *wanted)
{
    weft_cpus one;
    if (wanted) {
        const weft_status s = weft_machine_places(weft_machine_this(), wanted, 1, &one);
        if (s)
            return s;
    }
    pthread_mutex_lock(&lock);
    const char *const name = wanted ? name_of(wanted) : NULL;
    if (name || !wanted)
        __atomic_store_n(&policy, name, __ATOMIC_RELAXED); /* pairs with is_current */
    pthread_mutex_unlock(&lock);
    if (wanted && !name)
        return weft__fail(WEFT_ENOMEM, "weft_set_place: no memory for the policy");
    return WEFT_OK;
}
