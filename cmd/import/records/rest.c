#include "cmd/import/records/rest.h"

#include "cmd/import/records/chat.h"
#include "lib/json/jcs_scan.h"

int rest_add(struct jcs_fields *fields, const struct jval *object,
	     const char *const *taken, struct err *err)
{
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	struct jcs_iter iter;
	struct span inner;
	struct span value;
	int rc;

	rc = chat_add_rest(&rest, object, taken, err);
	iter = jcs_iter_object(buf_span(&rest));
	while (rc >= 0 && jcs_next(&iter, &inner, &value)) {
		buf_reset(&name);
		rc = jcs_inner_decode(inner, &name, err);
		if (rc >= 0)
			rc = jcs_fields_add(fields, buf_span(&name), value,
					    err);
	}
	buf_release(&rest);
	buf_release(&name);
	return rc;
}

int rest_add_under(struct jcs_fields *fields, const char *name,
		   const struct jval *object, const char *const *taken,
		   struct err *err)
{
	struct buf rest = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = chat_add_rest(&rest, object, taken, err);
	if (rc >= 0 && rest.len)
		rc = jcs_fields_raw(fields, name, buf_span(&rest), err);
	buf_release(&rest);
	return rc;
}

int rest_add_fields(struct jcs_fields *fields, const char *name,
		    struct jcs_fields *inner, struct err *err)
{
	fields_inner(fields, name, inner);
	return fields_end(fields, err);
}

int rest_add_value(struct jcs_fields *fields, const char *name,
		   const struct jval *value, struct err *err)
{
	fields_value(fields, name, value);
	return fields_end(fields, err);
}

int rest_add_text(struct jcs_fields *fields, const char *name,
		  struct span text, struct err *err)
{
	fields_said(fields, name, text);
	return fields_end(fields, err);
}

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
	fields_fail(fields, jcs_fields_add(fields, buf_span(&name),
					   buf_span(&value), &why), &why);
	buf_release(&name);
	buf_release(&value);
}

void fields_put(struct jcs_fields *fields, struct buf *out)
{
	buf_fail(out, fields_end(fields, NULL));
	if (fields->count)
		buf_fail(out, jcs_fields_write(fields, out, NULL));
}
