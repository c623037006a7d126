/* listen.h - what a program says on its standard output, without keeping it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Lines that begin with "weft: " are reports of what the program measured of itself:
 *
 *     weft: seconds 0.0123      wall time of its measured part
 *     weft: cpu 0.0240          user and system time of that part
 *     weft: bytes 805306368     work done in that part
 *     weft: flops 2000000       the same in floating-point operations
 *     weft: items 1000000       the same in what the program counts
 *
 * All other bytes are its answer, of which a hash remains. */
#ifndef BENCH_LISTEN_H
#define BENCH_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct listener {
    uint64_t hash;                            /* FNV-1a of the answer */
    double seconds, cpu, bytes, flops, items; /* as reported last; NaN until then */
    enum { line_starts, line_reports, line_answers } state;
    size_t held; /* of the line at hand, while it may be or is a report */
    char line[120];
} listener;

void listener_init(listener *l);
void listener_hear(listener *l, const char *text, size_t size);

/* The program has ended: what is held of an unfinished line counts. */
void listener_end(listener *l);

#endif
