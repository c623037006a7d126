/* leftovers.h - what programs of the tests leave behind through no fault of theirs.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_LEFTOVERS_H
#define WEFT_TESTS_LEFTOVERS_H

/* leftovers_remove - removes the registrations of programs that have ended. */
void leftovers_remove(void);

#endif
