/* share.c - a region inside a task: its members are tasks that idle threads may take.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "team/share.h"

#include "team/rounding.h"

struct share {
    weft_region_ *region;
    weft__work *work;
    void *ctx;
    size_t members; /* that have a number */
    size_t others;  /* entries that are not done */
};

static struct share *share_of(const struct weft__entry *e)
{
    return (struct share *)(e->owner & ~(uintptr_t)weft__kinds);
}

static void run(struct share *s, size_t self)
{
    weft_worker_ me = {
        .region = s->region, .open = true, .rounding = weft__rounding_begin(), .self = self
    };
    s->work(&me, s->ctx);
    weft_leave_(&me);
}

/* The share may be gone after this. Release: pairs with the acquire in all_are_back(). */
static void end_one(struct weft__worker *w, struct share *s)
{
    __atomic_fetch_sub(&s->others, 1, __ATOMIC_RELEASE);
    weft__tell(w->crew);
}

void weft__share_run(struct weft__worker *w, struct weft__entry e)
{
    struct share *const s = share_of(&e);
    run(s, __atomic_fetch_add(&s->members, 1, __ATOMIC_RELAXED)); /* a number, no data */
    end_one(w, s);
}

/* Takes back what nobody has taken; what lies above, tasks of groups, is run. */
static void take_back(struct weft__worker *w, struct share *s, size_t bottom)
{
    const struct weft__entry *e;
    while ((ptrdiff_t)(w->deque.bottom - bottom) > 0 && (e = weft__deque_pop(&w->deque)))
        if (share_of(e) == s)
            end_one(w, s);
        else
            weft__run_entry(w, *e);
    weft__settle_up(w);
}

static bool all_are_back(const void *share)
{
    return __atomic_load_n(&((const struct share *)share)->others, __ATOMIC_ACQUIRE) == 0;
}

void weft__share(struct weft__worker *w, weft_region_ *region, weft__work *work, void *ctx)
{
    struct share s = { .region = region, .work = work, .ctx = ctx, .members = 1 };
    const struct weft__entry e = { .owner = (uintptr_t)&s | weft__of_share };
    const size_t bottom = w->deque.bottom;
    s.others = (size_t)region->threads - 1;
    for (int k = 1; k < region->threads; k++)
        if (!weft__push(w, e))
            end_one(w, &s);
    run(&s, 0);
    take_back(w, &s, bottom);
    if (!all_are_back(&s))
        weft__work_until(
            w, &(struct weft__wait){ .is_ready = all_are_back, .what = &s, .begun = true });
}
