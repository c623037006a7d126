/* list.c - CPU numbers out of a list, one by one and in its order.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 *     list  = "" | range {"," range}
 *     range = number | number "-" number [":" step]        "10-14:2" is 10, 12, 14 */
#include "place/list.h"

#include <weft/cpus.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool skip(const char **text, char c)
{
    const bool there = **text == c;
    *text += there;
    return there;
}

/* A number below WEFT_CPUS_MAX. */
static bool read_number(const char **text, size_t *number)
{
    if (!is_digit(**text))
        return false;
    for (*number = 0; is_digit(**text); ++*text)
        if (*number < WEFT_CPUS_MAX)
            *number = 10 * *number + (size_t)(**text - '0');
    return *number < WEFT_CPUS_MAX;
}

static bool read_range(weft__list *list)
{
    list->step = 1;
    if (!read_number(&list->rest, &list->next))
        return false;
    list->last = list->next;
    if (!skip(&list->rest, '-'))
        return true;
    if (!read_number(&list->rest, &list->last) || list->last < list->next)
        return false;
    return !skip(&list->rest, ':') || (read_number(&list->rest, &list->step) && list->step > 0);
}

/* A range and what parts it from the one after it, which must be there after a comma. */
static bool read_next(weft__list *list)
{
    if (!read_range(list))
        return false;
    return *list->rest == '\0' || (skip(&list->rest, ',') && *list->rest != '\0');
}

bool weft__list_next(weft__list *list, size_t *cpu)
{
    if (list->step == 0) {
        if (*list->rest == '\0' || list->broken)
            return false;
        list->broken = !read_next(list);
        if (list->broken)
            return false;
    }
    *cpu = list->next;
    list->next += list->step;
    if (list->next > list->last)
        list->step = 0;
    return true;
}
