/*
 * Random histories: who is whose parent and whose ancestor, known without
 * asking what is tested.
 */
#ifndef VV_TESTS_UNIT_HISTORY_MODEL_H
#define VV_TESTS_UNIT_HISTORY_MODEL_H

#include "refs/history/history.h"
#include "tests/unit/version_fixture.h"

#define NODES_MAX 40

struct model {
	struct store *store;
	size_t n;
	git_oid ids[NODES_MAX];
	int64_t times[NODES_MAX];
	size_t device[NODES_MAX];
	uint64_t seq[NODES_MAX];
	bool reaches[NODES_MAX][NODES_MAX];	/* itself too */
	bool parent[NODES_MAX][NODES_MAX];
};

enum clocks { CLOCKS_RIGHT, CLOCKS_EQUAL, CLOCKS_WILD, CLOCKS_N };

static uint64_t state = 88172645463325252u;

static size_t pick(size_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (size_t)(state % below);
}

static TAP_UNUSED int oid_order(const void *a, const void *b)
{
	return git_oid_cmp(a, b);
}

static TAP_UNUSED uint64_t next_seq(const struct model *model, size_t node, size_t device)
{
	uint64_t seq = 0;
	size_t i;

	for (i = 0; i < node; i++) {
		if (model->reaches[node][i] && model->device[i] == device &&
		    model->seq[i] > seq)
			seq = model->seq[i];
	}
	return seq + 1;
}

/* Would it be an ancestor or a descendant of a parent chosen before? */
static bool is_related(const struct model *model, size_t node, size_t at)
{
	size_t i;

	for (i = 0; i < node; i++) {
		if (model->parent[node][i] &&
		    (model->reaches[i][at] || model->reaches[at][i]))
			return true;
	}
	return false;
}

/* Choose up to three earlier nodes; none is rare once there is a first. */
static size_t choose_parents(struct model *model, size_t node, git_oid *out)
{
	size_t wanted = node ? 1 + pick(3) : 0;
	size_t n = 0;
	size_t i, j;

	if (node && pick(16) == 0)
		wanted = 0;
	for (i = 0; i < wanted; i++) {
		size_t back = node < 6 ? node : 6;
		size_t at = node - 1 - pick(back);

		if (is_related(model, node, at))
			continue;
		model->parent[node][at] = true;
		out[n++] = model->ids[at];
		for (j = 0; j < node; j++)
			model->reaches[node][j] |= model->reaches[at][j];
	}
	if (n > 1)
		qsort(out + 1, n - 1, sizeof(*out), oid_order);
	return n;
}

static size_t choose(const struct model *model, size_t *out, git_oid *ids,
		     size_t max)
{
	size_t n = pick(max + 1);
	size_t i;

	for (i = 0; i < n; i++) {
		out[i] = pick(model->n);
		ids[i] = model->ids[out[i]];
	}
	return n;
}

#endif
