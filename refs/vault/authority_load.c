#include "refs/vault/authority.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/table.h"
#include "objects/record/head.h"
#include "objects/record/segment.h"
#include "refs/history/history.h"
#include "refs/history/version.h"

static int collect_segment(void *arg, const struct tree_segment *segment,
			   struct err *err)
{
	return tree_segments_add(arg, segment, err);
}

int version_new_segments(struct store *store, const struct version *version,
			 struct tree_segments *out, struct err *err)
{
	struct tree_segments gone = TREE_SEGMENTS_INIT;
	struct tree_visitor visitor = { collect_segment, out };
	git_oid base;
	int rc;

	if (!version->parents_n)
		return tree_each(store, &version->tree, &visitor, err);
	rc = history_union(store, version->parents, version->parents_n, &base,
			   err);
	if (rc == 0)
		rc = tree_diff(store, &base, &version->tree, &gone, out, err);
	tree_segments_release(&gone);
	return rc;
}

/* Read one segment of `vault`, which is plain. */
static int load_segment(struct store *store, const struct tree_segment *segment,
			struct authority_news *news, struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	struct span text = { NULL, 0 };
	unsigned char id[RECORD_ID_BYTES];
	struct record record;
	struct span line;
	size_t pos = 0;
	int rc;

	rc = store_read(store, &segment->blob, OBJECT_BLOB, STORE_OBJECT_MAX,
			&bytes, err);
	if (rc == 0 && !head_split(buf_span(&bytes), NULL, &text))
		rc = err_set(err, ERR_CORRUPT, "a segment without a head");
	while (rc == 0 && segment_next(text, &pos, &line)) {
		record_id(line, id);
		rc = record_parse(line, &record, err);
		if (rc == 0)
			rc = authority_news_add(news, &record, id, err);
	}
	buf_release(&bytes);
	return rc;
}

static int load_version(struct authority *authority, struct store *store,
			const git_oid *id, struct err *err)
{
	struct tree_segments fresh = TREE_SEGMENTS_INIT;
	struct authority_news news = { NULL, 0, 0 };
	struct version version;
	const char *code;
	size_t i;
	int rc;

	version_init(&version);
	rc = version_read(store, id, &version, err);
	if (rc == 0 && version.change == CHANGE_ADD)
		rc = version_new_segments(store, &version, &fresh, err);
	for (i = 0; rc == 0 && i < fresh.n; i++)
		if (strcmp(fresh.at[i].place.dir, "blob"))
			rc = load_segment(store, &fresh.at[i], &news, err);
	if (rc == 0)
		rc = authority_add(authority, &version, &news, &code, err);
	authority_news_release(&news);
	tree_segments_release(&fresh);
	version_release(&version);
	return rc;
}

/* Versions still to be added, the deepest last. */
struct pending {
	git_oid *at;
	size_t n;
	size_t cap;
	struct table opened;	/* whose parents were pushed */
};

static int push(struct pending *pending, const git_oid *id, struct err *err)
{
	int rc = array_room(pending, err);

	if (rc == 0)
		pending->at[pending->n++] = *id;
	return rc;
}

static int push_parents(struct pending *pending,
			const struct authority *authority, struct store *store,
			const git_oid *id, struct err *err)
{
	struct version version;
	uint32_t number;
	size_t i;
	int rc;

	version_init(&version);
	rc = version_read(store, id, &version, err);
	if (rc == 0 && strcmp(version.construct, VAULT_CONSTRUCT))
		rc = err_set(err, ERR_UNTRUSTED,
			     "a version of another construct stands among "
			     "those of 'vault'");
	for (i = version.parents_n; rc == 0 && i-- > 0;)
		if (!authority_find_id(authority, &version.parents[i],
				       &number))
			rc = push(pending, &version.parents[i], err);
	version_release(&version);
	return rc;
}

/* Add one or open it: parents come first, without recursion. */
static int load_step(struct authority *authority, struct store *store,
		     struct pending *pending, struct err *err)
{
	git_oid id = pending->at[pending->n - 1];
	uint32_t number;
	bool is_new;
	int rc;

	if (authority_find_id(authority, &id, &number)) {
		pending->n--;
		return 0;
	}
	rc = table_include(&pending->opened, id.id, &is_new, err);
	if (rc < 0)
		return rc;
	if (is_new)
		return push_parents(pending, authority, store, &id, err);
	pending->n--;
	return load_version(authority, store, &id, err);
}

int authority_load(struct authority *authority, struct store *store,
		   const git_oid *heads, size_t heads_n, struct err *err)
{
	const struct table opened = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct pending pending = { NULL, 0, 0, opened };
	size_t i;
	int rc = 0;

	for (i = heads_n; rc == 0 && i-- > 0;)
		rc = push(&pending, &heads[i], err);
	while (rc == 0 && pending.n)
		rc = load_step(authority, store, &pending, err);
	free(pending.at);
	table_release(&pending.opened);
	return rc;
}
