/* weft/event.h - one thread, or process, tells the others that something has happened.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Python's threading.Event, in the caller's storage. It stays set until it is cleared. A wait that has
 * begun sees a set even where the event was cleared before the waiter got to run. Using an event that
 * is not initialised, or was ended, panics. */
#ifndef WEFT_EVENT_H
#define WEFT_EVENT_H

#include <weft/api.h>
#include <weft/clock.h>
#include <weft/status.h>

WEFT_BEGIN_C

typedef struct weft_event {
    uint32_t kind_, word_;
    uint64_t room_[3];
} weft_event;

typedef struct weft_event_opts {
    size_t size;
    bool shared; /* it lies in memory that several processes share */
} weft_event_opts;

/* weft_event_init - makes an event that is not set in the caller's storage.
 *
 * weft_event_fini - ends it. Nobody may wait for it; the set that ended the last wait may still be on
 * its way out, so who has waited for an event on its own stack may return. */
#define weft_event_init(...) WEFT_EVENT_INIT_(__VA_ARGS__, .size = sizeof(weft_event_opts))
#define WEFT_EVENT_INIT_(event, ...) \
    weft_event_init_opts((event), &(weft_event_opts){ __VA_ARGS__ })
WEFT_API weft_status weft_event_init_opts(weft_event *event, const weft_event_opts *opts);
WEFT_API void weft_event_fini(weft_event *event);

/* weft_event_set - sets it and wakes all who wait; what the caller wrote before is seen by them.
 *
 * weft_event_clear - takes it back; who waits goes on waiting.
 * weft_event_is_set - whether it is set at this moment. */
WEFT_API void weft_event_set(weft_event *event);
WEFT_API void weft_event_clear(weft_event *event);
WEFT_API bool weft_event_is_set(const weft_event *event);

/* weft_event_wait - waits until it is set; at once where it is.
 *
 * timeout  seconds; 0 only looks, WEFT_FOREVER waits
 *
 * WEFT_OK, WEFT_TIMEOUT; WEFT_EINVAL where timeout is negative or NaN. Shared: where the process that
 * sets it is killed in the middle, the event is set or it is not, and who waits finds out within
 * 20 ms. */
WEFT_API weft_status weft_event_wait(weft_event *event, double timeout);

WEFT_END_C

#endif
