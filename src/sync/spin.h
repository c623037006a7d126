/* spin.h - waits a moment for another core before sleeping.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     struct weft__spin spin = { 0 };
 *     while (!ready() && weft__spin(&spin))
 *         ;
 *
 * Waking a thread on another core takes 30 to 60 us on virtual machines, a hand-over between two that
 * run 0.2. To spin for about one wake-up and then sleep never costs more than twice the best choice
 * (A. Karlin et al., Competitive randomized algorithms for non-uniform problems, 1990). */
#ifndef WEFT_SYNC_SPIN_H
#define WEFT_SYNC_SPIN_H

#include <stdbool.h>

#include <weft/clock.h>

#include "base/pause.h"

struct weft__spin {
    unsigned turns;
    double start; /* when the first turns, which nobody times, were over */
    double now;   /* the last look at the clock, or 0 */
};

enum { weft__spin_pauses = 32 }; /* at most, a turn: one or two microseconds */

static const double weft__a_wake_up = 40e-6; /* seconds */

/* Where there is one CPU nobody else can run meanwhile. */
bool weft__spin_pays(void);

/* True: look again. False: spun for long enough, sleep.
 *
 * most  pauses between two looks, once they have doubled up to it: who waits for a lock takes more, so
 *       as to leave its cache line alone */
static inline bool weft__back_off(struct weft__spin *s, unsigned most)
{
    const unsigned turn = s->turns++;
    if (turn == 0 && !weft__spin_pays())
        return false;
    for (unsigned k = turn < 16 && 1u << turn < most ? 1u << turn : most; k > 0; k--)
        weft__pause();
    if (turn < 5)
        return true;
    s->now = weft_now();
    if (turn == 5)
        s->start = s->now;
    return s->now - s->start < weft__a_wake_up;
}

static inline bool weft__spin(struct weft__spin *s) { return weft__back_off(s, weft__spin_pauses); }

#endif
