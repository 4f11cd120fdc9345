#include "cmd/import/capsule/records.h"

#include "cmd/import/records/environment.h"
#include "lib/base/table.h"
#include "lib/id/encode.h"
#include "lib/json/jcs_write.h"
#include "lib/time/hlc.h"

/* In reading order, which all readers of capsules share. */
static const struct bucket {
	const char *member;
	const char *name;
} buckets[] = {
	{ "short_term_memories", "short_term" },
	{ "long_term_memories", "long_term" },
	{ "emotional_memories", "emotional" },
	{ "procedural_memories", "procedural" },
	{ "episodic_memories", "episodic" },
	{ "core_memories", "core" },	/* memup */
};

#define BUCKETS (sizeof(buckets) / sizeof(buckets[0]))

bool capsule_is_bucket(struct span member)
{
	size_t i;

	for (i = 0; i < BUCKETS; i++) {
		if (span_equals(member, span_str(buckets[i].member)))
			return true;
	}
	return false;
}

/* One memory on its way to a record. */
struct memory {
	const struct bucket *bucket;
	const struct jval *value;
	const struct jval *text;	/* the content if it is a string */
	struct buf content;		/* canonical JSON */
	struct buf plain;		/* the text, where it is made here */
	struct buf native;		/* canonical, or empty */
};

struct walk {
	const char *construct;
	const struct capsule_sink *sink;
	struct table seen;		/* how often a content came, by bucket */
};

/* Members of an object that are neither content nor type. */
static int native_members(const struct memory *memory, struct buf *out,
			  struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct buf value = BUF_INIT(BUF_NO_LIMIT);
	struct buf name = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *child = jval_first(memory->value);
	bool has_type = jval_get_text(memory->value, "type").at;
	int rc = 0;

	for (; rc >= 0 && child; child = child->next) {
		if (child == memory->text || environment_is_part(child) ||
		    (child->marks & JVAL_KEY_WTF) ||
		    (has_type && span_equals(child->key, span_str("type"))))
			continue;
		buf_reset(&value);
		buf_reset(&name);
		rc = environment_strip(child, &value, err);
		if (rc >= 0 && span_begins(child->key, "$"))
			rc = buf_add_char(&name, '$', err);
		if (rc >= 0)
			rc = buf_add_span(&name, child->key, err);
		if (rc >= 0)
			rc = jcs_fields_add(&fields, buf_span(&name),
					    buf_span(&value), err);
	}
	if (rc >= 0 && fields.count)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	buf_release(&value);
	buf_release(&name);
	return rc;
}

/* What is no text, and no object with one: its JSON stands as the text. */
static int make_plain(struct memory *memory, struct err *err)
{
	int rc;

	rc = environment_strip(memory->value, &memory->plain, err);
	if (rc >= 0)
		rc = jcs_add_string(&memory->content, buf_span(&memory->plain),
				    err);
	if (rc >= 0)
		rc = buf_printf(&memory->native, err, "{\"value\":%s}",
				buf_text(&memory->plain));
	return rc;
}

static int memory_init(struct memory *memory, struct err *err)
{
	int rc;

	memory->text = memory->value;
	if (jval_is(memory->value, JVAL_OBJECT)) {
		memory->text = jval_get(memory->value, "content");
		if (!jval_is(memory->text, JVAL_STRING))
			memory->text = jval_get(memory->value, "text");
	}
	if (!jval_is(memory->text, JVAL_STRING))
		return make_plain(memory, err);
	rc = jdoc_to_jcs(memory->text, &memory->content, err);
	if (rc >= 0 && memory->text != memory->value)
		rc = native_members(memory, &memory->native, err);
	return rc;
}

/* "memory:capsule:<construct>/<bucket>/<sha256 of content>/<nth>" */
static int memory_entity(struct walk *walk, const struct memory *memory,
			 struct buf *out, struct err *err)
{
	unsigned char key[SHA256_BYTES + 1];
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	struct span text = buf_span(&memory->plain);
	uint64_t nth = 0;
	int rc;

	if (jval_is(memory->text, JVAL_STRING))
		text = jval_text(memory->text);
	sha256_of(text.at, text.len, key);
	hex_text(key, SHA256_BYTES, hex);
	key[SHA256_BYTES] = (unsigned char)(memory->bucket - buckets);
	(void)table_get(&walk->seen, key, &nth);
	rc = table_put(&walk->seen, key, nth + 1, err);
	if (rc < 0)
		return rc;
	return buf_printf(out, err, "memory:capsule:%s/%s/%s/%llu",
			  walk->construct, memory->bucket->name, hex,
			  (unsigned long long)nth);
}

static int memory_data(const struct memory *memory, struct buf *out,
		       struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	const struct jval *type = jval_get(memory->value, "type");
	int rc;

	rc = jcs_fields_text(&fields, "bucket",
			     span_str(memory->bucket->name), err);
	if (rc >= 0)
		rc = jcs_fields_raw(&fields, "content",
				    buf_span(&memory->content), err);
	if (rc >= 0)
		rc = jcs_fields_text(&fields, "source", span_str("capsule"),
				     err);
	if (rc >= 0 && memory->native.len)
		rc = jcs_fields_raw(&fields, "native",
				    buf_span(&memory->native), err);
	if (rc >= 0 && jval_is(type, JVAL_STRING) && !memory->plain.len) {
		struct buf text = BUF_INIT(BUF_NO_LIMIT);

		rc = jdoc_to_jcs(type, &text, err);
		if (rc >= 0)
			rc = jcs_fields_raw(&fields, "type", buf_span(&text),
					    err);
		buf_release(&text);
	}
	if (rc >= 0)
		rc = jcs_fields_write(&fields, out, err);
	jcs_fields_release(&fields);
	return rc;
}

static int give_memory(struct walk *walk, const struct bucket *bucket,
		       const struct jval *value, struct err *err)
{
	struct memory memory = {
		.bucket = bucket, .value = value,
		.content = BUF_INIT(BUF_NO_LIMIT),
		.plain = BUF_INIT(BUF_NO_LIMIT),
		.native = BUF_INIT(BUF_NO_LIMIT),
	};
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	struct record_parts parts = {
		.type = "memory:create", .at = HLC_UNKNOWN_TEXT,
	};
	int rc;

	rc = memory_init(&memory, err);
	if (rc >= 0)
		rc = memory_entity(walk, &memory, &entity, err);
	if (rc >= 0)
		rc = memory_data(&memory, &data, err);
	parts.entity = buf_span(&entity);
	parts.data = buf_span(&data);
	if (rc >= 0)
		rc = walk->sink->record(walk->sink->arg, &parts, err);
	buf_release(&memory.content);
	buf_release(&memory.plain);
	buf_release(&memory.native);
	buf_release(&entity);
	buf_release(&data);
	return rc;
}

int capsule_memory_records(const struct capsule *capsule,
			   const char *construct,
			   const struct capsule_sink *sink, struct err *err)
{
	const struct jval *memory = jval_get(capsule->root, "memory");
	struct walk walk = {
		construct, sink, TABLE_INIT(SHA256_BYTES + 1, TABLE_NO_LIMIT)
	};
	const struct jval *value;
	size_t i;
	int rc = 0;

	for (i = 0; rc >= 0 && i < BUCKETS; i++) {
		value = jval_get(memory, buckets[i].member);
		if (!jval_is(value, JVAL_ARRAY))
			continue;
		value = jval_first(value);
		for (; rc >= 0 && value; value = value->next)
			rc = give_memory(&walk, &buckets[i], value, err);
	}
	table_release(&walk.seen);
	return rc;
}
