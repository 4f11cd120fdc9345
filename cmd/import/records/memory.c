#include "cmd/import/records/memory.h"

#include "cmd/import/records/rest.h"
#include "lib/id/encode.h"

void memory_release(struct memory *memory)
{
	jcs_fields_release(&memory->fields);
	jcs_fields_release(&memory->native);
	buf_release(&memory->entity);
	buf_release(&memory->links);
	buf_release(&memory->value);
}

int memory_entity(const struct memory *memory, const char *folder,
		  struct span key, struct buf *out, struct err *err)
{
	int rc;

	rc = buf_printf(out, err, "memory:%s:%s", memory->provider, folder);
	return rc < 0 ? rc : chat_add_key(out, key, err);
}

int memory_begin(struct memory *memory, const char *folder, struct span key,
		 struct err *err)
{
	jcs_fields_reset(&memory->fields);
	jcs_fields_reset(&memory->native);
	memory->time = (struct chat_time)CHAT_TIME_NONE;
	buf_reset(&memory->links);
	buf_reset(&memory->entity);
	return memory_entity(memory, folder, key, &memory->entity, err);
}

int memory_says(struct memory *memory, const char *type, struct span content,
		struct err *err)
{
	int rc;

	rc = jcs_fields_text(&memory->fields, "source",
			     span_str(memory->source->format->name), err);
	if (rc >= 0 && type)
		rc = jcs_fields_text(&memory->fields, "type", span_str(type),
				     err);
	return rc < 0 ? rc : rest_add_text(&memory->fields, "content",
					   content, err);
}

int memory_relates(struct memory *memory, const struct span parts[3],
		   struct err *err)
{
	static const char *const names[] = { "from", "relation_type", "to" };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < 3; i++) {
		rc = rest_add_text(&memory->fields, names[i], parts[i], err);
		if (rc >= 0 && i)
			rc = buf_add_char(&text, ' ', err);
		if (rc >= 0)
			rc = buf_add_span(&text, parts[i], err);
	}
	if (rc >= 0)
		rc = memory_says(memory, "relationship", buf_span(&text),
				 err);
	buf_release(&text);
	return rc;
}

int memory_times(struct memory *memory, const struct chat_time *created,
		 const struct chat_time *updated, struct err *err)
{
	int rc;

	memory->time = updated->micros > created->micros ? *updated :
		*created;
	rc = chat_add_time(&memory->fields, "created", created, err);
	return rc < 0 ? rc : chat_add_time(&memory->fields, "updated",
					   updated, err);
}

int memory_link(struct memory *memory, const char *relation,
		const char *folder, struct span key, struct err *err)
{
	int rc;

	rc = buf_add_str(&memory->links, memory->links.len ? "," : "[", err);
	if (rc >= 0)
		rc = buf_add_str(&memory->links, "{\"entity\":\"", err);
	if (rc >= 0)
		rc = memory_entity(memory, folder, key, &memory->links, err);
	return rc < 0 ? rc : buf_printf(&memory->links, err,
					"\",\"relation\":\"%s\"}", relation);
}

int memory_tags(struct memory *memory, const char *name,
		const struct jval *tags, struct err *err)
{
	const struct jval *tag = jval_first(tags);

	if (!tags || jval_is(tags, JVAL_NULL))
		return 0;
	while (tag && jval_is(tag, JVAL_STRING))
		tag = tag->next;
	return jval_is(tags, JVAL_ARRAY) && !tag ?
		rest_add_value(&memory->fields, "tags", tags, err) :
		rest_add_value(&memory->native, name, tags, err);
}

int memory_put(struct memory *memory, struct err *err)
{
	struct record_parts record = { .type = "memory:create" };
	char at[HLC_TEXT_MAX];
	int rc;

	fields_inner(&memory->fields, "native", &memory->native);
	if (memory->links.len) {
		buf_put_char(&memory->links, ']');
		fields_buf(&memory->fields, "links", &memory->links);
	}
	buf_reset(&memory->value);
	rc = jcs_fields_write(&memory->fields, &memory->value, err);
	if (rc < 0)
		return rc;
	if (import_is_future_time(memory->job, memory->time.micros))
		return import_leave_future(memory->source,
					   buf_span(&memory->entity), err);
	chat_time_at(&memory->time, at);
	memory->source->unknown_times +=
		memory->time.micros == CHAT_TIME_UNKNOWN;
	record.at = at;
	record.entity = buf_span(&memory->entity);
	record.data = buf_span(&memory->value);
	return import_put(memory->job, memory->source, memory->construct,
			  &record, err);
}

int memory_hash_key(const struct span *texts, size_t n, struct buf *out,
		    struct err *err)
{
	unsigned char digest[SHA256_BYTES];
	unsigned char len[8];
	struct sha256 hash = { { 0 } };
	size_t i;
	size_t j;

	sha256_init(&hash);
	for (i = 0; i < n; i++) {
		for (j = 0; j < sizeof(len); j++)
			len[j] = (unsigned char)
				((uint64_t)texts[i].len >> (56 - 8 * j));
		sha256_add(&hash, len, sizeof(len));
		sha256_add(&hash, texts[i].at, texts[i].len);
	}
	sha256_finish(&hash, digest);
	return hex_add(out, digest, sizeof(digest), err);
}
