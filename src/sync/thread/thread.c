/* thread.c - what is asked of a thread: has it ended, what is it called, who is there.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All but waiting is done under the lock, on records that cannot change or go away meanwhile. */
#include "sync/thread/thread.h"

#include <stdio.h>
#include <string.h>

#include "base/detail.h"
#include "base/futex.h"

enum { system_name = 16 }; /* bytes, the last one 0 */

/* ---- join ---- */

static weft_status refuse_handle(const char *function)
{
    return weft__fail(WEFT_ESTATE,
                      "%s: thread is a handle that no start has filled: start it first", function);
}

/* For those whom the end of the process does not wait for. */
static weft_status wait_for_the_end_of_the_process(double deadline)
{
    static uint32_t never;
    while (weft__futex_wait(&never, 0, deadline, false))
        ;
    return WEFT_TIMEOUT;
}

weft_status weft__thread_join(const weft_thread *thread, double timeout, const char *function)
{
    if (weft__check_timeout(timeout, function))
        return WEFT_EINVAL;
    struct weft__thread *t;
    weft__threads_lock();
    const weft__thread_state state = weft__thread_find(thread, &t);
    weft__threads_unlock();
    if (state == weft__never)
        return refuse_handle(function);
    if (t && t == weft__thread_known())
        return weft__fail(WEFT_EDEADLK,
                          "%s: thread is the calling thread: it would wait for itself", function);
    const double deadline = weft__deadline_in(timeout);
    if (state == weft__runs && !weft__thread_wait(t, thread->turn_, deadline))
        return WEFT_TIMEOUT;
    if (weft__thread_exits_without_me(thread))
        return wait_for_the_end_of_the_process(deadline);
    return WEFT_OK;
}

weft_status weft_thread_join(const weft_thread *thread, double timeout)
{
    return weft__thread_join(thread, timeout, "weft_thread_join");
}

bool weft_thread_is_alive(const weft_thread *thread)
{
    struct weft__thread *t;
    weft__threads_lock();
    const weft__thread_state state = weft__thread_find(thread, &t);
    weft__threads_unlock();
    return state == weft__runs;
}

/* ---- names ---- */

/* The bytes of text, at most `most`, that hold whole UTF-8 characters. */
static size_t whole_characters(const char *text, size_t most)
{
    size_t n = strnlen(text, most + 1);
    if (n <= most)
        return n;
    for (n = most; n > 0 && (text[n] & 0xc0) == 0x80;)
        n--;
    return n;
}

void weft__thread_show_name(pthread_t thread, const char *name)
{
    char cut[system_name];
    const size_t n = whole_characters(name, sizeof cut - 1);
    memcpy(cut, name, n);
    cut[n] = '\0';
    (void)pthread_setname_np(thread, cut); /* without /proc it cannot: the name is for people */
}

const char *weft_thread_name(const weft_thread *thread)
{
    struct weft__thread *t;
    weft__threads_lock();
    (void)weft__thread_find(thread, &t);
    const char *const name = t ? weft__thread_name(t) : "";
    weft__threads_unlock();
    return name;
}

weft_status weft_thread_set_name(const weft_thread *thread, const char *name)
{
    static const char function[] = "weft_thread_set_name";
    if (!name)
        return weft__fail(WEFT_EINVAL, "%s: name is NULL: it must be a text", function);
    struct weft__thread *t;
    weft__threads_lock();
    const weft__thread_state state = weft__thread_find(thread, &t);
    const bool named = state == weft__runs && weft__thread_rename(t, name);
    if (named && t->ident)
        weft__thread_show_name(t->ident, name); /* it cannot end before it gets the lock */
    weft__threads_unlock();
    if (state == weft__never)
        return refuse_handle(function);
    if (state == weft__ended)
        return weft__fail(WEFT_ESTATE, "%s: thread has ended: it keeps its name", function);
    return named ? WEFT_OK : weft__fail(WEFT_ENOMEM, "%s: there is no memory for a name", function);
}

/* ---- what else is known ---- */

/* The lock is held. */
static void describe(const weft_thread *thread, char *text)
{
    static const char *const states[] = {
        [weft__never] = "initial", [weft__runs] = "started", [weft__ended] = "stopped"
    };
    struct weft__thread *t;
    const weft__thread_state state = weft__thread_find(thread, &t);
    const char *const kind = t ? t->kind : "Thread", *const name = t ? weft__thread_name(t) : "";
    char tail[64], ident[32] = "";
    if (t && t->ident)
        snprintf(ident, sizeof ident, " %lu", (unsigned long)t->ident);
    snprintf(tail, sizeof tail, ", %s%s%s)>", states[state], t && t->daemon ? " daemon" : "",
             ident);
    const size_t room = WEFT_DESCRIBE_MAX - sizeof "<(" - strlen(kind) - strlen(tail);
    const size_t n = whole_characters(name, room);
    if (name[n] == '\0')
        snprintf(text, WEFT_DESCRIBE_MAX, "<%s(%s%s", kind, name, tail);
    else
        snprintf(text, WEFT_DESCRIBE_MAX, "<%s(%.*s...%s", kind,
                 (int)whole_characters(name, room - strlen("...")), name, tail);
}

unsigned long weft_thread_ident(const weft_thread *thread)
{
    struct weft__thread *t;
    weft__threads_lock();
    (void)weft__thread_find(thread, &t);
    const unsigned long ident = t ? (unsigned long)t->ident : 0;
    weft__threads_unlock();
    return ident;
}

int weft_thread_native_id(const weft_thread *thread)
{
    struct weft__thread *t;
    weft__threads_lock();
    (void)weft__thread_find(thread, &t);
    const int id = t ? t->native_id : 0;
    weft__threads_unlock();
    return id;
}

bool weft_thread_is_daemon(const weft_thread *thread)
{
    struct weft__thread *t;
    weft__threads_lock();
    (void)weft__thread_find(thread, &t);
    const bool daemon = t && t->daemon;
    weft__threads_unlock();
    return daemon;
}

char *weft_thread_describe(const weft_thread *thread, char text[WEFT_DESCRIBE_MAX])
{
    weft__threads_lock();
    describe(thread, text);
    weft__threads_unlock();
    return text;
}

const weft_thread *weft_thread_current(void)
{
    static const weft_thread nobody;
    const struct weft__thread *const me = weft__thread_me();
    return me ? &me->self : &nobody;
}

size_t weft_thread_active_count(void) { return weft_thread_enumerate(NULL, 0); }

size_t weft_thread_enumerate(weft_thread_info *live, size_t most)
{
    weft__need(live, most, "weft_thread_enumerate", "live");
    size_t n = 0;
    weft__threads_lock();
    for (const struct weft__thread *t = weft__threads_living(); t; t = t->next, n++) {
        if (n >= most)
            continue;
        live[n] = (weft_thread_info){ .thread = t->self,
                                      .ident = (unsigned long)t->ident,
                                      .native_id = t->native_id,
                                      .daemon = t->daemon };
        describe(&t->self, live[n].description);
    }
    weft__threads_unlock();
    return n;
}
