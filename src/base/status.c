/* status.c - statuses, the line of detail, the panic handler and the log hook.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Owns three globals: the thread's line of detail and the two process-wide hooks. */
#include <weft/status.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/detail.h"

enum { line_size = 512 };

static _Thread_local char line_of_detail[line_size];

static void panic_to_stderr(const char *message) { fprintf(stderr, "weft: %s\n", message); }
static void log_to_stderr(const char *message) { fprintf(stderr, "weft: %s\n", message); }

static weft_panic_handler *panic_handler = panic_to_stderr;
static weft_log_hook *log_hook = log_to_stderr;

weft_status weft__fail(weft_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(line_of_detail, sizeof line_of_detail, format, args);
    va_end(args);
    return status;
}

void weft__warn(const char *format, ...)
{
    char line[line_size];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    __atomic_load_n(&log_hook, __ATOMIC_ACQUIRE)(line); /* pairs with weft_set_log */
}

void weft__panic(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(line_of_detail, sizeof line_of_detail, format, args);
    va_end(args);
    __atomic_load_n(&panic_handler, __ATOMIC_ACQUIRE)(line_of_detail); /* with weft_set_panic */
    abort();
}

const char *weft_strstatus(weft_status status)
{
    switch (status) {
#define TEXT(name, code, text) \
    case name:                 \
        return text;
        WEFT_STATUS_TABLE(TEXT)
#undef TEXT
    }
    return "unknown status";
}

const char *weft_detail(void) { return line_of_detail; }

weft_panic_handler *weft_set_panic(weft_panic_handler *handler)
{
    /* release: who calls the handler sees what its installer wrote before; pairs with weft__panic */
    return __atomic_exchange_n(&panic_handler, handler ? handler : panic_to_stderr,
                               __ATOMIC_ACQ_REL);
}

weft_log_hook *weft_set_log(weft_log_hook *log)
{
    /* release: as above; pairs with weft__warn */
    return __atomic_exchange_n(&log_hook, log ? log : log_to_stderr, __ATOMIC_ACQ_REL);
}

void weft_log_nothing(const char *message) { (void)message; }
