/* recorded.h - runs a study of the weft command and reads what it recorded.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_RECORDED_H
#define WEFT_TESTS_RECORDED_H

#include <stdbool.h>

#include <jansson.h>

#include "program.h"

/* recorded - `weft scale --json - ARGUMENTS`, which must exit with `status` and write JSON; freed by
 * json_decref. What it says on standard error goes to *words, for free(), or nowhere where NULL. */
json_t *recorded(const char *arguments, const char *const *set, int status, char **words);

/* json_read - the JSON of a text, which must be some. */
json_t *json_read(const char *text);

/* json_at - what stands at a path as "studies/0/points/1/threads"; NULL where nothing does. json_number,
 * json_text and json_truth - its value; NaN, "" and false where it has no such value. */
json_t *json_at(json_t *root, const char *path);
double json_number(json_t *root, const char *path);
const char *json_text(json_t *root, const char *path);
bool json_truth(json_t *root, const char *path);

/* json_warns - whether a warning with the code stands in "studies/0/warnings". */
bool json_warns(json_t *root, const char *code);

#endif
