/* kernel.c - runs weft-kernel for a test, in a process of its own, as users run it.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "kernel.h"

#include <string.h>

#include "suites.h"

/* Takes the lines out that begin with "weft: ". */
static void drop_measurements(char *out)
{
    char *to = out;
    while (*out) {
        const size_t line = strcspn(out, "\n") + (strchr(out, '\n') != NULL);
        if (strncmp(out, "weft: ", 6) != 0) {
            memmove(to, out, line);
            to += line;
        }
        out += line;
    }
    *to = '\0';
}

said kernel_run(const char *arguments, const char *const *set)
{
    char *const argv[] = {
        "sh", "-c", "exec \"$0\" --once $1", (char *)built("weft-kernel"), (char *)arguments, NULL
    };
    return program_run(argv, set);
}

said kernel_answer(const char *arguments)
{
    said s = kernel_run(arguments, NULL);
    drop_measurements(s.out);
    return s;
}

void kernel_refuses(const char *arguments, const char *text)
{
    said s = kernel_run(arguments, NULL);
    CU_ASSERT_EQUAL(s.status, 2);
    ASSERT_TEXT(s.out, "");
    ASSERT_TEXT(s.err, text);
    said_free(&s);
}
