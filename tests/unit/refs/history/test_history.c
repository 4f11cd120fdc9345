#include "refs/history/history.h"

#include "refs/history/version.h"
#include "tests/unit/history_model.h"

/*
 * Random histories with clocks that are right, equal or wild, against answers
 * found the slow way from a matrix of who reaches whom.
 */

static void model_add(struct model *model, enum clocks clocks,
		      const char *construct)
{
	size_t node = model->n++;
	struct version version;
	struct device_key key;
	git_oid parents[3];
	char subject[32];

	version_fixture(&version);
	snprintf(version.construct, sizeof(version.construct), "%s",
		 construct);
	/* Two versions that say the same would be one. */
	snprintf(subject, sizeof(subject), "node %zu", node);
	if (version_set_subject(&version, span_str(subject), NULL) < 0)
		bail_out("out of memory");
	version_parents(&version, parents,
			choose_parents(model, node, parents));
	model->reaches[node][node] = true;
	model->device[node] = pick(3);
	model->seq[node] = next_seq(model, node, model->device[node]);
	model->times[node] = 1795000000;
	if (clocks == CLOCKS_RIGHT)
		model->times[node] += (int64_t)(node * 7200);
	if (clocks == CLOCKS_WILD)
		model->times[node] += (int64_t)pick(1000000);
	version.time = model->times[node];
	version.seq = model->seq[node];
	key = rfc_key(model->device[node]);
	model->ids[node] = version_add(model->store, &version, &key);
	version_release(&version);
}

struct seen {
	const struct model *model;
	size_t order[NODES_MAX * 2];
	size_t n;
	size_t stop_at;
	bool has_enough;
};

static int see(void *arg, const struct version *version, struct err *err)
{
	struct seen *seen = arg;
	size_t i;

	for (i = 0; i < seen->model->n; i++) {
		if (git_oid_equal(&seen->model->ids[i], &version->id))
			break;
	}
	if (i == seen->model->n || seen->n == NODES_MAX * 2)
		return err_set(err, ERR_INVALID, "not one of ours");
	seen->order[seen->n++] = i;
	seen->has_enough = seen->n == seen->stop_at;
	return 0;
}

static bool reached(const struct model *model, const size_t *from, size_t n,
		    size_t node)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (model->reaches[from[i]][node])
			return true;
	}
	return false;
}

/* The order of history_walk(), found by looking at everything each time. */
static size_t slow_walk(const struct model *model, const size_t *heads,
			size_t heads_n, const size_t *hide, size_t hide_n,
			size_t *out)
{
	bool is_left[NODES_MAX];
	size_t n = 0;
	size_t i, j, best;

	for (i = 0; i < model->n; i++)
		is_left[i] = reached(model, heads, heads_n, i) &&
			     !reached(model, hide, hide_n, i);
	for (;;) {
		best = model->n;
		for (i = 0; i < model->n; i++) {
			bool is_ready = is_left[i];

			for (j = 0; j < model->n; j++)
				is_ready &= !(is_left[j] &&
					      model->parent[j][i]);
			if (!is_ready)
				continue;
			if (best == model->n ||
			    model->times[i] > model->times[best] ||
			    (model->times[i] == model->times[best] &&
			     git_oid_cmp(&model->ids[i],
					 &model->ids[best]) < 0))
				best = i;
		}
		if (best == model->n)
			return n;
		is_left[best] = false;
		out[n++] = best;
	}
}

/* With wrong clocks a hidden version may be told; never the other way. */
static bool walk_is_right(const struct seen *seen, const size_t *want,
			  size_t want_n, bool may_tell_more)
{
	size_t at = 0;
	size_t i;

	if (!may_tell_more)
		return seen->n == want_n &&
		       !memcmp(seen->order, want, want_n * sizeof(*want));
	for (i = 0; i < seen->n && at < want_n; i++)
		at += seen->order[i] == want[at];
	return at == want_n;
}

static bool check_walk(const struct model *model, enum clocks clocks)
{
	size_t heads[3], hide[3], want[NODES_MAX];
	git_oid head_ids[3], hide_ids[3];
	size_t heads_n = choose(model, heads, head_ids, 3);
	size_t hide_n = pick(2) ? choose(model, hide, hide_ids, 3) : 0;
	size_t want_n = slow_walk(model, heads, heads_n, hide, hide_n, want);
	struct seen seen = { .model = model };
	struct history_visitor visitor = { see, &seen, &seen.has_enough };
	struct history_range range = { head_ids, heads_n, hide_ids, hide_n };
	struct err err = ERR_INIT;

	if (history_walk(model->store, &range, &visitor, &err) < 0) {
		diag("%s", err.text);
		return false;
	}
	return walk_is_right(&seen, want, want_n,
			     clocks == CLOCKS_WILD && hide_n);
}

/* Keep those of n nodes that no other one reaches; no doubles. */
static size_t slow_maximal(const struct model *model, const size_t *from,
			   size_t n, git_oid *out)
{
	size_t kept = 0;
	size_t i, j;

	for (i = 0; i < n; i++) {
		bool is_maximal = true;

		for (j = 0; j < n; j++)
			is_maximal &= from[j] == from[i] ? j >= i :
				      !model->reaches[from[j]][from[i]];
		if (is_maximal)
			out[kept++] = model->ids[from[i]];
	}
	qsort(out, kept, sizeof(*out), oid_order);
	return kept;
}

static bool check_before(const struct model *model)
{
	size_t from[3], old[NODES_MAX];
	git_oid *heads = calloc(4, sizeof(*heads));
	git_oid want[NODES_MAX];
	size_t n = choose(model, from, heads, 3);
	int64_t end = model->times[pick(model->n)] + (int64_t)pick(2);
	size_t old_n = 0, want_n, i;
	bool is;

	for (i = 0; i < model->n; i++)
		if (reached(model, from, n, i) && model->times[i] < end)
			old[old_n++] = i;
	want_n = slow_maximal(model, old, old_n, want);
	is = !history_before(model->store, &heads, &n, end, NULL) &&
	     n == want_n && !memcmp(heads, want, n * sizeof(*heads));
	free(heads);
	return is;
}

static bool check_maximal(const struct model *model)
{
	size_t from[5];
	git_oid ids[5], want[5];
	size_t n = choose(model, from, ids, 5);
	size_t want_n = slow_maximal(model, from, n, want);

	if (history_maximal(model->store, ids, &n, NULL) < 0)
		return false;
	return n == want_n && !memcmp(ids, want, n * sizeof(*ids));
}

static bool check_ancestor(const struct model *model)
{
	size_t a = pick(model->n);
	size_t b = pick(model->n);
	bool is_ancestor;

	if (history_is_ancestor(model->store, &model->ids[a], &model->ids[b],
				&is_ancestor, NULL) < 0)
		return false;
	return is_ancestor == model->reaches[b][a];
}

static bool check_seq(const struct model *model)
{
	size_t from[3];
	git_oid ids[3];
	size_t n = choose(model, from, ids, 3);
	size_t device = pick(3);
	struct device_key key = rfc_key(device);
	uint64_t seq, want = 0;
	size_t i;

	for (i = 0; i < model->n; i++) {
		if (model->device[i] == device &&
		    reached(model, from, n, i) && model->seq[i] > want)
			want = model->seq[i];
	}
	if (history_seq(model->store, ids, n, key.public, &seq, NULL) < 0)
		return false;
	return seq == want;
}

static void test_random(struct store *store, enum clocks clocks)
{
	static const char *const names[CLOCKS_N] = { "right", "equal", "wild" };
	size_t wrong[5] = { 0 };
	size_t round, i;

	for (round = 0; round < 12; round++) {
		struct model model = { .store = store };
		char construct[32];

		snprintf(construct, sizeof(construct), "c%d-%zu", clocks,
			 round);
		for (i = 0; i < NODES_MAX; i++)
			model_add(&model, clocks, construct);
		if (store_flush(store, NULL) < 0)
			bail_out("cannot flush");
		for (i = 0; i < 60; i++) {
			wrong[0] += !check_walk(&model, clocks);
			wrong[1] += !check_maximal(&model);
			wrong[2] += !check_ancestor(&model);
			wrong[3] += !check_seq(&model);
			wrong[4] += !check_before(&model);
		}
	}
	diag("clocks are %s", names[clocks]);
	is_int(wrong[0], 0, "walks");
	is_int(wrong[1], 0, "maximal heads");
	is_int(wrong[2], 0, "ancestors");
	is_int(wrong[3], 0, "sequence numbers");
	is_int(wrong[4], 0, "what stood at a time");
}

/* Two constructs: strands of their own, told in one order. */
static void test_two_constructs(struct store *store)
{
	struct model model = { .store = store };
	struct seen seen = { .model = &model };
	struct history_visitor visitor = { see, &seen, &seen.has_enough };
	struct device_key key = rfc_key(0);
	struct version version;
	git_oid heads[2];
	struct history_range range = { heads, 2, NULL, 0 };
	size_t i;

	for (i = 0; i < 10; i++) {
		version_fixture(&version);
		snprintf(version.construct, sizeof(version.construct), "two%zu",
			 i % 2);
		if (i > 1)
			version_parents(&version, &model.ids[i - 2], 1);
		version.time = 1795000000 + (int64_t)i;
		version.seq = i / 2 + 1;
		model.ids[model.n++] = version_store(store, &version, &key);
		version_release(&version);
	}
	heads[0] = model.ids[9];
	heads[1] = model.ids[8];
	is_int(history_walk(store, &range, &visitor, NULL), 0, "walked");
	is_int(seen.n, 10, "all of both");
	for (i = 0; i < 10; i++)
		is_int(seen.order[i], 9 - i, "newest first");
	seen.n = 0;
	seen.stop_at = 3;
	range.hide = &model.ids[0];
	range.hide_n = 1;
	is_int(history_walk(store, &range, &visitor, NULL), 0, "a visitor stops the walk");
	is_int(seen.n, 3, "when it wants");
	seen.n = 0;
	seen.has_enough = false;
	seen.stop_at = 0;
	range.heads_n = 1;
	range.hide = &model.ids[8];
	is_int(history_walk(store, &range, &visitor, NULL), 0, "hiding another construct");
	is_int(seen.n, 5, "hides nothing");
}

static void test_missing(struct store *store)
{
	struct version version;
	struct seen seen = { .n = 0 };
	struct history_visitor visitor = { see, &seen, &seen.has_enough };
	struct device_key key = rfc_key(0);
	struct err err = ERR_INIT;
	git_oid gone, child, heads[2], tree;
	struct history_range range = { &child, 1, NULL, 0 };
	uint64_t seq;
	size_t n = 2;
	bool is_ancestor;

	memset(&gone, 0x42, sizeof(gone));
	version_fixture(&version);
	version_parents(&version, &gone, 1);
	child = version_store(store, &version, &key);
	version_release(&version);
	is_int(version_read(store, &gone, &version, &err), ERR_CORRUPT,
	       "a missing version is damage");
	ok(strstr(err.text, "missing") != NULL, "and named so");
	err_clear(&err);
	is_int(history_walk(store, &range, &visitor, &err), ERR_CORRUPT,
	       "for a walk");
	heads[0] = child;
	heads[1] = gone;
	is_int(history_maximal(store, heads, &n, NULL), ERR_CORRUPT, "for heads");
	is_int(history_union(store, heads, 2, &tree, NULL), ERR_CORRUPT,
	       "for a union");
	key = rfc_key(1);
	is_int(history_seq(store, &child, 1, key.public, &seq, NULL),
	       ERR_CORRUPT, "for a sequence number");
	ok(history_is_ancestor(store, &tree, &child, &is_ancestor, NULL) < 0,
	   "for ancestry");
}

int main(void)
{
	struct store *store;
	int clocks;

	if (sodium_init() < 0 || store_init_library(NULL) < 0)
		bail_out("cannot start the libraries");
	scratch_begin();
	store = store_fixture(in_scratch("repo"));
	for (clocks = 0; clocks < CLOCKS_N; clocks++)
		test_random(store, (enum clocks)clocks);
	test_two_constructs(store);
	test_missing(store);
	store_free(store);
	scratch_end();
	store_stop_library();
	return done_testing();
}
