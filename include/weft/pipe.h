/* weft/pipe.h - whole messages between two ends, both ways, also between processes.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft_pipe here, there;
 *     weft_pipe_init(&here, &there);
 *
 * What is sent into one end is received at the other, a message at a time, in order, all of it or
 * nothing, also when the sender is killed. Any number of threads and processes may send into one end
 * and receive at one.
 *
 * A process that is started or forked later has both ends too, under the same names. An end counts as
 * closed once all have closed it or ended: so who waits for WEFT_CLOSED closes, in each process, the
 * end that is not used there. */
#ifndef WEFT_PIPE_H
#define WEFT_PIPE_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/status.h>

WEFT_BEGIN_C

/* All zero: of no pipe, which is WEFT_ESTATE to use. Copies are the same end. */
typedef struct weft_pipe {
    int end_;
} weft_pipe;

/* weft_pipe_init - makes a pipe; both ends are overwritten. WEFT_ESYS when no file descriptors are
 * free, WEFT_ENOMEM, WEFT_EINVAL for NULL; then both are of no pipe.
 *
 * weft_pipe_fini - closes an end in this process. Takes one that is of no pipe, or NULL. */
WEFT_API weft_status weft_pipe_init(weft_pipe *here, weft_pipe *there);
WEFT_API void weft_pipe_fini(weft_pipe *end);

/* weft_pipe_send - sends one message.
 *
 * data  size bytes, copied; may be NULL for size 0, which is a message too
 *
 * A pipe has room for at least two messages; then it waits for room. Messages over 64 KiB travel as
 * memory of their own, to which the pipe carries a reference.
 *
 * WEFT_CLOSED when the other end is closed, without SIGPIPE; WEFT_TIMEOUT; WEFT_EINVAL for NULL with a
 * size or a bad timeout; WEFT_ESTATE; WEFT_ENOMEM or WEFT_ESYS where a large message finds no memory or
 * no file descriptor. Then nothing was sent. */
WEFT_API weft_status weft_pipe_send(const weft_pipe *end, const void *data, size_t size,
                                    double timeout);

/* weft_pipe_recv - receives one message.
 *
 * buf   room for size bytes; NULL for size 0
 * got   its size; may be NULL
 *
 * WEFT_CLOSED when nothing is left and the other end is closed; WEFT_TIMEOUT; WEFT_EINVAL and
 * WEFT_ESTATE as above. WEFT_EOVERFLOW for a message that is larger than the buffer: *got is its size,
 * and it stays the next one. WEFT_ESYS where a large message finds no file descriptor; it stays too.
 * Otherwise *got is 0.
 *
 * Where several receive at one end, a message stays only if all their buffers have room for the largest
 * message: another one may take it between the look at its size and its removal. */
WEFT_API weft_status weft_pipe_recv(const weft_pipe *end, void *buf, size_t size, size_t *got,
                                    double timeout);

WEFT_END_C

#endif
