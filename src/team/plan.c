/* plan.c - the policy in force, and the places it gives to teams of each size.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * libgomp drops pooled threads when a team shrinks and makes new, unbound ones when it grows. So each
 * worker remembers the plan by which it is bound and looks, whenever it enters a region, whether that
 * is still the region's plan: two loads when it is. A worker that a policy leaves free is bound to the
 * whole allowed set, since it may have been created by a thread that was itself bound.
 *
 * Owns three globals under one lock: the policy, its generation, and the list of plans. Plans are few
 * and live on, so workers read them without the lock. */
#include "team/plan.h"

#include <stdlib.h>
#include <string.h>

#include <pthread.h>

#include <omp.h>

#include <weft/machine.h>
#include <weft/team.h>

#include "base/detail.h"
#include "team/member.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *policy; /* NULL: from the environment */
static unsigned generation = 1;
static struct weft__plan *plans;

static bool the_user_binds(void)
{
    return omp_get_proc_bind() != omp_proc_bind_false || secure_getenv("OMP_PLACES") != NULL;
}

static bool may_bind(void)
{
    return weft_machine_limits(weft_machine_this())->can_bind && !the_user_binds();
}

/* `lock` is held. */
static const char *policy_now(void)
{
    static bool warned;
    const char *const wanted = policy ? policy : secure_getenv("WEFT_PLACE");
    weft_cpus one;
    if (!wanted || weft_machine_places(weft_machine_this(), wanted, 1, &one) == WEFT_OK)
        return wanted ? wanted : "auto";
    if (!warned)
        weft__warn("WEFT_PLACE=%s is ignored: %s", wanted, weft_detail());
    warned = true;
    return "auto";
}

/* `lock` is held. */
static const struct weft__plan *find(size_t threads)
{
    const struct weft__plan *p = plans;
    while (p && (p->threads != threads || p->generation != generation))
        p = p->next;
    return p;
}

/* `lock` is held. NULL where there is no memory: the team is left as it is. */
static const struct weft__plan *make(size_t threads)
{
    struct weft__plan *p = malloc(sizeof *p + threads * sizeof p->places[0]);
    if (!p || weft_machine_places(weft_machine_this(), policy_now(), threads, p->places)) {
        free(p);
        return NULL;
    }
    p->threads = threads, p->generation = generation;
    p->next = plans;
    return plans = p;
}

static bool is_current(const struct weft__plan *p, size_t threads)
{
    /* relaxed: a caller that races with weft_set_place may see either policy */
    return p && p->threads == threads &&
           p->generation == __atomic_load_n(&generation, __ATOMIC_RELAXED);
}

const struct weft__plan *weft__plan_for(size_t threads)
{
    struct weft__member *me = &weft__member;
    if (is_current(me->last, threads))
        return me->last;
    if (!may_bind())
        return NULL;
    pthread_mutex_lock(&lock);
    const struct weft__plan *p = find(threads);
    if (!p)
        p = make(threads);
    pthread_mutex_unlock(&lock);
    return me->last = p;
}

static void say_once_why_not(void)
{
    static bool said;
    if (!__atomic_exchange_n(&said, true,
                             __ATOMIC_RELAXED)) /* one of them says it, no matter who */
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
    char *const copy = wanted ? strdup(wanted) : NULL;
    if (wanted && !copy)
        return weft__fail(WEFT_ENOMEM, "weft_set_place: no memory for the policy");
    pthread_mutex_lock(&lock);
    free(policy);
    policy = copy;
    __atomic_store_n(&generation, generation + 1, __ATOMIC_RELAXED); /* pairs with is_current */
    pthread_mutex_unlock(&lock);
    return WEFT_OK;
}
