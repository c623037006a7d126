/* record.c - a study as JSON, with every sample.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Fields are only ever added: a reader of version 1 reads what later programs write as version 1. */
#include "record.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <weft/machine.h>
#include <weft/version.h>

#include "jsonfile.h"
#include "machinejson.h"
#include "recordpoint.h"

static json_t *strings(char *const *list)
{
    json_t *all = json_array();
    for (; *list; list++) {
        json_t *text = json_string(*list); /* NULL where it is no UTF-8 */
        json_array_append_new(all, text ? text : json_null());
    }
    return all;
}

static json_t *folder(void)
{
    char path[PATH_MAX];
    json_t *text = getcwd(path, sizeof path) ? json_string(path) : NULL;
    return text ? text : json_null();
}

static json_t *tool(void)
{
    return json_pack("{ssss}", "version", weft_version(), "compiler", __VERSION__);
}

/* ---- the design ---- */

static const char *end_word(study_end end)
{
    static const char *const words[] = {
        [study_rounds] = "rounds",      [study_precise] = "precision", [study_over_time] = "budget",
        [study_enough] = "most_rounds", [study_failed] = "failure",    [study_cut] = "interrupted",
    };
    return words[end];
}

static json_t *design(const findings *f)
{
    const study *s = f->study;
    json_t *o = json_object(), *threads = json_array();
    for (size_t k = 0; k < f->counts; k++)
        json_array_append_new(threads, json_integer((json_int_t)s->points[k].threads));
    json_object_set_new(o, "mode", json_string("strong"));
    json_object_set_new(o, "threads", threads);
    json_object_set_new(o, "policy", json_string(f->policy));
    json_object_set_new(o, "rounds", json_integer((json_int_t)s->rounds));
    json_object_set_new(o, "rounds_done", json_integer((json_int_t)s->done));
    json_object_set_new(o, "warmup", json_integer((json_int_t)s->warmups));
    json_object_set_new(o, "order", json_string("random-block"));
    json_set(o, "precision", s->precision > 0 ? s->precision : NAN);
    json_set(o, "budget_s", s->budget > 0 ? s->budget : NAN);
    json_set(o, "timeout_s", s->timeout > 0 ? s->timeout : NAN);
    json_object_set_new(o, "stopped_by", json_string(end_word(s->end)));
    json_object_set_new(o, "timer", json_string("CLOCK_MONOTONIC"));
    json_object_set_new(o, "speedup_base", json_string("least thread count, same program"));
    return o;
}

static json_t *state(const study *s)
{
    json_t *o = machinejson_state();
    const double cpus = (double)sysconf(_SC_NPROCESSORS_ONLN);
    json_pair(o, "loadavg", s->before.average, s->after.average);
    json_set(o, "others_cpus", load_others(&s->before, &s->after));
    json_set(o, "steal_pct", 100 * load_steal(&s->before, &s->after) / cpus);
    return o;
}

/* ---- works ---- */

static json_t *warning_list(const warnings *w)
{
    json_t *list = json_array();
    for (size_t k = 0; k < w->count; k++)
        json_array_append_new(list, json_pack("{ssssss}", "code", w->list[k].code, "msg",
                                              w->list[k].seen, "advice", w->list[k].advice));
    return list;
}

static json_t *skipped(refusal why, size_t least, size_t usable)
{
    if (why == refused_no_serial)
        return json_pack("{ss}", "skipped", "it takes the time with 1 thread");
    return json_pack("{so}", "skipped",
                     json_sprintf("it takes %zu thread counts with a core for each, here %s %zu",
                                  least, usable == 1 ? "is" : "are", usable));
}

static json_t *fits(const analysis *a)
{
    json_t *o = json_object(), *amdahl = json_object(), *usl = json_object();
    json_set(amdahl, "serial", a->serial);
    json_pair(amdahl, "ci", a->serial_ci.low, a->serial_ci.high);
    json_set(usl, "contention", a->scalability.contention);
    json_set(usl, "coherency", a->scalability.coherency);
    json_set(usl, "peak_threads", a->scalability.peak);
    json_set(usl, "residual", a->scalability.residual);
    if (a->amdahl != fitted)
        json_decref(amdahl), amdahl = skipped(a->amdahl, amdahl_least, a->usable);
    if (a->usl != fitted)
        json_decref(usl), usl = skipped(a->usl, usl_least, a->usable);
    json_object_set_new(o, "amdahl", amdahl);
    json_object_set_new(o, "usl", usl);
    json_object_set_new(o, "gustafson",
                        json_pack("{ss}", "skipped", "the work did not grow with the threads"));
    return o;
}

static json_t *verdict(const analysis *a)
{
    json_t *ties = json_array();
    for (size_t k = 0; k < a->count; k++)
        if (a->result[k].tied && k != a->fastest)
            json_array_append_new(ties, json_integer((json_int_t)a->result[k].point->threads));
    return json_pack("{sIsIso}", "best", (json_int_t)a->result[a->fastest].point->threads, "knee",
                     (json_int_t)a->result[a->efficient].point->threads, "ties", ties);
}

static json_t *workload(const work *w)
{
    json_t *o = json_object();
    json_object_set_new(o, "kind", json_string(w->kernel ? "kernel" : "command"));
    json_object_set_new(o, "cmd", json_string(w->title));
    json_object_set_new(o, "argv", strings(w->argv));
    json_object_set_new(o, "kernel", w->kernel ? json_string(w->kernel) : json_null());
    return o;
}

static json_t *study_of(const findings *f, size_t k)
{
    const point *points = f->study->points + k * f->counts;
    const analysis *a = f->analyses ? &f->analyses[k] : NULL;
    json_t *o = json_object(), *list = json_array();
    for (size_t p = 0; p < f->counts; p++)
        json_array_append_new(list,
                              recordpoint_of(&points[p], f->policy, a ? &a->result[p] : NULL));
    json_object_set_new(o, "workload", workload(&f->works[k]));
    json_object_set_new(o, "points", list);
    json_object_set_new(o, "fits", a ? fits(a) : json_null());
    json_object_set_new(o, "verdict", a ? verdict(a) : json_null());
    json_object_set_new(o, "warnings", a ? warning_list(&f->warnings[k]) : json_array());
    return o;
}

static json_t *failure(const study *s)
{
    if (!s->failed)
        return json_null();
    json_t *o = recordpoint_sample(&s->failure), *words = json_string(s->words.text);
    json_object_set_new(o, "cmd", json_string(s->failed->title));
    json_object_set_new(o, "threads", json_integer((json_int_t)s->failed->threads));
    json_object_set_new(o, "timed_out", json_boolean(s->failure.end == child_timed_out));
    json_object_set_new(o, "exec_error", json_integer(s->failure.exec_error));
    json_object_set_new(o, "stderr_end", words ? words : json_null());
    return o;
}

json_t *record_of(const findings *f, const occasion *when)
{
    const weft_machine *m = weft_machine_this();
    json_t *o = json_object(), *studies = json_array();
    for (size_t k = 0; k < f->count; k++)
        json_array_append_new(studies, study_of(f, k));
    json_object_set_new(o, "schema", json_string("weft.scale/1"));
    json_object_set_new(o, "tool", tool());
    json_object_set_new(o, "started", record_time(when->started));
    json_object_set_new(o, "finished", record_time(when->finished));
    json_object_set_new(o, "argv", strings(when->argv));
    json_object_set_new(o, "cwd", folder());
    json_object_set_new(o, "seed", json_sprintf("%llu", (unsigned long long)f->study->seed));
    json_object_set_new(o, "machine", machinejson_machine(m));
    json_object_set_new(o, "os", machinejson_os());
    json_object_set_new(o, "limits", machinejson_limits(m));
    json_object_set_new(o, "env_state", state(f->study));
    json_object_set_new(o, "design", design(f));
    json_object_set_new(o, "studies", studies);
    json_object_set_new(o, "failure", failure(f->study));
    json_object_set_new(o, "warnings", warning_list(&f->machine));
    return o;
}

json_t *record_time(time_t moment)
{
    char text[40];
    struct tm parts;
    gmtime_r(&moment, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return json_string(text);
}
