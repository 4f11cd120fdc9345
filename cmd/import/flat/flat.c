#include "cmd/import/flat/flat.h"

#include "cmd/import/input/whole.h"
#include "cmd/import/sniff.h"
#include "lib/id/encode.h"

#define SHORT_BYTES 8

static int read_value(void *arg, const struct source_value *given,
		      struct err *err)
{
	struct flat *flat = arg;

	flat->given = given;
	return flat->format->value ? flat->format->value(flat, err) :
		flat_talk(flat, err);
}

static int read_document(struct flat *flat, struct err *err)
{
	struct source_value given = { NULL, { NULL, 0 }, 0 };
	struct jdoc *doc = NULL;
	int rc;

	rc = whole_read_begun(flat->job, flat->source,
			      flat->format->max_depth, &doc, err);
	if (rc)
		return rc;
	given.value = jdoc_root(doc);
	given.text = given.value->raw;
	given.offset = jdoc_offset(doc, given.value);
	rc = read_value(flat, &given, err);
	jdoc_free(doc);
	if (rc == 0 && !flat->source->imported && flat->source->malformed.n)
		rc = import_refuse(flat->source, "nothing of it can be read",
				   NULL, err);
	return rc;
}

static void release(struct flat *flat)
{
	table_release(&flat->seen);
	table_release(&flat->turn_keys);
	jcs_fields_release(&flat->memory.fields);
	buf_release(&flat->memory.entity);
	buf_release(&flat->memory.links);
	chat_release(&flat->chat);
	buf_release(&flat->key);
	buf_release(&flat->next_key);
	buf_release(&flat->last);
	parts_release(&flat->parts);
	jcs_fields_release(&flat->native);
	buf_release(&flat->turn_key);
	buf_release(&flat->text);
	link_talk_release(&flat->links);
}

/* Wherever the values of the source are. */
static int read_values(struct flat *flat, struct err *err)
{
	const struct flat_format *format = flat->format;
	const struct values_visitor visitor = { read_value, flat };
	struct span head = buf_span(&flat->source->input.head);

	if (format->rows && database_is_magic(head))
		return rows_values(flat->job, flat->source, format->rows,
				   &visitor, err);
	if (format->document && sniff_signs(head, format->document))
		return read_document(flat, err);
	return values_each(flat->job, flat->source, format->list,
			   format->max_depth ? format->max_depth :
			   FLAT_DEPTH_MAX, &visitor, err);
}

int flat_give(struct flat *flat, struct span json, uint64_t offset,
	      struct err *err)
{
	const struct values_visitor visitor = { read_value, flat };

	return value_give(flat->job, flat->source, json, offset, &visitor,
			  err);
}

int flat_read_given(struct import_job *job, struct import_source *source,
		    void *own, int (*give)(struct flat *flat, struct err *err),
		    struct err *err)
{
	const struct flat_format *format = source->format->flat;
	const struct buf none = BUF_INIT(BUF_NO_LIMIT);
	struct flat flat = {
		.format = format, .job = job, .source = source, .own = own,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.turn_keys = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.memory = { .fields = JCS_FIELDS_INIT, .entity = none,
			    .links = none },
		.chat = CHAT_INIT, .key = none, .next_key = none,
		.last = none, .parts = PARTS_INIT, .native = JCS_FIELDS_INIT,
		.turn_key = none, .text = none, .links = LINK_TALK_INIT,
		.session = { .created = CHAT_TIME_NONE,
			     .updated = CHAT_TIME_NONE },
	};
	int rc;

	rc = give(&flat, err);
	if (rc == 0 && format->end)
		rc = format->end(&flat, err);
	if (rc == 0 && format->note)
		rc = import_note(source, err, "%s", format->note);
	release(&flat);
	return rc;
}

int flat_read_own(struct import_job *job, struct import_source *source,
		  void *own, struct err *err)
{
	return flat_read_given(job, source, own, read_values, err);
}

int flat_read(struct import_job *job, struct import_source *source,
	      struct err *err)
{
	return flat_read_own(job, source, NULL, err);
}

int flat_malformed(struct flat *flat, const char *reason,
		   const struct jval *value, struct err *err)
{
	uint64_t offset = flat->given->offset +
		(uint64_t)(value->raw.at - flat->given->value->raw.at);

	return import_malformed(flat->job, flat->source, reason, offset,
				value->raw, err);
}

int flat_leave_out(struct flat *flat, const char *reason, struct err *err)
{
	return import_leave_out(flat->source, reason, NULL, err);
}

int flat_claim(struct flat *flat, const struct buf *key, uint64_t holds,
	       enum flat_known *out, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	uint64_t before;
	int rc = buf_end(key, err);

	if (rc < 0)
		return rc;
	sha256_of(key->data, key->len, digest);
	if (table_get(&flat->seen, digest, &before)) {
		*out = before == holds ? FLAT_KNOWN : FLAT_ANOTHER;
		return 0;
	}
	*out = FLAT_NEW;
	return table_add(&flat->seen, digest, holds, NULL, err);
}

static uint64_t begin_of(const unsigned char digest[SHA256_BYTES])
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < sizeof(value); i++)
		value = value << 8 | digest[i];
	return value;
}

int flat_make_key(struct flat *flat, const struct jval *value,
		  struct span id, bool *out_is_new, struct err *err)
{
	return flat_make_key_without(flat, value, NULL, id, out_is_new, err);
}

int flat_make_key_without(struct flat *flat, const struct jval *object,
			  const struct jval *member, struct span id,
			  bool *out_is_new, struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	struct buf *key = &flat->next_key;
	enum flat_known known = FLAT_NEW;
	int rc;

	buf_reset(&flat->text);
	buf_reset(key);
	rc = jdoc_to_jcs_without(object, &member, member != NULL, false,
				 &flat->text, err);
	if (rc < 0)
		return rc;
	sha256_of(flat->text.data, flat->text.len, digest);
	hex_text(digest, sizeof(digest), hex);
	buf_put_span(key, id.len ? id : span_str(hex));
	rc = flat_claim(flat, key, begin_of(digest), &known, err);
	if (rc == 0 && known == FLAT_ANOTHER) {
		hex_text(digest, SHORT_BYTES, hex);
		buf_putf(key, "~%s", hex);
		rc = flat_claim(flat, key, begin_of(digest), &known, err);
	}
	*out_is_new = known != FLAT_KNOWN;
	return rc;
}
