/* kind.h - is this object in use, and do processes share it?
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Every object of this layer starts with its kind. One comparison tells the plain ones, which every
 * call has to tell anyway; what is neither plain nor shared is not initialised or was ended. */
#ifndef WEFT_SYNC_KIND_H
#define WEFT_SYNC_KIND_H

#include "base/detail.h"

enum { weft__plain = 0x77656674, weft__shared = 0x74666577, weft__ended = 0x0e0d0e0d };

/* Panics, in the name of the function that was called, where an object is in no use. */
static inline bool weft__is_shared(uint32_t kind, const char *function)
{
    if (__builtin_expect(kind != weft__plain && kind != weft__shared, 0))
        weft__panic("%s: the object is %s: it must be in use", function,
                    kind == weft__ended ? "ended" : "not initialised");
    return kind == weft__shared;
}

#endif
