/* pipe.c - whole messages, over a pair of sockets.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     small   | size, id | bytes |            one packet
 *     large   | size, id |  and with it the file descriptor of a memfd that holds the bytes
 *
 * SOCK_SEQPACKET keeps the borders of packets and hands each to one receiver only; a sender that is
 * killed has sent a packet or has not. A receiver first peeks, so that what it has no room for stays in
 * line. Peeking at a large message hands out its file descriptor already: when there is none free, the
 * message stays too. The id tells whether what was taken out is what was seen: another receiver may
 * have been faster. */
#include <weft/pipe.h>

#include <errno.h>
#include <string.h>

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/detail.h"
#include "base/futex.h"
#include "exec/poll.h"

enum {
    small_most = 64 * 1024
}; /* bytes; a socket's buffer has 208 KiB, unless the host sets less */

typedef struct head {
    uint64_t size, id;
} head;

/* Room for one file descriptor beside a packet. */
typedef union beside {
    struct cmsghdr head;
    char room[CMSG_SPACE(sizeof(int))];
} beside;

static int fd_of(const weft_pipe *end) { return end ? end->end_ - 1 : -1; }

static weft_status check(const weft_pipe *end, const void *data, size_t size, double timeout,
                         const char *function)
{
    const weft_status s = weft__check_timeout(timeout, function);
    if (s != WEFT_OK)
        return s;
    if (!data && size > 0)
        return weft__fail(WEFT_EINVAL, "%s: the message is NULL with size = %zu bytes", function,
                          size);
    if (fd_of(end) < 0)
        return weft__fail(WEFT_ESTATE, "%s: the end is of no pipe", function);
    return WEFT_OK;
}

static weft_status failed(int error, const char *function)
{
    const bool memory = error == ENOMEM || error == ENOBUFS || error == ENOSPC;
    return weft__fail(memory ? WEFT_ENOMEM : WEFT_ESYS, "%s: %s", function, strerror(error));
}

/* ---- sending ---- */

static bool is_closed(int error)
{
    return error == EPIPE || error == ECONNRESET || error == ENOTCONN;
}

static weft_status send_packet(int fd, const struct msghdr *m, double deadline)
{
    bool late = deadline == weft__late;
    while (sendmsg(fd, m, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
        if (is_closed(errno))
            return WEFT_CLOSED;
        if (errno != EAGAIN && errno != EINTR)
            return failed(errno, "weft_pipe_send");
        if (late)
            return WEFT_TIMEOUT;
        weft__poll(fd, POLLOUT, deadline);
        late = weft__is_past(deadline);
    }
    return WEFT_OK;
}

static weft_status send_small(int fd, const void *data, size_t size, double deadline)
{
    head h = { .size = size };
    struct iovec parts[] = { { &h, sizeof h }, { (void *)data, size } };
    return send_packet(fd, &(struct msghdr){ .msg_iov = parts, .msg_iovlen = 2 }, deadline);
}

static bool write_all(int file, const char *data, size_t size)
{
    while (size > 0) {
        const ssize_t n = write(file, data, size);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            data += n, size -= (size_t)n;
    }
    return true;
}

static uint64_t next_id(void)
{
    static uint32_t last; /* relaxed: it only has to differ */
    const uint32_t number = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
    return (uint64_t)getpid() << 32 | number;
}

static weft_status send_reference(int fd, int file, size_t size, double deadline)
{
    head h = { .size = size, .id = next_id() };
    beside b = { .head = { .cmsg_len = CMSG_LEN(sizeof file),
                           .cmsg_level = SOL_SOCKET,
                           .cmsg_type = SCM_RIGHTS } };
    memcpy(CMSG_DATA(&b.head), &file, sizeof file);
    return send_packet(fd,
                       &(struct msghdr){ .msg_iov = &(struct iovec){ &h, sizeof h },
                                         .msg_iovlen = 1,
                                         .msg_control = b.room,
                                         .msg_controllen = sizeof b.room },
                       deadline);
}

static weft_status send_large(int fd, const void *data, size_t size, double deadline)
{
    const int file = memfd_create("weft message", MFD_CLOEXEC);
    if (file < 0)
        return failed(errno, "weft_pipe_send");
    const weft_status s = write_all(file, data, size) ? send_reference(fd, file, size, deadline)
                                                      : failed(errno, "weft_pipe_send");
    close(file);
    return s;
}

weft_status weft_pipe_send(const weft_pipe *end, const void *data, size_t size, double timeout)
{
    const weft_status s = check(end, data, size, timeout, "weft_pipe_send");
    if (s != WEFT_OK)
        return s;
    const double deadline = weft__deadline_in(timeout);
    return size <= small_most ? send_small(fd_of(end), data, size, deadline)
                              : send_large(fd_of(end), data, size, deadline);
}

/* ---- receiving ---- */

/* What came of a look or a take; file is -1 where there is none. */
typedef struct packet {
    head head;
    int file;
} packet;

static int file_beside(struct msghdr *m)
{
    int file = -1;
    const struct cmsghdr *const c = CMSG_FIRSTHDR(m);
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
        memcpy(&file, CMSG_DATA(c), sizeof file);
    return file;
}

/* Bytes of the packet; 0: closed; -1: errno. */
static ssize_t get(int fd, packet *p, void *buf, size_t size, int flags)
{
    beside b;
    struct iovec parts[] = { { &p->head, sizeof p->head }, { buf, size } };
    struct msghdr m = {
        .msg_iov = parts, .msg_iovlen = 2, .msg_control = b.room, .msg_controllen = sizeof b.room
    };
    ssize_t n;
    do /* a peer that closes with messages unread leaves an error in front of its own */
        n = recvmsg(fd, &m, MSG_DONTWAIT | MSG_CMSG_CLOEXEC | flags);
    while (n < 0 && (errno == EINTR || errno == ECONNRESET));
    p->file = n > 0 ? file_beside(&m) : -1;
    return n;
}

static bool is_large(const packet *p) { return p->head.size > small_most; }

static void drop(packet *p)
{
    if (p->file >= 0)
        close(p->file);
    p->file = -1;
}

static bool read_all(int file, char *buf, size_t size)
{
    for (size_t at = 0; at < size;) {
        const ssize_t n = pread(file, buf + at, size - at, (off_t)at);
        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        if (n > 0)
            at += (size_t)n;
    }
    return true;
}

static weft_status lost(const char *why)
{
    return weft__fail(WEFT_ESYS, "weft_pipe_recv: a large message is lost: %s", why);
}

/* Moves the bytes of a large message that was taken out; `seen` is what was looked at before. */
static weft_status fetch(packet *taken, packet *seen, void *buf)
{
    const bool same = taken->head.id == seen->head.id && seen->file >= 0;
    const int file = same ? seen->file : taken->file;
    if (file < 0)
        return lost(strerror(EMFILE));
    return read_all(file, buf, taken->head.size) ? WEFT_OK : lost(strerror(errno));
}

/* WEFT_TIMEOUT: another receiver was faster. */
static weft_status take(int fd, packet *seen, void *buf, size_t size, size_t *got)
{
    packet taken;
    const ssize_t n = get(fd, &taken, buf, size, 0);
    if (n <= 0)
        return n == 0            ? WEFT_CLOSED
               : errno == EAGAIN ? WEFT_TIMEOUT
                                 : failed(errno, "weft_pipe_recv");
    weft_status s = WEFT_OK;
    *got = taken.head.size;
    if (taken.head.size > size)
        s = weft__fail(WEFT_EOVERFLOW,
                       "weft_pipe_recv: size is %zu bytes: another receiver was faster, and the "
                       "message behind, of %zu bytes, is lost",
                       size, *got);
    else if (is_large(&taken) && (s = fetch(&taken, seen, buf)) != WEFT_OK)
        *got = 0;
    drop(&taken);
    return s;
}

static weft_status look_and_take(int fd, void *buf, size_t size, size_t *got)
{
    packet seen;
    const ssize_t n = get(fd, &seen, NULL, 0, MSG_PEEK);
    if (n <= 0)
        return n == 0            ? WEFT_CLOSED
               : errno == EAGAIN ? WEFT_TIMEOUT
                                 : failed(errno, "weft_pipe_recv");
    weft_status s;
    if (seen.head.size > size) {
        *got = seen.head.size;
        s = weft__fail(WEFT_EOVERFLOW, "weft_pipe_recv: size is %zu bytes: the message has %zu",
                       size, *got);
    } else if (is_large(&seen) && seen.file < 0) {
        s = failed(EMFILE, "weft_pipe_recv");
    } else {
        s = take(fd, &seen, buf, size, got);
    }
    drop(&seen);
    return s;
}

weft_status weft_pipe_recv(const weft_pipe *end, void *buf, size_t size, size_t *got,
                           double timeout)
{
    size_t nobody_asks;
    got = got ? got : &nobody_asks;
    *got = 0;
    weft_status s = check(end, buf, size, timeout, "weft_pipe_recv");
    if (s != WEFT_OK)
        return s;
    const double deadline = weft__deadline_in(timeout);
    bool late = deadline == weft__late;
    while ((s = look_and_take(fd_of(end), buf, size, got)) == WEFT_TIMEOUT && !late) {
        weft__poll(fd_of(end), POLLIN, deadline);
        late = weft__is_past(deadline);
    }
    return s;
}

/* ---- both ends ---- */

weft_status weft_pipe_init(weft_pipe *here, weft_pipe *there)
{
    int fds[2];
    if (here)
        *here = (weft_pipe){ 0 };
    if (there)
        *there = (weft_pipe){ 0 };
    if (!here || !there || here == there)
        return weft__fail(WEFT_EINVAL, "weft_pipe_init: it takes two ends");
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds))
        return failed(errno, "weft_pipe_init");
    here->end_ = fds[0] + 1, there->end_ = fds[1] + 1;
    return WEFT_OK;
}

void weft_pipe_fini(weft_pipe *end)
{
    if (fd_of(end) >= 0)
        close(fd_of(end));
    if (end)
        end->end_ = 0;
}
