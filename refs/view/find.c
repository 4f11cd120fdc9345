#include "refs/view/find.h"

#include <string.h>

#include "lib/id/cid.h"
#include "objects/blob/blob.h"

/* One thing that is looked for. */
struct search {
	unsigned char digest[SHA256_BYTES];
	enum cid_codec codec;
	struct buf *out;
	bool is_found;
};

static int match_record(void *arg, const struct fold_record *record,
			struct err *err)
{
	struct search *search = arg;
	int rc;

	if (memcmp(record->id, search->digest, RECORD_ID_BYTES))
		return 0;
	rc = buf_add_span(search->out, record->record.line, err);
	if (rc < 0)
		return rc;
	search->is_found = true;
	/* Not an error: there is nothing more to look for. */
	return ERR_CANCELED;
}

static int search_view(struct search *search, struct view *view,
		       struct err *err)
{
	struct view_record_visitor visitor = { match_record, search };
	struct err quiet = ERR_INIT;
	int rc;

	if (codec_mode(view->codec) == CODEC_BLIND)
		return 0;
	if (search->codec == CID_RAW) {
		rc = blob_read(view->vault->store, view->codec, &view->tree,
			       search->digest, search->out, &quiet);
		search->is_found = rc == 0;
		if (rc < 0 && rc != ERR_NOT_FOUND)
			*err = quiet;
		return rc == ERR_NOT_FOUND ? 0 : rc;
	}
	rc = view_records(view, &visitor, err);
	return search->is_found ? 0 : rc;
}

int vault_find(struct vault *vault, struct span cid, struct buf *out,
	       struct err *err)
{
	struct search search = { .out = out };
	struct name_list names = { NULL, 0 };
	struct err hurt = ERR_INIT;
	struct view *view;
	size_t i;
	int rc = cid_parse(cid, &search.codec, search.digest, err);

	if (rc < 0)
		return rc;
	rc = view_constructs(vault, &names, err);
	for (i = 0; rc == 0 && !search.is_found && i < names.n; i++) {
		struct err reason = ERR_INIT;

		rc = view_open_ref(vault, names.at[i], &view, &reason);
		if (rc == 0) {
			rc = search_view(&search, view, &reason);
			view_free(view);
		}
		if (rc == 0)
			continue;
		/* Damage to one construct: it may be in another. */
		hurt = hurt.code ? hurt : reason;
		if (rc == ERR_CORRUPT || rc == ERR_NOT_FOUND)
			rc = 0;
	}
	name_list_release(&names);
	if (hurt.code && !search.is_found)
		return err_copy(err, hurt.code, &hurt);
	if (rc == 0 && !search.is_found)
		rc = err_set(err, ERR_NOT_FOUND, "no record or blob '%.*s' in "
			     "what this device can read", (int)cid.len,
			     cid.at);
	return rc;
}
