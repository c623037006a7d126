/* cgroups.h - folders that hold a proc and a sys, as a process in control groups sees them.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_TESTS_CGROUPS_H
#define WEFT_TESTS_CGROUPS_H

#include <stdbool.h>

/* A file of such a folder and what stands in it; text NULL: a folder is in its place, which can be
 * opened and not be read, also by root. */
typedef struct tree_file {
    const char *path, *text;
} tree_file;

/* tree_new - a new folder with files, ended by one without a path; tree_add adds one more;
 * tree_free removes all. */
char *tree_new(const tree_file *files);
void tree_add(const char *root, const char *path, const char *text);
void tree_free(char *root);

/* real_group - makes a control group that grants `quota` microseconds of CPU time in each 100000, in
 * version 1 or 2, whichever this process may; returns the path of the group, or NULL where it may not.
 *
 * real_group_free removes it; what ran in it has ended. */
char *real_group(unsigned quota);
void real_group_free(char *group);

#endif
