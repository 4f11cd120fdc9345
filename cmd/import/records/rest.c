#include "cmd/import/records/rest.h"

#include "cmd/import/records/chat.h"

void fields_value(struct jcs_fields *fields, const char *name,
		  const struct jval *value)
{
	struct buf *text = value ? fields_open(fields, span_str(name)) : NULL;

	if (text)
		fields_close(fields, jdoc_to_jcs(value, text, &fields->err));
}

void fields_exact(struct jcs_fields *fields, const char *name,
		  const struct jval *value)
{
	struct jval named;

	if (!value)
		return;
	named = *value;
	named.key = span_str(name);
	fields_exact_member(fields, &named);
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

/* "$" in front is doubled. */
static struct buf *open_member(struct jcs_fields *fields, struct span key)
{
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct buf *value;

	if (!span_begins(key, "$"))
		return fields_open(fields, key);
	buf_put_char(&name, '$');
	buf_put_span(&name, key);
	fields_fail(fields, name.failed, NULL);
	value = fields_open(fields, buf_span(&name));
	buf_release(&name);
	return value;
}

void fields_member(struct jcs_fields *fields, const struct jval *member)
{
	struct buf *value = open_member(fields, member->key);

	if (value)
		fields_close(fields, jdoc_to_jcs(member, value,
						 &fields->err));
}

void fields_exact_member(struct jcs_fields *fields, const struct jval *member)
{
	struct buf *value = open_member(fields, member->key);

	if (value)
		fields_close(fields, jdoc_to_data(member, value,
						  &fields->err));
}

void fields_put(struct jcs_fields *fields, struct buf *out)
{
	buf_fail(out, fields_end(fields, NULL));
	if (fields->count)
		buf_fail(out, jcs_fields_write(fields, out, NULL));
}
