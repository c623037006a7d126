/* spawns.c - spawns itself, and is linked to the shared library, whose constructors run before its own.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

static int constructed;

__attribute__((constructor)) static void construct(void) { constructed++; }

static int look(void *number)
{
    printf("%s: %d, %d\n", weft_process_name(weft_process_current()), *(int *)number, constructed);
    return constructed;
}

static void say_goodbye(void) { puts("main is over"); }

int main(void)
{
    int number = 6;
    weft_process p;
    atexit(say_goodbye);
    if (weft_process_start(&p, look, &number, .arg_size = sizeof number, .start = WEFT_SPAWN) ||
        weft_process_join(&p, WEFT_FOREVER)) {
        puts(weft_detail());
        return 100;
    }
    return weft_process_exitcode(&p);
}
