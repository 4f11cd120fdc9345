#include "cmd/import/flat/flat.h"

#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

static void put_entity(const struct flat *flat, const char *folder,
		       struct span key, struct buf *out)
{
	if (flat->format->provider)
		buf_putf(out, "memory:%s:", flat->format->provider);
	buf_put_str(out, folder);
	chat_put_key(out, key);
}

void flat_memory_begin(struct flat *flat, const char *folder, struct span key)
{
	struct flat_memory *memory = &flat->memory;

	jcs_fields_reset(&memory->fields);
	jcs_fields_reset(&flat->native);
	memory->time = (struct chat_time)CHAT_TIME_NONE;
	buf_reset(&memory->links);
	buf_reset(&memory->entity);
	put_entity(flat, folder, key, &memory->entity);
}

void flat_memory_says(struct flat *flat, const char *type,
		      struct span content)
{
	struct jcs_fields *fields = &flat->memory.fields;

	fields_str(fields, "source", flat->source->format->name);
	if (type)
		fields_str(fields, "type", type);
	fields_said(fields, "content", content);
}

void flat_memory_link(struct flat *flat, const char *relation,
		      const char *folder, struct span key)
{
	struct buf *links = &flat->memory.links;

	buf_put_str(links, links->len ? "," : "[");
	buf_put_str(links, "{\"entity\":\"");
	put_entity(flat, folder, key, links);
	buf_putf(links, "\",\"relation\":\"%s\"}", relation);
}

int flat_memory_put(struct flat *flat, struct err *err)
{
	struct flat_memory *memory = &flat->memory;
	struct record_parts record = { .type = flat->format->record };
	char at[HLC_TEXT_MAX];
	int rc;

	fields_inner(&memory->fields, "native", &flat->native);
	if (memory->links.len) {
		buf_put_char(&memory->links, ']');
		fields_buf(&memory->fields, "links", &memory->links);
	}
	buf_reset(&flat->text);
	rc = jcs_fields_write(&memory->fields, &flat->text, err);
	if (rc >= 0)
		rc = buf_end(&memory->entity, err);
	if (rc < 0)
		return rc;
	if (import_is_future_time(flat->job, memory->time.micros))
		return import_leave_future(flat->source,
					   buf_span(&memory->entity), err);
	chat_time_at(&memory->time, at);
	chat_time_count(flat->source, &memory->time);
	if (!record.type)
		record.type = "memory:create";
	record.at = at;
	record.entity = buf_span(&memory->entity);
	record.data = buf_span(&flat->text);
	return import_put(flat->job, flat->source, memory->construct,
			  &record, err);
}

void flat_hash(const struct span *texts, size_t n, struct buf *out)
{
	unsigned char digest[SHA256_BYTES];

	sha256_of_list(texts, n, digest);
	buf_fail(out, hex_add(out, digest, sizeof(digest), NULL));
}

bool flat_is_wanted(const struct flat *flat, const struct flat_item *item)
{
	return import_is_wanted(flat->job, item->updated.micros >
				item->created.micros ? item->updated.micros :
				item->created.micros);
}

int flat_is_new(struct flat *flat, bool *out, struct err *err)
{
	enum flat_known known = FLAT_NEW;
	int rc = flat_claim(flat, &flat->memory.entity, 0, &known, err);

	*out = known == FLAT_NEW;
	return rc;
}

/* A list of texts, or null; another value stays in the rest. */
static void put_tags(struct jcs_fields *fields, struct flat_item *item)
{
	const struct jval *tag = jval_first(item->tags);
	bool is_list = jval_is(item->tags, JVAL_ARRAY);

	while (jval_is(tag, JVAL_STRING))
		tag = tag->next;
	if (is_list && !tag)
		fields_value(fields, "tags", item->tags);
	if ((is_list && !tag) || jval_is(item->tags, JVAL_NULL))
		take_done(&item->take, item->tags);
}

int flat_remember(struct flat *flat, struct flat_item *item, struct err *err)
{
	struct flat_memory *memory = &flat->memory;

	memory->time = item->updated.micros > item->created.micros ?
		item->updated : item->created;
	fields_time(&memory->fields, "created", &item->created);
	fields_time(&memory->fields, "updated", &item->updated);
	put_tags(&memory->fields, item);
	take_rest(&item->take, &flat->native);
	return flat_memory_put(flat, err);
}

/* Its ends and its kind, each alone and all of them as what it says. */
static void relate(struct flat *flat, const struct span parts[3])
{
	static const char *const names[] = { "from", "relation_type", "to" };
	size_t i;

	buf_reset(&flat->text);
	for (i = 0; i < 3; i++) {
		fields_said(&flat->memory.fields, names[i], parts[i]);
		if (i)
			buf_put_char(&flat->text, ' ');
		buf_put_span(&flat->text, parts[i]);
	}
	fields_fail(&flat->memory.fields, buf_end(&flat->text, NULL), NULL);
	flat_memory_says(flat, "relationship", buf_span(&flat->text));
}

int flat_relation(struct flat *flat, struct flat_item *item,
		  const char *folder, size_t digits, const char *ends,
		  struct err *err)
{
	const struct span parts[3] = {
		item->text[FLAT_FROM], item->text[FLAT_KIND],
		item->text[FLAT_TO],
	};
	bool is_new;
	int rc;

	if (!parts[0].at || !parts[2].at)
		return flat_malformed(flat, "a relation without its two ends",
				      item->value, err);
	if (!flat_is_wanted(flat, item))
		return flat_leave_out(flat, FLAT_OLD, err);
	buf_reset(&flat->key);
	flat_hash(parts, 3, &flat->key);
	rc = buf_end(&flat->key, err);
	if (rc < 0)
		return rc;
	flat_memory_begin(flat, folder, span_of(flat->key.data, digits));
	rc = flat_is_new(flat, &is_new, err);
	if (rc == 0 && !is_new)
		return flat_leave_out(flat, "a relation that stands before",
				      err);
	relate(flat, parts);
	if (ends) {
		flat_memory_link(flat, "from", ends, parts[0]);
		flat_memory_link(flat, "to", ends, parts[2]);
	}
	return rc < 0 ? rc : flat_remember(flat, item, err);
}
