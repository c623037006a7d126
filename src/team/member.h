/* member.h - what a thread remembers about the teams it belongs to.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_MEMBER_H
#define WEFT_TEAM_MEMBER_H

#include <stdbool.h>
#include <stddef.h>

struct weft__plan;
struct weft__task;
struct weft__worker;
struct weft_region_;

struct weft__member {
    /* As a caller. */
    size_t asked; /* weft_set_threads, or 0 */
    size_t pool;  /* threads in its team after the last region; 0: none yet */
    size_t most;  /* threads when more were refused, or 0 */
    double retry; /* when to ask for more again */
    bool forked;  /* its process was forked by it: its team is gone */
    enum weft__alone {
        WEFT__IN_BLOCK = 1,        /* it began a call without its team: nested calls are serial, */
        WEFT__IN_EXPRESSION        /* and so are tasks */
    } alone;                       /* or 0 */
    const struct weft__plan *last; /* the plan of its last region */
    const struct weft__plan *elsewhere; /* a plan whose place for it is out of its reach */

    /* As a worker. */
    bool met;                      /* it has been in a region of ours */
    const struct weft__plan *plan; /* by which it is bound, or NULL: not by weft */
    size_t index;                  /* its place in that plan */
    struct weft_region_ *region;   /* the region of a team that it is in, or NULL, */
    size_t self;                   /* and its number there */

    /* In a task. */
    struct weft__worker *worker;    /* or NULL */
    const struct weft__task *tasks; /* of groups, on its stack, the youngest first */
};

/* initial-exec: a region reads this on every thread, and a call to find it would cost more. */
extern _Thread_local struct weft__member weft__member __attribute__((tls_model("initial-exec")));

#endif
