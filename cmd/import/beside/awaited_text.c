#include "cmd/import/beside/awaited_text.h"

#include "cmd/import/beside/awaited_internal.h"
#include "cmd/import/records/find.h"
#include "cmd/import/records/rest.h"
#include "lib/base/utf8.h"

/* Longer text is kept as a blob: it is no reading for anybody. */
#define TEXT_MAX ((size_t)32 << 20)
#define INNER "content"		/* where a part has its text itself */

/* A message whose text is being exchanged. */
struct exchange {
	const struct awaited_file *file;
	const struct jval *target;	/* the object that names it */
	struct span content;
	struct span blob;		/* reference: `data`; absent: text */
	size_t start;			/* of what goes from the content */
	size_t end;
	bool is_inner;			/* its text is its own member */
};

static bool is_stem(struct span name, struct span id)
{
	return id.len && name.len > id.len && name.at[id.len] == '.' &&
	       span_equals(span_of(name.at, id.len), id);
}

static bool names(struct span text, struct span name)
{
	bool is_there = false;
	size_t at;

	return text_find(text, name, &is_there, &at, NULL) == 0 && is_there;
}

static bool slice_of(const struct exchange *exchange,
		     const struct jval *object, size_t *out_start,
		     size_t *out_end)
{
	long long start;
	long long end;

	if (!jval_integer(jval_get(object, "start"), &start) ||
	    !jval_integer(jval_get(object, "end"), &end) ||
	    start < 0 || end < start ||
	    (uint64_t)end > exchange->content.len)
		return false;
	*out_start = (size_t)start;
	*out_end = (size_t)end;
	return true;
}

/* Is it this object that the file belongs to? by_id: by the id of its call,
 * else by the words that name the file, or that were exchanged before. */
static bool is_target(struct exchange *exchange, const struct jval *object,
		      bool by_id)
{
	struct span name = exchange->file->name;
	struct span file = jval_get_text(object, "file");
	struct span inner = jval_get_text(object, INNER);
	bool has_slice = slice_of(exchange, object, &exchange->start,
				  &exchange->end);

	exchange->is_inner = inner.at && !has_slice;
	if (by_id)
		return (has_slice || inner.at || !exchange->content.at) &&
		       is_stem(name, jval_get_text(object, "tool_use_id"));
	if (file.at)
		return span_equals(file, name);
	if (exchange->is_inner)
		return names(inner, name);
	return has_slice && names(span_of(exchange->content.at +
					  exchange->start, exchange->end -
					  exchange->start), name);
}

static bool find_target(struct exchange *exchange, const struct jval *value,
			bool by_id)
{
	const struct jval *item = jval_first(value);

	if (jval_is(value, JVAL_OBJECT) && is_target(exchange, value, by_id)) {
		exchange->target = value;
		return true;
	}
	while (item && !find_target(exchange, item, by_id))
		item = item->next;
	return item != NULL;
}

/* Others may speak of the file as well. */
static bool find_result(struct exchange *exchange, const struct jval *parts)
{
	const struct jval *part;
	int by_id;

	for (by_id = 0; by_id < 2; by_id++) {
		for (part = jval_first(parts); part; part = part->next) {
			if (jval_is_text(jval_get(part, "type"),
					 "tool_result") &&
			    find_target(exchange, part, by_id))
				return true;
		}
	}
	return false;
}

static void put_moved(const struct exchange *exchange,
		      const struct jval *value, struct buf *out);

/* Where text begins, or ends, that stands behind what is exchanged. */
static int64_t moved(const struct exchange *exchange, size_t at)
{
	if (exchange->blob.at || exchange->is_inner || at < exchange->end)
		return (int64_t)at;
	return (int64_t)(at - exchange->end + exchange->start +
			 exchange->file->bytes.len);
}

/* What stood there before, as it was said first. */
static void put_preview(const struct exchange *exchange,
			const struct jval *object, struct jcs_fields *fields)
{
	const struct jval *known = jval_get(object, "preview");

	if (!known && exchange->is_inner)
		known = jval_get(object, INNER);
	if (known)
		fields_raw(fields, "preview", known->raw);
	else
		fields_text(fields, "preview",
			    span_of(exchange->content.at + exchange->start,
				    exchange->end - exchange->start));
}

static void put_target(const struct exchange *exchange,
		       const struct jval *object, struct jcs_fields *fields)
{
	fields_text(fields, "file", exchange->file->name);
	if (exchange->blob.at) {
		fields_raw(fields, "data", exchange->blob);
		if (exchange->is_inner)
			fields_raw(fields, INNER,
				   jval_get(object, INNER)->raw);
		return;
	}
	if (exchange->is_inner)
		fields_text(fields, INNER, exchange->file->bytes);
	put_preview(exchange, object, fields);
}

/* Is it one that the target says anew? */
static bool is_said_anew(const struct exchange *exchange,
			 const struct jval *member)
{
	return span_equals(member->key, span_str("file")) ||
	       span_equals(member->key, span_str("data")) ||
	       span_equals(member->key, span_str("preview")) ||
	       (exchange->is_inner &&
		span_equals(member->key, span_str(INNER)));
}

static void put_moved_object(const struct exchange *exchange,
		       const struct jval *object, struct buf *out)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf inner = BUF_INIT(BUF_NO_LIMIT);
	bool is_target = object == exchange->target;
	const struct jval *member = jval_first(object);
	size_t start = 0;
	size_t end = 0;
	bool has_slice = slice_of(exchange, object, &start, &end);

	for (; member; member = member->next) {
		if ((has_slice && (span_equals(member->key, span_str("start")) ||
				   span_equals(member->key, span_str("end")))) ||
		    (is_target && is_said_anew(exchange, member)))
			continue;
		buf_reset(&inner);
		put_moved(exchange, member, &inner);
		fields_fail(&fields, inner.failed, NULL);
		fields_add(&fields, member->key, buf_span(&inner));
	}
	if (has_slice) {
		fields_integer(&fields, "start", is_target ? (int64_t)start :
			       moved(exchange, start));
		fields_integer(&fields, "end", moved(exchange, end));
	}
	if (is_target)
		put_target(exchange, object, &fields);
	buf_fail(out, jcs_fields_write(&fields, out, NULL));
	jcs_fields_release(&fields);
	buf_release(&inner);
}

/* The text is canonical, and so is what is written. */
static void put_moved(const struct exchange *exchange,
		      const struct jval *value, struct buf *out)
{
	const struct jval *item;

	if (jval_is(value, JVAL_OBJECT)) {
		put_moved_object(exchange, value, out);
		return;
	}
	if (!jval_is(value, JVAL_ARRAY)) {
		buf_put_span(out, value->raw);
		return;
	}
	buf_put_char(out, '[');
	for (item = jval_first(value); item; item = item->next) {
		put_moved(exchange, item, out);
		buf_put_str(out, item->next ? "," : "");
	}
	buf_put_char(out, ']');
}

/* Does the file have the whole of what the text only begins, or was before? */
static bool is_begun(const struct exchange *exchange)
{
	struct span text = exchange->is_inner ?
		jval_get_text(exchange->target, INNER) :
		span_of(exchange->content.at + exchange->start,
			exchange->end - exchange->start);

	return jval_get(exchange->target, "preview") || awaited_is_cut(text);
}

static bool is_text(struct span bytes)
{
	return bytes.len <= TEXT_MAX && utf8_is_valid(bytes) &&
	       (!bytes.len || !memchr(bytes.at, '\0', bytes.len));
}

static void put_content(const struct exchange *exchange,
			struct jcs_fields *fields)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);

	buf_put(&text, exchange->content.at, exchange->start);
	buf_put_span(&text, exchange->file->bytes);
	buf_put(&text, exchange->content.at + exchange->end,
		exchange->content.len - exchange->end);
	fields_fail(fields, buf_end(&text, NULL), NULL);
	fields_text(fields, "content", buf_span(&text));
	buf_release(&text);
}

/* Text that is kept as a blob says so. */
static const char *media_of(const struct awaited_file *file)
{
	return is_text(file->bytes) &&
	       !strcmp(file->media, "application/octet-stream") ?
		"text/plain;charset=utf-8" : file->media;
}

static int put_fields(const struct awaited_text *text,
		      struct exchange *exchange, const struct jval *parts,
		      struct buf *out, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf blob = BUF_INIT(BUF_NO_LIMIT);
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	int rc = 0;

	if ((!exchange->content.at && !exchange->is_inner) ||
	    !is_text(exchange->file->bytes) || !is_begun(exchange)) {
		rc = import_blob(text->job, text->source->construct,
				 exchange->file->bytes,
				 media_of(exchange->file), &blob, err);
		exchange->blob = buf_span(&blob);
	} else if (!exchange->is_inner) {
		put_content(exchange, &fields);
	}
	put_moved(exchange, parts, &list);
	fields_buf(&fields, "parts", &list);
	buf_reset(out);
	if (rc == 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&blob);
	buf_release(&list);
	return rc;
}

int awaited_text(const struct awaited_text *text, struct span data,
		 struct buf *out, bool *out_is_there, struct err *err)
{
	const struct jdoc_options options = { .flags = 0 };
	struct exchange exchange = { .file = text->file };
	const struct jval *parts;
	struct jdoc *doc = NULL;
	struct err why = ERR_INIT;
	int rc = jdoc_parse(data, &options, &doc, &why);

	*out_is_there = false;
	if (rc == ERR_NOMEM)
		return err_set(err, ERR_NOMEM, "out of memory");
	if (rc < 0)
		return 0;
	parts = jval_get(jdoc_root(doc), "parts");
	exchange.content = jval_get_text(jdoc_root(doc), "content");
	rc = 0;
	*out_is_there = find_result(&exchange, parts);
	/* Of a text that is a blob by now, the file's was exchanged. */
	if (*out_is_there && (exchange.content.at || exchange.is_inner ||
			      !jval_get(exchange.target, "file")))
		rc = put_fields(text, &exchange, parts, out, err);
	jdoc_free(doc);
	return rc;
}
