/* result.c - what is asked of a job: is it done, and how did it go.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <weft/result.h>

#include "base/detail.h"
#include "exec/pool/pool.h"

static bool is_filled(const weft_result *r)
{
    const uint32_t flags = weft__job_is_done | weft__job_sleepers;
    return (__atomic_load_n(&r->word_, __ATOMIC_RELAXED) & ~flags) == weft__job_begun;
}

static weft_status check(const weft_result *r, double timeout, const char *function)
{
    if (!r)
        return weft__fail(WEFT_EINVAL, "%s: result is NULL: it must be one", function);
    if (!is_filled(r))
        return weft__fail(WEFT_ESTATE, "%s: result is of no job: give it to a pool first",
                          function);
    return weft__check_timeout(timeout, function);
}

/* Waits; true: it is done. */
static bool wait(weft_result *r, double deadline)
{
    if (weft__job_done(r))
        return true;
    if (deadline == weft__late)
        return false;
    r->pool_->kind->help(r->pool_, r, deadline);
    return weft__job_wait(r, deadline);
}

/* The status of a job that is done. */
static weft_status tell(const weft_result *r, const char *function)
{
    if (r->status_ >= 0)
        return r->status_;
    weft_failure f = { .status = r->status_, .code = r->code_ };
    weft__failure_explain(&f, 0);
    return weft__fail(r->status_, "%s: item %zu of %zu failed: %s", function, r->first_, r->n_,
                      f.reason);
}

weft_status weft_result_get(weft_result *r, double timeout)
{
    static const char name[] = "weft_result_get";
    const weft_status s = check(r, timeout, name);
    if (s != WEFT_OK)
        return s;
    return wait(r, weft__deadline_in(timeout)) ? tell(r, name) : WEFT_TIMEOUT;
}

bool weft_result_ready(const weft_result *r) { return r && is_filled(r) && weft__job_done(r); }

size_t weft_result_done(const weft_result *r)
{
    if (!r || !is_filled(r))
        return 0;
    return __atomic_load_n(&r->done_, __ATOMIC_ACQUIRE); /* pairs with weft__job_settle() */
}

weft_status weft_result_cancel(weft_result *r)
{
    static const char name[] = "weft_result_cancel";
    const weft_status s = check(r, 0, name);
    if (s != WEFT_OK)
        return s;
    if (!weft__job_done(r) && weft__job_withdraw(r))
        return WEFT_OK;
    return weft__fail(WEFT_ESTATE, "%s: result is of a job that was begun: it takes its course",
                      name);
}

/* ---- several ---- */

static weft_status check_all(const weft_result *r, size_t n, double timeout, const char *function)
{
    weft_status s = r || !n ? weft__check_timeout(timeout, function) : check(r, 0, function);
    for (size_t k = 0; k < n && s == WEFT_OK; k++)
        s = check(&r[k], 0, function);
    return s;
}

weft_status weft_result_wait_all(weft_result *r, size_t n, double timeout)
{
    const weft_status s = check_all(r, n, timeout, "weft_result_wait_all");
    if (s != WEFT_OK)
        return s;
    const double deadline = weft__deadline_in(timeout);
    for (size_t k = 0; k < n; k++)
        if (!wait(&r[k], deadline))
            return WEFT_TIMEOUT;
    return WEFT_OK;
}

static size_t first_done(const weft_result *r, size_t n)
{
    size_t k = 0;
    while (k < n && !weft__job_done(&r[k]))
        k++;
    return k;
}

/* A task that waits for any of its own pool's jobs would otherwise wait for one that waits for it. */
static void help_with(weft_result *r, size_t n, double deadline)
{
    for (size_t k = 0; k < n && first_done(r, n) == n; k++)
        if (r[k].pool_->kind->is_inside(r[k].pool_))
            r[k].pool_->kind->help(r[k].pool_, &r[k], deadline);
}

weft_status weft_result_wait_any(weft_result *r, size_t n, size_t *which, double timeout)
{
    static const char name[] = "weft_result_wait_any";
    weft_status s = check_all(r, n, timeout, name);
    if (s != WEFT_OK)
        return s;
    if (n == 0 || !which)
        return weft__fail(WEFT_EINVAL, "%s: %s", name,
                          n ? "which is NULL: it must be where the index goes"
                            : "n is 0: none of no results is ever done");
    const double deadline = weft__deadline_in(timeout);
    bool in_time = deadline != weft__late;
    if (in_time)
        help_with(r, n, deadline);
    weft__bell_enter(&weft__any_result);
    for (;;) {
        const uint32_t heard = weft__bell_listen(&weft__any_result);
        *which = first_done(r, n);
        if (*which < n || !in_time)
            break;
        in_time = weft__bell_sleep(&weft__any_result, heard, deadline);
    }
    weft__bell_leave(&weft__any_result);
    return *which < n ? WEFT_OK : WEFT_TIMEOUT;
}
