/* table.h - a table of text: columns are as wide as their widest cell, all flush right.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_CLI_TABLE_H
#define BENCH_CLI_TABLE_H

#include <stddef.h>
#include <stdio.h>

#include "stats.h"

enum { table_columns = 9, table_cell_size = 32 };

typedef char table_row[table_columns][table_cell_size];

/* Zero is an empty table. */
typedef struct table {
    size_t rows, column;
    table_row *row;
} table;

/* table_cell - writes the next cell of the last row. table_next - begins a row. table_free - frees
 * the rows.
 *
 * A cell keeps its first 31 bytes, a row its first 9 cells. */
__attribute__((format(printf, 2, 3))) void table_cell(table *t, const char *format, ...);
void table_next(table *t);
void table_print(const table *t, FILE *out);
void table_free(table *t);

/* table_plural - "" for one, "s" for any other number. */
const char *table_plural(size_t n);

/* format_seconds, format_rate, format_flops, format_items - three digits and a unit: "41.2 ms",
 * "24.2 GB/s", "3.10 GF/s", "1.25 M/s"; "-" for NaN. format_around - an interval in the unit that format_seconds gives to `seconds`:
 * "40.9-41.8". format_range - an interval without a unit: "1.95-2.01". All return text. */
char *format_seconds(double seconds, char *text, size_t size);
char *format_rate(double bytes_a_second, char *text, size_t size);
char *format_flops(double operations_a_second, char *text, size_t size);
char *format_items(double items_a_second, char *text, size_t size);
char *format_around(double seconds, interval around, char *text, size_t size);
char *format_range(interval range, char *text, size_t size);

#endif
