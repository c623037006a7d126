/* office.h - the program's side of a pool of processes.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Somebody has to carry inputs to the desks and outputs back, the *pump*: one thread at a time, whoever
 * waits for a job just now, or else the collector, a thread that is there for jobs that nobody waits
 * for. */
#ifndef WEFT_EXEC_POOL_OFFICE_H
#define WEFT_EXEC_POOL_OFFICE_H

#include <weft/thread.h>

#include "exec/pool/floor.h"

enum { weft__pack = 64 };

/* What was posted in a slot: a chunk of one job, or a pack of jobs of one item each. */
struct weft__record {
    struct weft__chunk chunk; /* of a pack the first */
    size_t packed;            /* jobs of a pack, at least 2; 0: it is a chunk */
    weft_result *jobs[weft__pack];
    double estimate; /* seconds; 0: nobody knows */
    char *room;
    bool revoked;
};

struct weft__view {
    struct weft__desk *desk;
    uint32_t posted, collected;
    double backlog; /* of what is posted and not collected */
    size_t unknown; /* of these: how many have no estimate */
    uint32_t seen;  /* `taken` when it was looked at last, */
    double since;   /* and since when it has been that */
    bool stuck;     /* nothing is posted behind an item that takes so long */
    struct weft__record records[weft__slots];
};

/* How long a task takes, which is given one item at a time. */
struct weft__known {
    const weft_task *task;
    double seconds;
};

enum { weft__tasks_known = 16 };

struct weft__office {
    weft_pool *pool;
    struct weft__floor *floor;
    size_t floor_size;
    pid_t keeper;
    int keeper_fd; /* its pidfd */
    char *rooms;
    size_t rooms_size, room_size;

    uint32_t pumping;       /* a thread does; atomic */
    uint32_t dropping;      /* the pool is terminated; atomic */
    uint32_t leaving;       /* the collector ends; atomic */
    struct weft__bell bell; /* where the collector sleeps */
    weft_thread collector;

    /* The pump's. */
    bool broken, dropped;
    char **free_rooms;
    size_t free_count;
    struct weft__chunk *waiting; /* taken, and not posted or to be posted again */
    size_t waiting_count;
    struct weft__known known[weft__tasks_known];
    struct weft__view views[];
};

/* Pumps until the job is done, or for NULL until no job is left, or the deadline. Returns at once where
 * somebody else pumps. */
void weft__office_pump(struct weft__office *o, const weft_result *job, double deadline);

bool weft__office_keeper_is_dead(const struct weft__office *o);

#endif
