#include "objects/blob/blob.h"

#include <stdlib.h>

#include "lib/json/jcs_scan.h"
#include "objects/record/record.h"

#define MEDIA_TEXT "text/plain;charset=utf-8"
#define MEDIA_JSON "application/json"
#define REF_MAX_BYTES 160	/* no reference with these media is longer */

struct outline {
	const struct blob_sink *sink;
	struct buf *out;
	size_t limit;
	size_t total;		/* what the whole would take as it stands */
	bool may_fold;		/* objects and arrays go out too */
};

/* Replace what stands in out from start on by a reference to it. */
static int fold_json(struct outline *outline, size_t start, struct err *err)
{
	struct buf ref = BUF_INIT(REF_MAX_BYTES);
	struct span bytes = span_of(outline->out->data + start,
				    outline->out->len - start);
	int rc = blob_write(outline->sink, bytes, MEDIA_JSON, &ref, err);

	if (rc == 0) {
		outline->total -= bytes.len - ref.len;
		buf_cut(outline->out, start);
		rc = buf_add_span(outline->out, buf_span(&ref), err);
	}
	buf_release(&ref);
	return rc;
}

static int fold_string(struct outline *outline, struct span value,
		       struct err *err)
{
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc = jcs_string_decode(value, &text, err);

	if (rc == 0)
		rc = blob_write(outline->sink, buf_span(&text), MEDIA_TEXT,
				outline->out, err);
	buf_release(&text);
	return rc;
}

/* ,"name": as it stands in front of a member; only the comma for an item. */
static void put_lead(struct buf *out, bool is_first, struct span name)
{
	if (!is_first)
		buf_put_char(out, ',');
	if (!name.at)
		return;
	buf_put_char(out, '"');
	buf_put_span(out, name);
	buf_put_str(out, "\":");
}

static int walk(struct outline *outline, struct span value, size_t depth,
		struct err *err);

static int walk_container(struct outline *outline, struct span value,
			  size_t depth, struct err *err)
{
	bool is_object = jcs_type_of(value) == JCS_OBJECT;
	struct jcs_iter iter = is_object ? jcs_iter_object(value)
					 : jcs_iter_array(value);
	size_t start = outline->out->len;
	bool is_first = true;
	struct span name;
	struct span inner;
	int rc = 0;

	buf_put_char(outline->out, is_object ? '{' : '[');
	while (rc == 0 && jcs_next(&iter, &name, &inner)) {
		put_lead(outline->out, is_first, name);
		rc = walk(outline, inner, depth + 1, err);
		is_first = false;
	}
	buf_put_char(outline->out, is_object ? '}' : ']');
	if (rc == 0)
		rc = buf_end(outline->out, err);
	if (rc < 0 || !depth || !outline->may_fold ||
	    outline->total <= outline->limit ||
	    outline->out->len - start <= VALUE_INLINE_MAX)
		return rc;
	return fold_json(outline, start, err);
}

static int walk(struct outline *outline, struct span value, size_t depth,
		struct err *err)
{
	enum jcs_type type = jcs_type_of(value);

	if (depth > JCS_DEPTH_MAX)
		return err_set(err, ERR_LIMIT, "value is nested too deep");
	if (type == JCS_STRING && value.len - 2 > VALUE_INLINE_MAX)
		return fold_string(outline, value, err);
	if ((type == JCS_OBJECT || type == JCS_ARRAY) &&
	    value.len > VALUE_INLINE_MAX)
		return walk_container(outline, value, depth, err);
	buf_put_span(outline->out, value);
	return 0;
}

struct member {
	struct span name;
	struct span value;
	size_t nth;
	bool is_folded;
};

static int compare_sizes(const void *a, const void *b)
{
	const struct member *left = a;
	const struct member *right = b;

	if (left->value.len != right->value.len)
		return left->value.len > right->value.len ? -1 : 1;
	return (left->nth > right->nth) - (left->nth < right->nth);
}

static int compare_places(const void *a, const void *b)
{
	const struct member *left = a;
	const struct member *right = b;

	return (left->nth > right->nth) - (left->nth < right->nth);
}

static int list_members(struct span object, struct member **out,
			size_t *out_n, struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct member *list;
	size_t n = 0;

	while (jcs_next(&iter, NULL, NULL))
		n++;
	list = calloc(n + 1, sizeof(*list));
	if (!list)
		return err_set(err, ERR_NOMEM, "out of memory");
	*out_n = n;
	iter = jcs_iter_object(object);
	for (n = 0; n < *out_n; n++) {
		jcs_next(&iter, &list[n].name, &list[n].value);
		list[n].nth = n;
	}
	*out = list;
	return 0;
}

/* Mark the largest members until the rest fits; false when it cannot. */
static bool choose(struct member *list, size_t n, size_t total, size_t limit)
{
	size_t i;

	qsort(list, n, sizeof(*list), compare_sizes);
	for (i = 0; i < n && total > limit; i++) {
		if (list[i].value.len <= REF_MAX_BYTES)
			break;
		list[i].is_folded = true;
		total -= list[i].value.len - REF_MAX_BYTES;
	}
	qsort(list, n, sizeof(*list), compare_places);
	return total <= limit;
}

static int write_members(struct outline *outline, const struct member *list,
			 size_t n, struct err *err)
{
	struct buf *out = outline->out;
	size_t start;
	size_t i;
	int rc = 0;

	buf_put_char(out, '{');
	for (i = 0; rc == 0 && i < n; i++) {
		put_lead(out, i == 0, list[i].name);
		start = out->len;
		if (list[i].is_folded &&
		    jcs_type_of(list[i].value) == JCS_STRING) {
			rc = fold_string(outline, list[i].value, err);
			continue;
		}
		buf_put_span(out, list[i].value);
		rc = buf_end(out, err);
		if (rc == 0 && list[i].is_folded)
			rc = fold_json(outline, start, err);
	}
	buf_put_char(out, '}');
	return rc < 0 ? rc : buf_end(out, err);
}

/* Many members of middling size: no single one is too large. */
static int fold_members(struct outline *outline, struct span object,
			struct err *err)
{
	struct member *list = NULL;
	size_t n = 0;
	int rc = list_members(object, &list, &n, err);

	if (rc == 0 && !choose(list, n, object.len, outline->limit))
		rc = err_set(err, ERR_LIMIT, "record has too many members: "
			     "%zu bytes, at most %zu", object.len,
			     outline->limit);
	if (rc == 0)
		rc = write_members(outline, list, n, err);
	free(list);
	return rc;
}

int blob_outline(const struct blob_sink *sink, struct span object,
		 size_t limit, struct buf *out, struct err *err)
{
	struct buf now = BUF_INIT(BUF_NO_LIMIT);
	struct buf next = BUF_INIT(BUF_NO_LIMIT);
	struct outline outline = {
		.sink = sink, .limit = limit, .out = &now
	};
	int rc;

	if (jcs_type_of(object) != JCS_OBJECT)
		return err_set(err, ERR_INVALID, "not an object");
	rc = walk(&outline, object, 0, err);
	if (rc == 0 && now.len > limit) {
		outline.out = &next;
		outline.total = now.len;
		outline.may_fold = true;
		rc = walk(&outline, buf_span(&now), 0, err);
	}
	if (rc == 0 && outline.out->len > limit) {
		outline.out = &now;
		buf_reset(&now);
		rc = fold_members(&outline, buf_span(&next), err);
	}
	if (rc == 0)
		rc = buf_end(outline.out, err);
	if (rc == 0)
		rc = buf_add_span(out, buf_span(outline.out), err);
	buf_release(&now);
	buf_release(&next);
	return rc;
}
