/* table.c - a table of text, and numbers as people read them.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "table.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static size_t width(const table *t, size_t column)
{
    size_t w = 0;
    for (size_t r = 0; r < t->rows; r++) {
        const size_t n = strlen(t->row[r][column]);
        w = n > w ? n : w;
    }
    return w;
}

/* A number between 1 and 1000 with three digits. */
static const char *three_digits(double x)
{
    return x < 9.995 ? "%.2f" : x < 99.95 ? "%.1f" : "%.0f";
}

typedef struct unit {
    double size;
    const char *name;
} unit;

static const unit time_units[] = {
    { 1, "s" }, { 1e-3, "ms" }, { 1e-6, "us" }, { 1e-9, "ns" }, { 0, NULL }
};

/* units: descending; the last one also serves what is smaller. */
static const unit *pick(double x, const unit *units)
{
    while (units[1].name && x < 0.9995 * units->size)
        units++;
    return units;
}

static char *with_unit(double x, const unit *units, char *text, size_t size)
{
    if (isnan(x))
        return snprintf(text, size, "-"), text;
    const unit *u = pick(x, units);
    char number[32];
    snprintf(number, sizeof number, three_digits(x / u->size), x / u->size);
    snprintf(text, size, "%s %s", number, u->name);
    return text;
}

void table_cell(table *t, const char *format, ...)
{
    if (t->column >= table_columns)
        return;
    va_list args;
    va_start(args, format);
    vsnprintf(t->row[t->rows - 1][t->column++], table_cell_size, format, args);
    va_end(args);
}

void table_next(table *t)
{
    table_row *more = realloc(t->row, (t->rows + 1) * sizeof *more);
    if (!more)
        abort(); /* a few hundred bytes */
    memset(more[t->rows], 0, sizeof *more);
    t->row = more;
    t->rows++;
    t->column = 0;
}

void table_print(const table *t, FILE *out)
{
    size_t widths[table_columns];
    for (size_t c = 0; c < table_columns; c++)
        widths[c] = width(t, c);
    for (size_t r = 0; r < t->rows; r++) {
        for (size_t c = 0; c < table_columns; c++)
            if (widths[c])
                fprintf(out, "%s%*s", c ? "  " : "", (int)widths[c], t->row[r][c]);
        fputc('\n', out);
    }
}

void table_free(table *t)
{
    free(t->row);
    *t = (table){ 0 };
}

const char *table_plural(size_t n) { return n == 1 ? "" : "s"; }

char *format_seconds(double seconds, char *text, size_t size)
{
    return with_unit(seconds, time_units, text, size);
}

char *format_rate(double bytes_a_second, char *text, size_t size)
{
    static const unit units[] = { { 1e9, "GB/s" }, { 1e6, "MB/s" }, { 1e3, "kB/s" }, { 0, NULL } };
    return with_unit(bytes_a_second, units, text, size);
}

char *format_flops(double operations_a_second, char *text, size_t size)
{
    static const unit units[] = {
        { 1e12, "TF/s" }, { 1e9, "GF/s" }, { 1e6, "MF/s" }, { 1e3, "kF/s" }, { 0, NULL }
    };
    return with_unit(operations_a_second, units, text, size);
}

char *format_items(double items_a_second, char *text, size_t size)
{
    static const unit units[] = {
        { 1e9, "G/s" }, { 1e6, "M/s" }, { 1e3, "k/s" }, { 1, "/s" }, { 0, NULL }
    };
    return with_unit(items_a_second, units, text, size);
}

char *format_around(double seconds, interval around, char *text, size_t size)
{
    const double unit_size = pick(seconds, time_units)->size;
    return format_range((interval){ around.low / unit_size, around.high / unit_size }, text, size);
}

char *format_range(interval range, char *text, size_t size)
{
    char low[32], high[32];
    if (isnan(range.low))
        return snprintf(text, size, "-"), text;
    snprintf(low, sizeof low, three_digits(range.low), range.low);
    snprintf(high, sizeof high, three_digits(range.high), range.high);
    snprintf(text, size, "%s-%s", low, high);
    return text;
}
