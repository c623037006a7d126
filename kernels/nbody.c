/* nbody.c - one step of n bodies under gravity: all pairs, bound by arithmetic.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The acceleration of body i, with G = 1, softened by e so that no two bodies are too near
 * (S. Aarseth, Gravitational N-Body Simulations, 2003):
 *
 *     a_i = sum over j of m_j (x_j - x_i) / (|x_j - x_i|^2 + e^2)^(3/2)
 *
 * A step is drift, kick, drift (leapfrog, second order): half a step of motion, then the velocities
 * by the accelerations there, then the other half. Each body adds up its pulls in the order of j,
 * so the bits do not depend on who computes it.
 *
 * Two checks. A serial loop must give the same bits, which shows that every body was moved once and
 * by nobody else. The energy must be what it was, which shows that this was gravity: the cloud
 * falls in on itself, so energy moves from one kind to the other, and only the right force keeps
 * the sum. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "digest.h"
#include "kernel.h"

/* A pair: 3 differences, 6 for the distance, 3 for what it divides, 6 for the sum. */
enum { pair_flops = 18 };

static const double time_step = 0x1p-10, softening = 0.25;
static const double energy_drift = 1e-8; /* allowed, as a share of the energies' sizes */

typedef struct point {
    double x, y, z;
} point;

typedef struct body {
    point at, speed;
} body;

typedef struct cloud {
    double *mass;
    body *from, *to; /* where the step begins and where it ends */
    point *half;     /* where the bodies are after the first drift */
    double gravity;  /* 1, but where the check is to fail */
} cloud;

static point add(point a, double s, point b)
{
    return (point){ a.x + s * b.x, a.y + s * b.y, a.z + s * b.z };
}

static double square(point a) { return a.x * a.x + a.y * a.y + a.z * a.z; }

/* ---- the step ---- */

static point pull(const cloud *c, size_t i, size_t n)
{
    const point here = c->half[i];
    point sum = { 0, 0, 0 };
    for (size_t j = 0; j < n; j++) {
        const point way = add(c->half[j], -1, here);
        const double r2 = square(way) + softening * softening;
        sum = add(sum, c->mass[j] / (r2 * sqrt(r2)), way);
    }
    return sum;
}

static point drift(const body *b) { return add(b->at, time_step / 2, b->speed); }

static body kick_and_drift(const cloud *c, size_t i, size_t n)
{
    const point speed = add(c->from[i].speed, c->gravity * time_step, pull(c, i, n));
    return (body){ add(c->half[i], time_step / 2, speed), speed };
}

void nbody_run(job *j)
{
    const cloud *c = j->data;
    const size_t n = j->n;
    weft_for (i, n)
        c->half[i] = drift(&c->from[i]);
    weft_for (i, n)
        c->to[i] = kick_and_drift(c, i, n);
}

void nbody_omp_run(job *j)
{
    const cloud *c = j->data;
    const size_t n = j->n;
#pragma omp parallel num_threads(weft_threads())
    {
#pragma omp for schedule(static)
        for (size_t i = 0; i < n; i++)
            c->half[i] = drift(&c->from[i]);
#pragma omp for schedule(static)
        for (size_t i = 0; i < n; i++)
            c->to[i] = kick_and_drift(c, i, n);
    }
}

/* ---- the cloud ---- */

/* From -1 to 1; the kth number of body i. */
static double number(size_t i, unsigned k)
{
    uint64_t z = ((uint64_t)i * 8 + k + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 32)) * 0xd6e8feb86659fd93u;
    return 0x1p-52 * (double)(z >> 11) - 1;
}

/* Masses add up to about 1; all bodies fall towards the middle, each a little off. */
static void place(const cloud *c, size_t i, size_t n)
{
    const point at = { number(i, 0), number(i, 1), number(i, 2) };
    const point off = { number(i, 3), number(i, 4), number(i, 5) };
    c->mass[i] = (1 + number(i, 6) / 2) / (double)n;
    c->from[i] = (body){ at, add((point){ 0, 0, 0 }, -0.5, add(at, 0.25, off)) };
}

static bool nbody_open(job *j)
{
    cloud *c = j->data = calloc(1, sizeof *c);
    const size_t n = j->n;
    if (!c || !(c->mass = weft_alloc(n * sizeof *c->mass)) ||
        !(c->from = weft_alloc(n * sizeof *c->from)) || !(c->to = weft_alloc(n * sizeof *c->to)) ||
        !(c->half = weft_alloc(n * sizeof *c->half)))
        return complain("nbody: no memory for %zu bodies", n);
    c->gravity = 1;
    weft_for (i, n)
        place(c, i, n);
    j->items = (double)n * (double)n;
    j->flops = pair_flops * j->items;
    return true;
}

/* ---- the checks ---- */

static bool same(point a, point b) { return a.x == b.x && a.y == b.y && a.z == b.z; }

static bool body_is_right(const cloud *c, size_t i, size_t n)
{
    const body gold = kick_and_drift(c, i, n);
    const point is = c->to[i].at, must = gold.at;
    if (same(is, must) && same(c->to[i].speed, gold.speed) && same(c->half[i], drift(&c->from[i])))
        return true;
    return complain("nbody: body %zu is at (%.17g, %.17g, %.17g): it must be at (%.17g, %.17g, "
                    "%.17g)",
                    i, is.x, is.y, is.z, must.x, must.y, must.z);
}

typedef struct energy {
    double kinetic, potential; /* the second is negative */
} energy;

static energy energy_of(const double *mass, const body *b, size_t n)
{
    energy e = { 0, 0 };
    for (size_t i = 0; i < n; i++) {
        e.kinetic += mass[i] / 2 * square(b[i].speed);
        for (size_t j = 0; j < i; j++)
            e.potential -=
                mass[i] * mass[j] / sqrt(square(add(b[i].at, -1, b[j].at)) + softening * softening);
    }
    return e;
}

static bool energy_is_kept(const cloud *c, size_t n)
{
    const energy from = energy_of(c->mass, c->from, n), to = energy_of(c->mass, c->to, n);
    const double was = from.kinetic + from.potential, is = to.kinetic + to.potential;
    const double allowed = energy_drift * (from.kinetic - from.potential);
    if (!(fabs(is - was) <= allowed))
        return complain("nbody: the energy is %.17g: it must be %.17g within %g", is, was, allowed);
    printf("nbody: %zu bodies, energy %.17g, before the step %.17g\n", n, is, was);
    return true;
}

static bool nbody_check(job *j)
{
    const cloud *c = j->data;
    uint64_t digest = digest_of_nothing;
    for (size_t i = 0; i < j->n; i++) {
        if (!body_is_right(c, i, j->n))
            return false;
        digest =
            digest_f64(digest, (const double[]){ c->to[i].at.x, c->to[i].at.y, c->to[i].at.z }, 3);
    }
    if (!energy_is_kept(c, j->n))
        return false;
    printf("nbody: digest of all positions %016llx\n", (unsigned long long)digest);
    return true;
}

/* 1: one body is off by its last bit. 2: gravity is 1 % too strong, also for the serial loop. */
static void nbody_spoil(job *j, size_t way)
{
    cloud *c = j->data;
    if (way == 1) {
        double *x = &c->to[j->n / 2].at.x;
        *x = nextafter(*x, 2);
    } else {
        c->gravity = 1.01;
        nbody_run(j);
    }
}

static void nbody_close(job *j)
{
    cloud *c = j->data;
    if (c)
        weft_dealloc(c->mass), weft_dealloc(c->from), weft_dealloc(c->to), weft_dealloc(c->half);
    free(c);
}

const problem nbody_problem = { .name = "nbody",
                                .unit = "bodies",
                                .item = "pairs",
                                .n = 4096,
                                .most = 1 << 20,
                                .each = sizeof(double) + 2 * sizeof(body) + sizeof(point),
                                .open = nbody_open,
                                .check = nbody_check,
                                .spoil = nbody_spoil,
                                .ways = 2,
                                .close = nbody_close };
