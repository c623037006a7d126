/* jsonfile.h - a JSON value goes to a file as a whole, or the file stays as it was.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_JSONFILE_H
#define BENCH_CLI_JSONFILE_H

#include <stdbool.h>

#include <jansson.h>

/* jsonfile_check - whether the path can be written, before there is anything to write; errno if not.
 * "-" is standard output.
 *
 * jsonfile_write - writes it beside the path and renames it, so that nobody ever reads a half; what is
 * no regular file, as a pipe, is written in place. errno where that fails. Takes the value. */
bool jsonfile_check(const char *path);
bool jsonfile_write(const char *path, json_t *value);

/* json_set - adds a number, or null where it is NaN or infinite; json_pair - an interval as [low, high],
 * or null. */
void json_set(json_t *object, const char *name, double value);
void json_pair(json_t *object, const char *name, double low, double high);

#endif
