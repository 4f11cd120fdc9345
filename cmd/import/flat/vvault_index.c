/*
 * The index that VVAULT keeps of an instance's capsules. It holds no capsule,
 * but the tags that people gave to them: each becomes a capsule:update of
 * capsule:<uuid>, where the capsule's own file, imported before or after,
 * stands too. The rest of an entry is native.index there.
 */
#include <stdlib.h>

#include "cmd/import/flat/flat.h"
#include "cmd/import/flat/formats.h"
#include "cmd/import/input/whole.h"
#include "cmd/import/identity/namesake.h"
#include "lib/base/array.h"

/* A tag that the index has for a capsule whose entry does not have it. */
struct tagged {
	struct span uuid;
	struct span tag;
};

struct tags {
	struct tagged *at;	/* sorted by uuid, then tag */
	size_t n;
	size_t cap;
};

static const struct flat_row entry_rows[] = {
	{ FLAT_UPDATED, "updated_at", FLAT_STAYS },
	{ FLAT_UPDATED, "created_at", FLAT_STAYS },
	FLAT_ROWS_END
};

static int index_identify(struct import_job *job,
			  struct import_source *source, struct err *err)
{
	struct jdoc *doc = NULL;
	int rc;

	rc = whole_read_begun(NULL, source, 0, &doc, err);
	if (rc)
		return rc;
	rc = jval_is(jval_get(jdoc_root(doc), "capsules"), JVAL_OBJECT) ?
		import_name(job, source, jval_get_text(jdoc_root(doc),
			    "instance_name"), err) :
		import_refuse(source, "an index whose capsules are no object, "
			      "or that breaks off before one",
			      NULL, err);
	if (rc == 0)
		rc = namesake_spare(job, source, err);
	jdoc_free(doc);
	return rc;
}

static bool has_tag(const struct jval *entry, struct span tag)
{
	const struct jval *own = jval_first(jval_get(entry, "tags"));

	while (own && !(jval_is(own, JVAL_STRING) &&
			span_equals(jval_text(own), tag)))
		own = own->next;
	return own != NULL;
}

static int compare_tagged(const void *a, const void *b)
{
	const struct tagged *left = a;
	const struct tagged *right = b;
	int order = span_compare(left->uuid, right->uuid);

	return order ? order : span_compare(left->tag, right->tag);
}

/* A capsule that the table has below a tag. */
static int read_tagged(struct flat *flat, struct span tag,
		       const struct jval *uuid, struct err *err)
{
	const struct jval *entry = jval_get_span(
		jval_get(flat->given->value, "capsules"), jval_text(uuid));
	struct tags *tags = flat->own;
	int rc;

	if (!jval_is(entry, JVAL_OBJECT))
		return flat_leave_out(flat, "a tag of a capsule that the "
				      "index does not have", err);
	if (has_tag(entry, tag))
		return 0;
	rc = array_room(tags, err);
	if (rc < 0)
		return rc;
	tags->at[tags->n].uuid = entry->key;
	tags->at[tags->n++].tag = tag;
	return 0;
}

/* The table of tags says the same as the entries, or more. */
static int read_tags(struct flat *flat, const struct jval *table,
		     struct err *err)
{
	const struct jval *tag = jval_first(table);
	struct tags *tags = flat->own;
	const struct jval *uuid;
	int rc = 0;

	for (; rc >= 0 && tag; tag = tag->next) {
		if (!jval_is(tag, JVAL_ARRAY))
			rc = flat_leave_out(flat, "a tag without a list of "
					    "capsules", err);
		for (uuid = jval_first(tag); rc >= 0 && uuid;
		     uuid = uuid->next)
			rc = read_tagged(flat, tag->key, uuid, err);
	}
	if (tags->n)
		qsort(tags->at, tags->n, sizeof(*tags->at), compare_tagged);
	return rc;
}

/* The first of the tags that only the table has for this capsule. */
static size_t find_tags(const struct tags *tags, struct span uuid)
{
	size_t low = 0;
	size_t high = tags->n;
	size_t middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (span_compare(tags->at[middle].uuid, uuid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void put_tag(struct buf *list, struct span tag)
{
	buf_put_char(list, list->len ? ',' : '[');
	chat_put_text(list, tag);
}

static int add_tags(struct flat *flat, struct take *entry, struct span uuid,
		    struct err *err)
{
	const struct jval *tag = jval_first(take_value(entry, "tags",
						       JVAL_ARRAY));
	const struct tags *tags = flat->own;
	size_t i = find_tags(tags, uuid);
	struct buf *list = &flat->text;
	int rc = 0;

	buf_reset(list);
	for (; rc >= 0 && tag; tag = tag->next) {
		if (jval_is(tag, JVAL_STRING))
			put_tag(list, jval_text(tag));
		else
			rc = flat_leave_out(flat, "a tag that is no text",
					    err);
	}
	for (; i < tags->n && span_equals(tags->at[i].uuid, uuid); i++) {
		if (!i || compare_tagged(&tags->at[i - 1], &tags->at[i]))
			put_tag(list, tags->at[i].tag);
	}
	if (list->len) {
		buf_put_char(list, ']');
		fields_buf(&flat->memory.fields, "tags", list);
	}
	return rc;
}

static int read_entry(struct flat *flat, const struct jval *entry,
		      struct err *err)
{
	struct flat_item item;
	int rc;

	rc = flat_item(flat, entry_rows, entry, &item, err);
	if (rc < 0)
		return rc;
	if (!item.take.object)
		return flat_malformed(flat, "an entry that is no object",
				      entry, err);
	if (!flat_is_wanted(flat, &item))
		return flat_leave_out(flat, FLAT_OLD, err);
	flat_memory_begin(flat, "capsule:", entry->key);
	flat->memory.time = item.updated;
	(void)take_same(&item.take, "uuid", entry->key);
	(void)take_same(&item.take, "instance_name",
			jval_get_text(flat->given->value, "instance_name"));
	rc = add_tags(flat, &item.take, entry->key, err);
	take_rest_under(&item.take, "index", &flat->native);
	return rc < 0 ? rc : flat_memory_put(flat, err);
}

/* What speaks of the index and not of a capsule. */
static int leave_out_rest(struct flat *flat, struct take *index,
			  struct err *err)
{
	size_t i;
	int rc = 0;

	(void)take_text(index, "instance_name");
	for (i = index->n; rc >= 0 && i < jval_count(index->object); i++)
		rc = import_skip(flat->source, "what the index says of "
				 "itself: its times and which capsule it got "
				 "last", NULL, err);
	return rc;
}

static int read_index(struct flat *flat, struct err *err)
{
	struct take index = take_begin(flat->given->value);
	const struct jval *entry = jval_first(take_value(&index, "capsules",
							 JVAL_OBJECT));
	int rc;

	rc = read_tags(flat, take_value(&index, "tags", JVAL_OBJECT), err);
	for (; rc >= 0 && entry; entry = entry->next)
		rc = read_entry(flat, entry, err);
	return rc < 0 ? rc : leave_out_rest(flat, &index, err);
}

static const struct flat_format index_format = {
	.record = "capsule:update",
	.document = "",
	.value = read_index,
	.note = "an index names capsules and holds none: import their files "
		"too",
};

static int index_read(struct import_job *job, struct import_source *source,
		      struct err *err)
{
	struct tags tags = { .n = 0 };
	int rc = flat_read_own(job, source, &tags, err);

	free(tags.at);
	return rc;
}

const struct importer vvault_index_importer = {
	.name = "vvault-index",
	.one = "index of capsules",
	.many = "indexes of capsules",
	.signs = (const char *const[]){
		"instance_name capsules !metadata", NULL
	},
	.identify = index_identify,
	.read = index_read,
	.flat = &index_format,
};
