#include "cmd/export.h"

#include "cmd/out.h"
#include "cmd/result.h"
#include "lib/jcs_scan.h"
#include "lib/timestamp.h"
#include "objects/blob.h"

/* The newest capsule so far: by its timestamp, then by record id, as the
 * fold chooses. */
struct newest {
	bool has_one;
	int64_t time;
	unsigned char id[RECORD_ID_BYTES];
	struct buf state;
};

static int64_t time_of(struct span state)
{
	struct span text;
	int64_t time;

	if (!jcs_find_string(state, "timestamp", &text) ||
	    timestamp_parse(text, &time, NULL, NULL) < 0)
		return INT64_MIN;
	return time;
}

static int look(void *arg, const struct view_entity *entity, struct err *err)
{
	struct newest *newest = arg;
	const unsigned char *id;
	int64_t time;

	if (!entity->state.at)
		return 0;
	id = entity->records[entity->records_n - 1].id;
	time = time_of(entity->state);
	if (newest->has_one &&
	    (time < newest->time ||
	     (time == newest->time &&
	      memcmp(id, newest->id, RECORD_ID_BYTES) < 0)))
		return 0;
	newest->has_one = true;
	newest->time = time;
	memcpy(newest->id, id, RECORD_ID_BYTES);
	buf_reset(&newest->state);
	return buf_add_span(&newest->state, entity->state, err);
}

/* The reference below a member of the state; of a folder its main file. */
static bool find_bytes(struct span state, const char *member,
		       unsigned char digest[SHA256_BYTES])
{
	struct span source;
	struct span file;
	uint64_t size;

	if (!jcs_find(state, member, &source))
		return false;
	if (blob_ref_parse(source, digest, &size))
		return true;
	if (!jcs_find(source, "capsule.json", &file) ||
	    !blob_ref_parse(file, digest, &size))
		return false;
	out_note("this capsule was a folder: its other files are blobs that "
		 "its record names");
	return true;
}

/* The exact bytes where the vault has them, else the emptied ones. */
static int find_source(struct span state, unsigned char digest[SHA256_BYTES],
		       struct err *err)
{
	if (find_bytes(state, "source", digest))
		return 0;
	if (!find_bytes(state, "redacted", digest))
		return err_set(err, ERR_NOT_FOUND,
			       "the newest capsule has no source bytes");
	out_note("what this capsule says of the machine that made it was "
		 "emptied when it was imported");
	return 0;
}

int export_capsule(struct session *session, struct view *view)
{
	struct newest newest = { .state = BUF_INIT(BUF_NO_LIMIT) };
	const struct view_visitor visitor = { look, &newest };
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	struct err *err = &session->err;
	unsigned char digest[SHA256_BYTES];
	int rc;

	rc = view_each(view, kind_find(span_str("capsule")), true, &visitor,
		       err);
	if (rc >= 0 && !newest.has_one)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' has no capsule",
			     view_title(view));
	if (rc >= 0)
		rc = find_source(buf_span(&newest.state), digest, err);
	if (rc >= 0)
		rc = blob_read(view->vault->store, view->codec, &view->tree,
			       digest, &bytes, err);
	if (rc < 0)
		goto out;
	export_bytes(buf_span(&bytes));
out:
	buf_release(&newest.state);
	buf_release(&bytes);
	return rc;
}
