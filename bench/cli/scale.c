/* scale.c - weft scale: how kernels or any command scale with the number of threads.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     options -- checks -- the JSON path -- works and points -- the study -- report, JSON, exit status
 *
 * All that can be refused is refused before the first run. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <weft/clock.h>

#include "cli.h"
#include "interrupt.h"
#include "jsonfile.h"
#include "places.h"
#include "record.h"
#include "report.h"
#include "works.h"

typedef struct request {
    counts threads;
    const char *policy, *json; /* NULL: not asked for */
    size_t rounds, warmups, size;
    uint64_t seed;
    double timeout, precision, budget; /* 0: not asked for */
    words inputs, kernels;
    char **command; /* behind "--", or NULL */
    occasion when;
} request;

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
        { "--precision", 0, "PCT", "more rounds until each interval is within PCT percent",
          option_percent, &r->precision },
        { "--budget", 0, "SECONDS", "begin no round after this time", option_seconds, &r->budget },
        { "--warmup", 0, "N", "rounds before them that do not count; default: 1", option_count0,
          &r->warmups },
        { "--seed", 0, "N", "of the random order in a round; default: 1", option_natural,
          &r->seed },
        { "--timeout", 0, "SECONDS", "a run may take; default: any time", option_seconds,
          &r->timeout },
        { "--json", 'j', "FILE", "also write every sample there; -: standard output", option_text,
          &r->json },
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

static int check(const request *r)
{
    if (r->command && r->kernels.count)
        return usage_error("scale: take kernels or a command behind --, not both: \"%s\"",
                           r->kernels.word[0]);
    if (r->command ? !r->command[0] : !r->kernels.count)
        return usage_error("scale: name a kernel (see weft list), or a command behind --");
    if (r->command && (r->size || r->inputs.count))
        return usage_error(
            "scale: --size and --input are for kernels: give them to the command itself");
    if (r->json && !jsonfile_check(r->json))
        return usage_error("scale: --json is \"%s\": it must be a file that can be written: %s",
                           r->json, strerror(errno));
    return exit_good;
}

/* OpenMP settings of the user's own win over our default, not over --place. */
static const char *choose_policy(const request *r)
{
    if (r->policy)
        return r->policy;
    return getenv("OMP_PLACES") || getenv("OMP_PROC_BIND") ? "none" : "cores";
}

/* 1, 2, 4 and so on up to most, and most itself. */
static counts default_threads(size_t most)
{
    counts c = { .value = calloc(70, sizeof *c.value) };
    if (!c.value)
        abort();
    for (size_t n = 1; n < most; n *= 2)
        c.value[c.count++] = n;
    c.value[c.count++] = most;
    return c;
}

/* ---- the study ---- */

static void show_progress(const study *s, size_t run, size_t runs)
{
    const double spent = weft_now() - s->before.clock;
    fprintf(stderr, "\r\033[Krun %zu of %zu", run + 1, run < runs ? runs : run + 1);
    if (run && run < runs)
        fprintf(stderr, ", about %.0f s to go", spent / (double)run * (double)(runs - run));
    else if (run)
        fputs(", until the intervals are narrow enough", stderr);
}

static bool shows_progress(void)
{
    const char *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && !(terminal && strcmp(terminal, "dumb") == 0);
}

static void run_study(study *s)
{
    const bool shown = shows_progress();
    interrupt_catch();
    study_run(s, shown ? show_progress : NULL);
    if (shown)
        fputs("\r\033[K", stderr);
}

/* ---- how it ended ---- */

/* A program that cannot be started is told from one that fails, as env(1) does. */
static int failed(const study *s)
{
    switch (s->failure.exec_error) {
    case 0:
        return exit_failed;
    case ENOENT:
        return exit_not_found;
    default:
        return exit_not_executable;
    }
}

static int write_json(const request *r, const findings *f)
{
    if (!r->json || jsonfile_write(r->json, record_of(f, &r->when)))
        return exit_good;
    fprintf(stderr, "weft: scale: --json %s cannot be written: %s\n", r->json, strerror(errno));
    return exit_failed;
}

/* Where JSON goes to standard output, nothing else does. */
static FILE *words_to(const request *r)
{
    return r->json && strcmp(r->json, "-") == 0 ? stderr : stdout;
}

/* The complete rounds are worth a table however it ended. A caught signal waits until they are out. */
static int conclude(const request *r, findings *f)
{
    const study *s = f->study;
    findings_make(f);
    if (s->end == study_cut)
        fprintf(stderr, "weft: interrupted after %zu of %zu rounds\n", s->done, s->rounds);
    findings_print(words_to(r), f);
    fflush(stdout);
    if (s->failed)
        report_failure(stderr, s);
    const int written = write_json(r, f);
    findings_free(f);
    fflush(stdout);
    if (s->end == study_cut)
        interrupt_obey(interrupt_came());
    interrupt_release();
    return s->failed ? failed(s) : written;
}

static int measure(request *r, const work *works, size_t n)
{
    study s = { .rounds = r->rounds,
                .warmups = r->warmups,
                .precision = r->precision,
                .budget = r->budget,
                .seed = r->seed,
                .timeout = r->timeout };
    findings f = { .study = &s,
                   .policy = choose_policy(r),
                   .given = r->policy,
                   .works = works,
                   .count = n,
                   .counts = r->threads.count };
    const int status = works_points(&s, works, n, &r->threads, f.policy);
    if (status)
        return status;
    r->when.started = time(NULL);
    run_study(&s);
    r->when.finished = time(NULL);
    const int end = conclude(r, &f);
    study_free(&s);
    return end;
}

int scale_main(int argc, char **argv)
{
    request r = { .rounds = 10, .warmups = 1, .seed = 1, .when = { .argv = argv - 2 } };
    const parsed p = parse(&r, argc, argv);
    if (p != parsed_all)
        return p == parsed_help ? exit_good : exit_usage;
    int status = check(&r);
    if (status)
        return status;
    if (!r.threads.count)
        r.threads = default_threads(places_threads(choose_policy(&r)));
    work *works = NULL;
    status = r.command ? works_of_command(r.command, &works)
                       : works_of_kernels(&r.kernels, r.size, &r.inputs, &works);
    return status ? status : measure(&r, works, r.command ? 1 : r.kernels.count);
}
