/* at_most.h - the lesser of two counts, named by what it is for: at_most(n, room).
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_BASE_AT_MOST_H
#define WEFT_BASE_AT_MOST_H

#include <stddef.h>

static inline size_t weft__at_most(size_t n, size_t most) { return n < most ? n : most; }

#endif
