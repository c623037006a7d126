/* weft/progress.h - how far a long call is, for whoever watches it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Calls that may take long have an option .progress: a function that hears how far they are, ten times
 * a second at most and once at the end. weft_progress_bar is one that is ready to use. */
#ifndef WEFT_PROGRESS_H
#define WEFT_PROGRESS_H

#include <weft/api.h>

WEFT_BEGIN_C

typedef struct weft_progress {
    size_t done;    /* items finished, the failed ones too */
    size_t failed;  /* of these */
    size_t total;   /* items in all; 0: nobody knows */
    double seconds; /* since the call began */
    double before;  /* seconds at the report before this one; negative: this is the first */
    double rate;    /* done / seconds; 0 while nothing is done */
    double left;    /* seconds until total at that rate; WEFT_FOREVER where that cannot be said */
    bool last;      /* the call ends with this report */
} weft_progress;

/* A hook. It is called on one of the threads that do the work, never on two at once, and the work of
 * that thread waits for it. */
typedef void weft_progress_hook(const weft_progress *progress, void *ctx);

/* weft_progress_bar - shows progress on stderr.
 *
 * On a terminal one line that is redrawn in place, at most ten times a second, and cut to its width:
 *
 *     label  42 % [==========>             ] 4200/10000, 3 failed, 1.24k/s, 0:47 left
 *
 * Else, as in a log, a line every ten seconds and one at the end:
 *
 *     label: 4200 of 10000 done, 3 failed, 1.24k/s, 0:47 left
 *
 * ctx  a text that stands in front; NULL: none */
WEFT_API void weft_progress_bar(const weft_progress *progress, void *ctx);

WEFT_END_C

#endif
