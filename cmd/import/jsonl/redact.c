#include "cmd/import/jsonl/redact.h"

#include "cmd/import/records/environment.h"
#include "lib/json/jcs_scan.h"
#include "objects/blob/blob.h"

static void held_release(struct jsonl_redact *redact)
{
	while (redact->held_n) {
		struct jsonl_held *held = &redact->held[--redact->held_n];

		buf_release(&held->bytes);
		buf_release(&held->media);
	}
}

void jsonl_redact_release(struct jsonl_redact *redact)
{
	held_release(redact);
	table_release(&redact->emptied);
	buf_release(&redact->refs);
	buf_release(&redact->line);
}

static int redact_parse(struct span bytes, struct jdoc **out)
{
	static const struct jdoc_options options = {
		.max_bytes = CAPSULE_MAX_BYTES,
		.max_depth = CAPSULE_DEPTH_MAX,
		.flags = JDOC_NAN_OK | JDOC_SURROGATES_KEEP | JDOC_BOM_SKIP,
	};

	return jdoc_parse(bytes, &options, out, NULL);
}

void jsonl_redact_hold(struct jsonl_redact *redact,
		       const struct import_job *job,
		       const struct jsonl_held *blob, bool *out_is_held)
{
	struct jdoc *doc = NULL;

	*out_is_held = false;
	if (!import_redacts(job) || redact->held_n == JSONL_HELD_MAX ||
	    !span_equals(buf_span(&blob->media),
			 span_str("application/json")) ||
	    redact_parse(buf_span(&blob->bytes), &doc) < 0)
		return;
	*out_is_held = environment_is_inside(jdoc_root(doc)) ||
		       jdoc_duplicates(doc);
	jdoc_free(doc);
	if (*out_is_held)
		redact->held[redact->held_n++] = *blob;
}

static struct jsonl_held *find_held(struct jsonl_redact *redact,
				    const unsigned char *digest)
{
	size_t i;

	for (i = 0; i < redact->held_n; i++) {
		if (!memcmp(redact->held[i].digest, digest, SHA256_BYTES))
			return &redact->held[i];
	}
	return NULL;
}

/* Store bytes; the digest of what was stored becomes known. */
static int store(struct import_job *job, struct table *stored,
		 struct span bytes, const char *media, struct buf *ref,
		 struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	int rc;

	sha256_of(bytes.at, bytes.len, digest);
	rc = writer_add_blob(job->writer, bytes, media, ref, err);
	return rc < 0 ? rc : table_put(stored, digest, 0, err);
}

static int empty_held(struct jsonl_redact *redact, struct import_job *job,
		      struct table *stored, const struct jsonl_held *held,
		      struct err *err)
{
	struct buf emptied = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	size_t at = redact->refs.len;
	int rc;

	rc = redact_parse(buf_span(&held->bytes), &doc);
	if (rc < 0)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = environment_redact(doc, buf_span(&held->bytes), &emptied, err);
	if (rc == 0)
		rc = store(job, stored, buf_span(&emptied),
			   buf_text(&held->media), &redact->refs, err);
	if (rc == 0)
		rc = buf_add_char(&redact->refs, '\0', err);
	if (rc == 0)
		rc = table_put(&redact->emptied, held->digest, at, err);
	jdoc_free(doc);
	buf_release(&emptied);
	return rc;
}

/* One reference, as it is or that of the emptied bytes. */
static int replace_ref(struct jsonl_redact *redact, struct import_job *job,
		       struct table *stored, struct span ref, struct buf *out,
		       struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	const struct jsonl_held *held;
	uint64_t size;
	uint64_t at;
	int rc = 0;

	if (!blob_ref_parse(ref, digest, &size))
		return buf_add_span(out, ref, err);
	held = find_held(redact, digest);
	if (held && !table_get(&redact->emptied, digest, NULL))
		rc = empty_held(redact, job, stored, held, err);
	if (rc < 0)
		return rc;
	if (table_get(&redact->emptied, digest, &at))
		return buf_add_str(out, redact->refs.data + at, err);
	return buf_add_span(out, ref, err);
}

/* A source: one reference, or an object of such by file name. */
static int replace_source(struct jsonl_redact *redact, struct import_job *job,
			  struct table *stored, struct span source,
			  struct buf *out, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	struct jcs_iter iter = jcs_iter_object(source);
	const char *between = "{";
	struct span name;
	struct span ref;
	uint64_t size;
	int rc = 0;

	if (blob_ref_parse(source, digest, &size) ||
	    jcs_type_of(source) != JCS_OBJECT)
		return replace_ref(redact, job, stored, source, out, err);
	while (rc == 0 && jcs_next(&iter, &name, &ref)) {
		buf_putf(out, "%s\"%.*s\":", between, (int)name.len, name.at);
		rc = replace_ref(redact, job, stored, ref, out, err);
		between = ",";
	}
	buf_put_str(out, *between == '{' ? "{}" : "}");
	return rc < 0 ? rc : buf_end(out, err);
}

/* data with "redacted" in place of "source". */
static int replace_data(struct span data, struct span redacted,
			struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_iter iter = jcs_iter_object(data);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	int rc = 0;

	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		if (span_equals(name, span_str("source")) ||
		    span_equals(name, span_str("redacted")))
			continue;
		buf_reset(&text);
		rc = jcs_inner_decode(name, &text, err);
		if (rc == 0)
			fields_add(&fields, buf_span(&text), value);
	}
	fields_raw(&fields, "redacted", redacted);
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&text);
	return rc;
}

static int redact_capsule(struct jsonl_redact *redact, struct import_job *job,
			  struct table *stored, struct span *line,
			  struct err *err)
{
	struct buf replaced = BUF_INIT(BUF_NO_LIMIT);
	struct buf *out = &redact->line;
	struct span source;
	struct span data;
	const char *end;
	int rc;

	if (!jcs_find(*line, "data", &data) ||
	    !jcs_find(data, "source", &source))
		return 0;
	rc = replace_source(redact, job, stored, source, &replaced, err);
	if (rc < 0 || span_equals(buf_span(&replaced), source))
		goto out;
	buf_reset(out);
	end = data.at + data.len;
	buf_put(out, line->at, (size_t)(data.at - line->at));
	rc = replace_data(data, buf_span(&replaced), out, err);
	buf_put(out, end, (size_t)(line->at + line->len - end));
	if (rc == 0)
		rc = buf_end(out, err);
	if (rc == 0) {
		*line = buf_span(out);
		redact->count++;
	}
out:
	buf_release(&replaced);
	return rc;
}

int jsonl_redact_record(struct jsonl_redact *redact, struct import_job *job,
			struct table *stored, struct span *line,
			struct err *err)
{
	struct buf ref = BUF_INIT(4096);
	const struct jsonl_held *held;
	size_t i;
	int rc = 0;

	if (!redact->held_n && !redact->emptied.count)
		return 0;
	if (span_ends(*line, ",\"type\":\"capsule:create\"}")) {
		rc = jcs_check(*line, err);
		if (rc == 0)
			rc = redact_capsule(redact, job, stored, line, err);
	}
	for (i = 0; rc == 0 && i < redact->held_n; i++) {
		held = &redact->held[i];
		if (table_get(&redact->emptied, held->digest, NULL))
			continue;
		buf_reset(&ref);
		rc = store(job, stored, buf_span(&held->bytes),
			   buf_text(&held->media), &ref, err);
	}
	held_release(redact);
	buf_release(&ref);
	return rc;
}
