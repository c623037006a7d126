/* floor.h - the memory that a pool shares with its keeper and its worker processes.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     parent                          desk of one worker                     worker
 *     posts a slot: posted++ ------>  slots, a ring   -------------------->  takes them in order
 *     collects: up to taken  <------  taken           <--------------------  done: taken++
 *
 * A slot has one writer at a time, and `state` says who:
 *
 *     free --post--> posted --(worker)--> running --(worker, or keeper for a dead one)--> finished
 *                       \---(parent)--> revoked
 *
 * There is no lock to die with. A worker writes which item it runs before it runs it, so when it is
 * dead the keeper finds what it has cost; whoever has the desk next goes on behind that. */
#ifndef WEFT_EXEC_POOL_FLOOR_H
#define WEFT_EXEC_POOL_FLOOR_H

#include <signal.h>
#include <sys/types.h>

#include <weft/cpus.h>

#include "exec/pool/pool.h"

enum { weft__slots = 32 };

enum { weft__free, weft__posted, weft__running_now, weft__finished, weft__revoked };

struct weft__slot {
    uint32_t state; /* atomic */
    uint32_t n;     /* items */
    const weft_task *task;
    size_t first; /* index of the first item, for weft_task_index(), */
    bool packed;  /* or each is the only one of its job */
    char *room;   /* inputs, then outputs */
    size_t out;   /* where in the room; 0: none are wanted */
    /* The result. */
    uint32_t done; /* items that went well; the one behind them failed unless status is WEFT_OK */
    weft_status status;
    int32_t code;
    double seconds;
};

struct weft__desk {
    _Alignas(128) uint32_t posted; /* written by the parent; atomic */
    _Alignas(128) uint32_t taken; /* by the worker or, between two workers, by the keeper; atomic */
    volatile uint32_t at;         /* the item of the slot that runs */
    _Alignas(128) uint32_t rings; /* what a worker without work sleeps on; atomic */
    uint32_t sleeps;              /* it does, or is about to; atomic */
    uint32_t ready;               /* its init has returned 0; atomic */
    uint32_t leaves;              /* it ends by itself; atomic */
    pid_t pid;                    /* written by the keeper */
    struct weft__slot slots[weft__slots];
};

struct weft__floor {
    /* What the parent sleeps on, and whether it does. */
    uint32_t rings, sleeps;
    uint32_t ending;    /* workers end once they have nothing to do; atomic */
    uint32_t started;   /* workers whose first init has returned; atomic */
    int32_t init_code;  /* of one that failed; atomic */
    int32_t error;      /* errno: no workers can be had; atomic */
    uint32_t crashed;   /* a worker died before its init returned; atomic */
    uint32_t interrupt; /* end what runs; atomic */
    uint32_t open;      /* all have started: from now on the dead are replaced; atomic */
    /* Written before the fork. */
    weft_pool *pool;
    size_t workers, cores;
    int parent;              /* pidfd */
    const weft_cpus *places; /* NULL: nowhere */
    sigset_t *signals;       /* the mask of who made the pool */
    char **environment;      /* of the workers, whose share of the cores is in it */
    struct weft__desk desks[];
};

/* Wakes the parent, if it sleeps. Who is killed in here delays it by 20 ms. */
void weft__floor_ring(struct weft__floor *floor);
void weft__desk_ring(struct weft__desk *desk);

/* In a process that has just been forked: the life of the keeper. */
_Noreturn void weft__keeper_live(struct weft__floor *floor);

/* In a process that the keeper has just forked: the life of a worker. */
_Noreturn void weft__worker_live(struct weft__floor *floor, size_t number, pid_t keeper);

#endif
