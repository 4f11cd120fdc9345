#include "cmd/export/export.h"

#include <string.h>

#include "cmd/import/jsonl/jsonl.h"
#include "lib/base/table.h"
#include "lib/id/cid.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

#define REFERENCE "$blob\":\""	/* quotes in a text would be escaped */
#define JSON_MEDIA "\"application/json\""
#define NESTED_MAX 64		/* blobs in blobs; none of ours go deeper */
#define PROGRESS_EVERY 4096

/* One run: blobs go out before the first record that needs them. */
struct lines {
	const struct export *export;
	struct table written;		/* digests of blobs */
	unsigned depth;			/* of the blob that is being written */
	struct buf line;
	uint64_t records;
};

static int write_pieces(struct lines *lines, const unsigned char *digest,
			struct span media, struct span blob, struct err *err)
{
	struct buf *line = &lines->line;
	char cid[CID_TEXT_MAX];
	size_t offset = 0;
	size_t len;
	int rc;

	cid_text(CID_RAW, digest, cid);
	do {
		len = blob.len - offset;
		if (len > JSONL_PIECE_BYTES)
			len = JSONL_PIECE_BYTES;
		buf_putf(line, "{\"$blob\":\"%s\",\"bytes\":\"", cid);
		buf_fail(line, base64_add(line, blob.at + offset, len, NULL));
		buf_put_str(line, "\",\"media\":");
		buf_put_span(line, media);
		buf_putf(line, ",\"offset\":%zu,\"size\":%zu}\n", offset,
			 blob.len);
		rc = export_bytes(lines->export, line, err);
		offset += JSONL_PIECE_BYTES;
	} while (rc == 0 && offset < blob.len);
	return rc;
}

static int write_blobs(struct lines *lines, struct span value,
		       struct err *err);

/* A part of a record that was too large may hold references of its own. */
static int write_nested(struct lines *lines, struct span media,
			struct span blob, struct err *err)
{
	int rc;

	if (!span_equals(media, span_str(JSON_MEDIA)) ||
	    !span_has(blob, REFERENCE) || jcs_check(blob, NULL) < 0)
		return 0;
	if (lines->depth == NESTED_MAX)
		return err_set(err, ERR_LIMIT, "blobs lie in blobs, more than "
			       "%d deep", NESTED_MAX);
	lines->depth++;
	rc = write_blobs(lines, blob, err);
	lines->depth--;
	return rc;
}

static int write_blob(struct lines *lines, const unsigned char *digest,
		      struct span media, struct err *err)
{
	struct buf blob = BUF_INIT(BLOB_MAX_BYTES);
	bool is_there;
	bool is_new;
	int rc;

	rc = table_include(&lines->written, digest, &is_new, err);
	if (rc < 0 || !is_new)
		return rc;
	rc = view_blob(lines->export->view, digest, &blob, &is_there, err);
	/* Without it the record goes out all the same, with its reference. */
	if (rc == 0 && is_there)
		rc = write_nested(lines, media, buf_span(&blob), err);
	if (rc == 0 && is_there)
		rc = write_pieces(lines, digest, media, buf_span(&blob), err);
	buf_release(&blob);
	return rc;
}

/* Blobs below a value of a record, however deep: at most JCS_DEPTH_MAX. */
static int write_blobs(struct lines *lines, struct span value,
		       struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct jcs_iter iter;
	struct span media;
	struct span inner;
	uint64_t size;
	int rc = 0;

	if (blob_ref_parse(value, digest, &size)) {
		jcs_find(value, "media", &media);
		return write_blob(lines, digest, media, err);
	}
	if (jcs_type_of(value) == JCS_OBJECT)
		iter = jcs_iter_object(value);
	else
		iter = jcs_iter_array(value);
	while (rc == 0 && jcs_next(&iter, NULL, &inner)) {
		if (jcs_type_of(inner) == JCS_OBJECT ||
		    jcs_type_of(inner) == JCS_ARRAY)
			rc = write_blobs(lines, inner, err);
	}
	return rc;
}

static int write_record(void *arg, const struct fold_record *record,
			struct err *err)
{
	struct host_progress progress = { .what = "exporting" };
	struct lines *lines = arg;
	struct span line = record->record.line;
	int rc = 0;

	/* What one vault forgets is not for another one to. */
	if (!strcmp(record->record.kind->name, "forget"))
		return 0;
	if (span_has(line, REFERENCE))
		rc = write_blobs(lines, record->record.data, err);
	if (rc < 0)
		return rc;
	buf_put_span(&lines->line, line);
	buf_put_char(&lines->line, '\n');
	progress.done = ++lines->records;
	if (lines->records % PROGRESS_EVERY == 0)
		host_progress(lines->export->host, &progress);
	return export_bytes(lines->export, &lines->line, err);
}

int export_jsonl(const struct export *export, struct err *err)
{
	struct lines lines = {
		.export = export,
		.written = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.line = BUF_INIT(BUF_NO_LIMIT),
	};
	const struct view_record_visitor visitor = { write_record, &lines };
	int rc;

	/* A name needs no escapes; the record of a construct that this device
	 * cannot read cannot be exported either. */
	buf_putf(&lines.line, "{\"$vvault\":\"" JSONL_FORMAT "\","
		 "\"construct\":\"%s\"}\n", export->view->construct);
	rc = export_bytes(export, &lines.line, err);
	if (rc == 0)
		rc = view_records(export->view, &visitor, err);
	host_progress_end(export->host);
	table_release(&lines.written);
	buf_release(&lines.line);
	return rc;
}
