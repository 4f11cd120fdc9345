#include "cmd/action/context/handoff.h"

#include <stdlib.h>

#include "cmd/export/export.h"
#include "lib/base/array.h"
#include "lib/json/jcs_scan.h"
#include "lib/json/jdoc.h"

#define KEY_LEAST 8	/* characters of a session's own name */

/* A file of an agent that is a memory here. */
struct kept {
	struct span path;	/* JSON text, of the arena */
	struct span text;
};

struct looking {
	struct view *view;
	struct span key;	/* of the session, as its agent has it */
	struct arena arena;
	struct { struct kept *at; size_t n, cap; } files;
};

/* todos/<session>-agent-<session>.json, or tasks/<session>/<n>.json? */
static bool is_of_session(const struct looking *looking, struct span path)
{
	struct buf words = BUF_INIT(BUF_NO_LIMIT);
	struct span key = looking->key;
	bool is_its = false;

	buf_putf(&words, "todos/%.*s-agent-%.*s.json", (int)key.len, key.at,
		 (int)key.len, key.at);
	if (buf_end(&words, NULL) == 0)
		is_its = span_ends(path, buf_text(&words));
	buf_reset(&words);
	buf_putf(&words, "tasks/%.*s/", (int)key.len, key.at);
	if (buf_end(&words, NULL) == 0)
		is_its = is_its || (span_has(path, buf_text(&words)) &&
				    span_ends(path, ".json"));
	buf_release(&words);
	return is_its;
}

static int take_memory(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct looking *looking = arg;
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	struct kept kept = { .text = { NULL, 0 } };
	struct span value;
	int rc;

	if (!entity->state.at ||
	    !jcs_find_string(entity->state, "path", &kept.path) ||
	    !is_of_session(looking, kept.path) ||
	    !jcs_find(entity->state, "content", &value))
		return 0;
	rc = export_text(looking->view, value, &text, err);
	if (rc == 0)
		rc = arena_keep(&looking->arena, buf_span(&text), &kept.text,
				err);
	if (rc == 0)
		rc = arena_keep(&looking->arena, kept.path, &kept.path, err);
	if (rc == 0)
		rc = array_room(&looking->files, err);
	if (rc == 0)
		looking->files.at[looking->files.n++] = kept;
	buf_release(&text);
	return rc;
}

/* Tasks by their numbers: a shorter name has a lower one. */
static int by_path(const void *a, const void *b)
{
	const struct kept *x = a;
	const struct kept *y = b;

	if (x->path.len != y->path.len)
		return x->path.len < y->path.len ? -1 : 1;
	return span_compare(x->path, y->path);
}

static int put_todos_item(const struct jval *item, struct buf *out,
			  struct err *err)
{
	if (!jval_is(item, JVAL_OBJECT) || !jval_get(item, "status"))
		return 0;
	buf_put_char(out, out->len ? ',' : '[');
	return jdoc_to_jcs(item, out, err);
}

/* What is no JSON is none of theirs. */
static int put_todos_file(const struct kept *kept, struct buf *out,
			  struct err *err)
{
	struct jdoc_options options = { .flags = JDOC_SURROGATES_KEEP };
	struct jdoc *doc = NULL;
	const struct jval *item;
	int rc = 0;

	if (jdoc_parse(kept->text, &options, &doc, NULL) < 0)
		return 0;
	if (jval_is(jdoc_root(doc), JVAL_OBJECT))
		rc = put_todos_item(jdoc_root(doc), out, err);
	item = jval_is(jdoc_root(doc), JVAL_ARRAY) ?
	       jval_first(jdoc_root(doc)) : NULL;
	for (; rc == 0 && item; item = item->next)
		rc = put_todos_item(item, out, err);
	jdoc_free(doc);
	return rc;
}

static int put_files(const struct transcript *transcript, struct buf *out,
		     struct err *err)
{
	struct looking looking = { .view = transcript->view,
				   .key = buf_span(&transcript->entity),
				   .arena = ARENA_INIT };
	const struct view_visitor visitor = { take_memory, &looking };
	const char *colon;
	size_t i;
	int rc = 0;

	while ((colon = memchr(looking.key.at, ':', looking.key.len)))
		looking.key = span_of(colon + 1, looking.key.len - 1 -
				      (size_t)(colon - looking.key.at));
	if (looking.key.len >= KEY_LEAST)
		rc = view_each(transcript->view,
			       kind_find(span_str("memory")), false, &visitor,
			       err);
	if (rc == 0 && looking.files.n)
		qsort(looking.files.at, looking.files.n,
		      sizeof(*looking.files.at), by_path);
	for (i = 0; rc == 0 && i < looking.files.n; i++)
		rc = put_todos_file(&looking.files.at[i], out, err);
	free(looking.files.at);
	arena_release(&looking.arena);
	return rc;
}

int handoff_todos(const struct transcript *transcript, struct buf *out,
		  struct err *err)
{
	static const char *const names[] = { "todo", "todos" };
	struct span native;
	struct span list;
	size_t i;
	int rc;

	if (jcs_find(buf_span(&transcript->state), "native", &native) &&
	    jcs_type_of(native) == JCS_OBJECT) {
		for (i = 0; i < 2; i++) {
			if (jcs_find(native, names[i], &list) &&
			    jcs_type_of(list) == JCS_ARRAY && list.len > 2)
				return buf_add_span(out, list, err);
		}
	}
	rc = put_files(transcript, out, err);
	buf_put_str(out, out->len ? "]" : "");
	return rc < 0 ? rc : buf_end(out, err);
}
