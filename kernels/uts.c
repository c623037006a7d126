/* uts.c - counts the nodes of a tree that nobody can foresee: Unbalanced Tree Search.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * S. Olivier, J. Huan, J. Liu, J. Prins, J. Dinan, P. Sadayappan, C.-W. Tseng, UTS: An unbalanced tree
 * search benchmark, LCPC 2006. A node is 20 bytes; its k-th child is SHA-1 of these and of k, and how
 * many children it has follows from its last 31 bits:
 *
 *     uts           geometric, 4 on average, to depth n; n = 10 is T1: 4130071 nodes
 *     uts-binomial  the root has n, others 8 with probability 0.124875, else none; n = 2000 is T3:
 *                   4112897 nodes, 1573 levels
 *
 * A task is a range of children of one node; ranges are halved down to one child. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <weft.h>

#include "kernel.h"
#include "sha1.h"

typedef struct node {
    uint32_t word[sha1_words];
    uint32_t depth;
} node;

/* What is said of a tree. */
typedef struct census {
    uint64_t nodes, leaves;
    uint32_t depth; /* of the deepest node; the root's is 0 */
} census;

static census both(census a, census b)
{
    return (census){ a.nodes + b.nodes, a.leaves + b.leaves,
                     a.depth > b.depth ? a.depth : b.depth };
}

/* A kind of tree, and what was published of one. */
typedef struct shape {
    uint32_t seed;
    uint32_t (*children)(const node *v, size_t n);
    size_t n, published_n;
    census published;
} shape;

static node root_of(const shape *s)
{
    node root = { .depth = 0 };
    const uint32_t text[sha1_words] = { [sha1_words - 1] = s->seed };
    sha1(root.word, text, sizeof text);
    return root;
}

static node child_of(const node *v, uint32_t k)
{
    node child = { .depth = v->depth + 1 };
    const uint32_t text[] = { v->word[0], v->word[1], v->word[2], v->word[3], v->word[4], k };
    sha1(child.word, text, sizeof text);
    return child;
}

/* In [0, 1). */
static double drawn(const node *v)
{
    return (double)(v->word[sha1_words - 1] & 0x7fffffff) / 2147483648.0;
}

static uint32_t geometric(const node *v, size_t n)
{
    const uint32_t most = 100;
    if (v->depth >= n)
        return 0;
    const double p = 1.0 / (1.0 + 4), k = floor(log(1 - drawn(v)) / log(1 - p));
    return v->depth > 0 && k > most ? most : (uint32_t)k;
}

static uint32_t binomial(const node *v, size_t n)
{
    return v->depth == 0 ? (uint32_t)n : drawn(v) < 0.124875 ? 8 : 0;
}

static census alone(const node *v, uint32_t children)
{
    return (census){ .nodes = 1, .leaves = children == 0, .depth = v->depth };
}

/* ---- one after the other ---- */

static census count_serial(const shape *s, const node *v)
{
    const uint32_t children = s->children(v, s->n);
    census sum = alone(v, children);
    for (uint32_t k = 0; k < children; k++) {
        const node child = child_of(v, k);
        sum = both(sum, count_serial(s, &child));
    }
    return sum;
}

/* ---- on weft ---- */

/* The children begin..end-1 of a node, at least one. */
typedef struct brood {
    const shape *shape;
    const node *parent;
    uint32_t begin, end;
    census found; /* the answer */
} brood;

static int count_brood(void *arg);

static census count(const shape *s, const node *v)
{
    brood b = { .shape = s, .parent = v, .end = s->children(v, s->n) };
    if (b.end)
        count_brood(&b);
    return both(alone(v, b.end), b.found);
}

static int count_brood(void *arg)
{
    brood *const b = arg;
    if (b->end - b->begin == 1) {
        const node child = child_of(b->parent, b->begin);
        b->found = count(b->shape, &child);
        return 0;
    }
    brood low = *b, high = *b;
    low.end = high.begin = b->begin + (b->end - b->begin) / 2;
    weft_fork2(count_brood, &low, count_brood, &high);
    b->found = both(low.found, high.found);
    return 0;
}

/* ---- in raw OpenMP: a task a child ---- */

static void count_omp(const shape *s, node v, census *total)
{
    const uint32_t children = s->children(&v, s->n);
    const census mine = alone(&v, children);
#pragma omp critical(uts)
    *total = both(*total, mine);
    for (uint32_t k = 0; k < children; k++) {
        const node child = child_of(&v, k);
#pragma omp task firstprivate(child)
        count_omp(s, child, total);
    }
}

/* ---- the problems ---- */

typedef struct tree {
    shape shape;
    census found;
} tree;

static void tree_run(job *j)
{
    tree *const t = j->data;
    const node root = root_of(&t->shape);
    t->found = count(&t->shape, &root);
}

static void tree_omp_run(job *j)
{
    tree *const t = j->data;
    const node root = root_of(&t->shape);
    census total = { 0 };
#pragma omp parallel num_threads(weft_threads())
#pragma omp single
    count_omp(&t->shape, root, &total);
    t->found = total;
}

void uts_run(job *j) { tree_run(j); }
void uts_omp_run(job *j) { tree_omp_run(j); }
void uts_binomial_run(job *j) { tree_run(j); }
void uts_binomial_omp_run(job *j) { tree_omp_run(j); }

static bool open_tree(job *j, shape s)
{
    tree *const t = j->data = calloc(1, sizeof *t);
    if (!t)
        return complain("%s: no memory", j->problem->name);
    t->shape = s;
    t->shape.n = j->n;
    return true;
}

static bool geometric_open(job *j)
{
    return open_tree(j, (shape){ .seed = 19,
                                 .children = geometric,
                                 .published_n = 10,
                                 .published = { 4130071, 3305118, 10 } });
}

static bool binomial_open(job *j)
{
    return open_tree(j, (shape){ .seed = 42,
                                 .children = binomial,
                                 .published_n = 2000,
                                 .published = { 4112897, 3599034, 1572 } });
}

static census expected(const shape *s)
{
    const node root = root_of(s);
    return s->n == s->published_n ? s->published : count_serial(s, &root);
}

static bool tree_check(job *j)
{
    const tree *const t = j->data;
    const census is = t->found, must = expected(&t->shape);
    if (is.nodes != must.nodes || is.leaves != must.leaves || is.depth != must.depth)
        return complain("%s: %" PRIu64 " nodes, %" PRIu64 " leaves, depth %" PRIu32
                        ": it must be %" PRIu64 ", %" PRIu64 ", %" PRIu32,
                        j->problem->name, is.nodes, is.leaves, is.depth, must.nodes, must.leaves,
                        must.depth);
    j->items = (double)is.nodes;
    printf("%s: %" PRIu64 " nodes, %" PRIu64 " leaves, depth %" PRIu32 "\n", j->problem->name,
           is.nodes, is.leaves, is.depth);
    return true;
}

static void tree_spoil(job *j, size_t way)
{
    tree *const t = j->data;
    if (way == 1)
        t->found.nodes--;
    else if (way == 2)
        t->found.leaves++;
    else
        t->found.depth++;
}

static void tree_close(job *j) { free(j->data); }

const problem uts_problem = { .name = "uts",
                              .unit = "levels",
                              .item = "nodes",
                              .n = 10,
                              .most = 16,
                              .open = geometric_open,
                              .check = tree_check,
                              .spoil = tree_spoil,
                              .ways = 3,
                              .close = tree_close };

const problem uts_binomial_problem = { .name = "uts-binomial",
                                       .unit = "children of the root",
                                       .item = "nodes",
                                       .n = 2000,
                                       .most = 1000000,
                                       .open = binomial_open,
                                       .check = tree_check,
                                       .spoil = tree_spoil,
                                       .ways = 3,
                                       .close = tree_close };
