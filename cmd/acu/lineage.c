#include "cmd/acu/acu.h"

#include <stdlib.h>

#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jcs_write.h"
#include "lib/json/jdoc.h"
#include "lib/os/file.h"

#define DATA_MAX_BYTES ((size_t)64 << 20)
#define KEY_BYTES 16

/* "parents", "links" to them behind those that were given, and "parent" where
 * there is one only. */
static int add_lineage(struct acu_lineage *lineage, struct span given,
		       struct jcs_fields *fields, struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(given);
	struct buf parents = BUF_INIT(BUF_NO_LIMIT);
	struct buf links = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i;
	int rc = 0;

	while (rc >= 0 && jcs_next(&iter, NULL, &value)) {
		rc = buf_add_char(&links, links.len ? ',' : '[', err);
		if (rc >= 0)
			rc = buf_add_span(&links, value, err);
	}
	for (i = 0; rc >= 0 && i < lineage->parents_n; i++) {
		rc = buf_add_char(&parents, i ? ',' : '[', err);
		if (rc >= 0)
			rc = jcs_add_string(&parents,
					    buf_span(&lineage->parents[i]), err);
		if (rc >= 0)
			rc = buf_add_char(&links, links.len ? ',' : '[', err);
		if (rc >= 0)
			rc = acu_link_data("derived_from",
					   buf_span(&lineage->parents[i]), 1,
					   &links, err);
	}
	if (rc >= 0 && lineage->parents_n == 1)
		rc = jcs_fields_text(fields, "parent",
				     buf_span(&lineage->parents[0]), err);
	if (rc >= 0)
		rc = buf_add_char(&parents, ']', err);
	if (rc >= 0)
		rc = buf_add_char(&links, ']', err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "parents", buf_span(&parents),
				    err);
	if (rc >= 0)
		rc = jcs_fields_raw(fields, "links", buf_span(&links), err);
	buf_release(&parents);
	buf_release(&links);
	return rc;
}

/* given: the canonical object of --data. */
static int make_data(struct acu_lineage *lineage, struct span given,
		     struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(given);
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct span links = span_of(NULL, 0);
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	int rc = 0;

	while (rc >= 0 && jcs_next(&iter, &name, &value)) {
		if (span_equals(name, span_str("parent")) ||
		    span_equals(name, span_str("parents"))) {
			rc = err_set(err, ERR_INVALID, "the parents of an acu "
				     "are named by words, not by its data");
			break;
		}
		if (span_equals(name, span_str("links"))) {
			links = value;
			continue;
		}
		buf_reset(&text);
		rc = jcs_inner_decode(name, &text, err);
		if (rc >= 0)
			rc = jcs_fields_add(&fields, buf_span(&text), value,
					    err);
	}
	if (rc >= 0 && links.at && jcs_type_of(links) != JCS_ARRAY)
		rc = err_set(err, ERR_INVALID, "'links' is no array");
	if (rc >= 0)
		rc = add_lineage(lineage, links, &fields, err);
	if (rc >= 0)
		rc = jcs_fields_write(&fields, &lineage->data, err);
	jcs_fields_release(&fields);
	buf_release(&text);
	return rc;
}

static int read_data(struct acu_lineage *lineage, struct err *err)
{
	static const struct jdoc_options options = {
		.flags = JDOC_DUPLICATES_REFUSE | JDOC_SURROGATES_KEEP,
	};
	const char *word = lineage->job->data ? lineage->job->data : "{}";
	struct buf source = BUF_INIT(DATA_MAX_BYTES);
	struct buf given = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;
	int rc;

	if (strcmp(word, "-"))
		rc = buf_add_str(&source, word, err);
	else
		rc = file_read_fd(0, "standard input", DATA_MAX_BYTES, &source,
				  err);
	if (rc >= 0)
		rc = jdoc_parse(buf_span(&source), &options, &doc, err);
	if (rc >= 0 && !jval_is(jdoc_root(doc), JVAL_OBJECT))
		rc = err_set(err, ERR_INVALID,
			     "an acu's data must be a JSON object");
	if (rc >= 0)
		rc = jdoc_to_jcs(jdoc_root(doc), &given, err);
	if (rc >= 0)
		rc = make_data(lineage, buf_span(&given), err);
	jdoc_free(doc);
	buf_release(&source);
	buf_release(&given);
	return rc;
}

/* The name follows from what it says, so that saying it again, here or on
 * another device, makes the same record. */
static int make_entity(struct acu_lineage *lineage, struct err *err)
{
	static const char label[] = "vvault acu derive";
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	int rc;

	sha256_init(&hash);
	sha256_add(&hash, label, sizeof(label));
	sha256_add(&hash, lineage->data.data, lineage->data.len);
	sha256_finish(&hash, digest);
	rc = buf_add_str(&lineage->entity, "acu:", err);
	return rc < 0 ? rc : base32_add(&lineage->entity, digest, KEY_BYTES, err);
}

int acu_lineage_read(struct acu_lineage *lineage, char **words, int n,
		     struct err *err)
{
	int rc;

	lineage->data = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	lineage->entity = lineage->data;
	memcpy(lineage->at, HLC_UNKNOWN_TEXT, sizeof(lineage->at));
	lineage->parents = calloc((size_t)n, sizeof(*lineage->parents));
	if (!lineage->parents)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = view_open(lineage->job->vault, lineage->job->construct,
		       &lineage->view, err);
	if (rc >= 0)
		rc = acu_parents_find(lineage, words, n, err);
	if (rc >= 0)
		rc = read_data(lineage, err);
	return rc < 0 ? rc : make_entity(lineage, err);
}

void acu_lineage_release(struct acu_lineage *lineage)
{
	while (lineage->parents_n)
		buf_release(&lineage->parents[--lineage->parents_n]);
	free(lineage->parents);
	view_free(lineage->view);
	buf_release(&lineage->data);
	buf_release(&lineage->entity);
}
