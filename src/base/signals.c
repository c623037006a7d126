/* signals.c - blocks the signals of others.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "base/signals.h"

#include <stddef.h>

void weft__block_signals(sigset_t *before)
{
    static const int of_the_thread_itself[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS };
    sigset_t most;
    sigfillset(&most);
    for (size_t k = 0; k < sizeof of_the_thread_itself / sizeof of_the_thread_itself[0]; k++)
        sigdelset(&most, of_the_thread_itself[k]);
    pthread_sigmask(SIG_BLOCK, &most, before);
}
