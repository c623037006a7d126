/* weft/region.h - what the loop and expression macros expand to; not for direct use.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A region is one call: it lives on the caller's stack, and so does each worker's part on the
 * worker's. Every `omp parallel` of a user's file comes from WEFT_TEAM_ below. */
#ifndef WEFT_REGION_H
#define WEFT_REGION_H

#include <weft/api.h>

WEFT_BEGIN_C

/* One call. */
typedef struct weft_region_ {
    int threads;
    bool open;
    size_t n;         /* indices in all */
    const void *plan; /* where the workers are bound */
    void *spans;      /* units of work by thread, where they are handed out one by one */
    size_t unit;      /* indices a unit */
    void *crew;       /* the threads as they share tasks, once there are tasks */
} weft_region_;

/* One thread in it. */
typedef struct weft_worker_ {
    weft_region_ *region;
    bool open;
    unsigned rounding; /* the host's rounding and denormal mode, given back at the end */
    size_t self;
    size_t index, end; /* the next index, and the end of the unit at hand */
} weft_worker_;

WEFT_API weft_region_ weft_region_begin_(size_t n);
WEFT_API weft_region_ weft_region_begin_dynamic_(size_t n);
WEFT_API void weft_region_end_(weft_region_ *region);
WEFT_API weft_worker_ weft_enter_(weft_region_ *region);
WEFT_API void weft_leave_(weft_worker_ *worker);
WEFT_API bool weft_next_(weft_worker_ *worker);

/* Indices in pieces, for the macros that evaluate an expression. The calling thread begins alone and
 * times itself, so that a team is forked only when the rest is worth it. */
typedef struct weft_pieces_ {
    weft_region_ region;
    size_t n;    /* indices in all */
    size_t head; /* indices that the calling thread did alone */
    size_t unit; /* indices that go to a thread of the team at once */
    size_t most; /* indices a piece */
    int threads; /* of the team, should there be one */
} weft_pieces_;

typedef struct weft_piece_ {
    weft_worker_ worker;
    weft_pieces_ *pieces;
    size_t begin, count; /* the piece at hand */
    size_t end;          /* of the unit it belongs to */
    size_t step;         /* size of the next timed piece; 0: the time does not matter */
    double start;        /* when the timing began */
    bool alone;          /* before the team, */
    unsigned nested;     /* what it was in before */
} weft_piece_;

#ifdef _OPENMP
#define WEFT_TEAM_(threads) WEFT_PRAGMA_(omp parallel num_threads(threads))
#define WEFT_SHARE_         WEFT_PRAGMA_(omp for schedule(static) nowait)
#else
#define WEFT_TEAM_(threads) WEFT_PRAGMA_(GCC error "weft's loops and expressions need -fopenmp")
#define WEFT_SHARE_
#endif

/* No iteration of the loop behind it reads what another one writes. */
#if defined __clang__ || !defined __GNUC__
#define WEFT_INDEPENDENT_
#else
#define WEFT_INDEPENDENT_ WEFT_PRAGMA_(GCC ivdep)
#endif

WEFT_END_C

#endif
