#include "cmd/import/roleplay/card_doc.h"

#include <stdio.h>

#include "cmd/import/records/rest.h"
#include "lib/base/table.h"
#include "lib/id/encode.h"
#include "lib/id/hash.h"

/* A walk over the entries of a lorebook. */
struct walk {
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

int card_add_book_key(const struct card *card, struct buf *out,
		      struct err *err)
{
	struct span name = book_name(card);

	return name.len ? chat_add_key(out, name, err) :
		buf_add_char(out, '-', err);
}

/* The words that call for it: an array, in world info under another name. */
static const struct jval *entry_keys(const struct jval *entry)
{
	const struct jval *keys = jval_get(entry, "keys");

	return keys ? keys : jval_get(entry, "key");
}

/* Hash what stays when its content is edited. */
static int add_hash(const struct jval *entry, struct buf *out,
		    struct err *err)
{
	static const char *const members[] = { "name", "comment", NULL };
	const struct jval *value = jval_first(entry_keys(entry));
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	size_t i;

	sha256_init(&hash);
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
	return hex_add(out, digest, 8, err);
}

/*
 * "<id>", where the book has a name that the id is unique in; else what calls
 * for the entry joins it or stands alone. The second of a key is "<key>.1".
 */
static int add_entry_key(struct walk *walk, const struct jval *entry,
			 struct buf *out, struct err *err)
{
	const struct jval *id = jval_get(entry, "uid");
	unsigned char digest[SHA256_BYTES];
	size_t start = out->len;
	struct span text;
	uint64_t nth = 0;
	int rc = 0;

	if (!id)
		id = jval_get(entry, "id");
	text = jval_is(id, JVAL_STRING) ? jval_text(id) :
		jval_is(id, JVAL_NUMBER) ? id->raw : entry->key;
	if (text.len)
		rc = chat_add_key(out, text, err);
	if (rc >= 0 && text.len && !book_name(walk->card).len)
		rc = buf_add_char(out, '-', err);
	if (rc >= 0 && (!text.len || !book_name(walk->card).len))
		rc = add_hash(entry, out, err);
	if (rc < 0)
		return rc;
	sha256_of(out->data + start, out->len - start, digest);
	(void)table_get(&walk->seen, digest, &nth);
	rc = table_put(&walk->seen, digest, nth + 1, err);
	if (rc >= 0 && nth)
		rc = buf_printf(out, err, ".%llu", (unsigned long long)nth);
	return rc;
}

/*
 * Can a set of tags stand for them? Their order then is told by the source's
 * bytes alone. Returns 1, 0 or an error.
 */
static int is_set(const struct jval *keys, struct err *err)
{
	struct table seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT);
	const struct jval *key = jval_first(keys);
	unsigned char digest[SHA256_BYTES];
	struct span text;
	int rc = jval_is(keys, JVAL_ARRAY);

	for (; rc > 0 && key; key = key->next) {
		text = jval_text(key);
		sha256_of(text.at, text.len, digest);
		rc = text.len ? table_add(&seen, digest, 0, err) : 0;
	}
	table_release(&seen);
	return rc;
}

static int add_tags(struct jcs_fields *fields, const struct jval *keys,
		    struct err *err)
{
	struct buf list = BUF_INIT(BUF_NO_LIMIT);
	const struct jval *key = jval_is(keys, JVAL_STRING) ? keys :
		jval_first(keys);
	int rc;

	rc = buf_add_char(&list, '[', err);
	for (; rc >= 0 && key; key = keys == key ? NULL : key->next) {
		if (!jval_text(key).len)
			continue;
		if (list.len > 1)
			rc = buf_add_char(&list, ',', err);
		if (rc >= 0)
			rc = chat_add_text(&list, jval_text(key), err);
	}
	if (rc >= 0)
		rc = buf_add_char(&list, ']', err);
	if (rc >= 0 && list.len > 2)
		rc = jcs_fields_raw(fields, "tags", buf_span(&list), err);
	buf_release(&list);
	return rc;
}

static int entry_data(struct walk *walk, const struct jval *entry,
		      struct err *err)
{
	const char *taken[] = { NULL, NULL, NULL };
	struct jcs_fields *fields = &walk->fields;
	struct span content = jval_get_text(entry, "content");
	size_t n = 0;
	int rc;

	if (content.at)
		taken[n++] = "content";
	rc = is_set(entry_keys(entry), err);
	if (rc > 0)
		taken[n] = jval_get(entry, "keys") ? "keys" : "key";
	jcs_fields_reset(fields);
	buf_reset(&walk->data);
	if (rc >= 0)
		rc = rest_add_text(fields, "content", content.at ?
				   content : span_str(""), err);
	if (rc >= 0)
		rc = jcs_fields_text(fields, "type", span_str("semantic"),
				     err);
	if (rc >= 0)
		rc = jcs_fields_text(fields, "source", span_str("card"), err);
	if (rc >= 0)
		rc = add_tags(fields, entry_keys(entry), err);
	if (rc >= 0)
		rc = rest_add_under(fields, "native", entry, taken, err);
	if (rc >= 0)
		rc = jcs_fields_write(fields, &walk->data, err);
	return rc;
}

static int put_entry(struct walk *walk, const struct jval *entry,
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
	rc = buf_add_span(&walk->entity, buf_span(&walk->prefix), err);
	if (rc >= 0)
		rc = add_entry_key(walk, entry, &walk->entity, err);
	if (rc >= 0)
		rc = entry_data(walk, entry, err);
	if (rc < 0)
		return rc;
	parts.entity = buf_span(&walk->entity);
	parts.data = buf_span(&walk->data);
	rc = import_put(walk->job, walk->source, NULL, &parts, err);
	if (rc >= 0 && walk->list->len > 1)
		rc = buf_add_char(walk->list, ',', err);
	return rc < 0 ? rc : jcs_add_string(walk->list, parts.entity, err);
}

int card_put_entries(struct import_job *job, struct import_source *source,
		     const struct card *card, struct buf *list,
		     struct err *err)
{
	struct walk walk = {
		.job = job, .source = source, .card = card, .list = list,
		.seen = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
		.prefix = BUF_INIT(BUF_NO_LIMIT),
		.entity = BUF_INIT(BUF_NO_LIMIT),
		.data = BUF_INIT(BUF_NO_LIMIT),
		.fields = JCS_FIELDS_INIT,
	};
	const struct jval *entry = jval_first(jval_get(card->book, "entries"));
	int rc;

	rc = buf_add_str(&walk.prefix, "memory:card:", err);
	if (rc >= 0)
		rc = card_add_book_key(card, &walk.prefix, err);
	if (rc >= 0)
		rc = buf_add_char(&walk.prefix, '/', err);
	if (rc >= 0)
		rc = buf_add_char(list, '[', err);
	for (; rc >= 0 && entry; entry = entry->next)
		rc = put_entry(&walk, entry, err);
	if (rc >= 0)
		rc = buf_add_char(list, ']', err);
	table_release(&walk.seen);
	buf_release(&walk.prefix);
	buf_release(&walk.entity);
	buf_release(&walk.data);
	jcs_fields_release(&walk.fields);
	return rc;
}
