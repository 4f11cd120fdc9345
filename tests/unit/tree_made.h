/*
 * Trees for tests: by way of the interface, and byte by byte where they must
 * be ones that nobody should write.
 */
#ifndef VV_TESTS_UNIT_TREE_MADE_H
#define VV_TESTS_UNIT_TREE_MADE_H

#include "lib/id/cid.h"
#include "lib/id/encode.h"
#include "objects/tree/tree.h"
#include "tests/unit/fixture.h"

/* SHA-256("session:x"), its first 16 bytes: 9cc6... */
#define HOME "ttdmiond3h3rnwpakjrb34v5he"
#define HOME_PATH "session/9/c/c/" HOME

/* The segments "one\n" and "two\n". */
#define ONE "bafkreibmrmenuxhgaomod4m26ds5ztdujxzhjobgvpsyl2v2ndcskq2iay"
#define TWO "bafkreibh3whnisud76knkv7z7ucbf3k2rs6knhvajernrdabdbfaomakli"

static struct err err = ERR_INIT;

static TAP_UNUSED struct store *make_store(const char *name)
{
	struct store *store = NULL;

	err_clear(&err);
	if (store_create(in_scratch(name), &err) < 0 ||
	    store_open(in_scratch(name), false, &store, &err) < 0)
		bail_out("no store: %s", err.text);
	return store;
}

static TAP_UNUSED struct store *open_again(const char *name)
{
	struct store *store = NULL;

	err_clear(&err);
	if (store_open(in_scratch(name), false, &store, &err) < 0)
		bail_out("no store: %s", err.text);
	return store;
}

/* "memory/b", "session/9/c/c/<home>" */
static struct place TAP_UNUSED place_at(const char *path)
{
	struct place place = { .digits_n = 0 };
	const struct place *parent = NULL;
	char name[64];

	while (*path) {
		size_t len = strcspn(path, "/");

		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		place_child(parent, name, &place);
		parent = &place;
		path += len + (path[len] == '/');
	}
	return place;
}

/* A segment of that text in that folder; its blob is stored. */
static struct tree_segment TAP_UNUSED segment_of(struct store *store,
						 const char *path,
						 const char *text)
{
	struct tree_segment segment;

	memset(&segment, 0, sizeof(segment));
	segment.place = place_at(path);
	sha256_of(text, strlen(text), segment.digest);
	err_clear(&err);
	if (store_add(store, OBJECT_BLOB, span_str(text), &segment.blob,
		      &err) < 0)
		bail_out("%s", err.text);
	return segment;
}

static void TAP_UNUSED list_add(struct tree_segments *list,
				const struct tree_segment *segment)
{
	err_clear(&err);
	if (tree_segments_add(list, segment, &err) < 0)
		bail_out("%s", err.text);
}

static git_oid TAP_UNUSED empty_tree(struct store *store)
{
	git_oid id;

	err_clear(&err);
	if (tree_empty(store, &id, &err) < 0)
		bail_out("%s", err.text);
	return id;
}

/* The base and the segments; the test ends where that fails. */
static git_oid TAP_UNUSED insert(struct store *store, git_oid base,
				 const struct tree_segments *add)
{
	git_oid id;

	err_clear(&err);
	if (tree_insert(store, &base, add, &id, &err) < 0)
		bail_out("%s", err.text);
	return id;
}

static git_oid TAP_UNUSED insert_one(struct store *store, git_oid base,
				     const char *path, const char *text)
{
	struct tree_segments list = TREE_SEGMENTS_INIT;
	struct tree_segment segment = segment_of(store, path, text);
	git_oid id;

	list_add(&list, &segment);
	id = insert(store, base, &list);
	tree_segments_release(&list);
	return id;
}

/* One entry of a tree, exactly as given. */
static void TAP_UNUSED raw_add(struct buf *raw, const char *mode,
			       const char *name, const git_oid *id)
{
	if (buf_printf(raw, NULL, "%s %s", mode, name) < 0 ||
	    buf_add_char(raw, '\0', NULL) < 0 ||
	    buf_add(raw, id->id, GIT_OID_RAWSZ, NULL) < 0)
		bail_out("out of memory");
}

static git_oid TAP_UNUSED raw_store(struct store *store,
				    const struct buf *raw)
{
	git_oid id;

	err_clear(&err);
	if (store_stage(store, OBJECT_TREE, buf_span(raw), &id, &err) < 0)
		bail_out("%s", err.text);
	return id;
}

/* The root above a tree that is the folder path. */
static git_oid TAP_UNUSED raw_wrap(struct store *store, git_oid tree,
				   const char *path)
{
	size_t len = strlen(path);
	char name[64];

	while (len) {
		struct buf raw = BUF_INIT(BUF_NO_LIMIT);
		size_t start = len;

		while (start && path[start - 1] != '/')
			start--;
		snprintf(name, sizeof(name), "%.*s", (int)(len - start),
			 path + start);
		raw_add(&raw, "40000", name, &tree);
		tree = raw_store(store, &raw);
		buf_release(&raw);
		len = start ? start - 1 : 0;
	}
	return tree;
}

#endif
