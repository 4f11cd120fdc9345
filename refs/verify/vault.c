#include "refs/verify/verify_internal.h"

#include <string.h>

#include "objects/tree/segment_verify.h"
#include "refs/history/version.h"
#include "refs/verify/ids.h"

/* Reading segments of `vault`: what they say, and their ids. */
struct hearing {
	struct authority_news *news;	/* NULL: only the ids matter */
	struct id_list *ids;
	const char *code;
	uint64_t records;
};

static int hear(void *arg, const struct record *record,
		const unsigned char id[RECORD_ID_BYTES], struct err *err)
{
	struct hearing *hearing = arg;

	if (!record->kind->is_vault_only) {
		hearing->code = "foreign-record";
		return err_set(err, ERR_UNTRUSTED,
			       "a record that 'vault' may not hold: '%.*s'",
			       (int)record->type.len, record->type.at);
	}
	if (!hearing->news)
		return id_list_add(hearing->ids, id, err);
	hearing->code = "bad-vault-record";
	hearing->records++;
	return authority_news_add(hearing->news, record, id, err);
}

static int hear_all(struct verifier *verifier, struct codec *codec,
		    const struct tree_segments *list, struct hearing *hearing,
		    struct err *err)
{
	struct segment_visitor visitor = { hear, hearing };
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < list->n; i++) {
		if (!strcmp(list->at[i].place.dir, "blob")) {
			hearing->code = "bad-change";
			return err_set(err, ERR_UNTRUSTED,
				       "'vault' holds no blobs");
		}
		hearing->code = store_has(verifier->store, &list->at[i].blob)
					? "bad-segment" : "missing-object";
		rc = segment_verify(verifier->store, codec, &list->at[i],
				    &visitor, err);
	}
	return rc;
}

/* A version of `vault` and what its tree did. */
struct testimony {
	struct verifier *verifier;
	const struct version *version;
	const struct tree_segments *gone;
	const struct tree_segments *fresh;
	struct codec *codec;
	struct authority_news news;
	const char *code;		/* of what is wrong */
	uint64_t records;		/* that it brings */
};

static int compare_ids(const struct testimony *testimony,
		       const struct id_list *before,
		       const struct id_list *after, bool *out_same,
		       struct err *err)
{
	struct id_list lost = ID_LIST_INIT;
	struct id_list won = ID_LIST_INIT;
	int rc = id_list_minus(before, after, &lost, err);

	if (rc == 0)
		rc = id_list_minus(after, before, &won, err);
	if (rc == 0 && lost.n)
		rc = drop_kept(testimony->verifier->store, testimony->codec,
			       &testimony->version->tree, testimony->gone,
			       &lost, err);
	*out_same = !lost.n && !won.n;
	id_list_release(&lost);
	id_list_release(&won);
	return rc;
}

/* The same records at other places: nothing is said anew. */
static int hear_compaction(struct testimony *testimony, struct err *err)
{
	struct id_list before = ID_LIST_INIT;
	struct id_list after = ID_LIST_INIT;
	bool is_same = true;
	struct hearing hearing = { NULL, &before, NULL, 0 };
	int rc = hear_all(testimony->verifier, testimony->codec,
			  testimony->gone, &hearing, err);

	hearing.ids = &after;
	if (rc == 0)
		rc = hear_all(testimony->verifier, testimony->codec,
			      testimony->fresh, &hearing, err);
	testimony->code = hearing.code;
	id_list_sort(&before);
	id_list_sort(&after);
	if (rc == 0)
		rc = compare_ids(testimony, &before, &after, &is_same, err);
	if (rc == 0 && !is_same) {
		testimony->code = "changed-record";
		rc = err_set(err, ERR_UNTRUSTED,
			     "it compacts, and yet other records stand there");
	}
	id_list_release(&before);
	id_list_release(&after);
	return rc;
}

static int hear_addition(struct testimony *testimony, struct err *err)
{
	struct hearing hearing = { &testimony->news, NULL, NULL, 0 };
	int rc;

	testimony->code = "dropped-segment";
	if (testimony->gone->n)
		return err_set(err, ERR_UNTRUSTED,
			       "it adds, and yet takes away segments");
	rc = hear_all(testimony->verifier, testimony->codec, testimony->fresh,
		      &hearing, err);
	testimony->code = hearing.code;
	testimony->records = hearing.records;
	return rc;
}

static int hear_version(struct testimony *testimony, struct err *err)
{
	const struct codec *origin;
	int rc = verifier_codec(testimony->verifier, VAULT_CONSTRUCT, &origin,
				err);

	if (rc == 0)
		rc = worker_codec(&testimony->verifier->workers[0], origin,
				  &testimony->codec, err);
	if (rc < 0)
		return rc;
	switch (testimony->version->change) {
	case CHANGE_ADD:
		rc = hear_addition(testimony, err);
		break;
	case CHANGE_COMPACT:
		rc = hear_compaction(testimony, err);
		break;
	case CHANGE_FORGET:
		testimony->code = "bad-change";
		return err_set(err, ERR_UNTRUSTED, "'vault' never forgets");
	}
	if (rc < 0)
		return rc;
	return authority_add(testimony->verifier->authority,
			     testimony->version, &testimony->news,
			     &testimony->code, err);
}

int vault_change_check(struct verifier *verifier, uint32_t node,
		       const struct version *version,
		       const struct tree_segments *gone,
		       const struct tree_segments *fresh, struct err *err)
{
	struct testimony testimony = {
		verifier, version, gone, fresh, NULL, { NULL, 0, 0 }, NULL, 0
	};
	struct err reason = ERR_INIT;
	int rc = hear_version(&testimony, &reason);

	authority_news_release(&testimony.news);
	if (rc == 0) {
		verifier->counts.segments += fresh->n;
		verifier->counts.records += testimony.records;
		return 0;
	}
	if (!is_finding(rc))
		return err_copy(err, rc, &reason);
	return node_refuse(verifier, node,
			   testimony.code ? testimony.code : "bad-segment",
			   reason.text, err);
}
