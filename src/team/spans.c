/* spans.c - units of work, handed out one by one: each thread has a span of its own, then steals.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A span is one 64-bit word, first unit below, end above, on a cache line of its own. Its owner takes
 * from the front; a thread whose span is empty takes the back half of another's and makes it its own.
 * Every change is a compare-and-swap of the whole word, and each unit is in one span at most, so a word
 * that compares equal still means the same units: there is no ABA. A thief writes its own word by a
 * plain store: it is empty, and nobody else changes an empty one.
 *
 * Between the theft and that store the stolen units are in no span. A thread that looks just then goes
 * home early; the thief runs them all the same, so each unit is still run once. */
#include "team/spans.h"

#include <stdlib.h>

#include "base/assert.h"

struct weft__span {
    uint64_t word;
    uint64_t threads; /* in spans[0] only */
    char apart[112];  /* two cache lines: the processor fetches them in pairs */
} __attribute__((aligned(128)));

static uint64_t pack(uint64_t begin, uint64_t end) { return begin | end << 32; }
static uint64_t begin_of(uint64_t word) { return word & 0xffffffff; }
static uint64_t end_of(uint64_t word) { return word >> 32; }

/* Relaxed order throughout: a word guards no other data; what the units work on was written before
 * the team was forked, and the join of the team publishes the results. */
static bool swap(uint64_t *word, uint64_t *seen, uint64_t next)
{
    return __atomic_compare_exchange_n(word, seen, next, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

static bool take_first(struct weft__span *mine, size_t *unit)
{
    uint64_t w = __atomic_load_n(&mine->word, __ATOMIC_RELAXED);
    while (begin_of(w) < end_of(w))
        if (swap(&mine->word, &w, w + 1)) {
            *unit = begin_of(w);
            return true;
        }
    return false;
}

static bool take_half(struct weft__span *victim, struct weft__span *mine)
{
    uint64_t w = __atomic_load_n(&victim->word, __ATOMIC_RELAXED);
    while (begin_of(w) < end_of(w)) {
        const uint64_t middle = begin_of(w) + (end_of(w) - begin_of(w)) / 2;
        if (swap(&victim->word, &w, pack(begin_of(w), middle))) {
            __atomic_store_n(&mine->word, pack(middle, end_of(w)), __ATOMIC_RELAXED);
            return true;
        }
    }
    return false;
}

static bool steal(struct weft__span *spans, size_t self)
{
    const size_t threads = spans[0].threads;
    for (size_t k = 1; k < threads; k++)
        if (take_half(&spans[(self + k) % threads], &spans[self]))
            return true;
    return false;
}

struct weft__span *weft__spans_new(size_t threads, size_t units)
{
    weft_assert(units <= weft__spans_most);
    struct weft__span *const spans = aligned_alloc(sizeof *spans, threads * sizeof *spans);
    if (!spans)
        return NULL;
    for (size_t k = 0; k < threads; k++)
        spans[k].word = pack(units * k / threads, units * (k + 1) / threads);
    spans[0].threads = threads;
    return spans;
}

void weft__spans_free(struct weft__span *spans) { free(spans); }

bool weft__spans_next(struct weft__span *spans, size_t self, size_t *unit)
{
    while (!take_first(&spans[self], unit))
        if (!steal(spans, self))
            return false;
    return true;
}
