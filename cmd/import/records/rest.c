#include "cmd/import/records/rest.h"

#include "cmd/import/records/chat.h"

void fields_value(struct jcs_fields *fields, const char *name,
		  const struct jval *value)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	if (value) {
		buf_fail(&text, jdoc_to_jcs(value, &text, NULL));
		fields_buf(fields, name, &text);
	}
	buf_release(&text);
}

void fields_said(struct jcs_fields *fields, const char *name,
		 struct span text)
{
	struct buf value = BUF_INIT(BUF_NO_LIMIT);

	if (text.at) {
		chat_put_text(&value, text);
		fields_buf(fields, name, &value);
	}
	buf_release(&value);
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
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct err why = ERR_INIT;

	if (span_begins(member->key, "$"))
		buf_put_char(&name, '$');
	buf_put_span(&name, member->key);
	buf_fail(&value, jdoc_to_jcs(member, &value, &why));
	fields_fail(fields, buf_end(&name, &why), &why);
	fields_fail(fields, buf_end(&value, &why), &why);
	fields_add(fields, buf_span(&name), buf_span(&value));
	buf_release(&name);
	buf_release(&value);
}

void fields_put(struct jcs_fields *fields, struct buf *out)
{
	buf_fail(out, fields_end(fields, NULL));
	if (fields->count)
		buf_fail(out, jcs_fields_write(fields, out, NULL));
}
