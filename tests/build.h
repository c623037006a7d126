/* build.h - what the tests are built with, for those that a sanitizer or a runtime stands in the way of.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_BUILD_H
#define WEFT_TESTS_BUILD_H

#include "races.h"

enum { tsan = RACES_ARE_LOOKED_FOR };

#if defined __SANITIZE_ADDRESS__
enum { asan = 1 };
#elif defined __has_feature
#if __has_feature(address_sanitizer)
enum { asan = 1 };
#else
enum { asan = 0 };
#endif
#else
enum { asan = 0 };
#endif

#ifdef __clang__
enum { libomp = 1 };
#else
enum { libomp = 0 };
#endif

#endif
