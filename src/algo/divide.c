/* divide.c - weft_divide: a range halved again and again, its leaves merged up the tree.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Each inner node forks, and idle threads take the largest part that is left, since that is the oldest: to
 * fork where nobody takes anything costs less than a call of the user's fold. So there is no need to guess
 * how far to split, and the tree can be the same always: of the leaves that a node has, the left
 * child gets the greatest power of 2 that leaves some for the right one. */
#include <weft/divide.h>

#include <alloca.h>
#include <stdlib.h>
#include <string.h>

#include "base/at_most.h"
#include "base/detail.h"
#include "base/options.h"
#include "team/crew.h"

enum {
    leaves_usual = 1024,
    stack_most = 1024, /* bytes of an accumulator that lies on the stack */
};

struct plan {
    size_t n, grain, size;
    const void *identity;
    weft_fold *fold;
    weft_merge *merge;
    void *ctx;
    const weft_stop *stop;
    bool cancelled; /* relaxed: the end of the call publishes it */
};

struct node {
    struct plan *plan;
    size_t begin, end; /* leaves */
    char *acc;
};

static void fold_leaves(const struct node *node)
{
    struct plan *const p = node->plan;
    if (p->stop && weft_stop_is_set(p->stop)) {
        __atomic_store_n(&p->cancelled, true, __ATOMIC_RELAXED);
        return;
    }
    const weft_range r = { node->begin * p->grain,
                           node->end > p->n / p->grain ? p->n : node->end * p->grain };
    p->fold(node->acc, r, p->ctx);
}

static size_t middle_of(const struct node *node)
{
    size_t left = 1;
    while (left < (node->end - node->begin + 1) / 2)
        left *= 2;
    return node->begin + left;
}

static int divide(void *arg);

static void divide_with(const struct node *node, char *room)
{
    const struct plan *const p = node->plan;
    const size_t middle = middle_of(node);
    struct node left = { node->plan, node->begin, middle, node->acc };
    struct node right = { node->plan, middle, node->end, room };
    int fine[2];
    memcpy(room, p->identity, p->size);
    weft__fork2(weft__member.worker, divide, &left, divide, &right, fine);
    p->merge(node->acc, room);
}

static int divide(void *arg)
{
    const struct node *const node = arg;
    const size_t size = node->plan->size;
    if (node->end - node->begin == 1) {
        fold_leaves(node);
    } else if (size <= stack_most) {
        divide_with(node, alloca(size));
    } else {
        char *const room = malloc(size);
        if (room)
            divide_with(node, room);
        else
            fold_leaves(node);
        free(room);
    }
    return 0;
}

static void root(struct weft__worker *w, void *node)
{
    (void)w;
    divide(node);
}

static void check(const void *acc, size_t size, weft_fold *fold, weft_merge *merge)
{
    if (!acc || !size)
        weft__panic("weft_divide: acc is %s of %zu bytes: it must hold an accumulator",
                    acc ? "memory" : "NULL", size);
    if (!fold || !merge)
        weft__panic("weft_divide: %s is NULL: it must be a function", fold ? "merge" : "fold");
}

static size_t grain_of(size_t n, size_t wish)
{
    const size_t usual = n / leaves_usual;
    return wish ? wish : usual ? usual : 1;
}

/* The root's accumulator is the caller's, so the identity is copied first. */
static void run(struct node *node)
{
    const struct plan *const p = node->plan;
    void *const identity = p->size <= stack_most ? alloca(p->size) : malloc(p->size);
    if (identity) {
        node->plan->identity = memcpy(identity, node->acc, p->size);
        weft__as_task(root, node);
    } else {
        fold_leaves(node);
    }
    if (p->size > stack_most)
        free(identity);
}

weft_status weft_divide_opts(size_t n, void *acc, size_t size, weft_fold *fold, weft_merge *merge,
                             void *ctx, const weft_leaf_opts *opts)
{
    weft_leaf_opts o;
    weft__take_options(&o, opts);
    check(acc, size, fold, merge);
    struct plan p = {
        .n = n,
        .grain = grain_of(n, o.grain),
        .size = size,
        .fold = fold,
        .merge = merge,
        .ctx = ctx,
        .stop = o.stop,
    };
    struct node all = { &p, 0, n / p.grain + (n % p.grain != 0), acc };
    if (n > 0)
        run(&all);
    return p.cancelled ? WEFT_CANCELLED : WEFT_OK;
}
