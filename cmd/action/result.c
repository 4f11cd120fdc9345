#include "cmd/action/result.h"

#include <stdio.h>

#include "lib/base/text.h"
#include "lib/id/cid.h"
#include "lib/id/did.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

void result_id(struct jcs_fields *fields, const char *name, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	if (!id) {
		fields_null(fields, name);
		return;
	}
	hex_text(id->id, GIT_OID_RAWSZ, hex);
	fields_str(fields, name, hex);
}

void result_ids(struct jcs_fields *fields, const char *name,
		const git_oid *ids, size_t n)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char hex[GIT_OID_HEXSZ + 1];
	size_t i;

	for (i = 0; i < n; i++) {
		hex_text(ids[i].id, GIT_OID_RAWSZ, hex);
		buf_putf(&list, "%s\"%s\"", i ? "," : "[", hex);
	}
	buf_put_str(&list, n ? "]" : "[]");
	fields_buf(fields, name, &list);
	buf_release(&list);
}

void result_digest(struct jcs_fields *fields, const char *name,
		   const unsigned char digest[SHA256_BYTES])
{
	char hex[HEX_TEXT(SHA256_BYTES) + 1];

	hex_text(digest, SHA256_BYTES, hex);
	fields_str(fields, name, hex);
}

void result_text(struct jcs_fields *fields, const char *name,
		 struct span text)
{
	if (text.len)
		fields_text(fields, name, text);
	else
		fields_null(fields, name);
}

void result_copy(struct jcs_fields *fields, const char *name,
		 struct span object)
{
	struct span value;

	if (jcs_find(object, name, &value))
		fields_raw(fields, name, value);
	else
		fields_null(fields, name);
}

void result_outside(struct jcs_fields *fields, const char *name,
		    const char *text)
{
	struct buf safe = BUF_INIT(BUF_NO_LIMIT);

	if (!text) {
		fields_null(fields, name);
	} else if (text_is_utf8(span_str(text))) {
		fields_str(fields, name, text);
	} else {
		fields_fail(fields, text_escape(&safe, span_str(text), 0,
						NULL), NULL);
		fields_text(fields, name, buf_span(&safe));
	}
	buf_release(&safe);
}

void result_did(struct jcs_fields *fields, const char *name,
		const unsigned char public_key[DID_KEY_BYTES])
{
	char did[DID_TEXT_MAX];

	did_from_public(public_key, did);
	fields_str(fields, name, did);
}

void result_device(struct jcs_fields *fields, const char *name,
		   const char *device)
{
	char did[DID_TEXT_MAX];

	snprintf(did, sizeof(did), DID_PREFIX "%s", device);
	fields_str(fields, name, did);
}

void result_member(struct jcs_fields *fields, struct vault *vault,
		   const unsigned char public_key[DID_KEY_BYTES])
{
	result_text(fields, "name", device_name(vault, public_key));
}

void result_device_name(struct jcs_fields *fields, struct vault *vault,
			const char *device)
{
	unsigned char public[DID_KEY_BYTES];

	if (did_spelled(span_str(device), public))
		result_member(fields, vault, public);
	else
		fields_null(fields, "name");
}

void result_sentence(struct jcs_fields *fields, const char *name,
		     struct vault *vault, const char *text)
{
	struct buf named = BUF_INIT(BUF_NO_LIMIT);

	device_names_put(vault, span_str(text), &named);
	if (buf_end(&named, NULL) == 0)
		text = buf_text(&named);
	result_outside(fields, name, text);
	buf_release(&named);
}

void problems_name_devices(struct vault *vault, struct problem_list *problems)
{
	struct buf named = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < problems->n; i++) {
		struct problem *problem = &problems->at[i];

		buf_reset(&named);
		device_names_put(vault, span_str(problem->message), &named);
		if (buf_end(&named, NULL) == 0)
			snprintf(problem->message, sizeof(problem->message),
				 "%.*s",
				 (int)text_cut(buf_span(&named),
					       sizeof(problem->message) - 1)
					 .len, buf_text(&named));
	}
	buf_release(&named);
}

void result_time(struct jcs_fields *fields, const char *name, int64_t seconds)
{
	char text[TIMESTAMP_TEXT_MAX];

	if (seconds > TIMESTAMP_MAX / TIMESTAMP_SECOND)
		seconds = TIMESTAMP_MAX / TIMESTAMP_SECOND;
	timestamp_text(seconds * TIMESTAMP_SECOND, text);
	/* No fraction: seconds are all that a version knows. */
	snprintf(text + 19, sizeof(text) - 19, "Z");
	fields_str(fields, name, text);
}

void result_micros(struct jcs_fields *fields, const char *name, int64_t micros)
{
	char text[TIMESTAMP_TEXT_MAX];

	/* At the first moment of the calendar stands what has no time but a
	 * rank: a card with a version. */
	if (micros == INT64_MIN || micros == TIMESTAMP_MIN) {
		fields_null(fields, name);
		return;
	}
	timestamp_text(micros, text);
	fields_str(fields, name, text);
}

void result_record_ids(struct jcs_fields *fields, const char *name,
		       const unsigned char (*ids)[RECORD_ID_BYTES], size_t n)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	char text[CID_TEXT_MAX];
	size_t i;

	for (i = 0; i < n; i++) {
		cid_text(CID_JSON, ids[i], text);
		buf_putf(&list, "%s\"%s\"", i ? "," : "[", text);
	}
	buf_put_str(&list, n ? "]" : "[]");
	fields_buf(fields, name, &list);
	buf_release(&list);
}

static void put_problem(struct buf *out, const struct problem *problem)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;

	fields_str(&fields, "code", problem->code);
	result_outside(&fields, "object", problem->object);
	result_outside(&fields, "message", problem->message);
	buf_fail(out, jcs_fields_write(&fields, out, NULL));
	jcs_fields_release(&fields);
}

void result_problems(struct jcs_fields *fields, const char *name,
		     const struct problem_list *problems)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	buf_put_char(&list, '[');
	for (i = 0; i < problems->n; i++) {
		if (i)
			buf_put_char(&list, ',');
		put_problem(&list, &problems->at[i]);
	}
	buf_put_char(&list, ']');
	fields_buf(fields, name, &list);
	buf_release(&list);
}

void result_records(struct jcs_fields *fields, uint64_t known, uint64_t fresh)
{
	struct jcs_fields inner = JCS_FIELDS_INIT;

	fields_integer(&inner, "known", (int64_t)known);
	fields_integer(&inner, "new", (int64_t)fresh);
	fields_object(fields, "records", &inner);
	jcs_fields_release(&inner);
}
