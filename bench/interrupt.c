/* interrupt.c - the signals that ask for an end, as something to poll.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A child runs in a session of its own, so Ctrl-C reaches us alone, and it is for us to end the child.
 * Signals are a matter of the whole process: so is this file's state. What was ignored when we started
 * (nohup, a shell's background) stays ignored: an ignored signal never waits. */
#include "interrupt.h"

#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <unistd.h>

static int fd = -1;
static int came;
static sigset_t before;

void interrupt_catch(void)
{
    static const int numbers[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
    sigset_t set;
    sigemptyset(&set);
    for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
        sigaddset(&set, numbers[k]);
    came = 0;
    fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd >= 0)
        sigprocmask(SIG_BLOCK, &set, &before);
}

void interrupt_release(void)
{
    if (fd < 0)
        return;
    close(fd);
    fd = -1;
    sigprocmask(SIG_SETMASK, &before, NULL);
}

int interrupt_fd(void) { return fd; }

int interrupt_came(void)
{
    struct signalfd_siginfo info;
    if (!came && fd >= 0 && read(fd, &info, sizeof info) == sizeof info)
        came = (int)info.ssi_signo;
    return came;
}

_Noreturn void interrupt_obey(int signal_number)
{
    interrupt_release();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
    _exit(128 + signal_number);
}
