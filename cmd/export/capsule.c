#include "cmd/export/export.h"

#include "cmd/action/result.h"
#include "cmd/cli/out.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

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
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	struct err *err = &session->err;
	unsigned char digest[SHA256_BYTES];
	bool is_found;
	int rc;

	rc = view_newest_capsule(view, &state, &is_found, err);
	if (rc >= 0 && !is_found)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' has no capsule",
			     view_title(view));
	if (rc >= 0)
		rc = find_source(buf_span(&state), digest, err);
	if (rc >= 0)
		rc = blob_read(view->vault->store, view->codec, &view->tree,
			       digest, &bytes, err);
	if (rc < 0)
		goto out;
	export_bytes(buf_span(&bytes));
out:
	buf_release(&state);
	buf_release(&bytes);
	return rc;
}
