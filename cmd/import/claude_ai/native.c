#include "cmd/import/claude_ai/run.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/timestamp.h"

int claude_ai_keep(struct claude_ai_run *run, const char *name,
		   const struct jval *value, struct err *err)
{
	int rc;

	if (!value)
		return 0;
	buf_reset(&run->value);
	rc = jdoc_to_jcs(value, &run->value, err);
	if (rc >= 0)
		rc = jcs_fields_raw(&run->fields, name, buf_span(&run->value),
				    err);
	return rc;
}

int claude_ai_keep_time(struct claude_ai_run *run, const char *name,
			const struct jval *value, struct err *err)
{
	struct chat_time time = chat_time_of(value);
	char text[TIMESTAMP_TEXT_MAX];

	if (!value || (jval_is(value, JVAL_NULL) &&
		       time.micros == CHAT_TIME_UNKNOWN))
		return 0;
	if (time.micros != CHAT_TIME_UNKNOWN) {
		timestamp_text(time.micros, text);
		if (jval_is_text(value, text))
			return 0;
	}
	return claude_ai_keep(run, name, value, err);
}

/* Who somebody is beside a name. */
const char *const claude_ai_secrets[] = {
	"email", "email_address", "phone", "phone_number",
	"verified_phone_number", NULL
};

int claude_ai_keep_person(struct claude_ai_run *run, const char *name,
			  const struct jval *value, struct err *err)
{
	size_t found = 0;
	size_t i;
	int rc;

	for (i = 0; claude_ai_secrets[i]; i++)
		found += jval_get(value, claude_ai_secrets[i]) != NULL;
	if (!found)
		return claude_ai_keep(run, name, value, err);
	run->source->redactions += found;
	buf_reset(&run->value);
	rc = chat_add_rest(&run->value, value, claude_ai_secrets, err);
	if (rc >= 0 && run->value.len)
		rc = jcs_fields_raw(&run->fields, name, buf_span(&run->value),
				    err);
	return rc;
}

/* Add the members of a canonical object. */
static int keep_members(struct claude_ai_run *run, struct span object,
			struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct buf decoded = BUF_INIT(BUF_NO_LIMIT);
	struct span name;
	struct span value;
	int rc = 0;

	while (rc >= 0 && jcs_next(&iter, &name, &value)) {
		buf_reset(&decoded);
		rc = jcs_inner_decode(name, &decoded, err);
		if (rc >= 0)
			rc = jcs_fields_add(&run->fields, buf_span(&decoded),
					    value, err);
	}
	buf_release(&decoded);
	return rc;
}

int claude_ai_keep_rest(struct claude_ai_run *run, const struct jval *object,
			const char *const *taken, struct err *err)
{
	int rc;

	buf_reset(&run->value);
	rc = chat_add_rest(&run->value, object, taken, err);
	if (rc < 0 || !run->value.len)
		return rc;
	/* What is one value, or has a name of ours, stands apart. */
	if (span_begins(buf_span(&run->value), "{\"$raw\":") ||
	    jval_get(object, "rest") || jval_get(object, "blocks"))
		return jcs_fields_raw(&run->fields, "rest",
				      buf_span(&run->value), err);
	return keep_members(run, buf_span(&run->value), err);
}

int claude_ai_native(struct claude_ai_run *run, struct span *out,
		     struct err *err)
{
	int rc = 0;

	*out = span_of(NULL, 0);
	buf_reset(&run->native);
	if (run->fields.count) {
		rc = jcs_fields_write(&run->fields, &run->native, err);
		*out = buf_span(&run->native);
	}
	jcs_fields_reset(&run->fields);
	return rc;
}

int claude_ai_is_plain_key(struct claude_ai_run *run, struct span key,
			   bool *out, struct err *err)
{
	int rc;

	buf_reset(&run->value);
	rc = chat_add_key(&run->value, key, err);
	*out = rc >= 0 && span_equals(buf_span(&run->value), key);
	return rc;
}

const char *claude_ai_at(const struct chat_time *time, char out[HLC_TEXT_MAX])
{
	if (time->micros == CHAT_TIME_UNKNOWN ||
	    time->flags & TIMESTAMP_UNUSUAL)
		return HLC_UNKNOWN_TEXT;
	hlc_import_text(time->micros, out);
	return out;
}
