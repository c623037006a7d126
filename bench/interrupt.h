/* interrupt.h - the signals that ask for an end, as something to poll.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_INTERRUPT_H
#define BENCH_INTERRUPT_H

/* interrupt_catch - from here on SIGHUP, SIGINT, SIGQUIT and SIGTERM wait in a descriptor.
 * interrupt_release - from here on they do what they did before; also for a child, before exec. */
void interrupt_catch(void);
void interrupt_release(void);

/* interrupt_fd - readable once a signal has come; -1 where none are caught. */
int interrupt_fd(void);

/* interrupt_came - the signal that came first since interrupt_catch, or 0. */
int interrupt_came(void);

/* interrupt_obey - ends this process by the signal, so that who waits for it sees that. */
_Noreturn void interrupt_obey(int signal_number);

#endif
