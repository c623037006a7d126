/* queue_race.h - producers and consumers at one queue, the same for everybody's.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef PEERS_QUEUE_RACE_H
#define PEERS_QUEUE_RACE_H

#include "jobs.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A queue of numbers the size of a pointer; each side is a loop of its own, with nothing to call in
 * between but the queue. */
typedef struct traffic {
    void *(*open)(size_t capacity);
    void (*produce)(void *queue, size_t first, size_t n); /* first, first + 1, ... */
    double (*consume)(void *queue, size_t n);             /* returns the sum */
    void (*shut)(void *queue);
} traffic;

/* Moves the numbers below w->n through a queue of capacity 1024 and returns their sum. */
double queue_race(const work *w, const traffic *t, size_t producers, size_t consumers);

/* Sends a number to another thread and back queue_trips times, through two queues. */
double queue_ping_pong(const traffic *t);

enum { queue_trips = 1000 };

#ifdef __cplusplus
}
#endif

#endif
