/* letter.h - what a spawned child is told, through the socket that it answers by.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     parent   executes the program with WEFT_SPAWNED_=SOCKET:PARENT, sends the letter
 *     child    a constructor finds the variable, takes it away; before main() another function reads
 *              the letter, looks for run, and lives as a forked child does
 *
 *     letter | texts, each ended by a zero | argument */
#ifndef WEFT_EXEC_PROCESS_LETTER_H
#define WEFT_EXEC_PROCESS_LETTER_H

#include <signal.h>

#include "exec/process/process.h"

#define WEFT__SPAWNED "WEFT_SPAWNED_"

/* The constructor. */
weft__constructor weft__listen_to_parent;

enum { weft__letter_texts = 4, weft__letter_form = 0x5eed0001 };

struct weft__letter {
    uint32_t form; /* weft__letter_form: of this struct */
    bool daemon, parent_is_daemon;
    struct weft__spot run;
    double notice;
    sigset_t signals;
    size_t arg_size, texts_size;
};

/* In a child that was executed: who it is. The parent's texts stay. */
struct weft__descent {
    const char *name, *identity;
    char *parent_name, *parent_identity;
    pid_t parent;
    bool daemon, parent_is_daemon;
};

#endif
