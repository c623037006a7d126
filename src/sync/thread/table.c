/* table.c - which record a thread gets, and which one a handle means.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The record of a thread that has ended rests: its name and ids are known until 256 others have come
 * to rest after it, and only then it serves again.
 *
 * Owns these globals: the lock, the table, the records at rest, main's, the number of the last name. */
#include "sync/thread/thread.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

enum { kept_at_rest = 256 };

const char weft__kind_main[] = "_MainThread", weft__kind_foreign[] = "_DummyThread";

struct weft__thread weft__main_record = {
    .self = { .place_ = 1, .turn_ = 1 }, .word = 1, .kind = weft__kind_main, .given = "MainThread"
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct weft__thread *first_table[64] = { &weft__main_record };
static struct weft__thread **table = first_table; /* [k] holds the record of place k + 1 */
static size_t count = 1, room = sizeof first_table / sizeof *first_table;

static struct weft__thread *longest_at_rest, *last_to_rest;
static size_t at_rest;
static unsigned last_name;

void weft__threads_lock(void) { pthread_mutex_lock(&lock); }
void weft__threads_unlock(void) { pthread_mutex_unlock(&lock); }

/* A record whose turns are used up stays at rest for ever. */
void weft__thread_rest(struct weft__thread *t)
{
    if (t->word >= UINT32_MAX - 1)
        return;
    t->next = NULL;
    *(last_to_rest ? &last_to_rest->next : &longest_at_rest) = t;
    last_to_rest = t;
    at_rest++;
}

static struct weft__thread *wake(void)
{
    struct weft__thread *const t = longest_at_rest;
    if (!t)
        return NULL;
    longest_at_rest = t->next;
    if (!longest_at_rest)
        last_to_rest = NULL;
    at_rest--;
    return t;
}

static bool grow_table(void)
{
    if (count < room)
        return true;
    struct weft__thread **const more = malloc(2 * room * sizeof *more);
    if (!more)
        return false;
    memcpy(more, table, count * sizeof *table);
    if (table != first_table)
        free(table);
    table = more, room *= 2;
    return true;
}

static struct weft__thread *new_record(void)
{
    struct weft__thread *const t = count < UINT32_MAX && grow_table() ? calloc(1, sizeof *t) : NULL;
    if (t)
        table[count++] = t, t->self.place_ = (uint32_t)count;
    return t;
}

static void clear_names(struct weft__thread *t)
{
    for (size_t k = 0; k < weft__names_kept; k++)
        free(t->names[k]), t->names[k] = NULL;
    t->named = 0;
    t->given = NULL;
}

static char *next_name(const char *kind)
{
    char text[32];
    snprintf(text, sizeof text, kind == weft__kind_foreign ? "Dummy-%u" : "Thread-%u", ++last_name);
    return strdup(text);
}

static struct weft__thread *take(const char *kind, const char *name, bool daemon)
{
    struct weft__thread *t = at_rest > kept_at_rest ? wake() : new_record();
    if (!t)
        t = wake();
    if (!t)
        return NULL;
    clear_names(t);
    t->names[0] = name && *name ? strdup(name) : next_name(kind);
    t->self.turn_ = t->word + 1;
    t->pending = 0;
    t->kind = kind, t->daemon = daemon;
    t->ident = 0, t->native_id = 0, t->copy = NULL;
    if (t->names[0])
        return t;
    weft__thread_rest(t);
    return NULL;
}

struct weft__thread *weft__thread_take(const char *kind, const char *name, bool daemon)
{
    weft__threads_lock();
    struct weft__thread *const t = take(kind, name, daemon);
    weft__threads_unlock();
    return t;
}

void weft__thread_give_back(struct weft__thread *t)
{
    weft__threads_lock();
    weft__thread_rest(t);
    weft__threads_unlock();
}

weft__thread_state weft__thread_find(const weft_thread *handle, struct weft__thread **record)
{
    *record = NULL;
    if (!handle || handle->place_ == 0 || handle->place_ > count || !(handle->turn_ & 1))
        return weft__never;
    struct weft__thread *const t = table[handle->place_ - 1];
    if (handle->turn_ == t->self.turn_)
        *record = t;
    return handle->turn_ > t->word    ? weft__never
           : handle->turn_ == t->word ? weft__runs
                                      : weft__ended;
}

static void end_here(struct weft__thread *t)
{
    t->sleepers = 0;
    t->copy = NULL; /* nobody can say any more whose it is */
    t->word += t->word & 1;
    weft__thread_rest(t);
}

void weft__threads_end_all_but(const struct weft__thread *one)
{
    longest_at_rest = last_to_rest = NULL, at_rest = 0;
    for (size_t k = 0; k < count; k++)
        if (table[k] != one)
            end_here(table[k]);
}

const char *weft__thread_name(const struct weft__thread *t)
{
    return t->given ? t->given : t->names[t->named % weft__names_kept];
}

bool weft__thread_rename(struct weft__thread *t, const char *name)
{
    char *const own = strdup(name);
    if (!own)
        return false;
    char **const oldest = &t->names[++t->named % weft__names_kept];
    free(*oldest);
    *oldest = own;
    t->given = NULL;
    return true;
}
