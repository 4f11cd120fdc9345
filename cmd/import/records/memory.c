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

static void put_entity(const struct memory *memory, const char *folder,
		       struct span key, struct buf *out)
{
	if (memory->provider)
		buf_putf(out, "memory:%s:", memory->provider);
	buf_put_str(out, folder);
	chat_put_key(out, key);
}

void memory_begin(struct memory *memory, const char *folder, struct span key)
{
	jcs_fields_reset(&memory->fields);
	jcs_fields_reset(&memory->native);
	memory->time = (struct chat_time)CHAT_TIME_NONE;
	buf_reset(&memory->links);
	buf_reset(&memory->entity);
	put_entity(memory, folder, key, &memory->entity);
}

void memory_says(struct memory *memory, const char *type, struct span content)
{
	fields_str(&memory->fields, "source", memory->source->format->name);
	if (type)
		fields_str(&memory->fields, "type", type);
	fields_said(&memory->fields, "content", content);
}

void memory_relates(struct memory *memory, const struct span parts[3])
{
	static const char *const names[] = { "from", "relation_type", "to" };
	struct buf text = BUF_INIT(BUF_NO_LIMIT);
	size_t i;

	for (i = 0; i < 3; i++) {
		fields_said(&memory->fields, names[i], parts[i]);
		if (i)
			buf_put_char(&text, ' ');
		buf_put_span(&text, parts[i]);
	}
	memory_says(memory, "relationship", buf_span(&text));
	fields_fail(&memory->fields, buf_end(&text, NULL), NULL);
	buf_release(&text);
}

void memory_times(struct memory *memory, const struct chat_time *created,
		  const struct chat_time *updated)
{
	memory->time = updated->micros > created->micros ? *updated :
		*created;
	fields_time(&memory->fields, "created", created);
	fields_time(&memory->fields, "updated", updated);
}

void memory_link(struct memory *memory, const char *relation,
		 const char *folder, struct span key)
{
	buf_put_str(&memory->links, memory->links.len ? "," : "[");
	buf_put_str(&memory->links, "{\"entity\":\"");
	put_entity(memory, folder, key, &memory->links);
	buf_putf(&memory->links, "\",\"relation\":\"%s\"}", relation);
}

void memory_tags(struct memory *memory, struct take *take,
		 const struct jval *tags)
{
	const struct jval *tag = jval_first(tags);
	bool is_list = jval_is(tags, JVAL_ARRAY);

	while (jval_is(tag, JVAL_STRING))
		tag = tag->next;
	if (is_list && !tag)
		fields_value(&memory->fields, "tags", tags);
	if ((is_list && !tag) || jval_is(tags, JVAL_NULL))
		take_done(take, tags);
}

int memory_put(struct memory *memory, struct err *err)
{
	struct record_parts record = { .type = memory->type };
	char at[HLC_TEXT_MAX];
	int rc;

	fields_inner(&memory->fields, "native", &memory->native);
	if (memory->links.len) {
		buf_put_char(&memory->links, ']');
		fields_buf(&memory->fields, "links", &memory->links);
	}
	buf_reset(&memory->value);
	rc = jcs_fields_write(&memory->fields, &memory->value, err);
	if (rc >= 0)
		rc = buf_end(&memory->entity, err);
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

void memory_hash_key(const struct span *texts, size_t n, struct buf *out)
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
	buf_fail(out, hex_add(out, digest, sizeof(digest), NULL));
}
