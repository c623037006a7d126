/* weft/status.h - how calls report: a status, one line of detail, a panic for misuse, a log hook.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_STATUS_H
#define WEFT_STATUS_H

#include <weft/api.h>

WEFT_BEGIN_C

/* Every status: name, code, text. 0 is done; above 0 the call did not finish, yet nothing is wrong;
 * below 0 it failed and weft_detail() says why. */
#define WEFT_STATUS_TABLE(X)                   \
    X(WEFT_OK, 0, "done")                      \
    X(WEFT_TIMEOUT, 1, "timed out")            \
    X(WEFT_CLOSED, 2, "closed")                \
    X(WEFT_CANCELLED, 3, "cancelled")          \
    X(WEFT_BROKEN, 4, "broken")                \
    X(WEFT_EINVAL, -1, "invalid argument")     \
    X(WEFT_ENOMEM, -2, "out of memory")        \
    X(WEFT_EPERM, -3, "not permitted")         \
    X(WEFT_EOVERFLOW, -4, "overflow")          \
    X(WEFT_ESTATE, -5, "wrong state")          \
    X(WEFT_EDEADLK, -6, "would deadlock")      \
    X(WEFT_EDIED, -7, "owner or worker died")  \
    X(WEFT_EFAILED, -8, "task failed")         \
    X(WEFT_EDEADLINE, -9, "over its deadline") \
    X(WEFT_ESYS, -10, "system call failed")

typedef enum weft_status {
#define WEFT_STATUS_ENUM_(name, code, text) name = code,
    WEFT_STATUS_TABLE(WEFT_STATUS_ENUM_)
#undef WEFT_STATUS_ENUM_
} weft_status;

/* weft_strstatus - the text of a status, "timed out"; static, never NULL. */
WEFT_API const char *weft_strstatus(weft_status status);

/* weft_detail - this thread's last failure in one line: function, argument, value, rule.
 *
 * "" before the first failure. Valid until the thread's next failure or its end. */
WEFT_API const char *weft_detail(void);

/* weft_set_panic - replaces the handler of misuse (NULL with n > 0 and the like).
 *
 * handler  gets one line without a newline and may longjmp or throw past a call that has not
 *          started yet; when it returns, the library aborts. NULL brings back the default, which
 *          writes the line to stderr.
 *
 * Process-wide. Returns the handler before it. */
typedef void weft_panic_handler(const char *message);
WEFT_API weft_panic_handler *weft_set_panic(weft_panic_handler *handler);

/* weft_set_log - replaces the receiver of the library's rare warnings.
 *
 * log  gets one line without a newline, on any thread. NULL brings back the default, which writes
 *      "weft: LINE" to stderr; weft_log_nothing silences it.
 *
 * Process-wide. Returns the hook before it. */
typedef void weft_log_hook(const char *message);
WEFT_API weft_log_hook *weft_set_log(weft_log_hook *log);
WEFT_API void weft_log_nothing(const char *message);

WEFT_END_C

#endif
