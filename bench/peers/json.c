/* json.c - everything that was measured, for other programs.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * All names here are ours and hold no character that JSON would need escaped. */
#include "peer.h"

#include <stdio.h>
#include <unistd.h>

static const char *const roles[] = {
    [PEER] = "peer", [WEFT] = "weft", [LIMIT] = "limit", [ASIDE] = "aside"
};
static const char *const verdicts[] = {
    [MET] = "met", [MISSED] = "missed", [UNCLEAR] = "within the spread", [NO_GOAL] = "none"
};

static const char *comma(size_t k) { return k ? ", " : ""; }

static void write_entry(FILE *f, const entry *e, size_t rounds)
{
    fprintf(f, "      { \"name\": \"%s\", \"role\": \"%s\"", e->who->name, roles[e->who->role]);
    if (e->absent) {
        fprintf(f, ", \"absent\": \"%s\" }", e->absent);
        return;
    }
    fprintf(f, ", \"right\": %s, \"runs\": %zu, \"median_s\": %.9g, \"spread\": %.4g,\n",
            e->wrong ? "false" : "true", e->runs, e->time.median, e->time.spread);
    fprintf(f, "        \"seconds\": [");
    for (size_t r = 0; r < rounds; r++)
        fprintf(f, "%s%.9g", comma(r), e->seconds[r]);
    fprintf(f, "] }");
}

static void write_rounds(FILE *f, const outcome *o)
{
    fprintf(f, "    \"repeats\": %zu, \"others_s\": [", o->repeats);
    for (size_t r = 0; r < o->rounds; r++)
        fprintf(f, "%s%.3f", comma(r), o->others[r]);
    fprintf(f, "], \"disturbed\": [");
    for (size_t r = 0; r < o->rounds; r++)
        fprintf(f, "%s%s", comma(r), o->marked[r] ? "true" : "false");
    fprintf(f, "],\n");
}

static void write_goal(FILE *f, const outcome *o)
{
    const figure *g = o->figure;
    fprintf(f, "    \"goal\": %g, \"at_most_s\": %g, \"verdict\": \"%s\"", g->goal, g->at_most,
            verdicts[o->verdict]);
    if (o->base)
        fprintf(f, ", \"base\": \"%s\"", o->base->who->name);
    if (o->base && o->weft)
        fprintf(f, ", \"ratio\": %.4g, \"ratio_spread\": %.4g", o->ratio.median, o->ratio.spread);
    if (o->limit && o->weft)
        fprintf(f, ", \"limit\": \"%s\", \"share\": %.4g", o->limit->who->name, o->share.median);
    if (g->same_bits)
        fprintf(f, ", \"same_bits\": %s", o->bits_differ ? "false" : "true");
    fprintf(f, ",\n");
}

static void write_outcome(FILE *f, const outcome *o)
{
    fprintf(f, "  { \"figure\": \"%s\", \"n\": %zu, \"bytes_per_element\": %g,\n", o->figure->name,
            o->n, o->figure->bytes);
    write_goal(f, o);
    write_rounds(f, o);
    fprintf(f, "    \"contestants\": [\n");
    for (size_t k = 0; k < o->count; k++) {
        write_entry(f, &o->entries[k], o->rounds);
        fprintf(f, k + 1 < o->count ? ",\n" : "\n");
    }
    fprintf(f, "    ] }");
}

/* "model name : Xeon ..." as the first CPU says it, or "". */
static void cpu_model(char *text, size_t size)
{
    text[0] = '\0';
    FILE *f = fopen("/proc/cpuinfo", "r");
    char line[256], model[200];
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "model name%*[ \t:]%199[^\"\\\n]", model) == 1) {
            snprintf(text, size, "%s", model);
            break;
        }
    if (f)
        fclose(f);
}

void json_write(FILE *file, const outcome *all, size_t count)
{
    char model[200];
    cpu_model(model, sizeof model);
    fprintf(file, "{ \"cpu\": \"%s\", \"cpus\": %ld, \"threads\": %d,\n", model,
            sysconf(_SC_NPROCESSORS_ONLN), peer_threads);
    fprintf(file, "  \"compiler\": \"%s\", \"flags\": \"%s\",\n  \"figures\": [\n", __VERSION__,
            PEER_FLAGS);
    for (size_t k = 0; k < count; k++) {
        write_outcome(file, &all[k]);
        fprintf(file, k + 1 < count ? ",\n" : "\n");
    }
    fprintf(file, "] }\n");
}
