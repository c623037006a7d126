/* races.h - whether this is a build in which ThreadSanitizer looks for races.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Code runs about ten times slower there, so tests that only grow with their input take a smaller one:
 * a race is the same at every size. */
#ifndef WEFT_TESTS_RACES_H
#define WEFT_TESTS_RACES_H

#if defined __SANITIZE_THREAD__
#define RACES_ARE_LOOKED_FOR 1
#elif defined __has_feature
#if __has_feature(thread_sanitizer)
#define RACES_ARE_LOOKED_FOR 1
#endif
#endif

#ifndef RACES_ARE_LOOKED_FOR
#define RACES_ARE_LOOKED_FOR 0
#endif

#endif
