/* number.c - whole numbers out of text.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "place/number.h"

#include <stdint.h>
#include <string.h>

static const char blanks[] = " \t\n";

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool weft__number(const char **text, size_t *number)
{
    if (!is_digit(**text))
        return false;
    for (*number = 0; is_digit(**text); ++*text) {
        const size_t digit = (size_t)(**text - '0');
        *number = *number > (SIZE_MAX - digit) / 10 ? SIZE_MAX : 10 * *number + digit;
    }
    return true;
}

bool weft__number_alone(const char *text, size_t *number)
{
    text += strspn(text, blanks);
    return weft__number(&text, number) && text[strspn(text, blanks)] == '\0';
}
