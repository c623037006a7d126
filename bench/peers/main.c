/* main.c - weft side by side with what else there is.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft-peers [--topic NAME] [--threads N] [--rounds N] [--quick] [--json FILE]
 *
 * All contestants share one process, libgomp's pool included: where weft binds its workers, the
 * plain OpenMP loops beside it run on bound workers too, which is in their favour.
 *
 * Exit status: 0 all results are right, whatever the times; 1 a result is wrong; 2 usage. */
#include "peer.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <omp.h>

#include <weft.h>

int peer_threads;

static const topic *const topics[] = {
#define TOPIC_POINTER_(name) &name##_topic,
    TOPICS(TOPIC_POINTER_)
#undef TOPIC_POINTER_
};
enum { topic_count = sizeof topics / sizeof *topics, most_figures = 64 };

static outcome outcomes[most_figures];

static void usage(void)
{
    fprintf(stderr, "usage: weft-peers [--topic NAME] [--threads N] [--rounds N] [--quick] "
                    "[--json FILE]\ntopics:");
    for (size_t k = 0; k < topic_count; k++)
        fprintf(stderr, " %s", topics[k]->name);
    fprintf(stderr, "\n");
    exit(2);
}

static size_t number(const char *text, size_t most)
{
    char *end;
    const unsigned long v = strtoul(text, &end, 10);
    if (*end || v < 1 || v > most)
        usage();
    return v;
}

static FILE *opened(const char *path)
{
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(2);
    }
    return f;
}

/* A check that everything works: a few seconds in all, and times that mean little. */
static void be_quick(settings *s)
{
    s->rounds = 2;
    s->most_n = 200 * 1000;
    s->timing = s->warm_up = 1e-4;
    s->repeats = 0;
}

static settings parsed(int argc, char **argv)
{
    static const struct option options[] = { { "topic", 1, 0, 't' },  { "threads", 1, 0, 'n' },
                                             { "rounds", 1, 0, 'r' }, { "quick", 0, 0, 'q' },
                                             { "json", 1, 0, 'j' },   { 0 } };
    settings s = {
        .rounds = 11, .most_n = SIZE_MAX, .timing = 5e-3, .warm_up = 2e-3, .repeats = 4
    };
    for (int o; (o = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        switch (o) {
        case 't':
            s.topic = optarg;
            break;
        case 'n':
            peer_threads = (int)number(optarg, 1024);
            break;
        case 'r':
            s.rounds = number(optarg, most_rounds);
            break;
        case 'q':
            be_quick(&s);
            break;
        case 'j':
            s.json = opened(optarg);
            break;
        default:
            usage();
        }
    }
    if (optind < argc)
        usage();
    return s;
}

/* Everybody gets the same number of threads, each in its own words. */
static void set_up(void)
{
    omp_set_num_threads(peer_threads); /* also what libstdc++'s parallel mode goes by */
    (void)weft_set_threads((size_t)peer_threads);
    void (*const setups[])(int) = { tbb_setup, blas_setup, pthreadpool_setup };
    for (size_t k = 0; k < sizeof setups / sizeof *setups; k++)
        if (setups[k])
            setups[k](peer_threads);
}

static size_t run_topic(const topic *t, const settings *s, size_t count)
{
    for (const figure *f = t->figures; f->name && count < most_figures; f++, count++) {
        measure(f, s, &outcomes[count]);
        report(&outcomes[count]);
    }
    return count;
}

int main(int argc, char **argv)
{
    const settings s = parsed(argc, argv);
    if (!peer_threads)
        peer_threads = omp_get_num_procs();
    set_up();
    size_t count = 0, wrong = 0;
    for (size_t k = 0; k < topic_count; k++)
        if (!s.topic || strcmp(s.topic, topics[k]->name) == 0)
            count = run_topic(topics[k], &s, count);
    if (count == 0)
        usage();
    report_all(outcomes, count);
    if (s.json)
        json_write(s.json, outcomes, count);
    for (size_t k = 0; k < count; k++)
        wrong += failed(&outcomes[k]);
    return s.json && fclose(s.json) != 0 ? 2 : wrong > 0;
}
