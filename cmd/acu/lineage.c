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
static void put_lineage(const struct acu_lineage *lineage, struct span given,
			struct jcs_fields *fields)
{
	struct jcs_iter iter = jcs_iter_array(given);
	struct buf parents = BUF_INIT(BUF_NO_LIMIT);
	struct buf links = BUF_INIT(BUF_NO_LIMIT);
	struct span value;
	size_t i;

	while (jcs_next(&iter, NULL, &value)) {
		buf_put_char(&links, links.len ? ',' : '[');
		buf_put_span(&links, value);
	}
	for (i = 0; i < lineage->parents_n; i++) {
		value = buf_span(&lineage->parents[i]);
		buf_put_char(&parents, i ? ',' : '[');
		jcs_put_string(&parents, value);
		buf_put_char(&links, links.len ? ',' : '[');
		acu_put_link(&links, "derived_from", value, 1);
	}
	buf_put_char(&parents, ']');
	buf_put_char(&links, ']');
	if (lineage->parents_n == 1)
		fields_text(fields, "parent", value);
	fields_buf(fields, "parents", &parents);
	fields_buf(fields, "links", &links);
	buf_release(&parents);
	buf_release(&links);
}

static bool is_of_lineage(struct span name)
{
	return span_equals(name, span_str("parent")) ||
	       span_equals(name, span_str("parents"));
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

	while (rc == 0 && jcs_next(&iter, &name, &value)) {
		if (span_equals(name, span_str("links"))) {
			links = value;
			continue;
		}
		buf_reset(&text);
		rc = is_of_lineage(name) ?
		     err_set(err, ERR_INVALID, "the parents of an acu are "
			     "named by words, not by its data") :
		     jcs_inner_decode(name, &text, err);
		if (rc == 0)
			fields_add(&fields, buf_span(&text), value);
	}
	if (rc == 0 && links.at && jcs_type_of(links) != JCS_ARRAY)
		rc = err_set(err, ERR_INVALID, "'links' is no array");
	if (rc == 0) {
		put_lineage(lineage, links, &fields);
		rc = jcs_fields_write(&fields, &lineage->data, err);
	}
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
		rc = file_read_fd(lineage->job->input, "standard input",
				  DATA_MAX_BYTES, &source, err);
	if (rc == 0)
		rc = jdoc_parse(buf_span(&source), &options, &doc, err);
	if (rc == 0 && !jval_is(jdoc_root(doc), JVAL_OBJECT))
		rc = err_set(err, ERR_INVALID,
			     "an acu's data must be a JSON object");
	if (rc == 0)
		rc = jdoc_to_jcs(jdoc_root(doc), &given, err);
	if (rc == 0)
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

int acu_lineage_read(struct acu_lineage *lineage, const char *const *words,
		     size_t n, struct err *err)
{
	int rc;

	lineage->data = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	lineage->entity = lineage->data;
	memcpy(lineage->at, HLC_UNKNOWN_TEXT, sizeof(lineage->at));
	lineage->parents = calloc(n, sizeof(*lineage->parents));
	if (!lineage->parents)
		return err_set(err, ERR_NOMEM, "out of memory");
	rc = view_open(lineage->job->vault, lineage->job->construct,
		       &lineage->view, err);
	if (rc == 0)
		rc = acu_parents_find(lineage, words, n, err);
	if (rc == 0)
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
