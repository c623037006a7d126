/* keys.c - elements of the six types as unsigned keys in the same order, and back.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Signed integers are moved up by half of their range. Floating-point numbers are in the order of their
 * bits when negative ones are inverted and positive ones moved above them; then -0.0 is one below
 * +0.0, and counts as that. */
#include "algo/quantile/keys.h"

#include <math.h>
#include <string.h>

enum { half_32 = 31, half_64 = 63 };

static const uint64_t top_32 = UINT64_C(1) << half_32, top_64 = UINT64_C(1) << half_64;

static uint64_t key_of_bits(uint64_t bits, uint64_t top)
{
    const uint64_t all = top | (top - 1), key = bits & top ? ~bits & all : bits | top;
    return key == top - 1 ? top : key;
}

static uint64_t bits_of_key(uint64_t key, uint64_t top)
{
    const uint64_t all = top | (top - 1);
    return key & top ? key & ~top : key == top - 1 ? 0 : ~key & all;
}

static uint64_t key_of_f64(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return key_of_bits(bits, top_64);
}

static uint64_t key_of_f32(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return key_of_bits(bits, top_32);
}

struct weft__keys weft__keys_of(weft_type_ type)
{
    switch (type) {
    case WEFT_TYPE_F64_:
        return (struct weft__keys){ key_of_f64(-(double)INFINITY), key_of_f64((double)INFINITY) };
    case WEFT_TYPE_F32_:
        return (struct weft__keys){ key_of_f32(-INFINITY), key_of_f32(INFINITY) };
    default:
        return (struct weft__keys){ 0, weft__size_of(type) == 4 ? UINT32_MAX : UINT64_MAX };
    }
}

bool weft__key_of(weft_type_ type, const void *element, uint64_t *key)
{
    weft_value_ v;
    memcpy(&v.is, element, weft__size_of(type));
    switch (type) {
    case WEFT_TYPE_F64_:
        *key = key_of_f64(v.is.f64);
        return !isnan(v.is.f64);
    case WEFT_TYPE_F32_:
        *key = key_of_f32(v.is.f32);
        return !isnan(v.is.f32);
    case WEFT_TYPE_I64_:
        *key = v.is.u64 ^ top_64;
        return true;
    case WEFT_TYPE_I32_:
        *key = v.is.u32 ^ top_32;
        return true;
    case WEFT_TYPE_U64_:
        *key = v.is.u64;
        return true;
    default:
        *key = v.is.u32;
        return true;
    }
}

void weft__element_of(weft_type_ type, uint64_t key, void *element)
{
    weft_value_ v = { .at = 0 };
    switch (type) {
    case WEFT_TYPE_F64_:
        v.is.u64 = bits_of_key(key, top_64);
        break;
    case WEFT_TYPE_F32_:
        v.is.u32 = (uint32_t)bits_of_key(key, top_32);
        break;
    case WEFT_TYPE_I64_:
        v.is.u64 = key ^ top_64;
        break;
    case WEFT_TYPE_I32_:
        v.is.u32 = (uint32_t)(key ^ top_32);
        break;
    case WEFT_TYPE_U64_:
        v.is.u64 = key;
        break;
    default:
        v.is.u32 = (uint32_t)key;
        break;
    }
    memcpy(element, &v.is, weft__size_of(type));
}
