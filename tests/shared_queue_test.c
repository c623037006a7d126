/* shared_queue_test.c - the queue between processes, whoever of them is killed and wherever.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What it promises call by call, as every queue does, is in queue_test.c. Each test here starts a probe,
 * a process of one thread, which forks the others; the test judges what the probe prints. */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft.h>

#include "herd.h"
#include "probe.h"
#include "suites.h"

enum { producers = 2, consumers = 3, numbers_most = 1 << 24 };

/* What all processes of a probe share. */
struct place {
    weft_queue *q, *back;
    bool stop;
    long good, lost, twice, unordered;
    weft_status status[2];
    /* the storm */
    size_t batch, quota, finished;
    uint32_t claimed[producers]; /* numbers that went into a put, whatever became of it */
    unsigned char *seen[producers];
};

static void count(long *which) { __atomic_fetch_add(which, 1, __ATOMIC_RELAXED); }
static bool stopped(const struct place *p) { return __atomic_load_n(&p->stop, __ATOMIC_RELAXED); }

static weft_queue *queue_of(size_t capacity)
{
    weft_queue *const q = weft_queue_new(sizeof(int), .capacity = capacity, .shared = true);
    if (!q)
        abort();
    return q;
}

static weft_status put(weft_queue *q, int item, double timeout)
{
    return weft_queue_put(q, &item, timeout);
}

/* -1: there is none. */
static int get(weft_queue *q, double timeout)
{
    int item = -1;
    return weft_queue_get(q, &item, timeout) == WEFT_OK ? item : -1;
}

/* Waits until a herd's process sleeps in the kernel. */
static void until_asleep(pid_t process)
{
    char path[40], state = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    for (const double start = weft_now(); state != 'S' && weft_now() - start < 10; usleep(1000)) {
        FILE *const f = fopen(path, "r");
        if (f && fscanf(f, "%*d %*s %c", &state) != 1)
            state = 0;
        if (f)
            fclose(f);
    }
}

/* ---- there and back ---- */

static void answer(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    for (int item; (item = get(p->q, WEFT_FOREVER)) >= 0;)
        if (put(p->back, item + 1, WEFT_FOREVER) || weft_queue_task_done(p->q))
            return;
}

/* With a child of a child, that has the queue from its parent's parent. */
static void answer_by_a_grandchild(size_t self, void *shared)
{
    if (!herd_end(herd_fork(answer, self, shared)))
        abort();
}

static void there_and_back(struct place *p)
{
    const pid_t child = herd_fork(answer_by_a_grandchild, 0, p);
    long wrong = 0;
    for (int k = 0; k < 2000; k++)
        wrong += put(p->q, k, 20) != WEFT_OK || get(p->back, 20) != k + 1;
    const weft_status joined = weft_queue_join(p->q, 20);
    weft_queue_close(p->q);
    printf("%ld wrong, %s, ended %d\n", wrong, weft_strstatus(joined), herd_end(child));
}

static void free_and_end(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    weft_queue_free(p->q);
}

static void free_apart(struct place *p)
{
    const pid_t child = herd_fork(free_and_end, 0, p);
    const bool ended = herd_end(child);
    const weft_status s = put(p->q, 7, 0);
    printf("ended %d, %s, %d\n", ended, weft_strstatus(s), get(p->q, 0));
}

/* ---- waiting ---- */

static void get_once(size_t self, void *shared)
{
    struct place *const p = shared;
    if (get(p->q, WEFT_FOREVER) >= 0)
        count(&p->good);
    (void)self;
}

static void put_once(size_t self, void *shared)
{
    struct place *const p = shared;
    if (put(p->q, (int)self, WEFT_FOREVER) == WEFT_OK)
        count(&p->good);
}

static void join_once(size_t self, void *shared)
{
    struct place *const p = shared;
    p->status[self] = weft_queue_join(p->q, WEFT_FOREVER);
}

/* A put wakes who waits for an item, a get who waits for room, and close all of them. */
static void wake(struct place *p)
{
    const pid_t getter = herd_fork(get_once, 0, p);
    until_asleep(getter);
    put(p->q, 1, 0);
    printf("get %d, ", herd_end(getter));
    for (int k = 0; put(p->q, k, 0) == WEFT_OK; k++)
        ;
    const pid_t putter = herd_fork(put_once, 5, p);
    until_asleep(putter);
    get(p->q, 0);
    const bool put_ended = herd_end(putter);
    printf("put %d, %ld good, ", put_ended, p->good);
    const pid_t shut_out = herd_fork(put_once, 6, p);
    until_asleep(shut_out);
    weft_queue_close(p->q);
    const bool shut_out_ended = herd_end(shut_out);
    printf("closed %d, %ld good, ", shut_out_ended, p->good);
    while (get(p->q, 0) >= 0)
        ;
    printf("%s\n", weft_strstatus(weft_queue_get(p->q, &(int){ 0 }, WEFT_FOREVER)));
}

static void join_from_a_child(struct place *p)
{
    put(p->q, 1, 0), get(p->q, 0);
    const pid_t child = herd_fork(join_once, 0, p);
    until_asleep(child);
    weft_queue_task_done(p->q);
    const bool ended = herd_end(child);
    printf("ended %d, %s\n", ended, weft_strstatus(p->status[0]));
}

/* Many die asleep, and leave nothing behind that keeps an item from who still lives. */
static void kill_sleepers(struct place *p)
{
    for (int k = 0; k < 20; k++) {
        const pid_t sleeper = herd_fork(get_once, 0, p);
        until_asleep(sleeper);
        herd_kill(sleeper);
    }
    pid_t getter[2];
    for (size_t k = 0; k < 2; k++)
        until_asleep(getter[k] = herd_fork(get_once, 0, p));
    put(p->q, 1, 0), put(p->q, 2, 0);
    const bool ended[] = { herd_end(getter[0]), herd_end(getter[1]) };
    printf("ended %d and %d, %ld good, %zu left\n", ended[0], ended[1], p->good,
           weft_queue_len(p->q));
}

/* ---- work that dies with its taker ---- */

static void take_two_and_die(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    get(p->q, 0), get(p->q, 0), get(p->q, 0);
    weft_queue_task_done(p->q);
    raise(SIGKILL);
}

static void mourn(struct place *p)
{
    for (int k = 0; k < 4; k++)
        put(p->q, k, 0);
    (void)herd_end(herd_fork(take_two_and_die, 0, p));
    const weft_status first = weft_queue_join(p->q, WEFT_FOREVER);
    printf("%s: %s\n", weft_strstatus(first), weft_detail());
    const weft_status second = weft_queue_join(p->q, 0);
    get(p->q, 0);
    weft_queue_task_done(p->q);
    const weft_status third = weft_queue_join(p->q, 0), excess = weft_queue_task_done(p->q);
    printf("%s, %s, %s\n", weft_strstatus(second), weft_strstatus(third), weft_strstatus(excess));
}

/* It dies while two wait: both hear of it. */
static void mourn_together(struct place *p)
{
    put(p->q, 1, 0);
    while (put(p->back, 0, 0) == WEFT_OK)
        ;
    const pid_t taker = herd_fork(answer, 0, p); /* it cannot answer */
    until_asleep(taker);
    pid_t joins[2];
    for (size_t k = 0; k < 2; k++)
        until_asleep(joins[k] = herd_fork(join_once, k, p));
    herd_kill(taker);
    const bool ended[] = { herd_end(joins[0]), herd_end(joins[1]) };
    printf("%d %d, %s, %s\n", ended[0], ended[1], weft_strstatus(p->status[0]),
           weft_strstatus(p->status[1]));
}

/* Who ends with all its work done is not missed. */
static void leave_in_peace(struct place *p)
{
    const pid_t child = herd_fork(answer, 0, p);
    for (int k = 0; k < 3; k++)
        put(p->q, k, 20), get(p->back, 20);
    const weft_status joined = weft_queue_join(p->q, 20);
    herd_kill(child);
    put(p->q, 9, 0);
    const weft_status waits = weft_queue_join(p->q, 0.05);
    get(p->q, 0), weft_queue_task_done(p->q);
    printf("%s, %s, %s\n", weft_strstatus(joined), weft_strstatus(waits),
           weft_strstatus(weft_queue_join(p->q, 0)));
}

/* More than there are places in the table, one after the other. */
static void bury_many(struct place *p)
{
    enum { many = 1100 };
    long wrong = 0;
    for (int k = 0; k < many; k++) {
        put(p->q, k, 0);
        wrong += !herd_end(herd_fork(get_once, 0, p));
    }
    weft_status s;
    long deaths = 0;
    while ((s = weft_queue_join(p->q, 1)) == WEFT_EDIED)
        deaths++;
    printf("%ld wrong, %ld got, %s, %s\n", wrong, p->good, deaths > 0 ? "died" : "nobody died",
           weft_strstatus(s));
}

static void get_and_stay(size_t self, void *shared)
{
    struct place *const p = shared;
    (void)self;
    int item;
    const weft_status s = weft_queue_get(p->q, &item, WEFT_FOREVER);
    count(s == WEFT_OK ? &p->good : &p->lost);
    if (s == WEFT_OK)
        pause();
}

static long counted(const struct place *p)
{
    return __atomic_load_n(&p->good, __ATOMIC_RELAXED) +
           __atomic_load_n(&p->lost, __ATOMIC_RELAXED);
}

/* 1024 that live may take; one more is refused until one has ended. */
static void crowd(struct place *p)
{
    enum { most = 1024 };
    static pid_t all[most];
    for (int k = 0; k < most; k++)
        all[k] = herd_fork(get_and_stay, 0, p);
    for (int k = 0; k < most + 1; k++)
        put(p->q, k, WEFT_FOREVER);
    for (const double start = weft_now(); counted(p) < most && weft_now() - start < 60;)
        usleep(1000);
    const weft_status refused = weft_queue_get(p->q, &(int){ 0 }, 0);
    printf("%ld took, %s: %s\n", p->good, weft_strstatus(refused), weft_detail());
    herd_kill(all[0]);
    printf("%s\n", weft_strstatus(weft_queue_get(p->q, &(int){ 0 }, 0)));
    for (int k = 1; k < most; k++)
        herd_kill(all[k]);
}

/* ---- killed at every instruction ----
 *
 * A process is stepped through a call, k instructions far, and killed there; for all k. */

struct act {
    const char *name;
    void (*prepare)(struct place *p); /* before it is started */
    void (*enter)(struct place *p);   /* by it, at full speed */
    void (*call)(struct place *p);    /* by it, in steps */
    bool (*is_good)(struct place *p); /* what is left when it is dead */
};

static void nothing(struct place *p) { (void)p; }

static void put_three(struct place *p)
{
    for (int k = 0; k < 3; k++)
        put(p->q, k, 0);
}

static void put_one(struct place *p) { put(p->q, 3, 0); }
static void get_one(struct place *p) { get(p->q, 0); }
static void call_one_done(struct place *p) { weft_queue_task_done(p->q); }
static void drop(struct place *p) { weft_queue_close(p->q, .immediate = true); }

static void put_two_more(struct place *p)
{
    weft_queue_put_many(p->q, (const int[]){ 3, 4 }, 2, 0, NULL);
}

static void get_two(struct place *p)
{
    size_t got;
    weft_queue_get_many(p->q, (int[2]){ 0 }, 2, 0, &got);
}

/* Takes what is left and calls it done; *first is the first of it. Whether it is *first, *first + 1,
 * ... up to `least` at least. */
static bool rest_is_in_order(struct place *p, int *first, int least)
{
    *first = get(p->q, 0);
    int next = *first, item = next;
    for (; item >= 0; next++, item = get(p->q, 0))
        if (item != next || weft_queue_task_done(p->q))
            return false;
    return next >= least;
}

/* Whether all is done in the end, to the last one, and the queue goes on working. */
static bool adds_up(struct place *p)
{
    return weft_queue_join(p->q, 0) == WEFT_OK && weft_queue_task_done(p->q) == WEFT_ESTATE &&
           put(p->q, 77, 5) == WEFT_OK && get(p->q, 5) == 77 &&
           weft_queue_task_done(p->q) == WEFT_OK && weft_queue_join(p->q, 0) == WEFT_OK;
}

static bool after_put(struct place *p)
{
    int first;
    return rest_is_in_order(p, &first, 3) && first == 0 && adds_up(p);
}

/* Nobody has touched the queue since: a join alone must find what was taken, or nothing. */
static bool after_get(struct place *p)
{
    int first;
    const weft_status told = weft_queue_join(p->q, 0);
    return rest_is_in_order(p, &first, 3) && told == (first == 0 ? WEFT_TIMEOUT : WEFT_EDIED) &&
           adds_up(p);
}

/* What was taken is either done or lost, not both. */
static bool after_done(struct place *p)
{
    int first;
    const weft_status told = weft_queue_join(p->q, 0);
    return (told == WEFT_TIMEOUT || told == WEFT_EDIED) && rest_is_in_order(p, &first, 3) &&
           first == 1 && adds_up(p);
}

static bool after_drop(struct place *p)
{
    return weft_queue_close(p->q, .immediate = true) == WEFT_OK &&
           weft_queue_get(p->q, &(int){ 0 }, 5) == WEFT_CLOSED && weft_queue_empty(p->q) &&
           weft_queue_join(p->q, 0) == WEFT_OK && weft_queue_task_done(p->q) == WEFT_ESTATE;
}

static const struct act acts[] = {
    { "put", put_three, nothing, put_one, after_put },
    { "put_many", put_three, nothing, put_two_more, after_put },
    { "get", put_three, nothing, get_one, after_get },
    { "get_many", put_three, nothing, get_two, after_get },
    { "task_done", put_three, get_one, call_one_done, after_done },
    { "drop", put_three, nothing, drop, after_drop },
};

/* In its first calls a process finds out who it is and where functions are, which takes thousands of
 * instructions. */
static void warm_up(struct place *p)
{
    struct place other = { .q = p->back };
    put_one(&other), get_one(&other), call_one_done(&other);
    put_two_more(&other), get_two(&other);
}

static pid_t start_stepping(const struct act *a, struct place *p)
{
    fflush(NULL);
    const pid_t child = fork();
    if (child < 0)
        abort();
    if (child > 0) {
        (void)waitpid(child, NULL, 0);
        return child;
    }
    warm_up(p);
    a->enter(p);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
        _exit(1);
    raise(SIGSTOP);
    a->call(p);
    raise(SIGSTOP);
    _exit(0);
}

/* At most n instructions; how many it were until the call was over. */
static size_t step(pid_t child, size_t n)
{
    int status;
    size_t k = 0;
    for (; k < n; k++)
        if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) || waitpid(child, &status, 0) != child ||
            !WIFSTOPPED(status) || WSTOPSIG(status) == SIGSTOP)
            break;
    return k;
}

static bool killed_at(const struct act *a, struct place *p, size_t k)
{
    p->q = queue_of(5);
    a->prepare(p);
    const pid_t child = start_stepping(a, p);
    (void)step(child, k);
    herd_kill(child);
    const bool good = a->is_good(p);
    if (!good)
        fprintf(stderr, "%s: killed after %zu instructions\n", a->name, k);
    weft_queue_free(p->q);
    return good;
}

static size_t length_of(const struct act *a, struct place *p)
{
    p->q = queue_of(5);
    a->prepare(p);
    const pid_t child = start_stepping(a, p);
    const size_t n = step(child, SIZE_MAX);
    herd_kill(child);
    weft_queue_free(p->q);
    return n;
}

/* At every instruction, or, evenly, at as many as take so many steps in all. */
static void kill_everywhere(struct place *p, const char *name, bool every)
{
    enum { steps = 30000 };
    for (size_t k = 0; k < COUNT(acts); k++) {
        if (strcmp(acts[k].name, name) != 0)
            continue;
        const size_t n = length_of(&acts[k], p), stride = every ? 1 : 1 + n * n / 2 / steps;
        size_t bad = 0;
        for (size_t at = 0; at <= n; at += stride)
            bad += !killed_at(&acts[k], p, at);
        printf("%s, %zu bad\n", n > 100 ? "stepped" : "cannot step", bad);
    }
}

/* Stopped inside of a put, at points all over it; calls with a timeout come back. */
static void stop_inside(struct place *p)
{
    const struct act *const a = &acts[0];
    const size_t n = length_of(a, p), points = 8;
    size_t late = 0, held_up = 0;
    for (size_t k = 0; k < points; k++) {
        p->q = queue_of(5);
        const pid_t child = start_stepping(a, p);
        (void)step(child, n * k / points);
        const double start = weft_now();
        const weft_status s = put(p->q, 1, 0.01);
        late += weft_now() - start > 5;
        held_up += s == WEFT_TIMEOUT;
        herd_kill(child);
        late += put(p->q, 2, 5) != WEFT_OK;
        weft_queue_free(p->q);
    }
    printf("%zu late, %s\n", late, held_up > 0 ? "held up" : "never held up");
}

/* ---- the storm ----
 *
 * Each message is a producer and a number. A producer claims numbers before it puts them, so that the
 * one that is started in its place does not put them again. */

typedef struct message {
    uint32_t maker, number;
    uint64_t check[7];
} message;

static message make(uint32_t maker, uint32_t number)
{
    message m = { .maker = maker, .number = number };
    for (size_t k = 0; k < COUNT(m.check); k++)
        m.check[k] = (number + 1) * UINT64_C(0x9e3779b97f4a7c15) + maker + k;
    return m;
}

static void produce(size_t self, void *shared)
{
    struct place *const p = shared;
    message m[8];
    uint32_t *const next = &p->claimed[self];
    while (*next + p->batch < numbers_most && (*next < p->quota || !stopped(p))) {
        const uint32_t first = *next;
        for (size_t k = 0; k < p->batch; k++)
            m[k] = make((uint32_t)self, first + (uint32_t)k);
        *next = first + (uint32_t)p->batch;
        /* seconds: nobody is held up for as long unless for ever */
        if (weft_queue_put_many(p->q, m, p->batch, 8, NULL))
            count(&p->lost);
        if (*next >= p->quota)
            usleep(100);
    }
    if (__atomic_add_fetch(&p->finished, 1, __ATOMIC_RELAXED) == producers)
        weft_queue_close(p->q);
}

static void note(struct place *p, const message *m, uint32_t *least)
{
    const message good = make(m->maker, m->number);
    if (m->maker >= producers || m->number >= numbers_most || memcmp(m, &good, sizeof good) != 0) {
        count(&p->twice);
        return;
    }
    if (m->number < least[m->maker])
        count(&p->unordered);
    least[m->maker] = m->number + 1;
    if (__atomic_fetch_add(&p->seen[m->maker][m->number], 1, __ATOMIC_RELAXED))
        count(&p->twice);
}

static void consume(struct place *p)
{
    message m[8];
    uint32_t least[producers] = { 0 };
    size_t got;
    for (weft_status s; (s = weft_queue_get_many(p->q, m, p->batch, 8, &got)) != WEFT_CLOSED;) {
        if (s != WEFT_OK)
            count(&p->lost);
        for (size_t k = 0; k < got; k++) {
            note(p, &m[k], least);
            if (weft_queue_task_done(p->q))
                count(&p->lost);
        }
    }
}

static void take_part(size_t self, void *shared)
{
    if (self < producers)
        produce(self, shared);
    else
        consume(shared);
}

static size_t missing(const struct place *p)
{
    size_t n = 0;
    for (size_t k = 0; k < producers; k++)
        for (uint32_t i = 0; i < p->claimed[k]; i++)
            n += !p->seen[k][i];
    return n;
}

static size_t entries(const char *folder)
{
    DIR *const d = opendir(folder);
    size_t n = 0;
    while (d && readdir(d))
        n++;
    if (d)
        closedir(d);
    return n;
}

static size_t shared_mappings(void)
{
    FILE *const f = fopen("/proc/self/maps", "r");
    char line[500];
    size_t n = 0;
    while (f && fgets(line, sizeof line, f))
        n += strstr(line, "/dev/zero") != NULL;
    if (f)
        fclose(f);
    return n;
}

static bool nobody_is_left(void) { return waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD; }

static void storm(struct place *p, size_t kills, size_t batch)
{
    enum { messages_a_kill = 1000 };
    for (size_t k = 0; k < producers; k++)
        p->seen[k] = herd_memory(numbers_most);
    p->batch = batch, p->quota = kills * messages_a_kill / producers;
    const size_t files = entries("/proc/self/fd"), mappings = shared_mappings();
    p->q = weft_queue_new(sizeof(message), .capacity = 100, .shared = true);
    const size_t hung = herd_storm(producers + consumers, kills, take_part, p, &p->stop);
    weft_status s;
    while ((s = weft_queue_join(p->q, 8)) == WEFT_EDIED)
        ;
    const size_t gone = missing(p), enough = p->claimed[0] >= p->quota && p->claimed[1] >= p->quota;
    weft_queue_free(p->q);
    printf("%zu hung, %ld held up, %ld twice, %ld unordered, lost %s, %s, joined %s\n", hung,
           p->lost, p->twice, p->unordered, gone <= kills * batch ? "no more than died" : "more",
           enough ? "enough" : "too few", weft_strstatus(s));
    printf("left: %zu files, %zu mappings, %s\n", entries("/proc/self/fd") - files,
           shared_mappings() - mappings, nobody_is_left() ? "nobody" : "somebody");
}

/* ---- probe and tests ---- */

static const struct {
    const char *name;
    void (*run)(struct place *p);
} scenes[] = {
    { "there", there_and_back },
    { "free", free_apart },
    { "wake", wake },
    { "join", join_from_a_child },
    { "asleep", kill_sleepers },
    { "mourn", mourn },
    { "together", mourn_together },
    { "peace", leave_in_peace },
    { "many", bury_many },
    { "crowd", crowd },
    { "stop", stop_inside },
};

int shared_queue_probe(int argc, char **argv)
{
    struct place *const p = herd_memory(sizeof *p);
    const char *const what = argc > 0 ? argv[0] : "", *const how = argc > 1 ? argv[1] : "1";
    p->q = queue_of(4), p->back = queue_of(2);
    for (size_t k = 0; k < COUNT(scenes); k++)
        if (strcmp(what, scenes[k].name) == 0) {
            scenes[k].run(p);
            return 0;
        }
    if (strcmp(what, "kill") == 0)
        kill_everywhere(p, how, false);
    else if (strcmp(what, "kill-everywhere") == 0)
        kill_everywhere(p, how, true);
    else
        storm(p, (size_t)atol(how), strcmp(what, "batches") == 0 ? 7 : 1);
    return 0;
}

static void says(const char *what, const char *how, const char *expected)
{
    said s = probe_run((const char *[]){ "shared_queue", what, how, NULL }, NULL);
    CU_ASSERT_EQUAL(s.status, 0);
    ASSERT_TEXT(s.out, expected);
    if (s.err[0])
        printf("%s", s.err);
    said_free(&s);
}

static void absurd_shared_queues_are_refused_with_a_reason(void)
{
    CU_ASSERT_PTR_NULL(weft_queue_new(4, .shared = true));
    ASSERT_TEXT(weft_detail(), "weft_queue_new: capacity is 0: a shared queue must have one");
    CU_ASSERT_PTR_NULL(weft_queue_new(4, .capacity = 2, .shared = true, .order = WEFT_LIFO));
    ASSERT_TEXT(weft_detail(),
                "weft_queue_new: order is 1: it must be WEFT_FIFO in a shared queue");
    static const size_t much[] = { SIZE_MAX, SIZE_MAX / 2 + 2, SIZE_MAX / 4, (size_t)1 << 59 };
    for (size_t k = 0; k < COUNT(much); k++) {
        CU_ASSERT_PTR_NULL(weft_queue_new(4, .capacity = much[k], .shared = true));
        CU_ASSERT_PTR_NOT_NULL(strstr(weft_detail(), "there is not that much memory"));
        CU_ASSERT_PTR_NULL(weft_queue_new(much[k], .capacity = 4, .shared = true));
    }
}

/* Around the end of the ring, in batches of every length. */
static void every_capacity_is_exact_and_keeps_the_order(void)
{
    enum { most = 9 };
    for (size_t capacity = 1; capacity < most; capacity++) {
        weft_queue *const q = queue_of(capacity);
        int in = 0, out = 0, items[most];
        for (size_t round = 0; round < 300; round++) {
            size_t done, got, n = 1 + round % most;
            for (size_t k = 0; k < n; k++)
                items[k] = in + (int)k;
            const size_t room = capacity - (size_t)(in - out);
            const weft_status s = weft_queue_put_many(q, items, n, 0, &done);
            CU_ASSERT_EQUAL(s, n <= room ? WEFT_OK : WEFT_TIMEOUT);
            CU_ASSERT_EQUAL(done, n < room ? n : room);
            in += (int)done;
            CU_ASSERT_EQUAL(weft_queue_full(q), (size_t)(in - out) == capacity);
            if (weft_queue_get_many(q, items, 1 + round % 4, 0, &got))
                got = 0;
            for (size_t k = 0; k < got; k++)
                CU_ASSERT_EQUAL(items[k], out++);
            CU_ASSERT_EQUAL(weft_queue_len(q), (size_t)(in - out));
        }
        weft_queue_free(q);
    }
}

static void shared_items_come_back_whole_whatever_their_size(void)
{
    static const size_t sizes[] = { 1, 3, 8, 24, 64, 100, 4097, 100000 };
    for (size_t k = 0; k < COUNT(sizes); k++) {
        weft_queue *const q = weft_queue_new(sizes[k], .capacity = 3, .shared = true);
        unsigned char *const in = malloc(sizes[k]), *const out = malloc(sizes[k]);
        for (int round = 0; round < 8; round++) {
            for (size_t i = 0; i < sizes[k]; i++)
                in[i] = (unsigned char)(i * 7 + (size_t)round);
            CU_ASSERT_EQUAL(weft_queue_put(q, in, 0), WEFT_OK);
            CU_ASSERT_EQUAL(weft_queue_get(q, out, 0), WEFT_OK);
            CU_ASSERT_EQUAL(memcmp(in, out, sizes[k]), 0);
        }
        free(in), free(out);
        weft_queue_free(q);
    }
}

static void a_child_of_a_child_answers(void) { says("there", NULL, "0 wrong, done, ended 1\n"); }

static void a_process_frees_the_queue_for_itself(void) { says("free", NULL, "ended 1, done, 7\n"); }

static void processes_wake_each_other(void)
{
    says("wake", NULL, "get 1, put 1, 2 good, closed 1, 2 good, closed\n");
}

static void a_join_hears_of_the_last_task_done(void) { says("join", NULL, "ended 1, done\n"); }

static void sleepers_that_are_killed_leave_no_debt(void)
{
    says("asleep", NULL, "ended 1 and 1, 2 good, 0 left\n");
}

static void a_join_tells_once_of_work_that_died(void)
{
    says("mourn", NULL,
         "owner or worker died: weft_queue_join: 2 items were taken by processes that ended before "
         "task_done: "
         "they count as done\ntimed out, done, wrong state\n");
}

static void every_join_that_waits_hears_of_a_death(void)
{
    says("together", NULL, "1 1, owner or worker died, owner or worker died\n");
}

static void who_dies_with_nothing_in_hand_is_not_missed(void)
{
    says("peace", NULL, "done, timed out, done\n");
}

static void the_dead_give_their_places_back(void)
{
    says("many", NULL, "0 wrong, 1100 got, died, done\n");
}

static void a_taker_too_many_is_refused_until_one_ends(void)
{
    if (getenv("WEFT_SOAK")) /* a thousand processes at once */
        says("crowd", NULL,
             "1024 took, overflow: weft_queue_get: 1024 processes take from this queue already: "
             "there is no room for more\ndone\n");
}

#define KILLED(name, what)                                                                \
    static void name(void)                                                                \
    {                                                                                     \
        says(getenv("WEFT_SOAK") ? "kill-everywhere" : "kill", what, "stepped, 0 bad\n"); \
    }

KILLED(killed_anywhere_in_a_put, "put")
KILLED(killed_anywhere_in_a_put_of_many, "put_many")
KILLED(killed_anywhere_in_a_get, "get")
KILLED(killed_anywhere_in_a_get_of_many, "get_many")
KILLED(killed_anywhere_in_task_done, "task_done")
KILLED(killed_anywhere_in_an_immediate_close, "drop")

static void timeouts_hold_beside_a_stopped_process(void)
{
    says("stop", NULL, "0 late, held up\n");
}

static const char calm[] =
    "0 hung, 0 held up, 0 twice, 0 unordered, lost no more than died, enough, "
    "joined done\nleft: 0 files, 0 mappings, nobody\n";

static void kills_cost_a_message_each_at_most(void) { says("singles", herd_kills(), calm); }

static void kills_cost_a_batch_each_at_most(void) { says("batches", herd_kills(), calm); }

#define TEST(name)  \
    {               \
#name, name \
    }

CU_TestInfo shared_queue_tests[] = {
    TEST(absurd_shared_queues_are_refused_with_a_reason),
    TEST(every_capacity_is_exact_and_keeps_the_order),
    TEST(shared_items_come_back_whole_whatever_their_size),
    TEST(a_child_of_a_child_answers),
    TEST(a_process_frees_the_queue_for_itself),
    TEST(processes_wake_each_other),
    TEST(a_join_hears_of_the_last_task_done),
    TEST(sleepers_that_are_killed_leave_no_debt),
    TEST(a_join_tells_once_of_work_that_died),
    TEST(every_join_that_waits_hears_of_a_death),
    TEST(who_dies_with_nothing_in_hand_is_not_missed),
    TEST(the_dead_give_their_places_back),
    TEST(a_taker_too_many_is_refused_until_one_ends),
    TEST(killed_anywhere_in_a_put),
    TEST(killed_anywhere_in_a_put_of_many),
    TEST(killed_anywhere_in_a_get),
    TEST(killed_anywhere_in_a_get_of_many),
    TEST(killed_anywhere_in_task_done),
    TEST(killed_anywhere_in_an_immediate_close),
    TEST(timeouts_hold_beside_a_stopped_process),
    TEST(kills_cost_a_message_each_at_most),
    TEST(kills_cost_a_batch_each_at_most),
    CU_TEST_INFO_NULL,
};
