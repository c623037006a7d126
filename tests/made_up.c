/* made_up.c - studies whose samples are made up.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "made_up.h"

#include <math.h>

static sample made_up_sample(double seconds, size_t threads, size_t round)
{
    return (sample){ .wall = seconds,
                     .user = seconds * (double)threads,
                     .seconds = NAN,
                     .cpu = NAN,
                     .bytes = NAN,
                     .flops = NAN,
                     .items = NAN,
                     .throttled = NAN,
                     .round = round,
                     .hash = 7 };
}

void make_up(made_up *m, size_t rounds, size_t count, const size_t *threads,
             const double times[][made_up_rounds])
{
    *m = (made_up){ .study = { .points = m->points,
                               .count = count,
                               .rounds = rounds,
                               .warmups = 1,
                               .done = rounds } };
    for (size_t k = 0; k < count; k++) {
        m->points[k] = (point){ .title = "a.out",
                                .told = true,
                                .threads = threads[k],
                                .cores = threads[k],
                                .samples = m->samples[k],
                                .count = rounds,
                                .taken = rounds };
        for (size_t r = 0; r < rounds; r++)
            m->samples[k][r] = made_up_sample(times[k][r], threads[k], r);
    }
}

void make_up_one_two_four(made_up *m)
{
    static const double times[][made_up_rounds] = { { 8.0, 8.1, 8.2, 7.9, 8.3, 8.1, 8.0 },
                                                    { 4.1, 4.0, 4.2, 4.3, 4.1, 4.2, 4.0 },
                                                    { 3.0, 3.1, 3.0, 3.2, 2.9, 3.0, 3.1 } };
    make_up(m, 7, 3, (const size_t[]){ 1, 2, 4 }, times);
}
