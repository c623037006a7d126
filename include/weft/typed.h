/* weft/typed.h - from an argument's type to a function, a code or a member; not for direct use.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * int64_t is long or long long, depending on the system: both count. */
#ifndef WEFT_TYPED_H
#define WEFT_TYPED_H

/* clang-format off */

/* name_i32, name_f64, ...: by the elements of the array x, const or not. */
#define WEFT_TYPED_(name, x)             \
    _Generic((x)[0],                     \
        int:                name##_i32,  \
        unsigned:           name##_u32,  \
        long:               name##_i64,  \
        long long:          name##_i64,  \
        unsigned long:      name##_u64,  \
        unsigned long long: name##_u64,  \
        float:              name##_f32,  \
        double:             name##_f64)

#define WEFT_TYPE_CODE_(T)                   \
    _Generic((T)0,                           \
        unsigned char:      WEFT_TYPE_BYTE_, \
        int:                WEFT_TYPE_I32_,  \
        unsigned:           WEFT_TYPE_U32_,  \
        long:               WEFT_TYPE_I64_,  \
        long long:          WEFT_TYPE_I64_,  \
        unsigned long:      WEFT_TYPE_U64_,  \
        unsigned long long: WEFT_TYPE_U64_,  \
        float:              WEFT_TYPE_F32_,  \
        double:             WEFT_TYPE_F64_)

/* The member of a value that holds an element of type T, */
#define WEFT_OWN_(T, v)                 \
    _Generic((T)0,                      \
        int:                (v).is.i32, \
        unsigned:           (v).is.u32, \
        long:               (v).is.i64, \
        long long:          (v).is.i64, \
        unsigned long:      (v).is.u64, \
        unsigned long long: (v).is.u64, \
        float:              (v).is.f32, \
        double:             (v).is.f64)

/* and the one that holds a sum of them. */
#define WEFT_WIDE_(T, v)                \
    _Generic((T)0,                      \
        int:                (v).is.i64, \
        unsigned:           (v).is.u64, \
        default:            WEFT_OWN_(T, v))

/* clang-format on */

#endif
