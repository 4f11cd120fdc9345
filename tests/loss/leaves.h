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
	size_t line;		/* of the file, from 1 */
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

static size_t count_lines(struct span text)
{
	size_t lines = 0;
	size_t i;

	for (i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	return lines;
}

/* len bytes of the file, at `at`. */
static void add_leaf(struct leaves *leaves, const char *text, size_t at,
		     size_t len, const struct buf *path)
{
	struct leaf *leaf;

	well(array_room(leaves, NULL), "out of memory");
	leaf = &leaves->at[leaves->n++];
	leaf->at = at;
	leaf->len = len;
	leaf->line = 1 + count_lines(span_of(text, at));
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
		add_leaf(leaves, text, (size_t)(value->raw.at - text),
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

/* A file is a document, or has several, mostly one on each line; what is none
 * costs its line. */
static void find_leaves(struct leaves *leaves, const struct buf *file)
{
	const struct jdoc_options options = {
		.flags = JDOC_SURROGATES_KEEP | JDOC_NAN_OK,
	};
	struct buf path = BUF_INIT(BUF_NO_LIMIT);
	struct span rest = buf_span(file);
	struct jdoc *doc;
	const char *end;
	size_t len;

	for (; rest.len; rest = span_of(rest.at + len, rest.len - len)) {
		doc = NULL;
		if (jdoc_parse_prefix(rest, &options, &doc, &len, NULL) < 0) {
			end = memchr(rest.at, '\n', rest.len);
			len = end ? (size_t)(end + 1 - rest.at) : rest.len;
			continue;
		}
		buf_reset(&path);
		add_type(&path, jdoc_root(doc));
		add_leaves(leaves, file->data, jdoc_root(doc), &path);
		jdoc_free(doc);
	}
	buf_release(&path);
}

static void leaves_release(struct leaves *leaves)
{
	size_t i;

	for (i = 0; i < leaves->n; i++)
		free(leaves->at[i].path);
	free(leaves->at);
}

#endif
