/*
 * What the tests of arranging and compacting need: stores, codecs, records in
 * bulk, and the set of records that a tree holds.
 */
#ifndef VV_TESTS_ARRANGED_H
#define VV_TESTS_ARRANGED_H

#include "objects/tree/arrange.h"
#include "objects/tree/segment_verify.h"
#include "tests/unit/fixture.h"

static void TAP_UNUSED must(int rc, const struct err *err)
{
	if (rc < 0)
		bail_out("%s", err->text);
}

static TAP_UNUSED struct store *new_store(const char *name)
{
	struct store *store;
	struct err err = ERR_INIT;

	must(store_create(in_scratch(name), &err), &err);
	must(store_open(in_scratch(name), false, &store, &err), &err);
	return store;
}

static TAP_UNUSED struct codec *new_plain(void)
{
	struct codec *codec;
	struct err err = ERR_INIT;

	must(codec_new_plain(&codec, &err), &err);
	return codec;
}

static TAP_UNUSED struct codec *new_sealed(void)
{
	const unsigned char name_key[NAME_KEY_BYTES] = { 9 };
	struct content_key key = { .key = { 1, 2, 3 } };
	struct sealer *sealer;
	struct codec *codec;
	struct err err = ERR_INIT;

	content_key_id(key.key, key.id);
	must(sealer_new("vault", "nova", &key, 1, &sealer, &err), &err);
	must(codec_new_sealed(name_key, "nova", sealer, &codec, &err), &err);
	return codec;
}

/* Records with the lines that they borrow. */
struct pile {
	struct codec *codec;
	struct arrange_record *records;
	struct buf *lines;
	size_t n;
	size_t max;
};

static void TAP_UNUSED pile_init(struct pile *pile, struct codec *codec,
				 size_t max)
{
	pile->codec = codec;
	pile->records = calloc(max, sizeof(*pile->records));
	pile->lines = calloc(max, sizeof(*pile->lines));
	pile->n = 0;
	pile->max = max;
	if (!pile->records || !pile->lines)
		bail_out("out of memory");
}

static void TAP_UNUSED pile_release(struct pile *pile)
{
	size_t i;

	for (i = 0; i < pile->max; i++)
		buf_release(&pile->lines[i]);
	free(pile->records);
	free(pile->lines);
}

/* One more record: type by entity, content of that many bytes. */
static void TAP_UNUSED pile_add(struct pile *pile, const char *entity,
				unsigned seconds, size_t bytes)
{
	struct arrange_record *out = &pile->records[pile->n];
	struct buf *line = &pile->lines[pile->n];
	struct buf data = BUF_INIT(RECORD_MAX_BYTES);
	unsigned char id[RECORD_ID_BYTES];
	struct record_parts parts = { .entity = span_str(entity) };
	struct record record;
	struct err err = ERR_INIT;
	char type[32];
	char at[64];

	if (pile->n++ == pile->max)
		bail_out("too many records");
	snprintf(type, sizeof(type), "%.*s:update",
		 (int)strcspn(entity, ":"), entity);
	snprintf(at, sizeof(at), "2026-01-01T%02u:%02u:%02u.000000Z-0000-"
		 "00000000", seconds / 3600 % 24, seconds / 60 % 60,
		 seconds % 60);
	must(buf_add_str(&data, "{\"content\":\"", &err), &err);
	must(buf_reserve(&data, bytes, &err), &err);
	memset(data.data + data.len, 'x', bytes);
	data.len += bytes;
	must(buf_add_str(&data, "\"}", &err), &err);
	parts.type = type;
	parts.at = at;
	parts.data = buf_span(&data);
	buf_reset(line);
	line->max = RECORD_MAX_BYTES;
	must(record_build(&parts, line, &err), &err);
	must(record_parse(buf_span(line), &record, &err), &err);
	record_id(record.line, id);
	must(arrange_record_init(pile->codec, &record, id, out, &err), &err);
	buf_release(&data);
}

/* All record ids of a tree, sorted; every segment verified at its place. */
struct ids {
	unsigned char (*at)[RECORD_ID_BYTES];
	size_t n;
	size_t cap;
	size_t segments;
	size_t broken;		/* segments that do not verify */
	struct store *store;
	struct codec *codec;
};

static int TAP_UNUSED ids_record(void *arg, const struct record *record,
				 const unsigned char id[RECORD_ID_BYTES],
				 struct err *err)
{
	struct ids *ids = arg;

	(void)record;
	(void)err;
	if (ids->n == ids->cap) {
		ids->cap = ids->cap ? 2 * ids->cap : 256;
		ids->at = realloc(ids->at, ids->cap * sizeof(*ids->at));
		if (!ids->at)
			bail_out("out of memory");
	}
	memcpy(ids->at[ids->n++], id, RECORD_ID_BYTES);
	return 0;
}

static int TAP_UNUSED ids_segment(void *arg, const struct tree_segment *segment,
				  struct err *err)
{
	struct ids *ids = arg;
	struct segment_visitor visitor = { ids_record, ids };
	struct err own = ERR_INIT;

	(void)err;
	ids->segments++;
	if (segment_verify(ids->store, ids->codec, segment, &visitor, &own)) {
		diag("%s", own.text);
		ids->broken++;
	}
	return 0;
}

static int TAP_UNUSED id_order(const void *a, const void *b)
{
	return memcmp(a, b, RECORD_ID_BYTES);
}

static void TAP_UNUSED ids_sort(struct ids *ids)
{
	if (ids->n)
		qsort(ids->at, ids->n, sizeof(*ids->at), id_order);
}

static struct ids TAP_UNUSED tree_ids(struct store *store, struct codec *codec,
				      const git_oid *tree)
{
	struct ids ids = { .store = store, .codec = codec };
	struct tree_visitor visitor = { ids_segment, &ids };
	unsigned char root[SHA256_BYTES];
	struct err err = ERR_INIT;

	must(tree_root(store, tree, root, &err), &err);
	must(tree_each(store, tree, &visitor, &err), &err);
	ids_sort(&ids);
	return ids;
}

static struct ids TAP_UNUSED pile_ids(const struct pile *pile)
{
	struct ids ids = { .n = 0 };
	size_t i;

	for (i = 0; i < pile->n; i++)
		ids_record(&ids, NULL, pile->records[i].line.id, NULL);
	ids_sort(&ids);
	return ids;
}

static void TAP_UNUSED ids_drop_doubles(struct ids *ids)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < ids->n; i++) {
		if (!kept || id_order(ids->at[kept - 1], ids->at[i]))
			memmove(ids->at[kept++], ids->at[i], RECORD_ID_BYTES);
	}
	ids->n = kept;
}

static bool TAP_UNUSED ids_equal(const struct ids *a, const struct ids *b)
{
	return a->n == b->n &&
	       (!a->n || !memcmp(a->at, b->at, a->n * sizeof(*a->at)));
}

/* The most segments that lie directly in one folder. */
static size_t TAP_UNUSED most_segments(struct store *store,
				       const git_oid *tree,
				       const struct place *place)
{
	struct tree_folder folder;
	struct err err = ERR_INIT;
	size_t most;
	size_t i;

	must(tree_folder_read(store, tree, place, &folder, &err), &err);
	most = folder.segments.n;
	for (i = 0; i < folder.children_n; i++) {
		struct place child;
		size_t below;

		place_child(place, folder.children[i].name, &child);
		below = most_segments(store, &folder.children[i].tree, &child);
		most = below > most ? below : most;
	}
	tree_folder_release(&folder);
	return most;
}

#endif
