#include "cmd/action/result.h"
#include "cmd/export/export.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

/* The reference below a member of the state; of a folder its main file. */
static bool find_bytes(const struct export *export, struct span state,
		       const char *member, unsigned char digest[SHA256_BYTES])
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
	host_note(export->host, "this capsule was a folder: its other files "
		  "are blobs that its record names");
	return true;
}

/* The exact bytes where the vault has them, else the emptied ones. */
static int find_source(const struct export *export, struct span state,
		       unsigned char digest[SHA256_BYTES], struct err *err)
{
	if (find_bytes(export, state, "source", digest))
		return 0;
	if (!find_bytes(export, state, "redacted", digest))
		return err_set(err, ERR_NOT_FOUND,
			       "the newest capsule has no source bytes");
	host_note(export->host, "what this capsule says of the machine that "
		  "made it was emptied when it was imported");
	return 0;
}

int export_capsule(const struct export *export, struct err *err)
{
	struct view *view = export->view;
	struct buf state = BUF_INIT(BUF_NO_LIMIT);
	struct buf bytes = BUF_INIT(BLOB_MAX_BYTES);
	unsigned char digest[SHA256_BYTES];
	bool is_found;
	int rc;

	rc = view_newest_capsule(view, &state, NULL, &is_found, err);
	if (rc == 0 && !is_found)
		rc = err_set(err, ERR_NOT_FOUND, "'%s' has no capsule",
			     view_title(view));
	if (rc == 0)
		rc = find_source(export, buf_span(&state), digest, err);
	if (rc == 0)
		rc = blob_read(view->vault->store, view->codec, &view->tree,
			       digest, &bytes, err);
	if (rc == 0)
		rc = export_bytes(export, &bytes, err);
	buf_release(&state);
	buf_release(&bytes);
	return rc;
}
