/* title.c - a command line as a person would type it.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "title.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_plain(const char *argument)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                "%+,-./:=@_{}";
    return *argument && !argument[strspn(argument, plain)];
}

/* A newline becomes a blank: a title is one line. */
static void print_quoted(FILE *f, const char *argument)
{
    fputc('\'', f);
    for (; *argument; argument++)
        if (*argument == '\'')
            fputs("'\\''", f);
        else
            fputc(*argument == '\n' ? ' ' : *argument, f);
    fputc('\'', f);
}

const char *title_of(char *const *argv)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);
    if (!f)
        abort();
    for (size_t k = 0; argv[k]; k++) {
        fputs(k ? " " : "", f);
        if (is_plain(argv[k]))
            fputs(argv[k], f);
        else
            print_quoted(f, argv[k]);
    }
    if (fclose(f))
        abort();
    return text;
}
