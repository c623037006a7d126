/* scratch.c - memory that a calling thread keeps from call to call.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * From malloc each time, half a megabyte would come as fresh pages, and touching those costs more than
 * the work they are for. Owns one key, whose destructor frees a thread's memory. */
#include "algo/scratch.h"

#include <stdbool.h>
#include <stdlib.h>

#include <pthread.h>

static pthread_key_t key;
static bool key_exists;

static void make_key(void) { key_exists = pthread_key_create(&key, free) == 0; }

void *weft__scratch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_key);
    if (!key_exists)
        return NULL;
    void *p = pthread_getspecific(key);
    if (!p) {
        p = aligned_alloc(128, weft__scratch_bytes);
        if (p && pthread_setspecific(key, p)) {
            free(p);
            p = NULL;
        }
    }
    return p;
}
