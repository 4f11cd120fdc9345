#include "cmd/import/capsule/capsule_internal.h"

#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "lib/time/hlc.h"
#include "lib/time/timestamp.h"

#define KEY_MAX_BYTES 128	/* of a foreign text in an entity */

int capsule_give(const struct capsule_sink *sink, struct record_parts parts,
		 const struct buf *entity, struct jcs_fields *fields,
		 struct err *err)
{
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	int rc = buf_end(entity, err);

	if (rc == 0)
		rc = jcs_fields_write(fields, &data, err);
	parts.entity = buf_span(entity);
	parts.data = buf_span(&data);
	if (rc == 0)
		rc = sink->record(sink->arg, &parts, err);
	buf_release(&data);
	return rc;
}

int capsule_construct_record(const struct capsule *capsule,
			     const char *construct,
			     const struct capsule_sink *sink, struct err *err)
{
	const struct record_parts parts = {
		.type = "construct:create", .at = HLC_UNKNOWN_TEXT,
	};
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	int rc;

	buf_putf(&entity, "construct:%s", construct);
	fields_text(&fields, "name", capsule->name ?
		    jval_text(capsule->name) : span_str(construct));
	rc = capsule_give(sink, parts, &entity, &fields, err);
	jcs_fields_release(&fields);
	buf_release(&entity);
	return rc;
}

/* May this text of the source stand in an entity? */
static bool is_key(const struct jval *value)
{
	struct span text = jval_text(value);
	size_t i;

	for (i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		      (c >= 'A' && c <= 'Z') || strchr("-_.:+", c)) || !c)
			return false;
	}
	return text.len > 0 && text.len <= KEY_MAX_BYTES;
}

/*
 * Chatty and memup keep a uuid from one snapshot to the next, so that the
 * time must tell these apart; else they would fold into one.
 */
static bool has_lasting_uuid(const struct capsule *capsule)
{
	return capsule->dialect == CAPSULE_CHATTY ||
	       capsule->dialect == CAPSULE_MEMUP_2_0 ||
	       capsule->dialect == CAPSULE_MEMUP_2_1;
}

static void put_entity(const struct capsule *capsule, struct buf *out)
{
	bool needs_time = has_lasting_uuid(capsule);

	buf_put_str(out, "capsule:");
	if (!is_key(capsule->uuid) ||
	    (needs_time && !is_key(capsule->timestamp))) {
		buf_fail(out, hex_add(out, capsule->digest, SHA256_BYTES,
				      NULL));
		return;
	}
	buf_put_span(out, jval_text(capsule->uuid));
	if (needs_time) {
		buf_put_char(out, '/');
		buf_put_span(out, jval_text(capsule->timestamp));
	}
}

static void capsule_time(const struct capsule *capsule, char at[HLC_TEXT_MAX])
{
	int64_t micros;

	if (!capsule->timestamp ||
	    timestamp_parse(jval_text(capsule->timestamp), &micros, NULL,
			    NULL) < 0)
		memcpy(at, HLC_UNKNOWN_TEXT, sizeof(HLC_UNKNOWN_TEXT));
	else
		hlc_import_text(micros, at);
}

int capsule_record(const struct capsule *capsule, const char *construct,
		   const struct capsule_source *source,
		   const struct capsule_sink *sink, struct err *err)
{
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	struct jcs_fields data = JCS_FIELDS_INIT;
	struct record_parts parts = { .type = "capsule:create" };
	char at[HLC_TEXT_MAX];
	int rc;

	capsule_time(capsule, at);
	parts.at = at;
	put_entity(capsule, &entity);
	capsule_data(capsule, construct, source, &data);
	rc = capsule_give(sink, parts, &entity, &data, err);
	buf_release(&entity);
	jcs_fields_release(&data);
	return rc;
}
