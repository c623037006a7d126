/* assert.h - weft_assert states what is true here; checked in debug and sanitizer builds.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_BASE_ASSERT_H
#define WEFT_BASE_ASSERT_H

#ifdef WEFT_DEBUG
#include "base/detail.h"
#define weft_assert(fact) \
    ((fact) ? (void)0 : weft__panic("%s:%d: broken: %s", __FILE__, __LINE__, #fact))
#else
#define weft_assert(fact) ((void)sizeof((fact) ? 1 : 0))
#endif

#endif
