#include "cmd/import/records/rest.h"

#include "cmd/import/records/chat.h"

void fields_value(struct jcs_fields *fields, const char *name,
		  const struct jval *value)
{
	struct buf *text = value ? fields_open(fields, span_str(name)) : NULL;

	if (text)
		fields_close(fields, jdoc_to_jcs(value, text, &fields->err));
}

void fields_said(struct jcs_fields *fields, const char *name,
		 struct span text)
{
	struct buf *value = text.at ? fields_open(fields, span_str(name)) :
		NULL;

	if (!value)
		return;
	chat_put_text(value, text);
	fields_close(fields, value->failed);
}

void fields_inner(struct jcs_fields *fields, const char *name,
		  struct jcs_fields *inner)
{
	if (inner->count || inner->err.code)
		fields_object(fields, name, inner);
	jcs_fields_reset(inner);
}

void fields_member(struct jcs_fields *fields, const struct jval *member)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct buf *value = NULL;

	if (span_begins(member->key, "$")) {
		buf_put_char(&name, '$');
		buf_put_span(&name, member->key);
		fields_fail(fields, name.failed, NULL);
		value = fields_open(fields, buf_span(&name));
	} else {
		value = fields_open(fields, member->key);
	}
	if (value)
		fields_close(fields, jdoc_to_jcs(member, value,
						 &fields->err));
	buf_release(&name);
}

void fields_put(struct jcs_fields *fields, struct buf *out)
{
	buf_fail(out, fields_end(fields, NULL));
	if (fields->count)
		buf_fail(out, jcs_fields_write(fields, out, NULL));
}
