/* number.h - whole numbers out of text.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_NUMBER_H
#define WEFT_PLACE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* weft__number - moves *text over the digits that it begins with and reads them; what is too large is
 * SIZE_MAX. False where there is no digit.
 *
 * weft__number_alone - the same for a text that is a number and no more, but for blanks around it. */
bool weft__number(const char **text, size_t *number);
bool weft__number_alone(const char *text, size_t *number);

#endif
