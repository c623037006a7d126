/* node.h - what of a scheduler's job is on this node.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef WEFT_PLACE_NODE_H
#define WEFT_PLACE_NODE_H

#include <stdbool.h>
#include <stddef.h>

/* weft__node_processes - how many processes of the job the launcher started on this node, ours among
 * them; 1 where no launcher says.
 *
 * weft__node_lines - how many lines of a list of hosts name this one.
 *
 * weft__node_slots - reads "hostA 4 hostB 2": how many hosts there are, and how many slots are on this
 * one, which is the only one or bears our name; 0: none. False where the text is no such list.
 *
 * env   returns the value of an environment variable, or NULL
 * root  a folder that holds proc, where the name of this host is */
size_t weft__node_processes(const char *(*env)(const char *name));
size_t weft__node_lines(const char *root, const char *text);
bool weft__node_slots(const char *root, const char *text, size_t *hosts, size_t *slots);

#endif
