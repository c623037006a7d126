/* table.h - a table of text: columns are as wide as their widest cell, all flush right.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef BENCH_TABLE_H
#define BENCH_TABLE_H

#include <stddef.h>
#include <stdio.h>

enum { table_rows = 300, table_columns = 12, table_cell_size = 32 };

typedef struct table {
    size_t rows, column;
    char cell[table_rows][table_columns][table_cell_size];
} table;

/* table_cell - writes the next cell of the row at hand. table_row - begins the next row.
 *
 * What has no room is left out. */
__attribute__((format(printf, 2, 3))) void table_cell(table *t, const char *format, ...);
void table_row(table *t);
void table_print(const table *t, FILE *out);

/* table_plural - "" for one, "s" for any other number. */
const char *table_plural(size_t n);

/* format_seconds, format_rate - three digits and a unit: "41.2 ms", "24.2 GB/s"; "-" for NaN. Both
 * return text. */
char *format_seconds(double seconds, char *text, size_t size);
char *format_rate(double bytes_a_second, char *text, size_t size);

#endif
