/* options.c - the options of one subcommand: parsed and explained from one table.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * An option is "--name value", "--name=value", "-x value" or "-xvalue", "-x=value". What is parsed stays
 * until the program ends, so nothing is freed. */
#include "options.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

/* ---- reading values ---- */

/* Digits only: no sign, no space. What follows them goes to *end. */
static bool read_number(const char *text, const char **end, uint64_t *value)
{
    char *after;
    errno = 0;
    *value = strtoull(text, &after, 10);
    *end = after;
    return *text >= '0' && *text <= '9' && errno == 0;
}

static bool read_within(const char *text, uint64_t least, uint64_t most, uint64_t *value)
{
    const char *end;
    return read_number(text, &end, value) && !*end && *value >= least && *value <= most;
}

const char *option_count(void *into, const char *value)
{
    uint64_t n;
    if (!read_within(value, 1, 1000000, &n))
        return "must be a whole number from 1 to 1000000";
    *(size_t *)into = n;
    return NULL;
}

const char *option_count0(void *into, const char *value)
{
    uint64_t n;
    if (!read_within(value, 0, 1000000, &n))
        return "must be a whole number from 0 to 1000000";
    *(size_t *)into = n;
    return NULL;
}

const char *option_natural(void *into, const char *value)
{
    if (!read_within(value, 0, UINT64_MAX, into))
        return "must be a whole number from 0";
    return NULL;
}

const char *option_size(void *into, const char *value)
{
    static const char units[] = "KMG";
    const char *end;
    uint64_t n;
    bool good = read_number(value, &end, &n) && n > 0;
    if (good && *end) {
        const char *unit = strchr(units, *end);
        const unsigned shift = unit ? 10 * (unsigned)(unit - units + 1) : 0;
        good = unit && !end[1] && n <= UINT64_MAX >> shift;
        n <<= shift;
    }
    if (!good)
        return "must be a whole number from 1; K, M or G behind it is 1024, 1024^2, 1024^3";
    *(size_t *)into = n;
    return NULL;
}

const char *option_seconds(void *into, const char *value)
{
    char *end;
    const double seconds = strtod(value, &end);
    if (end == value || *end || !(seconds > 0 && seconds <= 1e9))
        return "must be a number of seconds above 0, as in 60 or 0.5";
    *(double *)into = seconds;
    return NULL;
}

const char *option_percent(void *into, const char *value)
{
    char *end;
    const double percent = strtod(value, &end);
    end += *end == '%';
    if (end == value || *end || !(percent > 0 && percent <= 100))
        return "must be a percentage above 0, as in 2 or 0.5";
    *(double *)into = percent / 100;
    return NULL;
}

const char *option_threads(void *into, const char *value)
{
    uint64_t n;
    if (!read_within(value, 1, threads_most, &n))
        return "must be a whole number from 1 to 4096";
    *(size_t *)into = n;
    return NULL;
}

/* "3" or "1-4" at *text, which moves behind it. */
static bool read_run(const char **text, uint64_t *first, uint64_t *last)
{
    if (!read_number(*text, text, first))
        return false;
    *last = *first;
    if (**text == '-' && !read_number(*text + 1, text, last))
        return false;
    return 1 <= *first && *first <= *last && *last <= threads_most;
}

static bool read_list(const char *text, bool *chosen)
{
    uint64_t first, last;
    do {
        if (!read_run(&text, &first, &last))
            return false;
        for (uint64_t n = first; n <= last; n++)
            chosen[n] = true;
    } while (*text++ == ',');
    return text[-1] == '\0';
}

const char *option_list(void *into, const char *value)
{
    bool chosen[threads_most + 1] = { false };
    counts *list = into;
    if (!read_list(value, chosen))
        return "must be thread counts from 1 to 4096, as in 1,2,4 or 1-4,8";
    list->value = calloc(threads_most, sizeof *list->value);
    list->count = 0;
    for (size_t n = 1; list->value && n <= threads_most; n++)
        if (chosen[n])
            list->value[list->count++] = n;
    return list->value ? NULL : "found no memory";
}

const char *option_text(void *into, const char *value)
{
    *(const char **)into = value;
    return *value ? NULL : "must not be empty";
}

const char *option_add(void *into, const char *value)
{
    words *w = into;
    char **more = realloc(w->word, (w->count + 1) * sizeof *more);
    if (!more)
        return "found no memory";
    w->word = more;
    w->word[w->count++] = (char *)value;
    return NULL;
}

const char *option_flag(void *into, const char *value)
{
    (void)value;
    *(bool *)into = true;
    return NULL;
}

/* ---- finding options ---- */

typedef struct scan {
    const char *what;
    const option *table;
    char **argv;
    int argc, at;
} scan;

static bool is_option(const char *argument) { return argument[0] == '-' && argument[1]; }

/* What follows the name of this option in the argument, or NULL if it is another option. */
static const char *behind_name(const option *o, const char *argument)
{
    const size_t n = strlen(o->name);
    if (strncmp(argument, o->name, n) == 0 && (!argument[n] || argument[n] == '='))
        return argument + n;
    const bool short_one = o->letter && argument[0] == '-' && argument[1] == o->letter;
    return short_one ? argument + 2 : NULL;
}

static const option *find(const option *table, const char *argument, const char **behind)
{
    for (const option *o = table; o->name; o++)
        if ((*behind = behind_name(o, argument)))
            return o;
    return NULL;
}

/* The next argument, unless it is an option: "--rounds -5" is a bad value, not a missing one. */
static const char *next_value(scan *s)
{
    const char *next = s->at + 1 < s->argc ? s->argv[s->at + 1] : "--", *behind;
    if (strcmp(next, "--") == 0 || find(s->table, next, &behind))
        return NULL;
    s->at++;
    return next;
}

static bool read_value(const scan *s, const option *o, const char *value)
{
    const char *rule = o->read(o->into, value);
    if (rule)
        usage_error("%s: %s is \"%s\": it %s", s->what, o->name, value, rule);
    return !rule;
}

/* The values of an option that takes every argument up to the next option. */
static bool read_all(scan *s, const option *o)
{
    while (s->at + 1 < s->argc && !is_option(s->argv[s->at + 1]))
        if (!read_value(s, o, s->argv[++s->at]))
            return false;
    return true;
}

static bool read_option(scan *s, const option *o, const char *behind)
{
    if (!o->value && *behind)
        return usage_error("%s: %s takes no value", s->what, o->name), false;
    if (!o->value || *behind)
        return read_value(s, o, behind + (*behind == '='));
    const char *value = next_value(s);
    if (!value)
        return usage_error("%s: %s needs a value: %s", s->what, o->name, o->value), false;
    return read_value(s, o, value) && (o->read != option_add || read_all(s, o));
}

parsed options_parse(const char *what, const option *table, int argc, char **argv, words *rest,
                     char ***tail)
{
    scan s = { .what = what, .table = table, .argv = argv, .argc = argc };
    *tail = NULL;
    for (; s.at < argc; s.at++) {
        const char *argument = argv[s.at], *behind;
        if (strcmp(argument, "--") == 0)
            return *tail = argv + s.at + 1, parsed_all;
        if (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0)
            return parsed_help;
        const option *o = is_option(argument) ? find(table, argument, &behind) : NULL;
        if (is_option(argument) && !o)
            return usage_error("%s: there is no option %s: see weft %s --help", what, argument,
                               what),
                   parsed_badly;
        if (o ? !read_option(&s, o, behind) : !!option_add(rest, argument))
            return parsed_badly;
    }
    return parsed_all;
}

static void print_option(char letter, const char *name, const char *value, const char *help)
{
    char left[40];
    snprintf(left, sizeof left, "%c%c%c %s %s", letter ? '-' : ' ', letter ? letter : ' ',
             letter ? ',' : ' ', name, value ? value : "");
    printf("  %-22s %s\n", left, help);
}

void options_print(const option *table)
{
    for (const option *o = table; o->name; o++)
        print_option(o->letter, o->name, o->value, o->help);
    print_option('h', "--help", NULL, "print this text");
}

int usage_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("weft: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    return exit_usage;
}
