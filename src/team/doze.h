/* doze.h - threads of a crew that have looked for work long enough: they sleep until there is some.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TEAM_DOZE_H
#define WEFT_TEAM_DOZE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct weft__crew;
struct weft__worker;

/* What a thread waits for. */
struct weft__wait {
    bool (*is_ready)(const void *what);
    const void *what;
    struct weft__worker *thief; /* who has it, if that is known */
    bool begun; /* all of it has begun somewhere: others' work need not be done for it */
    bool idle;  /* for the end of the region, no more */
};

/* One a crew. */
struct weft__doze {
    uint32_t lock;
    uint32_t asleep, searching,
        waiting; /* written under the lock; waiting: those asleep, not idle */
};

/* One a thread. */
struct weft__bed {
    uint32_t bell;
    bool asleep;
    const struct weft__wait *wait;
};

/* The calling thread begins to look for work, and ends: with or without some. */
void weft__search_begin(struct weft__worker *w);
void weft__search_end(struct weft__worker *w);

/* For one that searches: sleeps until there is work or what it waits for is ready; may return early.
 *
 * strangers  work of others counts */
void weft__doze(struct weft__worker *w, const struct weft__wait *wait, bool strangers);

/* After a push that is wanted. */
void weft__doze_push(struct weft__worker *w);

/* Wakes all whose wait is over. */
void weft__doze_wake(struct weft__crew *crew);

#endif
