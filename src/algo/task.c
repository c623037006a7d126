/* task.c - weft_fork2 and weft_in_team.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/task.h>

#include <string.h>

#include "base/detail.h"
#include "team/crew.h"

static bool is_of_a_task(const char *line)
{
    static const char *const calls[] = { "weft_fork2: ", "weft_in_team: ", "weft_group_wait: " };
    for (size_t k = 0; k < sizeof calls / sizeof *calls; k++)
        if (strncmp(line, calls[k], strlen(calls[k])) == 0)
            return true;
    return false;
}

/* A job that hands on the failure of a call of its own has its line of detail already, if it ran here. */
static weft_status failed(const char *function, const char *name, int value)
{
    if (value == WEFT_EFAILED && is_of_a_task(weft_detail()))
        return WEFT_EFAILED;
    return weft__fail(WEFT_EFAILED, "%s: %s returned %d: a job that is fine returns 0", function,
                      name, value);
}

static weft_status null(const char *function, const char *name)
{
    return weft__fail(WEFT_EINVAL, "%s: %s is NULL: it must be a function", function, name);
}

static weft_status status_of(const int result[2])
{
    return result[0] ? failed("weft_fork2", "f", result[0]) : failed("weft_fork2", "g", result[1]);
}

struct pair {
    weft_job *f, *g;
    void *a, *b;
    int result[2];
};

static void run_pair(struct weft__worker *w, void *ctx)
{
    struct pair *const p = ctx;
    weft__fork2(w, p->f, p->a, p->g, p->b, p->result);
}

static weft_status fork_outside(weft_job *f, void *a, weft_job *g, void *b)
{
    if (!f || !g)
        return null("weft_fork2", f ? "g" : "f");
    struct pair p = { .f = f, .a = a, .g = g, .b = b };
    weft__as_task(run_pair, &p);
    return p.result[0] | p.result[1] ? status_of(p.result) : WEFT_OK;
}

weft_status weft_fork2(weft_job *f, void *a, weft_job *g, void *b)
{
    struct weft__worker *const w = weft__member.worker;
    if (__builtin_expect(!w || !f || !g, 0))
        return fork_outside(f, a, g, b);
    int result[2];
    weft__fork2(w, f, a, g, b, result);
    return __builtin_expect(result[0] | result[1], 0) ? status_of(result) : WEFT_OK;
}

struct run {
    weft_job *f;
    void *arg;
    int result;
};

static void run_one(struct weft__worker *w, void *ctx)
{
    struct run *const r = ctx;
    (void)w;
    r->result = r->f(r->arg);
}

weft_status weft_in_team(weft_job *f, void *arg)
{
    if (!f)
        return null("weft_in_team", "f");
    struct run r = { .f = f, .arg = arg };
    weft__as_task(run_one, &r);
    return r.result ? failed("weft_in_team", "f", r.result) : WEFT_OK;
}
