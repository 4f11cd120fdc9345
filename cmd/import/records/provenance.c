#include "cmd/import/records/provenance.h"

#include "cmd/import/input/bundle.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_write.h"
#include "lib/os/file.h"
#include "lib/time/hlc.h"
#include "objects/blob/blob.h"

/* The parts of a source that could not be read, with their bytes. */
static void put_bad(const struct import_source *source,
		    struct jcs_fields *fields)
{
	struct jcs_fields one = JCS_FIELDS_INIT;
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	const struct import_skip *bad;
	size_t i;

	for (i = 0; i < source->malformed.n; i++) {
		bad = &source->malformed.at[i];
		if (!bad->blob)
			continue;
		jcs_fields_reset(&one);
		fields_raw(&one, "bytes", span_str(bad->blob));
		fields_integer(&one, "offset", (int64_t)bad->offset);
		fields_str(&one, "reason", bad->reason);
		buf_put_char(&list, list.len ? ',' : '[');
		buf_fail(&list, jcs_fields_write(&one, &list, NULL));
	}
	if (list.len) {
		buf_put_char(&list, ']');
		fields_buf(fields, "bad", &list);
	}
	jcs_fields_release(&one);
	buf_release(&list);
}

/* The bytes as they are kept: without the secrets, in memory, or the file. */
static int keep_bytes(struct import_source *source, struct writer *writer,
		      struct buf *ref, struct err *err)
{
	struct import_input *input = &source->input;
	struct file_map map = FILE_MAP_INIT;
	struct span bytes = buf_span(&source->kept);
	int rc = 0;

	if (!source->has_kept && input->is_loaded) {
		bytes = buf_span(&input->head);
	} else if (!source->has_kept && !input->is_pipe && !input->unpack) {
		rc = file_map_open(&map, input->path, BLOB_MAX_BYTES, err);
		bytes = map.bytes;
	} else if (!source->has_kept) {
		rc = input_load(input, BLOB_MAX_BYTES, err);
		bytes = buf_span(&input->head);
	}
	if (rc == 0)
		rc = writer_add_blob(writer, bytes, "application/octet-stream",
				     ref, err);
	file_map_release(&map);
	return rc;
}

struct origin {
	struct import_job *job;
	struct import_source *source;
	unsigned char digest[SHA256_BYTES];
	bool keeps;
};

static int origin_data(const struct origin *origin, struct writer *writer,
		       struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct import_source *source = origin->source;
	struct buf ref = BUF_INIT(4096);
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	int rc = 0;

	hex_text(origin->digest, SHA256_BYTES, hex);
	fields_str(&fields, "sha256", hex);
	fields_str(&fields, "format", source->format->name);
	/* Of an archive it is the size of what it unpacks to, and of compressed
	 * data that of the data; the hash is of what they hold. */
	if (!source->input.bundle && !source->input.unpack)
		fields_integer(&fields, "size", (int64_t)source->input.size);
	if (origin->keeps) {
		rc = keep_bytes(source, writer, &ref, err);
		fields_raw(&fields, source->has_kept ? "redacted" : "bytes",
			   buf_span(&ref));
	}
	put_bad(source, &fields);
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&ref);
	return rc;
}

static int put_origin(const struct origin *origin, const char *construct,
		      struct err *err)
{
	struct record_parts parts = {
		.type = "source:create", .at = HLC_UNKNOWN_TEXT,
	};
	char entity[sizeof("source:") + HEX_TEXT(SHA256_BYTES)] = "source:";
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct writer *writer;
	int rc;

	hex_text(origin->digest, SHA256_BYTES, entity + strlen(entity));
	rc = import_writer(origin->job, construct, &writer, err);
	if (rc == 0)
		rc = origin_data(origin, writer, &data, err);
	parts.entity = span_str(entity);
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = writer_add_source(writer, &parts, NULL, err);
	buf_release(&data);
	return rc;
}

static bool has_kept_bad(const struct import_source *source)
{
	size_t i;

	for (i = 0; i < source->malformed.n; i++) {
		if (source->malformed.at[i].blob)
			return true;
	}
	return false;
}

int provenance_put(struct import_job *job, struct import_source *source,
		   struct err *err)
{
	struct origin origin = { .job = job, .source = source };
	const struct import_share *share;
	bool is_wanted;
	size_t i;
	int rc;

	if (job->sink || source->format->keeps_origin)
		return 0;
	if (source->is_refused && !has_kept_bad(source))
		return 0;
	origin.keeps = !source->is_refused &&
		       (source->format->keeps_source || job->options.keeps_source);
	if (origin.keeps && (secret_counts_sum(&source->secrets) ||
			     (source->redactions && !source->has_kept))) {
		origin.keeps = false;
		rc = import_note(source, err, "the exact bytes are not kept: "
				 "they hold what was left out as secret");
		if (rc < 0)
			return rc;
	}
	is_wanted = origin.keeps || has_kept_bad(source);
	if (source->input.is_folder || source->input.is_pipe ||
	    source->is_database)
		return is_wanted ? import_note(source, err, "the exact bytes "
			"of a folder, pipe or database are not kept: give "
			"another file") : 0;
	if (!is_wanted && source->known == source->imported)
		return 0;
	rc = input_sha256(&source->input, origin.digest, err);
	if (rc == 0 && !source->shares.n && has_kept_bad(source))
		rc = put_origin(&origin, source->construct, err);
	for (i = 0; rc == 0 && i < source->shares.n; i++) {
		share = &source->shares.at[i];
		if (is_wanted || share->known < share->imported)
			rc = put_origin(&origin, share->construct, err);
	}
	return rc;
}
