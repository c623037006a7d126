/* table.c - which record a process gets, what it is called, and which one a handle means.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The record of a process that has ended rests: its exit code, name and number are known until many
 * others have come to rest after it, and only then it serves again.
 *
 * A fork copies the table. The handler of fork tells the child that none of these processes are its
 * own; the lock is held over the fork, so the copy is whole.
 *
 * Owns these globals: the lock, the table, those that run, those at rest, who this process is. */
#include "exec/process/process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>
#include <unistd.h>

#include "exec/process/letter.h"

enum { kept_at_rest = 4096 };

static struct weft__process main_process = { .self = { .place_ = 1, .turn_ = 1 },
                                             .state = weft__is_me,
                                             .pidfd = -1,
                                             .name = "MainProcess",
                                             .identity = "" };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct weft__process *first_table[16] = { &main_process };
static struct weft__process **table = first_table; /* [k] holds the record of place k + 1 */
static size_t count = 1, room = sizeof first_table / sizeof *first_table;

static struct weft__process *first_running, *last_running;
static struct weft__process *longest_at_rest, *last_to_rest;
static size_t at_rest;

static struct weft__process *me = &main_process, *parent;
static size_t children; /* that this process has ever had */

void weft__processes_lock(void) { pthread_mutex_lock(&lock); }
void weft__processes_unlock(void) { pthread_mutex_unlock(&lock); }

struct weft__process *weft__process_me(void) { return me; }
struct weft__process *weft__process_parent(void) { return parent; }
struct weft__process *weft__processes_running(void) { return first_running; }

/* ---- at rest ---- */

/* A record whose turns are used up stays at rest for ever, and so does the first one, whose name
 * nobody has allocated. */
void weft__process_rest(struct weft__process *t)
{
    if (t->self.turn_ == UINT32_MAX || t == &main_process)
        return;
    t->next = NULL;
    *(last_to_rest ? &last_to_rest->next : &longest_at_rest) = t;
    last_to_rest = t;
    at_rest++;
}

static struct weft__process *wake(void)
{
    struct weft__process *const t = longest_at_rest;
    if (!t)
        return NULL;
    longest_at_rest = t->next;
    if (!longest_at_rest)
        last_to_rest = NULL;
    at_rest--;
    return t;
}

/* ---- running ---- */

void weft__process_enlist(struct weft__process *t)
{
    t->state = weft__child_runs;
    t->before = last_running, t->next = NULL;
    *(last_running ? &last_running->next : &first_running) = t;
    last_running = t;
}

void weft__process_delist(struct weft__process *t)
{
    t->state = weft__child_ended;
    *(t->before ? &t->before->next : &first_running) = t->next;
    *(t->next ? &t->next->before : &last_running) = t->before;
}

/* ---- taking a record ---- */

static bool grow_table(void)
{
    if (count < room)
        return true;
    struct weft__process **const more = malloc(2 * room * sizeof *more);
    if (!more)
        return false;
    memcpy(more, table, count * sizeof *table);
    if (table != first_table)
        free(table);
    table = more, room *= 2;
    return true;
}

static struct weft__process *new_record(void)
{
    struct weft__process *const t =
        count < UINT32_MAX && grow_table() ? calloc(1, sizeof *t) : NULL;
    if (t)
        table[count++] = t, t->self.place_ = (uint32_t)count;
    return t;
}

/* Named by the user, by its place among its brothers, or not at all: there is no memory. */
static bool christen(struct weft__process *t, const char *name)
{
    free(t->name), free(t->identity);
    t->name = t->identity = NULL;
    const char *const colon = *me->identity ? ":" : "";
    if (asprintf(&t->identity, "%s%s%zu", me->identity, colon, ++children) < 0)
        t->identity = NULL;
    else if (name && *name)
        t->name = strdup(name);
    else if (asprintf(&t->name, "Process-%s", t->identity) < 0)
        t->name = NULL;
    return t->name != NULL;
}

static struct weft__process *take(const char *name, bool daemon)
{
    struct weft__process *t = at_rest > kept_at_rest ? wake() : new_record();
    if (!t)
        t = wake();
    if (!t)
        return NULL;
    t->self.turn_++;
    t->state = weft__child_starts;
    t->pid = 0, t->pidfd = -1, t->code = WEFT_NO_EXITCODE;
    t->daemon = daemon || me->daemon;
    me->pid = getpid(); /* so the child knows its parent's */
    if (christen(t, name))
        return t;
    t->state = weft__child_ended;
    weft__process_rest(t);
    return NULL;
}

struct weft__process *weft__process_take(const char *name, bool daemon)
{
    weft__processes_lock();
    struct weft__process *const t = take(name, daemon);
    weft__processes_unlock();
    return t;
}

/* Its turn is over for everybody, as if nobody ever had it. */
void weft__process_give_back(struct weft__process *t)
{
    weft__processes_lock();
    t->state = weft__child_ended;
    if (t->self.turn_ < UINT32_MAX)
        t->self.turn_++;
    weft__process_rest(t);
    weft__processes_unlock();
}

struct weft__process *weft__process_find(const weft_process *handle)
{
    if (!handle || handle->place_ == 0 || handle->place_ > count || handle->turn_ == 0)
        return NULL;
    struct weft__process *const t = table[handle->place_ - 1];
    return handle->turn_ == t->self.turn_ ? t : NULL;
}

/* ---- forks ---- */

static bool is_family(const struct weft__process *t) { return t == me || t == parent; }

static void let_others_rest(void)
{
    first_running = last_running = longest_at_rest = last_to_rest = NULL;
    at_rest = 0;
    for (size_t k = 0; k < count; k++)
        if (!is_family(table[k]))
            weft__process_rest(table[k]);
}

static void estrange(struct weft__process *t)
{
    if (t->pidfd >= 0)
        close(t->pidfd);
    t->pidfd = -1, t->waiters = 0;
    t->state = weft__is_foreign, t->code = WEFT_NO_EXITCODE;
}

static void begin_child(void)
{
    for (size_t k = 0; k < count; k++)
        if (!is_family(table[k]))
            estrange(table[k]);
    let_others_rest();
    weft__processes_unlock();
}

void weft__process_become(struct weft__process *t)
{
    weft__processes_lock();
    if (parent)
        parent->state = weft__is_foreign;
    me->state = weft__is_parent;
    parent = me, me = t;
    me->state = weft__is_me;
    children = 0;
    let_others_rest();
    weft__processes_unlock();
}

/* The first record is the parent's from now on. */
bool weft__process_descend(const struct weft__descent *d)
{
    main_process.name = d->parent_name, main_process.identity = d->parent_identity;
    struct weft__process *const t = weft__process_take(d->name, d->daemon);
    char *const identity = t ? strdup(d->identity) : NULL;
    if (!identity)
        return false;
    free(t->identity);
    t->identity = identity;
    main_process.pid = d->parent, main_process.daemon = d->parent_is_daemon;
    weft__process_become(t);
    return true;
}

static int watch_forks_error;

static void watch_forks(void)
{
    watch_forks_error = pthread_atfork(weft__processes_lock, weft__processes_unlock, begin_child);
    if (!watch_forks_error && atexit(weft__processes_end))
        watch_forks_error = ENOMEM;
}

int weft__processes_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    return watch_forks_error;
}
