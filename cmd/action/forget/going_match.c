#include "cmd/action/forget/going.h"

#include "lib/json/jcs_write.h"
#include "objects/blob/blob.h"

struct matching {
	struct going_one *one;
	const char *text;	/* as it is in a blob */
	struct buf escaped;	/* and in canonical JSON */
	struct table blobs;	/* digests, to: does it hold the text? */
};

static bool holds(const struct matching *matching, struct span bytes)
{
	return span_has(bytes, buf_text(&matching->escaped)) ||
	       span_has(bytes, matching->text);
}

static int look_in_blob(struct matching *matching,
			const unsigned char digest[SHA256_BYTES],
			bool *out_holds, struct err *err)
{
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	uint64_t known = 0;
	bool is_there;
	int rc = 0;

	if (!table_get(&matching->blobs, digest, &known)) {
		rc = view_blob(matching->one->view, digest, &bytes, &is_there,
			       err);
		known = rc == 0 && is_there && holds(matching,
						     buf_span(&bytes));
		if (rc == 0)
			rc = table_put(&matching->blobs, digest, known, err);
		buf_wipe(&bytes);
		buf_release(&bytes);
	}
	*out_holds |= known != 0;
	return rc;
}

static int match_record(struct matching *matching,
			const struct fold_record *record, bool *out_holds,
			struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t size;
	size_t pos = 0;
	int rc = 0;

	*out_holds = holds(matching, record->record.line);
	while (rc == 0 && !*out_holds &&
	       blob_ref_next(record->record.data, &pos, digest, &size))
		rc = look_in_blob(matching, digest, out_holds, err);
	return rc;
}

static int match_entity(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct matching *matching = arg;
	bool is_hit = false;
	bool is_it;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		rc = match_record(matching, &entity->records[i], &is_it, err);
		if (rc < 0 || !is_it)
			continue;
		if (!is_hit)
			rc = going_say(matching->one, entity, err);
		is_hit = true;
		if (rc == 0)
			rc = going_add_record(matching->one, entity,
					      &entity->records[i], err);
	}
	return rc;
}

static int match_construct(void *arg, struct going_one *one, struct err *err)
{
	struct matching *matching = arg;
	const struct view_visitor visitor = { match_entity, matching };

	matching->one = one;
	table_reset(&matching->blobs);
	return view_each(one->view, NULL, true, &visitor, err);
}

int going_add_match(struct going *going, const char *text, struct err *err)
{
	struct matching matching = {
		.text = text, .escaped = BUF_INIT(BUF_NO_LIMIT),
		.blobs = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	struct buf quoted = BUF_INIT(BUF_NO_LIMIT);
	int rc = jcs_add_string(&quoted, span_str(text), err);

	if (rc == 0)
		rc = buf_add(&matching.escaped, quoted.data + 1,
			     quoted.len - 2, err);
	if (rc == 0)
		rc = going_each_construct(going, match_construct, &matching, err);
	table_release(&matching.blobs);
	buf_wipe(&matching.escaped);
	buf_release(&matching.escaped);
	buf_wipe(&quoted);
	buf_release(&quoted);
	return rc;
}
