/* main.c - weft-kernel: runs one built-in kernel, times it, and checks its answer.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft-kernel KERNEL [--threads N] [-n SIZE] [--input PATH...] [--check | --spoil WAY] [--once]
 *     weft-kernel --list
 *
 * `weft scale` starts it as it starts any program. Lines that begin with "weft: " report what was
 * measured; the others are the answer, and the same at every thread count:
 *
 *     open, run once to warm up, run for at least 0.1 s, check against a serial reference
 *
 * --check only says whether the arguments are good, and the size. --spoil makes the result wrong
 * before it is checked, in one of the ways that the kernel has, which shows that the check can
 * fail. --once runs once and does not warm up. --root names a folder that holds the proc and sys to
 * read memory and caches from.
 *
 * Exit status: 0, 1 for a wrong answer, 2 for bad arguments, input that cannot be read, and memory
 * that is not there. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <weft.h>

#include "corpus.h"
#include "kernel.h"
#include "size.h"

static const double shortest = 0.1; /* seconds that are measured */

/* ---- arguments ---- */

typedef struct request {
    const char *name;
    const char *root;
    bool list, check, once;
    size_t threads, n, spoil; /* 0: the default; not at all */
    const char *const *inputs;
    size_t input_count;
} request;

static bool read_count(const char *option, const char *text, size_t most, size_t *value)
{
    char *end = NULL;
    errno = 0;
    const unsigned long long n =
        text && *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
    if (!n || n > most || errno || *end)
        return complain("%s is \"%s\": it must be a whole number from 1 to %zu", option,
                        text ? text : "", most);
    *value = n;
    return true;
}

/* Takes the option at *arg, which moves to its last value. */
static bool read_option(request *r, char ***arg)
{
    const char *option = **arg;
    if (strcmp(option, "--list") == 0)
        return r->list = true;
    if (strcmp(option, "--check") == 0)
        return r->check = true;
    if (strcmp(option, "--once") == 0)
        return r->once = true;
    if (strcmp(option, "--spoil") == 0)
        return read_count(option, *++*arg, SIZE_MAX, &r->spoil);
    if (strcmp(option, "--root") == 0)
        return (r->root = *++*arg) || complain("--root needs a value: FOLDER");
    if (strcmp(option, "--threads") == 0)
        return read_count(option, *++*arg, WEFT_THREADS_MAX, &r->threads);
    if (strcmp(option, "-n") == 0)
        return read_count(option, *++*arg, SIZE_MAX, &r->n);
    if (strcmp(option, "--input") != 0)
        return complain("there is no option %s", option);
    r->inputs = (const char *const *)*arg + 1;
    while ((*arg)[1] && (*arg)[1][0] != '-')
        ++*arg, r->input_count++;
    return r->input_count || complain("--input needs a value: PATH...");
}

static bool read_arguments(request *r, char **argv)
{
    for (char **arg = argv + 1; *arg; arg++)
        if ((*arg)[0] == '-') {
            if (!read_option(r, &arg))
                return false;
        } else if (r->name) {
            return complain("one kernel at a time: \"%s\" is one too many", *arg);
        } else {
            r->name = *arg;
        }
    return true;
}

/* ---- the table ---- */

static const kernel *find(const char *name)
{
    for (const kernel *k = kernels; name && k->name; k++)
        if (strcmp(k->name, name) == 0)
            return k;
    return NULL;
}

static int list(void)
{
    for (const kernel *k = kernels; k->name; k++)
        printf("%-16s  %s\n", k->name, k->what);
    return exit_good;
}

static int unknown(const char *name)
{
    const kernel *meant = name ? kernel_nearest(name) : NULL;
    if (!name)
        complain("name a kernel: see weft list");
    else if (meant)
        complain("there is no kernel \"%s\": did you mean %s? weft list shows all", name,
                 meant->name);
    else
        complain("there is no kernel \"%s\": see weft list", name);
    return exit_usage;
}

static bool acceptable(const kernel *k, const request *r)
{
    if (r->input_count && !k->problem->reads_input)
        return complain("%s reads no --input", k->name);
    if (r->spoil > k->problem->ways)
        return complain("--spoil is \"%zu\": %s can be wrong in %zu ways", r->spoil, k->name,
                        k->problem->ways);
    return corpus_check(r->inputs, r->input_count);
}

/* ---- measuring ---- */

typedef struct timing {
    double seconds, cpu; /* of one run */
    size_t runs;
} timing;

static double cpu_now(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
           1e-6 * (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

static timing measure(const kernel *k, job *j, bool once)
{
    if (!once)
        k->run(j);
    timing t = { .runs = 0 };
    const double cpu = cpu_now(), start = weft_now();
    double now;
    do {
        k->run(j);
        t.runs++;
        now = weft_now();
    } while (!once && now - start < shortest);
    t.seconds = (now - start) / (double)t.runs;
    t.cpu = (cpu_now() - cpu) / (double)t.runs;
    return t;
}

typedef struct work {
    const char *name, *unit;
    double amount; /* 0: not counted */
} work;

/* "14.8 GB/s" */
static void print_rate(double rate, const char *unit)
{
    static const char *const prefixes[] = { "", "k", "M", "G", "T" };
    size_t k = 0;
    for (; rate >= 1000 && k < sizeof prefixes / sizeof *prefixes - 1; k++)
        rate /= 1000;
    printf("%.3g %s%s/s", rate, prefixes[k], unit);
}

/* Amounts, a line each; then all rates in one. */
static void print_work(const job *j, double seconds)
{
    const work works[] = { { "bytes", "B", j->bytes },
                           { "flops", "flop", j->flops },
                           { "items", j->problem->item, j->items } };
    const char *separator = "weft: rate ", *end = "";
    for (size_t k = 0; k < sizeof works / sizeof *works; k++)
        if (works[k].amount > 0)
            printf("weft: %s %.0f\n", works[k].name, works[k].amount);
    for (size_t k = 0; k < sizeof works / sizeof *works; k++)
        if (works[k].amount > 0) {
            fputs(separator, stdout);
            print_rate(works[k].amount / seconds, works[k].unit);
            separator = ", ", end = "\n";
        }
    fputs(end, stdout);
}

static void print_size(const job *j)
{
    if (!j->problem->reads_input)
        printf("weft: size %zu %s\n", j->n, j->problem->unit);
}

static void print_timing(const timing *t, const job *j)
{
    print_size(j);
    printf("weft: threads %zu\n", weft_threads());
    printf("weft: runs %zu\n", t->runs);
    printf("weft: seconds %.9f\n", t->seconds);
    printf("weft: cpu %.9f\n", t->cpu);
    print_work(j, t->seconds);
}

/* Returns an exit status. */
static int run(const kernel *k, job *j, const request *r)
{
    if (!k->problem->open(j))
        return exit_usage;
    const timing t = measure(k, j, r->once);
    if (r->spoil)
        k->problem->spoil(j, r->spoil);
    if (!k->problem->check(j))
        return exit_wrong;
    print_timing(&t, j);
    return fflush(stdout) == 0 ? exit_good : exit_wrong;
}

int main(int argc, char **argv)
{
    (void)argc;
    request r = { .root = "" };
    if (!read_arguments(&r, argv))
        return exit_usage;
    if (r.list)
        return list();
    const kernel *k = find(r.name);
    if (!k)
        return unknown(r.name);
    job j = { .problem = k->problem, .inputs = r.inputs, .input_count = r.input_count };
    if (!acceptable(k, &r) || !size_settle(&j, r.n, r.root))
        return exit_usage;
    if (r.check)
        return print_size(&j), exit_good;
    weft_set_threads(r.threads);
    const int status = run(k, &j, &r);
    k->problem->close(&j);
    return status;
}
