/* digests.c - the program weft-digests: prints the table of digest.h.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     weft-digests [THREADS [PARTS]]
 *
 * A team of 3 and every part, a set of bits, are what digests.txt is made with; parts that are left out
 * are zero. */
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "digest.h"

static const char head[] =
    "# All bits of the answers of every algorithm; tests/digest.h says over which grid, and how "
    "this\n"
    "# file is made. A line that changes is an algorithm that changes its bits.\n"
    "#\n"
    "# Left out is nothing that the library computes. What the caller's own expression rounds "
    "belongs to\n"
    "# the caller, and weft_reduce and weft_scan_with have these bits only where there is memory "
    "for\n"
    "# their accumulators.\n"
    "#\n"
    "# few            inputs           blocks           large\n";

static void print_family(const struct family *f, unsigned parts)
{
    struct digest *const d = malloc(f->count * sizeof *d);
    digest_family(f, parts, NULL, d);
    for (size_t k = 0; k < f->count; k++) {
        for (size_t part = 0; part < digest_parts; part++)
            printf("%016llx ", (unsigned long long)d[k].part[part]);
        printf(" %s\n", f->law[k].name);
    }
    free(d);
}

int main(int argc, char **argv)
{
    const size_t threads = argc > 1 ? strtoul(argv[1], NULL, 10) : 3;
    const unsigned parts = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : EVERY_PART;
    fputs(head, stdout);
    weft_with_threads (threads) {
#define PRINT_(name) print_family(&name##_laws, parts);
        LAWS(PRINT_)
#undef PRINT_
    }
    return 0;
}
