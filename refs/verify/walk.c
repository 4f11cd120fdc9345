#include "refs/verify/verify_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/encode.h"
#include "refs/history/version.h"

#define BATCH 128		/* versions read and checked at once */

/* A version, read by some thread: bytes, encoding and signature. */
struct read_version {
	git_oid id;
	struct version version;
	int rc;
	const char *code;
	struct err err;
};

static void read_item(const struct verifier *verifier, struct worker *worker,
		      void *items, size_t index)
{
	struct read_version *item = &((struct read_version *)items)[index];
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);

	(void)verifier;
	version_init(&item->version);
	item->code = "missing-object";
	item->rc = store_read(worker->store, &item->id, OBJECT_COMMIT,
			      VERSION_MAX_BYTES, &commit, &item->err);
	if (item->rc == 0) {
		item->code = "bad-encoding";
		item->rc = version_parse(buf_span(&commit), &worker->devices,
					 &item->version, &item->err);
		/* Which of the two it is matters to whoever reads of it. */
		if (item->rc < 0 &&
		    version_parse_trusted(buf_span(&commit), &item->version,
					  NULL) == 0)
			item->code = "bad-signature";
	} else if (item->rc != ERR_NOT_FOUND) {
		item->code = "bad-encoding";
	}
	buf_release(&commit);
}

/* What a version's ancestors are, it cannot be better than. */
static bool inherit(struct verifier *verifier, uint32_t number)
{
	struct verify_node *node = &verifier->nodes[number];
	enum node_status worst = NODE_OK;
	uint64_t at;
	size_t i;

	for (i = 0; i < node->parents_n; i++) {
		const git_oid *id = &verifier->parents[node->parents + i];
		const struct verify_node *parent;

		if (!table_get(&verifier->by_id, id->id, &at))
			continue;
		parent = &verifier->nodes[at];
		if (parent->status != NODE_HELD &&
		    parent->status != NODE_REFUSED)
			continue;
		if (parent->status > worst) {
			worst = parent->status;
			node->cause = parent->cause;
		}
	}
	if (worst == NODE_OK)
		return false;
	node->status = (unsigned char)worst;
	return true;
}

static void leave_parents(struct verifier *verifier, uint32_t number)
{
	size_t n = verifier->nodes[number].parents_n;
	size_t first = verifier->nodes[number].parents;
	uint64_t at;
	size_t i;

	for (i = 0; i < n; i++)
		if (table_get(&verifier->by_id,
			      verifier->parents[first + i].id, &at))
			node_leave(verifier, (uint32_t)at);
	if (!verifier->nodes[number].children ||
	    verifier->nodes[number].status != NODE_OK)
		node_forget(&verifier->nodes[number]);
}

static int judge_one(struct verifier *verifier, uint32_t number,
		     const struct read_version *item, bool is_vault,
		     struct err *err)
{
	if (inherit(verifier, number))
		return 0;
	if (verifier->options.rejected &&
	    table_get(verifier->options.rejected,
		      verifier->nodes[number].id.id, NULL))
		return node_hold(verifier, number, "rejected",
				 "it was rejected on this device; 'vvault "
				 "reject --undo' takes that back", err);
	if (item->rc < 0 && !is_finding(item->rc))
		return err_copy(err, item->rc, &item->err);
	if (item->rc < 0)
		return node_refuse(verifier, number, item->code,
				   item->err.text, err);
	if (is_vault != !strcmp(item->version.construct, VAULT_CONSTRUCT))
		return node_refuse(verifier, number, "wrong-construct",
				   is_vault ? "a version of another construct "
					      "stands among those of 'vault'"
					    : "a version of 'vault' stands in "
					      "another construct", err);
	return rules_check(verifier, number, &item->version, err);
}

static int judge_batch(struct verifier *verifier, size_t start, size_t n,
		       bool is_vault, struct err *err)
{
	struct read_version *items = calloc(n, sizeof(*items));
	struct work work = { verifier, read_item, items, n };
	size_t i;
	int rc = 0;

	if (!items)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < n; i++)
		items[i].id = verifier->nodes[verifier->order[start + i]].id;
	workers_run(verifier, &work);
	for (i = 0; i < n; i++) {
		uint32_t number = verifier->order[start + i];

		if (rc == 0)
			rc = judge_one(verifier, number, &items[i], is_vault,
				       err);
		leave_parents(verifier, number);
		version_release(&items[i].version);
	}
	free(items);
	/* Unions that were staged to compare with. */
	store_discard(verifier->store);
	return rc < 0 ? rc : verify_progress(verifier, err);
}

int verify_order(struct verifier *verifier, bool is_vault, struct err *err)
{
	size_t at;
	size_t i;
	int rc = nodes_sort(verifier, err);

	for (at = 0; rc == 0 && at < verifier->order_n; at += BATCH) {
		size_t left = verifier->order_n - at;

		rc = judge_batch(verifier, at, left < BATCH ? left : BATCH,
				 is_vault, err);
	}
	if (rc == 0)
		rc = jobs_run(verifier, err);
	/* Segments were read behind the rules' back. */
	for (i = 0; rc == 0 && i < verifier->order_n; i++)
		if (verifier->nodes[verifier->order[i]].status == NODE_OK)
			inherit(verifier, verifier->order[i]);
	return rc;
}

/* Search for what a walk could not read. */
struct search {
	struct store *store;
	git_oid *todo;
	size_t n;
	size_t cap;
	struct table seen;
};

static int search_push(struct search *search, const git_oid *id,
		       struct err *err)
{
	bool is_new;
	int rc = table_include(&search->seen, id->id, &is_new, err);

	if (rc < 0 || !is_new)
		return rc;
	rc = array_room_in(search->todo, search->n, search->cap, err);
	if (rc == 0)
		search->todo[search->n++] = *id;
	return rc;
}

/* When this is the one its name and what is wrong are reported, and nothing is
 * left to be searched. */
static int search_step(struct search *search, struct problem_list *problems,
		       struct err *err)
{
	git_oid id = search->todo[--search->n];
	struct buf commit = BUF_INIT(VERSION_MAX_BYTES);
	char hex[HEX_TEXT(GIT_OID_RAWSZ) + 1];
	struct err reason = ERR_INIT;
	struct version version;
	size_t i;
	int rc;

	hex_text(id.id, GIT_OID_RAWSZ, hex);
	version_init(&version);
	rc = store_read(search->store, &id, OBJECT_COMMIT, VERSION_MAX_BYTES,
			&commit, &reason);
	if (rc == 0)
		rc = version_parse_trusted(buf_span(&commit), &version,
					   &reason);
	if (rc < 0 && !is_finding(rc)) {
		rc = err_copy(err, rc, &reason);
	} else if (rc < 0) {
		search->n = 0;
		rc = problem_list_add(problems,
				      rc == ERR_NOT_FOUND ? "missing-object"
							  : "bad-encoding",
				      hex, reason.text, err);
	}
	for (i = 0; rc == 0 && i < version.parents_n; i++)
		rc = search_push(search, &version.parents[i], err);
	version_release(&version);
	buf_release(&commit);
	return rc;
}

int verify_blame(struct verifier *verifier, const git_oid *head,
		 struct err *err)
{
	const struct table seen = TABLE_INIT(GIT_OID_RAWSZ, TABLE_NO_LIMIT);
	struct search search = { verifier->store, NULL, 0, 0, seen };
	int rc = search_push(&search, head, err);

	while (rc == 0 && search.n)
		rc = search_step(&search, verifier->problems, err);
	free(search.todo);
	table_release(&search.seen);
	return rc;
}
