/* placement.c - where a policy puts threads, as text.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Thread after thread, in order: "0,2,4" is written as Linux would, "0-4:2". */
#include "placement.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { line_width = 80 };

static weft_cpus *places_of(const weft_machine *m, const char *policy, size_t threads)
{
    weft_cpus *places = calloc(threads, sizeof *places);
    if (!places)
        abort();
    if (weft_machine_places(m, policy, threads, places) == WEFT_OK)
        return places;
    free(places);
    return NULL;
}

/* The only CPU of a set, or WEFT_CPUS_MAX. */
static size_t only_cpu(const weft_cpus *set)
{
    for (size_t cpu = 0; weft_cpus_count(set) == 1; cpu++)
        if (weft_cpus_has(set, cpu))
            return cpu;
    return WEFT_CPUS_MAX;
}

static bool all_equal(const weft_cpus *places, size_t n)
{
    for (size_t k = 1; k < n; k++)
        if (!weft_cpus_equal(&places[k], &places[0]))
            return false;
    return true;
}

/* How many places from k on are single CPUs at one distance from each other. */
static size_t run_length(const weft_cpus *places, size_t n, size_t k, size_t *step)
{
    const size_t first = only_cpu(&places[k]);
    if (first == WEFT_CPUS_MAX || k + 1 >= n || only_cpu(&places[k + 1]) <= first)
        return 1;
    *step = only_cpu(&places[k + 1]) - first;
    size_t length = 1;
    while (k + length < n && only_cpu(&places[k + length]) == first + length * *step)
        length++;
    return only_cpu(&places[k + 1]) == WEFT_CPUS_MAX ? 1 : length;
}

static void print_set(FILE *out, const weft_cpus *set)
{
    char text[80];
    fprintf(out, weft_cpus_count(set) == 1 ? "%s" : "{%s}",
            weft_cpus_format(set, text, sizeof text));
}

static void print_places(FILE *out, const weft_cpus *places, size_t n)
{
    if (all_equal(places, n) && weft_cpus_count(places) > 1) {
        char text[80];
        fprintf(out, "anywhere in %s", weft_cpus_format(places, text, sizeof text));
        return;
    }
    for (size_t k = 0, step = 1; k < n;) {
        const size_t length = run_length(places, n, k, &step);
        fputs(k ? "," : "", out);
        print_set(out, &places[k]);
        if (length >= 3)
            fprintf(out, "-%zu", only_cpu(&places[k + length - 1]));
        if (length >= 3 && step > 1)
            fprintf(out, ":%zu", step);
        k += length >= 3 ? length : 1;
    }
}

/* How much of a list a line holds: up to the last comma between places, or 0. */
static size_t line_end(const char *list, size_t room)
{
    size_t end = 0;
    bool in_place = false;
    for (size_t k = 0; k < room; k++) {
        in_place = list[k] == '{' || (in_place && list[k] != '}');
        if (list[k] == ',' && !in_place)
            end = k + 1;
    }
    return end;
}

/* Lines go on below where the list began. */
static void print_list(FILE *out, int begin, const char *list)
{
    const size_t room = (size_t)(line_width - begin);
    for (size_t n; strlen(list) > room && (n = line_end(list, room)) > 0; list += n)
        fprintf(out, "%.*s\n%*s", (int)n, list, begin, "");
    fprintf(out, "%s\n", list);
}

static void print_line(FILE *out, const char *policy, const char *count, const weft_cpus *places,
                       size_t n)
{
    char *list = NULL;
    size_t length;
    FILE *memory = open_memstream(&list, &length);
    if (!memory)
        abort();
    print_places(memory, places, n);
    fclose(memory);
    print_list(out, fprintf(out, "  %-8s %s", policy, count), list);
    free(list);
}

/* Whether fewer threads always have the first places of `most` threads. */
static bool only_grows(const weft_machine *m, const char *policy, const weft_cpus *all, size_t most)
{
    bool grows = true;
    for (size_t n = 1; n < most && grows; n *= 2) {
        weft_cpus *places = places_of(m, policy, n);
        grows = places && memcmp(places, all, n * sizeof *places) == 0;
        free(places);
    }
    return grows;
}

static void print_count(FILE *out, const weft_machine *m, const char *policy, size_t threads)
{
    weft_cpus *places = places_of(m, policy, threads);
    if (!places)
        return;
    char count[40];
    snprintf(count, sizeof count, "%zu thread%s ", threads, threads == 1 ? ": " : "s:");
    print_line(out, policy, count, places, threads);
    free(places);
}

void placement_print(FILE *out, const weft_machine *m, const char *policy, size_t most)
{
    weft_cpus *all = places_of(m, policy, most);
    if (!all)
        return;
    if (only_grows(m, policy, all, most)) {
        print_line(out, policy, "", all, most);
    } else {
        for (size_t n = 1; n < most; n *= 2)
            print_count(out, m, policy, n);
        print_count(out, m, policy, most);
    }
    free(all);
}
