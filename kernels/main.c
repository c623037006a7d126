/* main.c - weft-kernel: runs one built-in kernel, times it, and checks its answer.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft-kernel KERNEL [--threads N] [-n SIZE] [--input PATH...] [--check | --spoil]
 *     weft-kernel --list
 *
 * `weft scale` starts it as it starts any program. Lines that begin with "weft: " report what was
 * measured; the others are the answer, and the same at every thread count:
 *
 *     open, run once to warm up, run for at least 0.1 s, check against a serial reference
 *
 * --check only says whether the arguments are good. --spoil makes the result wrong before it is
 * checked, which shows that the check can fail.
 *
 * Exit status: 0, 1 for a failure or a wrong answer, 2 for bad arguments. */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <weft.h>

#include "corpus.h"
#include "kernel.h"

enum { exit_good, exit_failed, exit_usage };

static const double shortest = 0.1; /* seconds that are measured */

bool complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("weft-kernel: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return false;
}

/* ---- arguments ---- */

typedef struct request {
    const char *name;
    bool list, check, spoil;
    size_t threads, n; /* 0: the default */
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
    if (strcmp(option, "--spoil") == 0)
        return r->spoil = true;
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
        printf("%-10s  %s\n", k->name, k->what);
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
    if (r->input_count && !k->reads_input)
        return complain("%s reads no --input", k->name);
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

static timing measure(const kernel *k, job *j)
{
    k->run(j);
    timing t = { .runs = 0 };
    const double cpu = cpu_now(), start = weft_now();
    double now;
    do {
        k->run(j);
        t.runs++;
        now = weft_now();
    } while (now - start < shortest);
    t.seconds = (now - start) / (double)t.runs;
    t.cpu = (cpu_now() - cpu) / (double)t.runs;
    return t;
}

static void print_timing(const timing *t, double bytes)
{
    printf("weft: threads %zu\n", weft_threads());
    printf("weft: runs %zu\n", t->runs);
    printf("weft: seconds %.9f\n", t->seconds);
    printf("weft: cpu %.9f\n", t->cpu);
    printf("weft: bytes %.0f\n", bytes);
    printf("weft: rate %.3g GB/s\n", 1e-9 * bytes / t->seconds);
}

static bool run(const kernel *k, job *j, bool spoil)
{
    if (!k->open(j))
        return false;
    const timing t = measure(k, j);
    if (spoil)
        k->spoil(j);
    if (!k->check(j))
        return false;
    print_timing(&t, j->bytes);
    return true;
}

static int run_kernel(const kernel *k, const request *r)
{
    job j = { .n = r->n, .inputs = r->inputs, .input_count = r->input_count };
    if (!j.n)
        j.n = r->input_count ? SIZE_MAX : k->n;
    weft_set_threads(r->threads);
    const bool good = run(k, &j, r->spoil);
    k->close(&j);
    return good && fflush(stdout) == 0 ? exit_good : exit_failed;
}

int main(int argc, char **argv)
{
    (void)argc;
    request r = { 0 };
    if (!read_arguments(&r, argv))
        return exit_usage;
    if (r.list)
        return list();
    const kernel *k = find(r.name);
    if (!k)
        return unknown(r.name);
    if (!acceptable(k, &r))
        return exit_usage;
    return r.check ? exit_good : run_kernel(k, &r);
}
