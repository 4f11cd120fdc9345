/*
 * The leaves of a JSON file, or of the lines of one: what is no object and no
 * array, and where it stands.
 */
#ifndef VV_TESTS_LOSS_LEAVES_H
#define VV_TESTS_LOSS_LEAVES_H

#include <stdlib.h>

#include "lib/base/array.h"
#include "lib/base/buf.h"
#include "lib/json/jdoc.h"
#include "tests/tap.h"

struct leaf {
	size_t at;		/* in its file */
	size_t len;
	char *path;
};

struct leaves {
	struct leaf *at;
	size_t n;
	size_t cap;
};

static void well(int rc, const char *what)
{
	if (rc < 0)
		bail_out("%s", what);
}

static void add_leaf(struct leaves *leaves, size_t at, size_t len,
		     const struct buf *path)
{
	struct leaf *leaf;

	well(array_room(leaves, NULL), "out of memory");
	leaf = &leaves->at[leaves->n++];
	leaf->at = at;
	leaf->len = len;
	leaf->path = strdup(buf_text(path));
	if (!leaf->path)
		bail_out("out of memory");
}

/* Elements of an array have one path. */
static void add_leaves(struct leaves *leaves, const char *text,
		       const struct jval *value, struct buf *path)
{
	const struct jval *child = jval_first(value);
	size_t len = path->len;

	if (!jval_is(value, JVAL_OBJECT) && !jval_is(value, JVAL_ARRAY))
		add_leaf(leaves, (size_t)(value->raw.at - text),
			 value->raw.len, path);
	for (; child; child = child->next) {
		buf_putf(path, ".%.*s", child->key.at ? (int)child->key.len :
			 1, child->key.at ? child->key.at : "#");
		add_leaves(leaves, text, child, path);
		buf_cut(path, len);
	}
}

/* The kind of a line stands before its paths. */
static void add_type(struct buf *path, const struct jval *line)
{
	struct span type = jval_get_text(line, "type");
	struct span inner = jval_text(jval_at(line, "payload.type"));

	if (type.len && inner.len)
		buf_putf(path, "(%.*s/%.*s)", (int)type.len, type.at,
			 (int)inner.len, inner.at);
	else if (type.len)
		buf_putf(path, "(%.*s)", (int)type.len, type.at);
}

static bool add_document(struct leaves *leaves, const char *text,
			 struct span json)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_NAN_OK,
	};
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct jdoc *doc = NULL;

	if (jdoc_parse(json, &options, &doc, NULL) < 0)
		return false;
	add_type(&path, jdoc_root(doc));
	add_leaves(leaves, text, jdoc_root(doc), &path);
	buf_release(&path);
	jdoc_free(doc);
	return true;
}

/* A file is a document, or each line is one; torn lines are none. */
static void find_leaves(struct leaves *leaves, const struct buf *file)
{
	struct span rest = buf_span(file);
	const char *end;
	size_t len;

	if (add_document(leaves, file->data, rest))
		return;
	for (; rest.len; rest = span_of(rest.at + len, rest.len - len)) {
		end = memchr(rest.at, '\n', rest.len);
		len = end ? (size_t)(end + 1 - rest.at) : rest.len;
		(void)add_document(leaves, file->data, span_of(rest.at, len));
	}
}

static void leaves_release(struct leaves *leaves)
{
	size_t i;

	for (i = 0; i < leaves->n; i++)
		free(leaves->at[i].path);
	free(leaves->at);
}

#endif
