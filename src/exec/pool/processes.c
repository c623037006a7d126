/* processes.c - a pool's workers as processes.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     program ----fork----> keeper ----fork----> workers
 *        \__________ floor: shared memory __________/
 *
 * The keeper is forked on the calling thread and has one thread: so it can fork, reap and kill whatever
 * the program's threads do meanwhile, and what it forks sees memory as it was at weft_pool_new(). */
#include "exec/pool/office.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <pthread.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft/machine.h>

#include "base/detail.h"
#include "exec/process/environment.h"
#include "exec/patience.h"
#include "exec/process/process.h"
#include "sync/thread/thread.h"

enum { default_item_size = 1024 * 1024 };

static weft_status failed(int error, const char *what)
{
    return weft__fail(error == ENOMEM ? WEFT_ENOMEM : WEFT_ESYS, "weft_pool_new: %s: %s", what,
                      strerror(error));
}

/* ---- the collector ---- */

static bool is_wanted(const struct weft__office *o)
{
    return !weft__pool_is_idle(o->pool) && !__atomic_load_n(&o->pumping, __ATOMIC_SEQ_CST);
}

static bool is_leaving(const struct weft__office *o)
{
    return __atomic_load_n(&o->leaving, __ATOMIC_SEQ_CST) != 0;
}

static void collect(void *arg)
{
    struct weft__office *const o = arg;
    while (!is_leaving(o)) {
        weft__bell_enter(&o->bell);
        for (;;) {
            const uint32_t heard = weft__bell_listen(&o->bell);
            if (is_wanted(o) || is_leaving(o))
                break;
            (void)weft__bell_sleep(&o->bell, heard, WEFT_FOREVER);
        }
        weft__bell_leave(&o->bell);
        weft__office_pump(o, NULL, WEFT_FOREVER);
    }
}

static weft_status start_collector(struct weft__office *o)
{
    const weft_thread_opts opts = { .size = sizeof opts, .name = "collector", .daemon = true };
    return weft__thread_start(&o->collector, collect, o, &opts, "Thread", true);
}

static void stop_collector(struct weft__office *o)
{
    __atomic_store_n(&o->leaving, 1, __ATOMIC_SEQ_CST);
    weft__floor_ring(o->floor);
    weft__bell_ring_all(&o->bell);
    weft__join_for_good(&o->collector);
}

/* ---- memory ---- */

static void *map(size_t size)
{
    void *const p =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static void give_back(struct weft__office *o)
{
    if (o->floor)
        munmap(o->floor, o->floor_size);
    if (o->rooms)
        munmap(o->rooms, o->rooms_size);
    if (o->keeper_fd >= 0)
        close(o->keeper_fd);
    free(o->free_rooms);
    free(o->waiting);
    free(o);
}

static bool map_all(struct weft__office *o, size_t workers, size_t item_size)
{
    const size_t page = 4096, slots = workers * weft__slots;
    const size_t least = 64 * 1024, room = item_size > least ? item_size : least;
    if (__builtin_add_overflow(room, 2 * page, &o->room_size))
        return false;
    o->room_size = o->room_size / page * page;
    o->floor_size = sizeof *o->floor + workers * sizeof *o->floor->desks;
    if (__builtin_mul_overflow(o->room_size, slots, &o->rooms_size))
        return false;
    o->floor = map(o->floor_size);
    o->rooms = map(o->rooms_size);
    o->free_rooms = malloc(slots * sizeof *o->free_rooms);
    o->waiting = malloc(slots * weft__pack * sizeof *o->waiting);
    if (!o->floor || !o->rooms || !o->free_rooms || !o->waiting)
        return false;
    for (o->free_count = 0; o->free_count < slots; o->free_count++)
        o->free_rooms[o->free_count] = o->rooms + o->free_count * o->room_size;
    return true;
}

static struct weft__office *make(weft_pool *pool)
{
    const size_t workers = pool->o.workers;
    struct weft__office *const o = calloc(1, sizeof *o + workers * sizeof *o->views);
    if (!o)
        return NULL;
    o->pool = pool, o->keeper_fd = -1;
    if (!map_all(o, workers, pool->item_most)) {
        give_back(o);
        return NULL;
    }
    for (size_t k = 0; k < workers; k++)
        o->views[k].desk = &o->floor->desks[k];
    o->floor->pool = pool;
    o->floor->workers = workers;
    o->floor->cores = weft_machine_limits(weft_machine_this())->threads;
    return o;
}

/* ---- the keeper ---- */

static pid_t fork_keeper(struct weft__floor *f)
{
    sigset_t every, before;
    weft__flush_streams();
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    f->signals = &before;
    const pid_t keeper = fork();
    if (keeper == 0)
        weft__keeper_live(f);
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return keeper;
}

static weft_status start_keeper(struct weft__office *o)
{
    o->floor->parent = pidfd_open(getpid(), 0);
    if (o->floor->parent < 0)
        return failed(errno, "a file descriptor for the keeper to watch");
    const pid_t keeper = fork_keeper(o->floor);
    const int error = errno;
    close(o->floor->parent);
    if (keeper < 0)
        return failed(error, "fork");
    o->keeper = keeper;
    o->keeper_fd = pidfd_open(keeper, 0);
    return o->keeper_fd < 0 ? failed(errno, "a file descriptor of the keeper") : WEFT_OK;
}

static void ring_all_desks(struct weft__office *o)
{
    for (size_t k = 0; k < o->floor->workers; k++)
        weft__desk_ring(&o->floor->desks[k]);
}

/* The workers end by themselves, and then the keeper does. */
static void end_keeper(struct weft__office *o)
{
    __atomic_store_n(&o->floor->ending, 1, __ATOMIC_SEQ_CST);
    ring_all_desks(o);
    (void)kill(o->keeper, SIGUSR1); /* it need not have workers */
    while (waitid(P_PID, (id_t)o->keeper, &(siginfo_t){ 0 }, WEXITED) < 0 && errno == EINTR)
        ;
    weft__forget_libomp(o->keeper);
    for (size_t k = 0; k < o->floor->workers; k++) /* if it was killed, they died unburied */
        if (o->floor->desks[k].pid)
            weft__forget_libomp(o->floor->desks[k].pid);
}

/* WEFT_TIMEOUT: not all have started yet. */
static weft_status look_at_start(const struct weft__office *o)
{
    const struct weft__floor *const f = o->floor;
    const size_t started = __atomic_load_n(&f->started, __ATOMIC_SEQ_CST);
    const int code = __atomic_load_n(&f->init_code, __ATOMIC_SEQ_CST),
              error = __atomic_load_n(&f->error, __ATOMIC_SEQ_CST);
    if (error && error != ECHILD)
        return failed(error, "starting workers");
    if (started == f->workers && code)
        return weft__fail(WEFT_EFAILED, "weft_pool_new: init returned %d: it must return 0", code);
    if (started == f->workers)
        return WEFT_OK;
    if ((__atomic_load_n(&f->crashed, __ATOMIC_SEQ_CST) && !code) || weft__office_keeper_is_dead(o))
        return weft__fail(WEFT_EDIED, "weft_pool_new: a worker died before it was ready");
    return WEFT_TIMEOUT;
}

static weft_status wait_until_started(struct weft__office *o)
{
    struct weft__floor *const f = o->floor;
    weft_status s;
    for (;;) {
        const uint32_t rings = __atomic_load_n(&f->rings, __ATOMIC_SEQ_CST);
        __atomic_store_n(&f->sleeps, 1, __ATOMIC_SEQ_CST);
        if ((s = look_at_start(o)) != WEFT_TIMEOUT)
            break;
        (void)weft__futex_wait(&f->rings, rings, WEFT_FOREVER, true);
    }
    __atomic_store_n(&f->sleeps, 0, __ATOMIC_SEQ_CST);
    return s;
}

static weft_status start_all(struct weft__office *o)
{
    weft_status s = start_keeper(o);
    if (s == WEFT_OK)
        s = wait_until_started(o);
    if (s == WEFT_OK)
        s = start_collector(o);
    if (s == WEFT_OK) {
        __atomic_store_n(&o->floor->open, 1, __ATOMIC_SEQ_CST);
        (void)kill(o->keeper, SIGUSR1); /* somebody may have died meanwhile */
    } else if (o->keeper) {
        end_keeper(o);
    }
    return s;
}

static weft_status find_places(const weft_pool *pool, weft_cpus **places)
{
    *places = NULL;
    if (!pool->o.place)
        return WEFT_OK;
    *places = malloc(pool->o.workers * sizeof **places);
    if (!*places)
        return failed(ENOMEM, "places");
    return weft_machine_places(weft_machine_this(), pool->o.place, pool->o.workers, *places);
}

static weft_status start(weft_pool *pool)
{
    weft_cpus *places, all;
    weft_cpus_original(&all); /* for the workers, which should not have to find out */
    pool->item_most = pool->o.item_size ? pool->o.item_size : default_item_size;
    weft_status s = find_places(pool, &places);
    struct weft__office *const o = s == WEFT_OK ? make(pool) : NULL;
    if (o) {
        char **const env = weft__environment(weft__pool_share(pool, o->floor->cores), NULL);
        o->floor->places = places, o->floor->environment = env;
        s = env ? start_all(o) : failed(ENOMEM, "an environment for workers");
        free(env);
        pool->inner = o;
        if (s != WEFT_OK)
            give_back(o);
    } else if (s == WEFT_OK) {
        s = failed(ENOMEM, "memory to share with workers");
    }
    free(places);
    return s;
}

/* ---- what the pool asks of it ---- */

static void wake(weft_pool *pool, bool waits)
{
    struct weft__office *const o = pool->inner;
    if (__atomic_load_n(&o->pumping, __ATOMIC_SEQ_CST)) /* pairs with weft__office_pump() */
        weft__floor_ring(o->floor);
    else if (!waits)
        weft__bell_ring(&o->bell);
}

static void help(weft_pool *pool, weft_result *job, double deadline)
{
    if (deadline != weft__late)
        weft__office_pump(pool->inner, job, deadline);
}

static bool is_inside(const weft_pool *pool)
{
    (void)pool;
    return false;
}

static void interrupt(weft_pool *pool)
{
    struct weft__office *const o = pool->inner;
    __atomic_store_n(&o->dropping, 1, __ATOMIC_SEQ_CST);
    weft__floor_ring(o->floor);
    weft__bell_ring(&o->bell);
}

static void end(weft_pool *pool)
{
    struct weft__office *const o = pool->inner;
    stop_collector(o);
    end_keeper(o);
    give_back(o);
}

const struct weft__pool_kind weft__pool_processes = {
    .start = start,
    .wake = wake,
    .help = help,
    .is_inside = is_inside,
    .interrupt = interrupt,
    .end = end,
};
