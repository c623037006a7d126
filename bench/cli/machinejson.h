/* machinejson.h - the machine, the system and the state that it is in, as JSON.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * What cannot be read is null, never left out. */
#ifndef BENCH_CLI_MACHINEJSON_H
#define BENCH_CLI_MACHINEJSON_H

#include <jansson.h>

#include <weft/machine.h>

json_t *machinejson_machine(const weft_machine *m);
json_t *machinejson_limits(const weft_machine *m);
json_t *machinejson_os(void);
json_t *machinejson_state(void);

/* machinejson_cpus - a set as Linux writes it; machinejson_places - one for each thread. */
json_t *machinejson_cpus(const weft_cpus *set);
json_t *machinejson_places(const weft_cpus *places, size_t threads);

#endif
