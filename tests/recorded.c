/* recorded.c - runs a study of the weft command and reads what it recorded.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "recorded.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

json_t *json_read(const char *text)
{
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        printf("no JSON: %s in\n%s\n", error.text, text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    return root;
}

json_t *recorded(const char *arguments, const char *const *set, int status, char **words)
{
    char line[1000];
    snprintf(line, sizeof line, "scale --json - %s", arguments);
    said s = run_weft(line, set);
    if (s.status != status)
        printf("exit status %d, expected %d: %s\n", s.status, status, s.err);
    CU_ASSERT_EQUAL(s.status, status);
    json_t *root = json_read(s.out);
    if (words)
        *words = strdup(s.err);
    said_free(&s);
    return root;
}

json_t *json_at(json_t *root, const char *path)
{
    while (root && *path) {
        char name[80];
        const size_t n = strcspn(path, "/");
        snprintf(name, sizeof name, "%.*s", (int)n, path);
        root = json_is_array(root) && isdigit((unsigned char)*name)
                   ? json_array_get(root, (size_t)atol(name))
                   : json_object_get(root, name);
        path += n + (path[n] == '/');
    }
    return root;
}

double json_number(json_t *root, const char *path)
{
    const json_t *value = json_at(root, path);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

const char *json_text(json_t *root, const char *path)
{
    const char *text = json_string_value(json_at(root, path));
    return text ? text : "";
}

bool json_truth(json_t *root, const char *path) { return json_is_true(json_at(root, path)); }

bool json_warns(json_t *root, const char *code)
{
    json_t *list = json_at(root, "studies/0/warnings");
    for (size_t k = 0; k < json_array_size(list); k++)
        if (strcmp(json_text(json_array_get(list, k), "code"), code) == 0)
            return true;
    return false;
}
