/* progress_bar.c - progress on stderr: a bar on a terminal, a line now and then in a log.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * It remembers nothing: every report tells when the one before it was, so whether a period of time has
 * begun meanwhile can be computed, and many calls may have their bars at the same time. A line goes out
 * in one piece. */
#include <weft/progress.h>

#include <stdio.h>
#include <string.h>

#include <sys/ioctl.h>
#include <unistd.h>

static const double redraw = 0.1, log_again = 10; /* seconds */

enum { widest = 512, usual_width = 80, least_bar = 10 };

/* Of periods of that length, counted from the start, another one has begun since the last report. */
static bool is_due(const weft_progress *p, double period)
{
    const double before = p->before > 0 ? p->before : 0;
    return p->last || __builtin_floor(p->seconds / period) > __builtin_floor(before / period);
}

/* ---- words ---- */

/* "0:47", "1:02:03". */
static const char *duration(double seconds, char text[32])
{
    const unsigned long s = (unsigned long)(seconds + 0.5);
    if (s < 3600)
        snprintf(text, 32, "%lu:%02lu", s / 60, s % 60);
    else
        snprintf(text, 32, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
    return text;
}

/* Three digits and a unit: "1.23k". */
static const char *rate(double r, char text[32])
{
    static const char *const units[] = { "", "k", "M", "G", "T" };
    size_t u = 0;
    for (; r >= 999.5 && u + 1 < sizeof units / sizeof *units; u++)
        r /= 1000;
    snprintf(text, 32, "%.*f%s/s", r < 9.995 ? 2 : r < 99.95 ? 1 : 0, r, units[u]);
    return text;
}

/* What stands behind the counts: ", 3 failed, 1.23k/s, 0:47 left". */
static void write_rest(const weft_progress *p, char text[160])
{
    char r[32], t[32], failed[32] = "", left[48] = "";
    if (p->failed)
        snprintf(failed, sizeof failed, ", %zu failed", p->failed);
    if (p->last)
        snprintf(left, sizeof left, " in %s", duration(p->seconds, t));
    else if (p->left < 1e9)
        snprintf(left, sizeof left, ", %s left", duration(p->left, t));
    snprintf(text, 160, "%s, %s%s", failed, rate(p->rate, r), left);
}

/* ---- a terminal ---- */

static size_t terminal_width(int fd)
{
    struct winsize size;
    const size_t columns =
        ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : usual_width;
    return columns < widest ? columns : widest;
}

static double share(const weft_progress *p)
{
    if (p->total == 0)
        return 0;
    return p->done < p->total ? (double)p->done / (double)p->total : 1;
}

/* "[====>    ]", `width` columns in all. */
static void write_bar(double filled, size_t width, char *text)
{
    const size_t inside = width - 2, n = (size_t)(filled * (double)inside);
    memset(text, ' ', width);
    memset(text + 1, '=', n);
    if (n < inside)
        text[1 + n] = '>';
    text[0] = '[', text[width - 1] = ']', text[width] = '\0';
}

/* The last column stays free: writing there wraps the line on some terminals. */
static void draw(const weft_progress *p, const char *label, size_t width)
{
    char head[widest] = "", counts[64], rest[160], bar[widest] = "", line[2 * widest + 400];
    const size_t most = width - 1;
    write_rest(p, rest);
    snprintf(head, sizeof head, "%s%s", label, *label ? " " : "");
    if (p->total)
        snprintf(counts, sizeof counts, "%zu/%zu", p->done, p->total);
    else
        snprintf(counts, sizeof counts, "%zu done", p->done);
    const size_t percent = (size_t)(100 * share(p));
    const size_t used = strlen(head) + strlen("100 %  ") + strlen(counts) + strlen(rest);
    if (p->total && used + least_bar <= most)
        write_bar(share(p), most - used, bar), strcat(bar, " ");
    if (p->total)
        snprintf(line, sizeof line, "%s%3zu %% %s%s%s", head, percent, bar, counts, rest);
    else
        snprintf(line, sizeof line, "%s%s%s", head, counts, rest);
    fprintf(stderr, "\r%-*.*s%s", (int)most, (int)most, line, p->last ? "\n" : "");
}

/* ---- a log ---- */

static void note(const weft_progress *p, const char *label)
{
    char of[32] = "", rest[160];
    write_rest(p, rest);
    if (p->total)
        snprintf(of, sizeof of, " of %zu", p->total);
    fprintf(stderr, "%s%s%zu%s done%s\n", label, *label ? ": " : "", p->done, of, rest);
}

void weft_progress_bar(const weft_progress *progress, void *ctx)
{
    const char *const label = ctx ? ctx : "";
    const int fd = fileno(stderr);
    const bool terminal = isatty(fd);
    if (!is_due(progress, terminal ? redraw : log_again))
        return;
    if (terminal)
        draw(progress, label, terminal_width(fd));
    else
        note(progress, label);
}
