/* scale.c - weft scale: how kernels or any command scale with the number of threads.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Kernels and foreign commands take one way: both become a command line, and the study does not know
 * which is which. A kernel is only asked beforehand whether its arguments are good. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft/machine.h>

#include "cli.h"
#include "interrupt.h"
#include "launch.h"
#include "report.h"
#include "study.h"
#include "title.h"
#include "warnings.h"

typedef struct request {
    counts threads;
    const char *policy; /* NULL: not asked for */
    size_t rounds, warmups, size;
    uint64_t seed;
    double timeout;
    words inputs, kernels;
    char **command; /* behind "--", or NULL */
} request;

/* What is to be run, under which name. */
typedef struct work {
    const char *title;
    char **argv;
    bool told; /* see study.h */
} work;

/* ---- what is asked for ---- */

static const char *const usage =
    "usage: weft scale KERNEL... [OPTIONS]\n"
    "       weft scale [OPTIONS] -- COMMAND [ARGUMENT...]\n"
    "\n"
    "Runs it with each number of threads in interleaved rounds, and prints how it\n"
    "scales. {threads} in an argument becomes the number of threads, to which\n"
    "OMP_NUM_THREADS and WEFT_NUM_THREADS are set.\n";

static parsed parse(request *r, int argc, char **argv)
{
    const option table[] = {
        { "--threads", 't', "LIST", "as in 1-4,8; default: 1, 2, 4 ... as weft topo says",
          option_list, &r->threads },
        { "--place", 'p', "POLICY", "cores (default) spread compact none auto, or CPUs: 0-3",
          option_text, &r->policy },
        { "--rounds", 'r', "N", "samples for each number of threads; default: 10", option_count,
          &r->rounds },
        { "--warmup", 0, "N", "rounds before them that do not count; default: 1", option_count0,
          &r->warmups },
        { "--seed", 0, "N", "of the random order in a round; default: 1", option_natural,
          &r->seed },
        { "--timeout", 0, "SECONDS", "a run may take; default: any time", option_seconds,
          &r->timeout },
        { "--size", 'n', "SIZE", "of a kernel: elements or bytes, also 64K, 32M, 1G", option_size,
          &r->size },
        { "--input", 'i', "PATH...", "files or folders that a kernel reads", option_add,
          &r->inputs },
        { 0 },
    };
    const parsed p = options_parse("scale", table, argc, argv, &r->kernels, &r->command);
    if (p == parsed_help) {
        puts(usage);
        options_print(table);
    }
    return p;
}

static int check_request(const request *r)
{
    if (r->command && r->kernels.count)
        return usage_error("scale: take kernels or a command behind --, not both: \"%s\"",
                           r->kernels.word[0]);
    if (r->command ? !r->command[0] : !r->kernels.count)
        return usage_error("scale: name a kernel (see weft list), or a command behind --");
    if (r->command && (r->size || r->inputs.count))
        return usage_error(
            "scale: --size and --input are for kernels: give them to the command itself");
    return exit_good;
}

/* 1, 2, 4 and so on up to most, and most itself. */
static counts default_threads(size_t most)
{
    counts c = { .value = calloc(70, sizeof *c.value) };
    for (size_t n = 1; c.value && n < most; n *= 2)
        c.value[c.count++] = n;
    if (c.value)
        c.value[c.count++] = most;
    return c;
}

/* ---- what is run ---- */

/* Fills works, one for each kernel; returns an exit status. */
static int kernel_works(const request *r, work *works)
{
    const char *path = kernels_path();
    if (!path)
        return exit_not_found;
    for (size_t k = 0; k < r->kernels.count; k++) {
        char **argv = kernels_argv(path, r->kernels.word[k], r->size, &r->inputs);
        const int status = kernels_check(argv);
        if (status)
            return status;
        works[k] = (work){ title_of(argv + 1), argv, true };
    }
    return exit_good;
}

/* Sets *places to one set a thread, or NULL for threads that go where they like. */
static int find_places(const weft_machine *m, const char *policy, size_t threads,
                       const weft_cpus **places)
{
    weft_cpus *sets = calloc(threads, sizeof *sets);
    if (!sets)
        abort();
    if (weft_machine_places(m, policy, threads, sets) != WEFT_OK)
        return usage_error(
            "scale: --place is \"%s\": it must be cores, spread, compact, none, auto "
            "or a list of allowed CPUs, as in 0-3,8",
            policy);
    const bool bound = weft_machine_limits(m)->can_bind && strcmp(policy, "none") != 0;
    *places = bound ? sets : NULL;
    if (!bound)
        free(sets);
    return exit_good;
}

static int make_points(study *s, const request *r, const char *policy, const work *works, size_t n)
{
    s->count = n * r->threads.count;
    s->points = calloc(s->count, sizeof *s->points);
    if (!s->points)
        abort();
    for (size_t k = 0; k < s->count; k++) {
        point *p = &s->points[k];
        const work *w = &works[k / r->threads.count];
        p->title = w->title, p->argv = w->argv, p->told = w->told;
        p->threads = r->threads.value[k % r->threads.count];
        p->samples = calloc(r->rounds, sizeof *p->samples);
        if (!p->samples)
            abort();
        const int status = find_places(weft_machine_this(), policy, p->threads, &p->places);
        if (status)
            return status;
    }
    return exit_good;
}

/* ---- what is said ---- */

static void show_progress(const study *s, size_t run, size_t runs)
{
    (void)s;
    fprintf(stderr, "\r%zu of %zu runs", run + 1, runs);
}

static void clear_progress(void) { fputs("\r\033[K", stderr); }

/* OpenMP settings of the user's own win over our default, not over --place. */
static const char *choose_policy(const request *r)
{
    if (r->policy)
        return r->policy;
    return getenv("OMP_PLACES") || getenv("OMP_PROC_BIND") ? "none" : "cores";
}

static void print_head(const study *s, const request *r, const char *policy)
{
    const weft_limits *l = weft_machine_limits(weft_machine_this());
    printf("machine: %zu cores, %zu PUs, of which this process may use %zu cores, %zu PUs\n",
           l->cores, l->pus, l->allowed_cores, weft_cpus_count(&l->allowed));
    printf("threads placed by: %s%s; order drawn with seed %llu\n", policy,
           s->points[0].places        ? ""
           : r->policy || l->can_bind ? " (not bound)"
                                      : " (cannot bind)",
           (unsigned long long)s->seed);
    if (!r->policy && strcmp(policy, "none") == 0)
        puts("note: OMP_PLACES or OMP_PROC_BIND is set and stays so; --place would replace it");
    if (!s->points[0].told && s->count > 1)
        puts("note: no {threads} in the command: OMP_NUM_THREADS alone tells it the number");
}

static void report(const study *s, const request *r, const char *policy)
{
    const weft_limits *l = weft_machine_limits(weft_machine_this());
    const granted g = { l->allowed_cores, weft_cpus_count(&l->allowed), l->quota };
    print_head(s, r, policy);
    for (size_t k = 0; k < s->count; k += r->threads.count) {
        putchar('\n');
        report_command(stdout, s, &s->points[k], r->threads.count);
    }
    warnings_of_machine(stdout, s, &g);
}

/* A program that cannot be started is told from one that fails, as env(1) does. */
static int failed(const study *s)
{
    report_failure(stderr, s);
    switch (s->failure.exec_error) {
    case 0:
        return exit_failed;
    case ENOENT:
        return exit_not_found;
    default:
        return exit_not_executable;
    }
}

/* The complete rounds are still worth a table. */
static _Noreturn void give_up(const study *s, const request *r, const char *policy)
{
    fprintf(stderr, "weft: interrupted after %zu of %zu rounds\n", s->done, s->rounds);
    if (s->done)
        report(s, r, policy);
    fflush(stdout);
    interrupt_obey(interrupt_came());
}

static bool run_study(study *s)
{
    const bool terminal = isatty(STDERR_FILENO);
    interrupt_catch();
    const bool complete = study_run(s, terminal ? show_progress : NULL);
    if (terminal)
        clear_progress();
    return complete;
}

static int measure(const request *r, const work *works, size_t n)
{
    study s = {
        .rounds = r->rounds, .warmups = r->warmups, .seed = r->seed, .timeout = r->timeout
    };
    const char *policy = choose_policy(r);
    const int status = make_points(&s, r, policy, works, n);
    if (status)
        return status;
    const bool complete = run_study(&s);
    if (s.failed)
        return failed(&s);
    if (!complete)
        give_up(&s, r, policy);
    interrupt_release();
    report(&s, r, policy);
    return exit_good;
}

int scale_main(int argc, char **argv)
{
    request r = { .rounds = 10, .warmups = 1, .seed = 1 };
    const parsed p = parse(&r, argc, argv);
    if (p != parsed_all)
        return p == parsed_help ? exit_good : exit_usage;
    int status = check_request(&r);
    if (status)
        return status;
    if (!r.threads.count)
        r.threads = default_threads(weft_machine_limits(weft_machine_this())->threads);
    work *works = calloc(r.kernels.count + 1, sizeof *works);
    if (!works)
        abort();
    if (r.command)
        works[0] = (work){ title_of(r.command), r.command, launch_mentions(r.command) };
    else if ((status = kernel_works(&r, works)))
        return status;
    return measure(&r, works, r.command ? 1 : r.kernels.count);
}
