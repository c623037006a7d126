/* poll.h - waits for a file descriptor, until a deadline of base/futex.h.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_EXEC_POLL_H
#define WEFT_EXEC_POLL_H

#include <stdbool.h>

/* Returns when poll() has one of the events to tell, a signal came, or the deadline is past: look
 * again. */
void weft__poll(int fd, short events, double deadline);

bool weft__is_past(double deadline);

#endif
