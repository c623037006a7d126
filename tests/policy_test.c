/* policy_test.c - where policies put threads: exactly, and by laws that hold on every machine.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <weft.h>

#include "machines.h"
#include "suites.h"

static const char *const named[] = { "cores", "spread", "compact", "none", "auto" };

static weft_cpus *places_of(const weft_machine *m, const char *policy, size_t threads)
{
    weft_cpus *const places = calloc(threads + 1, sizeof *places);
    CU_ASSERT_EQUAL_FATAL(weft_machine_places(m, policy, threads, places), WEFT_OK);
    CU_ASSERT_EQUAL(weft_cpus_count(&places[threads]), 0); /* not written */
    return places;
}

static bool is_within(const weft_cpus *part, const weft_cpus *whole)
{
    bool within = true;
    for (size_t k = 0; k < COUNT(part->bits); k++)
        within &= (part->bits[k] & ~whole->bits[k]) == 0;
    return within;
}

static bool overlap(const weft_cpus *a, const weft_cpus *b)
{
    bool common = false;
    for (size_t k = 0; k < COUNT(a->bits); k++)
        common |= (a->bits[k] & b->bits[k]) != 0;
    return common;
}

static size_t first_of(const weft_cpus *set)
{
    size_t cpu = 0;
    while (!weft_cpus_has(set, cpu))
        cpu++;
    return cpu;
}

/* ---- exactly ---- */

static void goes(const weft_machine *m, const char *policy, size_t threads, const char *expected)
{
    weft_cpus *const places = places_of(m, policy, threads);
    char text[1000], *end = text;
    for (size_t k = 0; k < threads; k++) {
        *end = ' ';
        weft_cpus_format(&places[k], end + (k > 0), 40);
        end += strlen(end);
    }
    ASSERT_TEXT(text, expected);
    free(places);
}

static void threads_go_where_they_should(void)
{
    for (const model *m = models; m->name; m++) {
        weft_machine *const machine = model_machine(m);
        goes(machine, "cores", m->threads, m->near);
        goes(machine, "spread", m->threads, m->spread);
        goes(machine, "compact", m->threads, m->compact);
        weft_machine_free(machine);
    }
}

static void a_list_is_followed_in_its_order(void)
{
    weft_machine *const m = weft_machine_new(.synthetic = "core:8 pu:2", .cpus = "2-15");
    goes(m, "9,2-4,10-14:2", 9, "9 2 3 4 10 12 14 9 2");
    goes(m, "5", 2, "5 5");
    goes(m, "5,5,6", 4, "5 5 6 5");
    weft_machine_free(m);
}

/* ---- laws ---- */

/* Teams of 1, 2, 3, ... and on to twice as many as there are PUs, by larger and larger steps. */
static void for_teams(void (*law)(const weft_machine *m, size_t threads))
{
    for (const model *m = models; m->name; m++) {
        weft_machine *const machine = model_machine(m);
        for (size_t n = 1; n <= 2 * m->pus; n += 1 + n / 8)
            law(machine, n);
        weft_machine_free(machine);
    }
}

static void stay_allowed(const weft_machine *m, size_t threads)
{
    const weft_limits *const l = weft_machine_limits(m);
    size_t bad = 0;
    for (size_t p = 0; p < COUNT(named); p++) {
        weft_cpus *const places = places_of(m, named[p], threads);
        for (size_t k = 0; k < threads; k++)
            bad += weft_cpus_count(&places[k]) == 0 || !is_within(&places[k], &l->allowed);
        free(places);
    }
    CU_ASSERT_EQUAL(bad, 0);
}

static void every_place_is_a_part_of_what_is_allowed(void) { for_teams(stay_allowed); }

/* The first `most` places are apart from each other, and those after them repeat them. */
static void own_then_again(const weft_machine *m, const char *policy, size_t threads, size_t most)
{
    weft_cpus *const places = places_of(m, policy, threads);
    weft_cpus taken = { { 0 } };
    size_t bad = 0;
    for (size_t k = 0; k < threads; k++) {
        bad += k < most ? overlap(&places[k], &taken)
                        : !weft_cpus_equal(&places[k], &places[k - most]);
        for (size_t w = 0; w < COUNT(taken.bits); w++)
            taken.bits[w] |= places[k].bits[w];
    }
    CU_ASSERT_EQUAL(bad, 0);
    free(places);
}

static void are_used_once_at_first(const weft_machine *m, size_t threads)
{
    const weft_limits *const l = weft_machine_limits(m);
    own_then_again(m, "cores", threads, l->allowed_cores);
    own_then_again(m, "spread", threads, weft_cpus_count(&l->allowed));
    own_then_again(m, "compact", threads, weft_cpus_count(&l->allowed));
}

static void no_place_is_used_twice_while_others_are_free(void)
{
    for_teams(are_used_once_at_first);
}

static void fill_core_by_core(const weft_machine *m, size_t threads)
{
    const weft_limits *const l = weft_machine_limits(m);
    weft_cpus *const core = places_of(m, "cores", l->allowed_cores);
    weft_cpus *const places = places_of(m, "compact", threads);
    size_t bad = 0, c = 0, inside = 0;
    for (size_t k = 0; k < threads; k++, inside++) {
        if (inside == weft_cpus_count(&core[c]))
            c = (c + 1) % l->allowed_cores, inside = 0;
        bad += weft_cpus_count(&places[k]) != 1 || !is_within(&places[k], &core[c]);
    }
    CU_ASSERT_EQUAL(bad, 0);
    free(core), free(places);
}

static void compact_fills_a_core_before_the_next(void) { for_teams(fill_core_by_core); }

static void use_a_core_each(const weft_machine *m, size_t threads)
{
    const size_t cores = weft_machine_limits(m)->allowed_cores;
    if (threads > cores)
        return;
    weft_cpus *const core = places_of(m, "cores", cores);
    weft_cpus *const places = places_of(m, "spread", threads);
    size_t shared = 0;
    for (size_t c = 0; c < cores; c++) {
        size_t users = 0;
        for (size_t k = 0; k < threads; k++)
            users += overlap(&places[k], &core[c]);
        shared += users > 1;
    }
    CU_ASSERT_EQUAL(shared, 0);
    free(core), free(places);
}

static void spread_shares_no_core_while_others_are_free(void) { for_teams(use_a_core_each); }

static void spread_alternates_packages(void)
{
    static const struct {
        const char *synthetic;
        size_t threads, pus_a_package;
    } cases[] = {
        { "package:2 core:5 pu:1", 10, 5 },
        { "package:2 numa:2 l3:2 core:3 pu:2", 48, 24 },
        { "package:2 l3:8 l2:8 core:1 pu:1", 128, 64 },
    };
    for (size_t c = 0; c < COUNT(cases); c++) {
        weft_machine *const m = weft_machine_new(.synthetic = cases[c].synthetic);
        weft_cpus *const places = places_of(m, "spread", cases[c].threads);
        for (size_t k = 0; k < cases[c].threads; k++)
            CU_ASSERT_EQUAL(first_of(&places[k]) / cases[c].pus_a_package, k % 2);
        free(places);
        weft_machine_free(m);
    }
}

static void have_all_or_cores(const weft_machine *m, size_t threads)
{
    const weft_limits *const l = weft_machine_limits(m);
    weft_cpus *const none = places_of(m, "none", threads), *const by =
                                                               places_of(m, "auto", threads);
    weft_cpus *const cores = places_of(m, "cores", threads);
    size_t bad = 0;
    for (size_t k = 0; k < threads; k++)
        bad += !weft_cpus_equal(&none[k], &l->allowed);
    CU_ASSERT_EQUAL(bad, 0);
    CU_ASSERT_EQUAL(memcmp(by, threads == l->allowed_cores ? cores : none, threads * sizeof *by),
                    0);
    free(none), free(by), free(cores);
}

static void none_leaves_free_and_auto_binds_a_full_team(void) { for_teams(have_all_or_cores); }

/* ---- what is refused ---- */

static void what_is_no_policy_is_refused(void)
{
    static const char *const bad[] = { "",     "core", "Cores", "cores ", "0-",
                                       "0,,1", "-1",   "4-2",   "0-2000" };
    weft_machine *const m = weft_machine_new(.synthetic = "core:4 pu:1");
    const weft_cpus before = { { 42 } };
    for (size_t k = 0; k < COUNT(bad); k++) {
        char expected[200];
        weft_cpus places[2] = { before, before };
        snprintf(expected, sizeof expected,
                 "weft_machine_places: policy is \"%s\": it must be cores, spread, compact, none, "
                 "auto, or a CPU list such as 0-3,8",
                 bad[k]);
        CU_ASSERT_EQUAL(weft_machine_places(m, bad[k], 2, places), WEFT_EINVAL);
        ASSERT_TEXT(weft_detail(), expected);
        CU_ASSERT(weft_cpus_equal(&places[0], &before) && weft_cpus_equal(&places[1], &before));
    }
    weft_machine_free(m);
}

static void a_list_with_a_forbidden_cpu_is_refused(void)
{
    weft_machine *const m = weft_machine_new(.synthetic = "core:8 pu:1", .cpus = "0-3,6");
    weft_cpus place;
    CU_ASSERT_EQUAL(weft_machine_places(m, "0,1,5,9", 1, &place), WEFT_EINVAL);
    ASSERT_TEXT(weft_detail(),
                "weft_machine_places: policy is \"0,1,5,9\": CPU 5 is not one of 0-3,6");
    CU_ASSERT_EQUAL(weft_machine_places(m, "1,a", 0, NULL), WEFT_EINVAL);
    CU_ASSERT_EQUAL(weft_machine_places(m, "0-3,6", 0, NULL), WEFT_OK);
    weft_machine_free(m);
}

CU_TestInfo policy_tests[] = {
    { "threads_go_where_they_should", threads_go_where_they_should },
    { "a_list_is_followed_in_its_order", a_list_is_followed_in_its_order },
    { "every_place_is_a_part_of_what_is_allowed", every_place_is_a_part_of_what_is_allowed },
    { "no_place_is_used_twice_while_others_are_free",
      no_place_is_used_twice_while_others_are_free },
    { "compact_fills_a_core_before_the_next", compact_fills_a_core_before_the_next },
    { "spread_shares_no_core_while_others_are_free", spread_shares_no_core_while_others_are_free },
    { "spread_alternates_packages", spread_alternates_packages },
    { "none_leaves_free_and_auto_binds_a_full_team", none_leaves_free_and_auto_binds_a_full_team },
    { "what_is_no_policy_is_refused", what_is_no_policy_is_refused },
    { "a_list_with_a_forbidden_cpu_is_refused", a_list_with_a_forbidden_cpu_is_refused },
    CU_TEST_INFO_NULL,
};
