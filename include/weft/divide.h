/* weft/divide.h - a range halved again and again: recursive map and reduce on tasks.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_DIVIDE_H
#define WEFT_DIVIDE_H

#include <weft/api.h>
#include <weft/reduce.h>
#include <weft/status.h>
#include <weft/stop.h>

WEFT_BEGIN_C

/* weft_divide - folds the leaves of a binary tree over 0..n-1 and merges them up the tree.
 *
 *     divide(acc, begin, end):
 *         if (end - begin <= grain)
 *             fold(acc, (weft_range){ begin, end }, ctx);
 *         else {
 *             middle = begin + grain * (the greatest power of 2 below the number of leaves);
 *             right = identity;
 *             divide(acc, begin, middle); divide(&right, middle, end);       both at once
 *             merge(acc, &right);
 *         }
 *
 * acc     size bytes: on entry the identity of merge, on return the answer
 * fold    folds the indices of a range into an accumulator; its ranges are `grain` long, but for the
 *         last one
 * merge   into = into followed by from; neighbours only, so it need not commute
 * ctx     handed to fold
 * .grain  indices a leaf; 0: n / 1024, at least 1
 * .stop   a token, looked at before each leaf
 *
 * Idle threads take the larger parts of what is left, so leaves may be of very uneven cost and fold may
 * make tasks of its own. Beside weft_reduce(), which has the same answer for the same leaves, there are
 * only as many accumulators at a time as the tree is deep, times threads, so leaves may be many and
 * accumulators large. The tree follows from n and grain alone, and with it the bits. Where not even the
 * memory of one accumulator more can be had (up to 1 KiB it is the stack's), a thread folds its part into
 * the one that it has: the answer is right, its last bits may differ.
 *
 * WEFT_OK; WEFT_CANCELLED when leaves were left out since the token was set: then acc holds some leaves
 * and not others. Panics when acc, fold or merge is NULL or size is 0. */
typedef struct weft_leaf_opts {
    size_t size; /* of this struct */
    size_t grain;
    const weft_stop *stop;
} weft_leaf_opts;

WEFT_API weft_status weft_divide_opts(size_t n, void *acc, size_t size, weft_fold *fold,
                                      weft_merge *merge, void *ctx, const weft_leaf_opts *opts);
#define weft_divide(...) WEFT_DIVIDE_(__VA_ARGS__, )
#define WEFT_DIVIDE_(n, acc, bytes, fold, merge, ctx, ...)        \
    weft_divide_opts((n), (acc), (bytes), (fold), (merge), (ctx), \
                     &(weft_leaf_opts){ .size = sizeof(weft_leaf_opts), __VA_ARGS__ })

WEFT_END_C

#endif
