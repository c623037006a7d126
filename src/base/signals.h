/* signals.h - the signals that are the host's, and not of what a thread itself does.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_BASE_SIGNALS_H
#define WEFT_BASE_SIGNALS_H

#include <signal.h>

/* Blocks them for the calling thread, and for the threads that it then creates, so that no handler of
 * the host's runs there. What a thread itself does (SIGSEGV, SIGFPE, ...) still ends it or is handled.
 *
 * before  NULL, or where the mask goes that pthread_sigmask(SIG_SETMASK, before, NULL) brings back */
void weft__block_signals(sigset_t *before);

#endif
