/* progress.h - counts what is done and reports it now and then.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     struct weft__progress p;
 *     weft__progress_begin(&p, o.progress, o.progress_ctx, n);
 *     ... on any thread: weft__progress_add(&p, items, of_these_failed);
 *     weft__progress_end(&p);
 *
 * Without a hook add costs a test. With one it asks the clock, about 25 ns: add blocks, not items,
 * where items take less than a microsecond. */
#ifndef WEFT_SYNC_PROGRESS_H
#define WEFT_SYNC_PROGRESS_H

#include <weft/progress.h>

struct weft__progress {
    weft_progress_hook *hook; /* NULL: nobody watches */
    void *ctx;
    size_t total, done, failed; /* relaxed: numbers to look at */
    double start, before;
    uint64_t next;      /* no report before that many nanoseconds since the start */
    uint32_t reporting; /* somebody calls the hook; guards before and next */
};

void weft__progress_begin(struct weft__progress *p, weft_progress_hook *hook, void *ctx,
                          size_t total);
void weft__progress_add(struct weft__progress *p, size_t done, size_t failed);

/* The last report; all adds have returned. */
void weft__progress_end(struct weft__progress *p);

#endif
