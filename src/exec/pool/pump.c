/* pump.c - carries inputs to worker processes and outputs back.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A desk is given work ahead only as far as that is known to be short, a quarter of a millisecond: then
 * a worker need not wait for the pump. If what runs there takes longer than it used to, what was posted
 * behind it is revoked and goes elsewhere: so no job ever waits for one that it has nothing to do with.
 *
 * Rooms for the data are used again last in, first out, while they are in somebody's cache.
 *
 * Never are more chunks taken and not done than fit in all slots: new ones are taken only when none
 * waits. */
#include "exec/pool/office.h"

#include <string.h>

#include <poll.h>

#include "base/assert.h"
#include "exec/patience.h"

static const double ahead = 250e-6;         /* seconds of work posted to one desk */
static const double too_long = 1e-3;        /* then what is posted behind it is revoked */
static const double glance = 2e-3;          /* how often the pump looks for that */
static const size_t chunk_room = 64 * 1024; /* bytes */

/* ---- estimates ---- */

static struct weft__known *known(struct weft__office *o, const weft_task *task)
{
    return &o->known[(uintptr_t)task / 32 % weft__tasks_known];
}

static double estimate(struct weft__office *o, const struct weft__chunk *c)
{
    if (c->job->n_ == 1) {
        const struct weft__known *const k = known(o, c->job->task_);
        return k->task == c->job->task_ ? k->seconds : 0;
    }
    double each;
    __atomic_load(&c->job->item_seconds_, &each, __ATOMIC_RELAXED);
    return each * (double)(c->end - c->begin);
}

static void learn(struct weft__office *o, const weft_task *task, double seconds)
{
    *known(o, task) = (struct weft__known){ task, seconds > 1e-9 ? seconds : 1e-9 };
}

/* ---- what waits ---- */

static void put_aside(struct weft__office *o, weft_result *job, size_t begin, size_t end,
                      size_t attempts)
{
    if (begin == end)
        return;
    if (__atomic_load_n(&o->dropping, __ATOMIC_ACQUIRE)) {
        weft__job_drop(job, end - begin);
        return;
    }
    weft_assert(o->waiting_count < o->floor->workers * weft__slots * weft__pack);
    o->waiting[o->waiting_count++] = (struct weft__chunk){ job, begin, end, attempts };
}

static bool next_chunk(struct weft__office *o, struct weft__chunk *c)
{
    bool more;
    if (o->waiting_count == 0)
        return weft__pool_take(o->pool, NULL, chunk_room, c, &more);
    *c = o->waiting[--o->waiting_count];
    return true;
}

/* ---- failures ---- */

static void fail_item(weft_result *job, size_t index, weft_status status, int code)
{
    weft_failure f = { .index = index, .status = status, .code = code };
    weft__failure_explain(&f, job->pool_->o.deadline);
    weft__job_fail(job, &f);
    weft__job_settle(job, 1, 1, 0);
}

/* The first item of what is left has failed. */
static void judge(struct weft__office *o, const struct weft__chunk *left, weft_status status,
                  int code)
{
    weft_result *const job = left->job;
    if (left->attempts < o->pool->o.retries && !__atomic_load_n(&o->dropping, __ATOMIC_ACQUIRE)) {
        put_aside(o, job, left->begin, left->end, left->attempts + 1);
        return;
    }
    put_aside(o, job, left->begin + 1, left->end, 0);
    fail_item(job, left->begin, status, code); /* the job may be gone */
}

/* ---- collecting ---- */

static void forget(struct weft__office *o, struct weft__view *v, const struct weft__record *r)
{
    v->backlog -= r->estimate;
    v->unknown -= r->estimate == 0;
    if (r->room)
        o->free_rooms[o->free_count++] = r->room;
}

static void deliver_chunk(struct weft__office *o, const struct weft__slot *s,
                          const struct weft__record *r)
{
    weft_result *const job = r->chunk.job;
    const size_t n = r->chunk.end - r->chunk.begin, done = s->done < n ? s->done : n;
    const size_t size = job->task_->out_size;
    const bool went_well = s->status == WEFT_OK;
    struct weft__chunk left = r->chunk;
    if (job->out_ && done)
        memcpy(job->out_ + r->chunk.begin * size, r->room + s->out, done * size);
    if (went_well && done && job->n_ == 1)
        learn(o, job->task_, s->seconds);
    left.begin += done;
    left.attempts = done ? 0 : left.attempts;
    if (left.begin < left.end && went_well)
        put_aside(o, job, left.begin, left.end, left.attempts);
    else if (left.begin < left.end)
        judge(o, &left, s->status, s->code);
    if (done)
        weft__job_settle(job, done, 0, went_well ? s->seconds : 0);
}

static void deliver_pack(struct weft__office *o, const struct weft__slot *s,
                         const struct weft__record *r)
{
    const weft_task *const t = r->chunk.job->task_;
    const size_t done = s->done < r->packed ? s->done : r->packed;
    size_t k = 0;
    if (s->status == WEFT_OK && done)
        learn(o, t, s->seconds / (double)done);
    for (; k < done; k++) {
        if (r->jobs[k]->out_)
            memcpy(r->jobs[k]->out_, r->room + s->out + k * t->out_size, t->out_size);
        weft__job_settle(r->jobs[k], 1, 0, 0);
    }
    if (k < r->packed && s->status != WEFT_OK) {
        const struct weft__chunk failed = { r->jobs[k++], 0, 1, 0 };
        judge(o, &failed, s->status, s->code);
    }
    for (; k < r->packed; k++)
        put_aside(o, r->jobs[k], 0, 1, 0);
}

/* As if none of it had been posted. */
static void put_all_aside(struct weft__office *o, const struct weft__record *r)
{
    const struct weft__chunk *const c = &r->chunk;
    if (!r->packed)
        put_aside(o, c->job, c->begin, c->end, c->attempts);
    for (size_t k = 0; k < r->packed; k++)
        put_aside(o, r->jobs[k], 0, 1, 0);
}

static bool collect(struct weft__office *o, struct weft__view *v)
{
    const uint32_t before = v->collected;
    /* acquire, pairs with the worker and the keeper */
    const uint32_t taken = __atomic_load_n(&v->desk->taken, __ATOMIC_SEQ_CST);
    while (v->collected != taken) {
        const struct weft__slot *const s = &v->desk->slots[v->collected % weft__slots];
        const struct weft__record *const r = &v->records[v->collected % weft__slots];
        v->collected++;
        if (!r->revoked)
            (r->packed ? deliver_pack : deliver_chunk)(o, s, r);
        forget(o, v, r);
    }
    return v->collected != before;
}

/* ---- revoking ---- */

/* All that is posted and not begun, from slot number k on. */
static void take_back(struct weft__office *o, struct weft__view *v, uint32_t k)
{
    for (; k != v->posted; k++) {
        struct weft__record *const r = &v->records[k % weft__slots];
        uint32_t expected = weft__posted;
        /* against the worker: one of us gets it */
        if (r->revoked ||
            !__atomic_compare_exchange_n(&v->desk->slots[k % weft__slots].state, &expected,
                                         weft__revoked, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
            continue;
        r->revoked = true;
        put_all_aside(o, r);
    }
}

static void look_whether_stuck(struct weft__office *o, struct weft__view *v, double now)
{
    if (v->collected == v->posted || v->seen != v->collected) {
        v->seen = v->collected, v->since = now, v->stuck = false;
        return;
    }
    if (v->stuck || now - v->since < too_long)
        return;
    v->stuck = true;
    take_back(o, v, v->collected + 1);
}

/* ---- posting ---- */

static bool has_room(const struct weft__view *v)
{
    const uint32_t flight = v->posted - v->collected;
    if (flight == 0)
        return true;
    return flight < weft__slots && !v->stuck && !v->unknown && v->backlog < ahead;
}

/* More jobs like the first one of a chunk, while they are short: one slot for all of them. */
static void pack(struct weft__office *o, struct weft__record *r)
{
    const weft_result *const first = r->chunk.job;
    const size_t each = first->task_->in_size + first->task_->out_size;
    const double seconds = r->estimate;
    struct weft__chunk c;
    r->jobs[0] = r->chunk.job, r->packed = 1;
    while (r->packed < weft__pack && r->estimate < ahead / 2 &&
           (r->packed + 1) * each <= chunk_room && next_chunk(o, &c)) {
        if (c.job->n_ != 1 || c.attempts || c.job->task_ != first->task_ ||
            !c.job->out_ != !first->out_) {
            put_aside(o, c.job, c.begin, c.end, c.attempts);
            break;
        }
        r->jobs[r->packed++] = c.job;
        r->estimate += seconds;
    }
    if (r->packed == 1)
        r->packed = 0;
}

/* Copies the inputs into the room; returns how many bytes they have. */
static size_t copy_in(const struct weft__record *r)
{
    const weft_result *const job = r->chunk.job;
    const size_t size = job->task_->in_size, n = r->chunk.end - r->chunk.begin;
    for (size_t k = 0; k < r->packed; k++)
        memcpy(r->room + k * size, r->jobs[k]->in_, size);
    if (r->packed)
        return r->packed * size;
    memcpy(r->room, job->in_ + r->chunk.begin * size, n * size);
    return n * size;
}

/* The record of the next slot is filled, but for its room. */
static void post(struct weft__office *o, struct weft__view *v)
{
    struct weft__record *const r = &v->records[v->posted % weft__slots];
    struct weft__slot *const s = &v->desk->slots[v->posted % weft__slots];
    const weft_result *const job = r->chunk.job;
    r->room = o->free_rooms[--o->free_count];
    const size_t bytes = copy_in(r);
    *s = (struct weft__slot){
        .n = (uint32_t)(r->packed ? r->packed : r->chunk.end - r->chunk.begin),
        .task = job->task_,
        .first = r->chunk.begin,
        .packed = r->packed != 0,
        .room = r->room,
        .out = job->out_ ? (bytes + 64) / 64 * 64 : 0,
    };
    v->backlog = v->posted == v->collected ? r->estimate : v->backlog + r->estimate;
    v->unknown += r->estimate == 0;
    __atomic_store_n(&s->state, weft__posted, __ATOMIC_RELEASE); /* pairs with the worker */
    /* release, and sequentially consistent for the ring */
    __atomic_store_n(&v->desk->posted, ++v->posted, __ATOMIC_SEQ_CST);
    weft__desk_ring(v->desk);
}

/* Fills one slot; false: there is nothing for this desk. */
static bool give_one(struct weft__office *o, struct weft__view *v)
{
    struct weft__chunk c;
    if (!has_room(v) || !next_chunk(o, &c))
        return false;
    const double seconds = estimate(o, &c);
    if (v->posted != v->collected && (seconds == 0 || v->backlog + seconds > 2 * ahead)) {
        put_aside(o, c.job, c.begin, c.end, c.attempts); /* for a desk that is free */
        return false;
    }
    struct weft__record *const r = &v->records[v->posted % weft__slots];
    r->chunk = c, r->estimate = seconds, r->packed = 0, r->revoked = false;
    if (c.job->n_ == 1 && seconds > 0 && c.attempts == 0)
        pack(o, r);
    post(o, v);
    return true;
}

static bool give_all(struct weft__office *o)
{
    bool any = false, some;
    do {
        some = false;
        for (size_t k = 0; k < o->floor->workers; k++)
            some |= give_one(o, &o->views[k]);
        any |= some;
    } while (some);
    return any;
}

/* ---- a pool that has no workers any more ---- */

bool weft__office_keeper_is_dead(const struct weft__office *o)
{
    struct pollfd fd = { .fd = o->keeper_fd, .events = POLLIN };
    return poll(&fd, 1, 0) > 0;
}

static void fail_chunk(const struct weft__chunk *c)
{
    for (size_t i = c->begin; i < c->end; i++)
        fail_item(c->job, i, WEFT_ESYS, 0);
}

static void fail_all(struct weft__office *o)
{
    struct weft__chunk c;
    for (size_t k = 0; k < o->floor->workers; k++)
        for (struct weft__view *v = &o->views[k]; v->collected != v->posted; v->collected++) {
            const struct weft__record *const r = &v->records[v->collected % weft__slots];
            if (!r->revoked)
                put_all_aside(o, r);
            forget(o, v, r);
        }
    while (next_chunk(o, &c))
        fail_chunk(&c);
}

static void look_whether_broken(struct weft__office *o)
{
    if (!__atomic_load_n(&o->floor->error, __ATOMIC_SEQ_CST) && !weft__office_keeper_is_dead(o))
        return;
    for (size_t k = 0; k < o->floor->workers && !o->broken; k++)
        (void)collect(o, &o->views[k]); /* what came in before that */
    o->broken = true;
}

/* The pool is terminated: takes back what is posted, and has ended what runs. */
static void drop_all(struct weft__office *o)
{
    struct weft__chunk c;
    o->dropped = true;
    for (size_t k = 0; k < o->floor->workers; k++)
        take_back(o, &o->views[k], o->views[k].collected);
    while (o->waiting_count && next_chunk(o, &c))
        weft__job_drop(c.job, c.end - c.begin);
    __atomic_store_n(&o->floor->interrupt, 1, __ATOMIC_SEQ_CST);
    (void)kill(o->keeper, SIGUSR1);
}

/* ---- pumping ---- */

/* Whether anything has moved. */
static bool pump_once(struct weft__office *o)
{
    bool moved = false;
    if (__atomic_load_n(&o->dropping, __ATOMIC_ACQUIRE) && !o->dropped)
        drop_all(o);
    if (o->broken) {
        fail_all(o);
        return false;
    }
    for (size_t k = 0; k < o->floor->workers; k++)
        moved |= collect(o, &o->views[k]);
    if (!moved) {
        const double now = weft_now();
        for (size_t k = 0; k < o->floor->workers; k++)
            look_whether_stuck(o, &o->views[k], now);
    }
    return give_all(o) || moved;
}

static bool is_over(const struct weft__office *o, const weft_result *job)
{
    return job ? weft__job_done(job) : weft__pool_is_idle(o->pool);
}

static bool may_get_stuck(const struct weft__office *o)
{
    for (size_t k = 0; k < o->floor->workers; k++)
        if (o->views[k].posted - o->views[k].collected > 1 && !o->views[k].stuck)
            return true;
    return false;
}

static void sleep_until_something_moves(struct weft__office *o, double deadline)
{
    struct weft__floor *const f = o->floor;
    const uint32_t rings = __atomic_load_n(&f->rings, __ATOMIC_SEQ_CST);
    __atomic_store_n(&f->sleeps, 1, __ATOMIC_SEQ_CST); /* pairs with ring() */
    if (!pump_once(o)) {
        const double soon = may_get_stuck(o) ? weft_now() + glance : WEFT_FOREVER;
        (void)weft__futex_wait(&f->rings, rings, soon < deadline ? soon : deadline, true);
        look_whether_broken(o);
    }
    __atomic_store_n(&f->sleeps, 0, __ATOMIC_SEQ_CST);
}

static void pump_until(struct weft__office *o, const weft_result *job, double deadline)
{
    struct weft__patience spin = { 0 };
    while (!is_over(o, job)) {
        if (pump_once(o))
            spin = (struct weft__patience){ 0 };
        else if (!weft__patience(&spin) && !is_over(o, job))
            sleep_until_something_moves(o, deadline);
        if (deadline < WEFT_FOREVER && weft_now() >= deadline)
            return;
    }
}

void weft__office_pump(struct weft__office *o, const weft_result *job, double deadline)
{
    /* acquire and release: one pump after the other */
    if (__atomic_exchange_n(&o->pumping, 1, __ATOMIC_SEQ_CST))
        return;
    pump_until(o, job, deadline);
    __atomic_store_n(&o->pumping, 0, __ATOMIC_SEQ_CST); /* pairs with wake() */
    if (!is_over(o, NULL))
        weft__bell_ring(&o->bell);
}
