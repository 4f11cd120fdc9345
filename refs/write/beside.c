#include "refs/write/beside.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

/* A version since, and its parents among those of all. */
struct since {
	git_oid id;
	size_t parents;
	size_t parents_n;
};

struct walk {
	const struct view *of;
	struct {
		struct since *at;
		size_t n;
		size_t cap;
	} all;
	git_oid *parents;
	size_t parents_n;
	size_t parents_cap;
	bool has_others;
};

static int take_version(void *arg, const struct version *version,
			struct err *err)
{
	struct walk *walk = arg;
	struct since *since;
	size_t i;
	int rc = array_room(&walk->all, err);

	if (rc < 0)
		return rc;
	walk->has_others |= memcmp(version_writer(version),
				   vault_signer(walk->of->vault)->public,
				   DID_KEY_BYTES) != 0;
	since = &walk->all.at[walk->all.n++];
	since->id = version->id;
	since->parents = walk->parents_n;
	since->parents_n = version->parents_n;
	for (i = 0; rc == 0 && i < version->parents_n; i++) {
		rc = array_room_in(walk->parents, walk->parents_n,
				   walk->parents_cap, err);
		if (rc == 0)
			walk->parents[walk->parents_n++] = version->parents[i];
	}
	return rc;
}

/* Parents first: what descends from `of` is taken out, and so is what a later
 * one that stays has as its parent. */
static int keep_beside(const struct walk *walk, struct table *heads,
		       struct err *err)
{
	struct table behind = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	size_t i;
	size_t j;
	int rc = 0;

	for (i = 0; rc == 0 && i < walk->of->heads_n; i++)
		rc = table_include(&behind, walk->of->heads[i].id, NULL, err);
	for (i = walk->all.n; rc == 0 && i-- > 0;) {
		const struct since *since = &walk->all.at[i];
		const git_oid *parents = walk->parents + since->parents;
		bool is_behind = false;

		for (j = 0; j < since->parents_n; j++)
			is_behind |= table_get(&behind, parents[j].id, NULL);
		if (is_behind) {
			rc = table_include(&behind, since->id.id, NULL, err);
			continue;
		}
		for (j = 0; j < since->parents_n; j++)
			(void)table_remove(heads, parents[j].id);
		rc = table_include(heads, since->id.id, NULL, err);
	}
	table_release(&behind);
	return rc;
}

static int take_heads(const struct table *heads, struct beside *out,
		      struct err *err)
{
	size_t i;

	out->heads = calloc(heads->count + 1, sizeof(*out->heads));
	if (!out->heads)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < heads->count; i++)
		memcpy(out->heads[i].id, table_key_at(heads, i),
		       GIT_OID_RAWSZ);
	out->n = heads->count;
	return 0;
}

int beside_find(const struct view *of, const struct view *now,
		struct beside *out, struct err *err)
{
	struct walk walk = { .of = of };
	const struct history_visitor visitor = { take_version, &walk, NULL };
	const struct history_range range = {
		now->heads, now->heads_n, of->heads, of->heads_n,
	};
	struct table heads = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct beside found = { .heads = NULL };
	int rc = history_walk(of->vault->store, &range, &visitor, err);

	if (rc == 0 && walk.has_others)
		rc = keep_beside(&walk, &heads, err);
	if (rc == 0)
		rc = take_heads(&heads, &found, err);
	if (rc == 0)
		rc = history_maximal(of->vault->store, found.heads, &found.n,
				     err);
	found.has_others = walk.has_others;
	if (rc < 0)
		free(found.heads);
	else
		*out = found;
	table_release(&heads);
	free(walk.all.at);
	free(walk.parents);
	return rc;
}
