#include "cmd/import/flat/flat.h"

#include "cmd/import/records/rest.h"

bool flat_is_wanted(const struct flat *flat, const struct flat_item *item)
{
	return import_is_wanted(flat->job, item->updated.micros >
				item->created.micros ? item->updated.micros :
				item->created.micros);
}

int flat_is_new(struct flat *flat, struct err *err)
{
	const struct buf *entity = &flat->memory.entity;
	unsigned char digest[SHA256_BYTES];

	sha256_of(entity->data, entity->len, digest);
	return table_add(&flat->seen, digest, 1, err);
}

/* A list of texts; another value stays in the rest. */
static void add_tags(struct flat *flat, struct flat_item *item)
{
	const struct jval *tag = jval_first(item->tags);

	while (jval_is(tag, JVAL_STRING))
		tag = tag->next;
	if (!tag && jval_is(item->tags, JVAL_ARRAY))
		fields_value(&flat->memory.fields, "tags", item->tags);
	if (!tag && (jval_is(item->tags, JVAL_ARRAY) ||
		     jval_is(item->tags, JVAL_NULL)))
		take_done(&item->take, item->tags);
}

int flat_remember(struct flat *flat, struct flat_item *item, struct err *err)
{
	struct memory *memory = &flat->memory;
	int rc;

	rc = memory_times(memory, &item->created, &item->updated, err);
	add_tags(flat, item);
	take_rest(&item->take, &memory->native);
	return rc < 0 ? rc : memory_put(memory, err);
}

/* The relation begun, unless it was there before: 1 or 0. */
static int begin_relation(struct flat *flat, const char *folder,
			  const struct span parts[3], size_t digits,
			  struct err *err)
{
	struct buf key = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	rc = memory_hash_key(parts, 3, &key, err);
	if (rc >= 0)
		rc = memory_begin(&flat->memory, folder,
				  span_of(key.data, digits), err);
	buf_release(&key);
	return rc < 0 ? rc : flat_is_new(flat, err);
}

int flat_relation(struct flat *flat, struct flat_item *item,
		  const char *folder, size_t digits, const char *ends,
		  struct err *err)
{
	const struct span parts[3] = {
		item->text[FLAT_FROM], item->text[FLAT_KIND],
		item->text[FLAT_TO],
	};
	struct memory *memory = &flat->memory;
	int rc;

	if (!parts[0].at || !parts[2].at)
		return flat_malformed(flat, "a relation without its two ends",
				      item->value, err);
	if (!flat_is_wanted(flat, item))
		return flat_leave_out(flat, FLAT_OLD, err);
	rc = begin_relation(flat, folder, parts, digits, err);
	if (rc == 0)
		return flat_leave_out(flat, "a relation that stands before",
				      err);
	if (rc >= 0)
		rc = memory_relates(memory, parts, err);
	if (rc >= 0 && ends)
		rc = memory_link(memory, "from", ends, parts[0], err);
	if (rc >= 0 && ends)
		rc = memory_link(memory, "to", ends, parts[2], err);
	return rc < 0 ? rc : flat_remember(flat, item, err);
}
