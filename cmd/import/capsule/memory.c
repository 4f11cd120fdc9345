#include "cmd/import/capsule/capsule_internal.h"

#include "cmd/import/records/environment.h"
#include "cmd/import/records/rest.h"
#include "lib/base/table.h"
#include "lib/id/encode.h"
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
	const struct jval *text;	/* the content; NULL: it has none */
	struct buf plain;		/* the JSON that then stands for it */
	struct jcs_fields fields;
};

struct memory_walk {
	const char *construct;
	const struct capsule_sink *sink;
	struct table seen;		/* how often a content came, by bucket */
};

/* The value as text, or what an object says below "content" or "text". */
static const struct jval *text_of(const struct jval *value)
{
	const struct jval *text = value;

	if (jval_is(value, JVAL_OBJECT)) {
		text = jval_get(value, "content");
		if (!jval_is(text, JVAL_STRING))
			text = jval_get(value, "text");
	}
	return jval_is(text, JVAL_STRING) ? text : NULL;
}

/* Its JSON stands as the text of a memory that has none. */
static void put_plain(struct memory *memory)
{
	struct jcs_fields *fields = &memory->fields;
	struct jcs_fields native = JCS_FIELDS_INIT;
	struct err why = ERR_INIT;

	fields_fail(fields, environment_strip(memory->value, &memory->plain,
					      &why), &why);
	fields_text(fields, "content", buf_span(&memory->plain));
	fields_raw(&native, "value", buf_span(&memory->plain));
	fields_inner(fields, "native", &native);
	jcs_fields_release(&native);
}

/* The content, the type, and as native all other members. */
static void put_members(struct memory *memory)
{
	struct jcs_fields *fields = &memory->fields;
	struct jcs_fields native = JCS_FIELDS_INIT;
	const struct jval *type = jval_get(memory->value, "type");
	const struct jval *child = jval_is(memory->value, JVAL_OBJECT) ?
		jval_first(memory->value) : NULL;

	fields_value(fields, "content", memory->text);
	if (jval_is(type, JVAL_STRING))
		fields_value(fields, "type", type);
	for (; child; child = child->next) {
		if (child != memory->text && !environment_is_part(child) &&
		    !(child == type && jval_is(type, JVAL_STRING)))
			capsule_put(&native, NULL, child);
	}
	fields_inner(fields, "native", &native);
	jcs_fields_release(&native);
}

/* "memory:capsule:<construct>/<bucket>/<sha256 of content>/<nth>" */
static int make_entity(struct memory_walk *walk, const struct memory *memory,
		       struct buf *out, struct err *err)
{
	unsigned char key[SHA256_BYTES + 1];
	char hex[HEX_TEXT(SHA256_BYTES) + 1];
	struct span text = memory->text ? jval_text(memory->text) :
		buf_span(&memory->plain);
	uint64_t nth;
	int rc;

	sha256_of(text.at, text.len, key);
	hex_text(key, SHA256_BYTES, hex);
	key[SHA256_BYTES] = (unsigned char)(memory->bucket - buckets);
	rc = table_count(&walk->seen, key, &nth, err);
	buf_putf(out, "memory:capsule:%s/%s/%s/%llu", walk->construct,
		 memory->bucket->name, hex, (unsigned long long)nth);
	return rc;
}

static int give_memory(struct memory_walk *walk, const struct bucket *bucket,
		       const struct jval *value, struct err *err)
{
	const struct record_parts parts = {
		.type = "memory:create", .at = HLC_UNKNOWN_TEXT,
	};
	struct memory memory = {
		.bucket = bucket, .value = value, .text = text_of(value),
		.plain = BUF_INIT(BUF_NO_LIMIT), .fields = JCS_FIELDS_INIT,
	};
	struct buf entity = BUF_INIT(ENTITY_MAX_BYTES);
	int rc;

	fields_str(&memory.fields, "bucket", bucket->name);
	fields_str(&memory.fields, "source", "capsule");
	if (memory.text)
		put_members(&memory);
	else
		put_plain(&memory);
	rc = make_entity(walk, &memory, &entity, err);
	if (rc >= 0)
		rc = capsule_give(walk->sink, parts, &entity, &memory.fields,
				  err);
	buf_release(&memory.plain);
	jcs_fields_release(&memory.fields);
	buf_release(&entity);
	return rc;
}

int capsule_memory_records(const struct capsule *capsule,
			   const char *construct,
			   const struct capsule_sink *sink, struct err *err)
{
	const struct jval *memory = jval_get(capsule->root, "memory");
	struct memory_walk walk = {
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
