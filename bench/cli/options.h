/* options.h - the options of one subcommand: parsed and explained from one table.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_OPTIONS_H
#define BENCH_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { threads_most = 4096 };

typedef struct words {
    char **word;
    size_t count;
} words;

typedef struct counts {
    size_t *value; /* ascending, each once */
    size_t count;
} counts;

/* Reads a value into `into`; NULL, or the rule that the value breaks. */
typedef const char *option_read(void *into, const char *value);
option_read option_count;   /* size_t, 1 to 1000000 */
option_read option_count0;  /* size_t, 0 to 1000000 */
option_read option_natural; /* uint64_t from 0 */
option_read option_seconds; /* double, above 0 */
option_read option_percent; /* double, a share; "2" or "2%" is 0.02; above 0, at most 100 */
option_read option_size;    /* size_t from 1; K, M and G are powers of 1024 */
option_read option_threads; /* size_t, 1 to threads_most */
option_read option_list;    /* counts, "1,2,4" or "1-4,8" */
option_read option_text;    /* const char * */
option_read option_add;     /* words; every argument up to the next one that begins with '-' */
option_read option_flag;    /* bool; takes no value */

typedef struct option {
    const char *name;  /* "--threads" */
    char letter;       /* 't' for "-t"; 0: none */
    const char *value; /* what it is called in the help; NULL: none */
    const char *help;
    option_read *read;
    void *into;
} option;

typedef enum parsed { parsed_all, parsed_help, parsed_badly } parsed;

/* options_parse - reads argv[0..argc-1] by a table that ends with a nameless option.
 *
 * what  the subcommand, for messages
 * rest  what is not an option, in order
 * tail  what follows "--", or NULL where there is no "--"
 *
 * On bad input one line on stderr says which option, which value and what would be right. */
parsed options_parse(const char *what, const option *table, int argc, char **argv, words *rest,
                     char ***tail);

/* options_print - the part of the help that lists the options. */
void options_print(const option *table);

/* usage_error - one line on stderr, "weft: ..."; returns the exit status for bad usage. */
__attribute__((format(printf, 1, 2))) int usage_error(const char *format, ...);

#endif
