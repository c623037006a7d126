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

struct weft__spin {
    unsigned turns;
    double start; /* when the first turns, which nobody times, were over */
};

enum { weft__spin_pauses = 32 }; /* at most, a turn: about a microsecond */

static const double weft__a_wake_up = 40e-6; /* seconds */

static inline void weft__pause(void)
{
#if defined __x86_64__ || defined __i386__
    __builtin_ia32_pause();
#elif defined __aarch64__
    __asm__ volatile("isb" : : : "memory");
#endif
}

/* Where there is one CPU nobody else can run meanwhile. */
bool weft__spin_pays(void);

/* True: look again. False: spun for long enough, sleep. */
static inline bool weft__spin(struct weft__spin *s)
{
    const unsigned turn = s->turns++;
    if (turn == 0 && !weft__spin_pays())
        return false;
    for (unsigned k = turn < 5 ? 1u << turn : weft__spin_pauses; k > 0; k--)
        weft__pause();
    if (turn == 5)
        s->start = weft_now();
    return turn <= 5 || weft_now() - s->start < weft__a_wake_up;
}

#endif
