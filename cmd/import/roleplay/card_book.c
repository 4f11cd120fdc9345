#include "cmd/import/roleplay/card_internal.h"

#include <stdio.h>

#include "cmd/import/records/rest.h"
#include "cmd/import/records/take.h"
#include "lib/base/table.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

/* A walk over the entries of a lorebook. */
struct book_walk {
	struct import_job *job;
	struct import_source *source;
	const struct card *card;
	struct table seen;		/* keys of entries, how often */
	struct buf prefix;		/* "memory:card:<book>/" */
	struct buf entity;
	struct buf data;
	struct jcs_fields fields;
	struct buf *list;
};

static struct span book_name(const struct card *card)
{
	struct span name = jval_get_text(card->book, "name");

	return name.len || card->kind == CARD_BOOK ? name : card->name;
}

void card_put_book_key(const struct card *card, struct buf *out)
{
	struct span name = book_name(card);

	if (name.len)
		chat_put_key(out, name);
	else
		buf_put_char(out, '-');
}

/* The words that call for it: an array, in world info under another name. */
static const struct jval *entry_keys(const struct jval *entry)
{
	const struct jval *keys = jval_get(entry, "keys");

	return keys ? keys : jval_get(entry, "key");
}

/* Hash what stays when its content is edited. */
static void put_hash(const struct jval *entry, struct buf *out)
{
	static const char *const members[] = { "name", "comment", NULL };
	const struct jval *keys = entry_keys(entry);
	const struct jval *value = jval_first(keys);
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	size_t i;

	sha256_init(&hash);
	if (jval_is(keys, JVAL_STRING))
		sha256_add(&hash, keys->raw.at, keys->raw.len);
	for (; value; value = value->next) {
		sha256_add(&hash, value->raw.at, value->raw.len);
		sha256_add(&hash, ",", 1);
	}
	for (i = 0; members[i]; i++) {
		value = jval_get(entry, members[i]);
		sha256_add(&hash, "\n", 1);
		if (value)
			sha256_add(&hash, value->raw.at, value->raw.len);
	}
	sha256_finish(&hash, digest);
	buf_fail(out, hex_add(out, digest, 8, NULL));
}

/*
 * "<id>", where the book has a name that the id is unique in; else what calls
 * for the entry joins it or stands alone. The second of a key is "<key>.1".
 */
static int put_entry_key(struct book_walk *walk, const struct jval *entry,
			 struct buf *out, struct err *err)
{
	const struct jval *id = jval_get(entry, "uid");
	bool is_named = book_name(walk->card).len > 0;
	unsigned char digest[SHA256_BYTES];
	size_t start = out->len;
	struct span text;
	uint64_t nth;
	int rc;

	if (!id)
		id = jval_get(entry, "id");
	text = jval_is(id, JVAL_STRING) ? jval_text(id) :
		jval_is(id, JVAL_NUMBER) ? id->raw : entry->key;
	if (text.len)
		chat_put_key(out, text);
	if (text.len && !is_named)
		buf_put_char(out, '-');
	if (!text.len || !is_named)
		put_hash(entry, out);
	rc = buf_end(out, err);
	if (rc < 0)
		return rc;
	sha256_of(out->data + start, out->len - start, digest);
	rc = table_count(&walk->seen, digest, &nth, err);
	if (nth)
		buf_putf(out, ".%llu", (unsigned long long)nth);
	return rc < 0 ? rc : buf_end(out, err);
}

/* Can a set of tags stand for them? Their order then is told by the source's
 * bytes alone. */
static int is_set(const struct jval *keys, bool *out, struct err *err)
{
	struct table seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	const struct jval *key = jval_first(keys);
	unsigned char digest[SHA256_BYTES];
	struct span text;
	int rc = 0;

	*out = jval_is(keys, JVAL_ARRAY);
	for (; rc == 0 && *out && key; key = key->next) {
		text = jval_text(key);
		sha256_of(text.at, text.len, digest);
		rc = table_include(&seen, digest, out, err);
		*out = *out && text.len;
	}
	table_release(&seen);
	return rc;
}

static void put_tag(struct buf *list, struct span tag)
{
	while (tag.len && tag.at[0] == ' ')
		tag = span_of(tag.at + 1, tag.len - 1);
	while (tag.len && tag.at[tag.len - 1] == ' ')
		tag.len--;
	if (!tag.len)
		return;
	buf_put_char(list, list->len ? ',' : '[');
	chat_put_text(list, tag);
}

/* Words in one text stand with commas between them. */
static void put_tags_of(struct buf *list, struct span words)
{
	size_t end;

	while (words.len) {
		end = span_find(words, ",", 0);
		end = end == SPAN_NOWHERE ? words.len : end;
		put_tag(list, span_of(words.at, end));
		end += end < words.len;
		words = span_of(words.at + end, words.len - end);
	}
}

static void add_tags(struct jcs_fields *fields, const struct jval *keys)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *key = jval_first(keys);

	if (jval_is(keys, JVAL_STRING))
		put_tags_of(&list, jval_text(keys));
	for (; jval_is(keys, JVAL_ARRAY) && key; key = key->next) {
		if (!jval_text(key).len)
			continue;
		buf_put_char(&list, list.len ? ',' : '[');
		chat_put_text(&list, jval_text(key));
	}
	if (list.len) {
		buf_put_char(&list, ']');
		fields_buf(fields, "tags", &list);
	}
	buf_release(&list);
}

static int entry_data(struct book_walk *walk, const struct jval *entry,
		      struct err *err)
{
	const struct jval *keys = entry_keys(entry);
	struct take take = take_begin(entry);
	struct jcs_fields *fields = &walk->fields;
	struct span content = take_text(&take, "content");
	bool is_told;
	int rc = is_set(keys, &is_told, err);

	if (rc < 0)
		return rc;
	if (is_told)
		take_done(&take, keys);
	jcs_fields_reset(fields);
	buf_reset(&walk->data);
	fields_said(fields, "content", content.at ? content : span_str(""));
	fields_str(fields, "type", "semantic");
	fields_str(fields, "source", "card");
	add_tags(fields, keys);
	take_rest_under(&take, "native", fields);
	return jcs_fields_write(fields, &walk->data, err);
}

static int put_entry(struct book_walk *walk, const struct jval *entry,
		     struct err *err)
{
	struct record_parts parts = {
		.type = "memory:create", .at = walk->card->at,
	};
	int rc;

	if (!jval_is(entry, JVAL_OBJECT))
		return import_leave_out(walk->source, "a lorebook entry that "
					"is no object", NULL, err);
	buf_reset(&walk->entity);
	buf_put_span(&walk->entity, buf_span(&walk->prefix));
	rc = put_entry_key(walk, entry, &walk->entity, err);
	if (rc == 0)
		rc = entry_data(walk, entry, err);
	if (rc < 0)
		return rc;
	parts.entity = buf_span(&walk->entity);
	parts.data = buf_span(&walk->data);
	if (walk->list->len > 1)
		buf_put_char(walk->list, ',');
	jcs_put_string(walk->list, parts.entity);
	return import_put(walk->job, walk->source, NULL, &parts, err);
}

int card_put_entries(struct import_job *job, struct import_source *source,
		     const struct card *card, struct buf *list,
		     struct err *err)
{
	struct book_walk walk = {
		.job = job, .source = source, .card = card, .list = list,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.prefix = BUF_INIT(BUF_NO_LIMIT),
		.entity = BUF_INIT(BUF_NO_LIMIT),
		.data = BUF_INIT(BUF_NO_LIMIT),
		.fields = JCS_FIELDS_INIT,
	};
	const struct jval *entry = jval_first(jval_get(card->book,
							 card->entries));
	int rc;

	buf_put_str(&walk.prefix, "memory:card:");
	card_put_book_key(card, &walk.prefix);
	buf_put_char(&walk.prefix, '/');
	rc = buf_end(&walk.prefix, err);
	buf_put_char(list, '[');
	for (; rc == 0 && entry; entry = entry->next)
		rc = put_entry(&walk, entry, err);
	buf_put_char(list, ']');
	if (rc == 0)
		rc = buf_end(list, err);
	table_release(&walk.seen);
	buf_release(&walk.prefix);
	buf_release(&walk.entity);
	buf_release(&walk.data);
	jcs_fields_release(&walk.fields);
	return rc;
}
