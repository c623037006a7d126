/* listen.c - splits a stream into reports and answer, whatever the pieces it arrives in.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "listen.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char prefix[] = "weft: ";
enum { prefix_size = sizeof prefix - 1 };

static void hash(listener *l, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        l->hash = (l->hash ^ (unsigned char)text[i]) * 0x100000001b3u;
}

static void read_report(listener *l)
{
    const struct {
        const char *name;
        double *value;
    } reports[] = { { "seconds", &l->seconds },
                    { "cpu", &l->cpu },
                    { "bytes", &l->bytes },
                    { "flops", &l->flops },
                    { "items", &l->items } };
    char name[16];
    double value;
    l->line[l->held] = '\0';
    if (sscanf(l->line + prefix_size, "%15s %lf", name, &value) != 2)
        return;
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++)
        if (strcmp(name, reports[i].name) == 0)
            *reports[i].value = value;
}

static void end_line(listener *l)
{
    if (l->state == line_reports)
        read_report(l);
    l->state = line_starts;
    l->held = 0;
}

/* At the start of a line: c is held for as long as the line may be a report. */
static void hear_start(listener *l, char c)
{
    l->line[l->held++] = c;
    if (c != prefix[l->held - 1]) {
        hash(l, l->line, l->held);
        l->held = 0;
        l->state = c == '\n' ? line_starts : line_answers;
    } else if (l->held == prefix_size) {
        l->state = line_reports;
    }
}

static void hear_report(listener *l, char c)
{
    if (c == '\n')
        end_line(l);
    else if (l->held < sizeof l->line - 1)
        l->line[l->held++] = c;
}

/* Inside of a line of the answer: returns how much of text belongs to it. */
static size_t hear_answer(listener *l, const char *text, size_t size)
{
    const char *newline = memchr(text, '\n', size);
    const size_t part = newline ? (size_t)(newline - text) + 1 : size;
    hash(l, text, part);
    if (newline)
        l->state = line_starts;
    return part;
}

void listener_init(listener *l)
{
    *l = (listener){ .hash = 0xcbf29ce484222325u,
                     .seconds = NAN,
                     .cpu = NAN,
                     .bytes = NAN,
                     .flops = NAN,
                     .items = NAN };
}

void listener_hear(listener *l, const char *text, size_t size)
{
    for (size_t i = 0; i < size;)
        if (l->state == line_answers)
            i += hear_answer(l, text + i, size - i);
        else if (l->state == line_reports)
            hear_report(l, text[i++]);
        else
            hear_start(l, text[i++]);
}

void listener_end(listener *l)
{
    if (l->state == line_starts)
        hash(l, l->line, l->held);
    end_line(l);
}
