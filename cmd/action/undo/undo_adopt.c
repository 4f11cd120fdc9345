#include <stdlib.h>
#include <string.h>

#include "cmd/action/undo/undo.h"
#include "lib/json/jcs_scan.h"
#include "refs/history/history.h"

/* Where the log left this device's refs, by the hash of their names. */
struct left {
	struct table last;	/* to the place of the entry's "to" in the log */
	const struct operations *log;
};

#define REF_KEY_BYTES 16

static void name_key(struct span ref, unsigned char out[REF_KEY_BYTES])
{
	blake2b_of(ref.at, ref.len, NULL, 0, out, REF_KEY_BYTES);
}

static int note_moves(struct left *left, struct span entry, struct err *err)
{
	unsigned char key[REF_KEY_BYTES];
	struct span moves;
	struct span move;
	struct span text;
	struct jcs_iter iter;
	int rc = 0;

	if (!jcs_find(entry, "moves", &moves))
		return 0;
	iter = jcs_iter_array(moves);
	while (rc == 0 && jcs_next(&iter, NULL, &move)) {
		if (!jcs_find_string(move, "ref", &text))
			continue;
		name_key(text, key);
		if (jcs_find_string(move, "to", &text) &&
		    text.len == GIT_OID_HEXSZ)
			rc = table_put(&left->last, key, (uint64_t)
				       (text.at - left->log->text.data), err);
	}
	return rc;
}

/* A line that is not whole, for refs were put back, is no matter of ours. */
static int find_in_ref(struct vault *vault, const struct left *left,
		       const struct head *head, struct own_versions *out,
		       struct err *err)
{
	unsigned char key[REF_KEY_BYTES];
	git_oid known;
	uint64_t at;

	name_key(span_str(head->construct), key);
	if (!table_get(&left->last, key, &at) ||
	    git_oid_fromstrn(&known, left->log->text.data + at,
			     GIT_OID_HEXSZ) < 0 ||
	    git_oid_equal(&known, &head->id) ||
	    !is_behind(vault->store, &known, &head->id))
		return 0;
	return undo_own_versions(vault, &head->id, &known, NULL, out, err);
}

static int find_in_refs(struct vault *vault, const struct left *left,
			struct own_versions *out, struct err *err)
{
	struct head_list heads = HEAD_LIST_INIT;
	size_t i;
	int rc = heads_list(vault->store, HEADS_PREFIX, NULL, &heads, NULL,
			    err);

	for (i = 0; rc == 0 && i < heads.n; i++) {
		if (!strcmp(heads.at[i].device, vault->device.name) &&
		    strcmp(heads.at[i].construct, VAULT_CONSTRUCT) != 0)
			rc = find_in_ref(vault, left, &heads.at[i], out, err);
	}
	head_list_release(&heads);
	return rc;
}

static int by_time(const void *a, const void *b)
{
	const struct own_version *one = a;
	const struct own_version *other = b;

	if (one->time != other->time)
		return one->time < other->time ? -1 : 1;
	return one->place < other->place ? -1 : one->place > other->place;
}

int undo_find_unlogged(struct action_call *call, const struct operations *log,
		       struct own_versions *out, struct err *err)
{
	struct left left = { TABLE_INIT(REF_KEY_BYTES, TABLE_NO_LIMIT), log };
	size_t i;
	int rc = 0;

	/* What an undo has made that was cut off is its own. */
	if (operations_cut_off(log))
		return 0;
	for (i = 0; rc == 0 && i < log->n; i++)
		rc = note_moves(&left, logged_json(log, &log->at[i]), err);
	if (rc == 0)
		rc = find_in_refs(call->vault, &left, out, err);
	if (rc == 0 && out->n)
		qsort(out->at, out->n, sizeof(*out->at), by_time);
	table_release(&left.last);
	return rc;
}

static int adopt_one(struct action_call *call,
		     const struct own_version *version, struct err *err)
{
	struct operation operation = OPERATION_INIT;
	int rc;

	own_version_moved(&operation, version);
	rc = operation_adopt(call, &operation, err);
	operation_release(&operation);
	return rc;
}

int undo_adopt(struct action_call *call, const struct operations *log,
	       bool *out_has_more, struct err *err)
{
	struct own_versions found = { NULL, 0, 0 };
	size_t i;
	int rc = undo_find_unlogged(call, log, &found, err);

	*out_has_more = found.n > 0;
	for (i = 0; rc == 0 && i < found.n; i++)
		rc = adopt_one(call, &found.at[i], err);
	if (rc == 0 && found.n > 1)
		host_note(call->host, "%zu versions of this device were not in "
			  "the log: each is an operation of its own there now",
			  found.n);
	free(found.at);
	return rc;
}
