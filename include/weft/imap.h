/* weft/imap.h - outputs one by one, while the inputs of the next ones are being worked on.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_imap it;
 *     weft_pool_imap(pool, &it, square, x, n, .window = 4);
 *     while (weft_imap_next(&it, &v, NULL, WEFT_FOREVER) == WEFT_OK)
 *         use(v);
 *     weft_imap_close(&it);
 *
 * Python's imap and imap_unordered, but an input is taken only when there is room for its output. */
#ifndef WEFT_IMAP_H
#define WEFT_IMAP_H

#include <weft/api.h>
#include <weft/pool.h>

WEFT_BEGIN_C

/* In the caller's storage; one thread at a time uses it. */
typedef struct weft_imap {
    struct weft_imap_work_ *work_;
} weft_imap;

/* weft_pool_imap - begins to run a task over an array, or over what a function makes.
 *
 * in             n inputs, which must stay until the close
 * .window        items that are given to the pool and not yet taken, at most; 0: four a worker
 * .unordered     outputs come as they are done, not in the order of the inputs
 * .generate      makes input number i at *in and returns true, or false: there are no more; called on
 *                the thread that calls weft_pool_imap() and weft_imap_next(). in is NULL then, and n the
 *                most there can be, SIZE_MAX where that is not known
 * .generate_ctx  handed to it
 *
 * WEFT_OK, WEFT_EINVAL, WEFT_CLOSED, WEFT_ESTATE, WEFT_ENOMEM; then the iterator holds nothing and
 * gives WEFT_CLOSED. */
typedef struct weft_imap_opts {
    size_t size; /* of this struct; the macro fills it in */
    size_t window;
    bool unordered;
    bool (*generate)(size_t i, void *in, void *ctx);
    void *generate_ctx;
} weft_imap_opts;

#define weft_pool_imap(pool, it, task, in, ...) \
    WEFT_POOL_IMAP_(pool, it, task, in, __VA_ARGS__, .size = sizeof(weft_imap_opts))
#define WEFT_POOL_IMAP_(pool, it, task, in, n, ...) \
    weft_pool_imap_opts((pool), (it), (task), (in), (n), &(weft_imap_opts){ __VA_ARGS__ })
WEFT_API weft_status weft_pool_imap_opts(weft_pool *pool, weft_imap *it, const weft_task *task,
                                         const void *in, size_t n, const weft_imap_opts *opts);

/* weft_imap_next - the next output.
 *
 * out      written where WEFT_OK comes back; NULL: it is not wanted
 * which    NULL, or where the index of its input goes
 * timeout  seconds; after WEFT_TIMEOUT nothing is lost
 *
 * WEFT_OK; WEFT_CLOSED at the end; WEFT_EFAILED, WEFT_EDIED, WEFT_EDEADLINE for an item that failed,
 * after which the next ones come; WEFT_CANCELLED for one that the pool's end took back.
 *
 * weft_imap_close - ends it, also one that was not read to its end: takes back what is not begun and
 * waits for what runs. Again, or of an iterator that is all zero, is nothing. Before weft_pool_free(). */
WEFT_API weft_status weft_imap_next(weft_imap *it, void *out, size_t *which, double timeout);
WEFT_API void weft_imap_close(weft_imap *it);

WEFT_END_C

#endif
