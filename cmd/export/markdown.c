#include "cmd/export/export.h"

#include <stdlib.h>

#include "cmd/action/result.h"
#include "lib/json/jcs_scan.h"

#define DEEPEST 3	/* members deeper than that stand as JSON */

/* One memory, rendered; sorted by bucket, then by its place in the view. */
struct remembered {
	struct buf bucket;
	struct buf text;
	size_t number;
};

struct portrait {
	struct view *view;
	struct remembered *memories;
	size_t n;
	size_t cap;
};

static int render_item(struct view *view, struct span name, struct span value,
		       size_t depth, struct buf *out, struct err *err);

static int render_members(struct view *view, struct span object, size_t depth,
			  struct buf *out, struct err *err)
{
	struct jcs_iter iter = jcs_iter_object(object);
	struct span name;
	struct span value;
	int rc = 0;

	while (rc >= 0 && jcs_next(&iter, &name, &value))
		rc = render_item(view, name, value, depth, out, err);
	return rc;
}

/* A list item at that depth: the first line after a dash, others below it. */
static int render_lines(struct span text, size_t depth, struct buf *out,
			struct err *err)
{
	static const char blanks[] = "            ";
	size_t begin = out->len;
	size_t width = 2 * (depth + 1);
	int rc;

	rc = export_lines(text, blanks + sizeof(blanks) - 1 - width, out, err);
	if (rc >= 0 && out->len > begin)
		out->data[begin + width - 2] = '-';
	return rc;
}

/* "- name: value", an object as a list below. */
static int render_item(struct view *view, struct span name, struct span value,
		       size_t depth, struct buf *out, struct err *err)
{
	bool is_list = jcs_type_of(value) == JCS_OBJECT && depth < DEEPEST;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = jcs_inner_decode(name, &text, err);
	if (rc >= 0)
		rc = buf_add_str(&text, is_list ? ":" : ": ", err);
	if (rc >= 0 && !is_list)
		rc = export_text(view, value, &text, err);
	if (rc >= 0)
		rc = render_lines(buf_span(&text), depth, out, err);
	if (rc >= 0 && is_list)
		rc = render_members(view, value, depth + 1, out, err);
	buf_release(&text);
	return rc;
}

static int render_persona(struct view *view, struct buf *out, struct err *err)
{
	struct buf persona = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = view_persona(view, &persona, err);
	if (rc >= 0 && persona.len > 2) {
		rc = buf_add_str(out, "\n## Persona\n\n", err);
		if (rc >= 0)
			rc = render_members(view, buf_span(&persona), 0, out,
					    err);
	}
	buf_release(&persona);
	return rc;
}

static int keep_memory(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct portrait *portrait = arg;
	size_t cap = portrait->cap ? portrait->cap * 2 : 64;
	struct remembered *memory;
	struct span value;
	int rc = 0;

	if (!entity->state.at || !jcs_find(entity->state, "content", &value))
		return 0;
	if (portrait->n == portrait->cap) {
		memory = realloc(portrait->memories, cap * sizeof(*memory));
		if (!memory)
			return err_set(err, ERR_NOMEM, "out of memory");
		portrait->memories = memory;
		portrait->cap = cap;
	}
	memory = &portrait->memories[portrait->n];
	memory->bucket = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	memory->text = (struct buf)BUF_INIT(BUF_NO_LIMIT);
	memory->number = portrait->n++;
	rc = export_text(portrait->view, value, &memory->text, err);
	if (rc >= 0 && jcs_find(entity->state, "bucket", &value))
		rc = export_text(portrait->view, value, &memory->bucket, err);
	return rc;
}

static int order_memories(const void *a, const void *b)
{
	const struct remembered *x = a;
	const struct remembered *y = b;
	int order = span_compare(buf_span(&x->bucket), buf_span(&y->bucket));

	if (!order)
		order = span_compare(buf_span(&x->text), buf_span(&y->text));
	if (!order)
		order = (x->number > y->number) - (x->number < y->number);
	return order;
}

static int render_memories(const struct portrait *portrait, struct buf *out,
			   struct err *err)
{
	const struct remembered *memory;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < portrait->n; i++) {
		memory = &portrait->memories[i];
		if (!i)
			rc = buf_add_str(out, "\n## Memories\n", err);
		if (rc >= 0 &&
		    (!i || !span_equals(buf_span(&memory[-1].bucket),
					buf_span(&memory->bucket)))) {
			rc = buf_add_str(out, "\n### ", err);
			if (rc >= 0)
				rc = export_lines(memory->bucket.len ?
						  buf_span(&memory->bucket) :
						  span_str("other"), "", out,
						  err);
			if (rc >= 0)
				rc = buf_add_char(out, '\n', err);
		}
		if (rc >= 0)
			rc = render_lines(buf_span(&memory->text), 0, out,
					  err);
	}
	return rc;
}

static void portrait_release(struct portrait *portrait)
{
	size_t i;

	for (i = 0; i < portrait->n; i++) {
		buf_release(&portrait->memories[i].bucket);
		buf_release(&portrait->memories[i].text);
	}
	free(portrait->memories);
}

int export_markdown(struct session *session, struct view *view)
{
	struct portrait portrait = { .view = view };
	const struct view_visitor visitor = { keep_memory, &portrait };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct err *err = &session->err;
	int rc;

	rc = buf_printf(&text, err, "# %s\n", view_title(view));
	if (rc >= 0)
		rc = render_persona(view, &text, err);
	if (rc >= 0)
		rc = view_each(view, kind_find(span_str("memory")), false,
			       &visitor, err);
	if (rc >= 0 && portrait.n)
		qsort(portrait.memories, portrait.n,
		      sizeof(*portrait.memories), order_memories);
	if (rc >= 0)
		rc = render_memories(&portrait, &text, err);
	if (rc >= 0) {
		export_bytes(buf_span(&text));
		rc = export_sessions(session, view);
	}
	buf_release(&text);
	portrait_release(&portrait);
	return rc;
}
