/* peer.h - a figure: one job, the contestants that do it, and what weft has to reach.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A topic is a table of figures, a figure names a table of contestants: adding a peer is one line
 * there and one function. */
#ifndef PEERS_PEER_H
#define PEERS_PEER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "jobs.h"

typedef enum role {
    PEER,  /* what a user would take instead */
    WEFT,  /* the first one of a figure is the one that the goal is about */
    LIMIT, /* what the machine can do; the fastest counts */
    ASIDE  /* for information: no goal looks at it */
} role;

typedef enum needs { ANY_CPU, AVX2, AVX512 } needs;

typedef struct contestant {
    const char *name; /* NULL ends a table */
    job *run;         /* NULL: its library was not found */
    role role;
    needs needs;
    size_t calls;                   /* that one run makes of what is measured; 0 is 1 */
    double idle;                    /* seconds of a call that do not count */
    void (*prepare)(const work *w); /* before each run, not timed; NULL: nothing to do */
} contestant;

typedef struct figure {
    const char *name;
    size_t n;
    const contestant *who;
    double bytes;       /* that an element moves at least; 0: time an element is shown, not GB/s */
    double goal;        /* time of `base` / time of weft is at least this; 0: see at_most */
    const char *base;   /* names a contestant; NULL: the fastest peer */
    const char *spare;  /* the base where that one cannot run here */
    double at_most;     /* seconds that weft takes; 0: see goal */
    bool reads_y;       /* y is wanted */
    bool writes;        /* out is wanted */
    bool same_bits;     /* all WEFT contestants, on 1 to peer_threads threads, give the same bits */
    bool some_negative; /* one x in 64 is below 0 */
    double (*expect)(const work *w);            /* the right value; NULL: 0 */
    bool (*right)(const work *w, double value); /* is this result right? */
} figure;

typedef struct topic {
    const char *name;
    const figure *figures; /* a NULL name ends the table */
} topic;

enum { most_rounds = 41, most_entries = 20 };

typedef struct summary {
    double median;
    double spread; /* half the interquartile range / median */
} summary;

/* A contestant in one figure on this machine. */
typedef struct entry {
    const contestant *who;
    const char *absent; /* why it does not run here, or NULL */
    bool wrong;         /* its result was not right */
    size_t runs;        /* a timing */
    double seconds[most_rounds];
    summary time; /* seconds a call */
} entry;

typedef enum verdict { MET, MISSED, UNCLEAR, NO_GOAL } verdict;

/* What was measured. */
typedef struct outcome {
    const figure *figure;
    size_t n;
    entry entries[most_entries];
    size_t count, rounds;
    size_t repeats;             /* rounds thrown away: others used the CPUs */
    bool marked[most_rounds];   /* still disturbed after every repeat, and kept */
    double others[most_rounds]; /* CPU seconds of others while the round ran */
    bool bits_differ;
    const entry *weft, *base, *limit; /* NULL: none runs here */
    summary ratio;                    /* base / weft, by round */
    summary share;                    /* limit / weft, by round */
    verdict verdict;
} outcome;

typedef struct settings {
    size_t rounds;
    size_t most_n;     /* larger figures are cut to this */
    double timing;     /* seconds that one timing takes at least */
    double warm_up;    /* seconds of it before each */
    size_t repeats;    /* of one disturbed round */
    const char *topic; /* NULL: all */
    FILE *json;        /* NULL: none */
} settings;

/* harness.c */
void measure(const figure *f, const settings *s, outcome *o);

/* load.c */
work load_new(const figure *f, size_t n);
void load_free(work *w);
void load_clear(const work *w);
bool map_is_right(const work *w, double value);
bool value_is_near(const work *w, double value);

/* others.c */
double others_cpu(void);
double workers_cpu(void);

/* verdict.c */
summary summarize(const double *values, size_t n);
void judge(outcome *o);

/* report.c, json.c */
void report(const outcome *o);
void report_all(const outcome *all, size_t count);
void json_write(FILE *file, const outcome *all, size_t count);

static inline bool failed(const outcome *o)
{
    for (size_t k = 0; k < o->count; k++)
        if (o->entries[k].wrong)
            return true;
    return o->bits_differ;
}

/* Every topic, in the order in which they are measured. */
#define TOPICS(X)   \
    X(loop)         \
    X(loop2)        \
    X(map)          \
    X(triad)        \
    X(sum)          \
    X(argmin)       \
    X(expression)   \
    X(exact)        \
    X(statistics)   \
    X(quantile)     \
    X(scan)         \
    X(filter)       \
    X(copy)         \
    X(gather)       \
    X(sort)         \
    X(histogram)    \
    X(group)        \
    X(random)       \
    X(task)         \
    X(thread)       \
    X(lock)         \
    X(queue)        \
    X(shared_queue) \
    X(pool)

#define TOPIC_DECLARE_(name) extern const topic name##_topic;
TOPICS(TOPIC_DECLARE_)
#undef TOPIC_DECLARE_

#endif
