#include "objects/record/record.h"

#include <stdlib.h>

#include "lib/id/cid.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"
#include "lib/time/hlc.h"

_Static_assert(RECORD_ID_BYTES == SHA256_BYTES, "a record's id is a sha256");

/* The keys, in the order in which the canonical form has them. */
enum { AT, DATA, ENTITY, PREV, TYPE, KEYS };

static const char *const key_names[KEYS] = {
	"at", "data", "entity", "prev", "type"
};

static int record_refuse(struct span line, const char *at, const char *what,
			 struct err *err)
{
	return err_set(err, ERR_INVALID, "not a record: %s at byte %zu", what,
		       (size_t)(at - line.at));
}

/* A string without escapes: what stands between its quotes. */
static bool plain_string(struct span value, struct span *out)
{
	if (!jcs_string_is_plain(value))
		return false;
	*out = jcs_string_inner(value);
	return true;
}

static int check_keys(struct span line, const struct jcs_member *members,
		      size_t count, struct err *err)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!span_equals(members[i].name, span_str(key_names[i])))
			return record_refuse(line, members[i].name.at,
					     "wrong key", err);
	}
	if (count < KEYS)
		return record_refuse(line, line.at + line.len, "missing key",
				     err);
	return 0;
}

static int check_prev(struct span line, struct span prev, struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(prev);
	unsigned char digest[RECORD_ID_BYTES];
	struct span last = span_of(NULL, 0);
	struct span item;
	struct span text;
	size_t count = 0;

	if (jcs_type_of(prev) != JCS_ARRAY)
		return record_refuse(line, prev.at, "prev is no array", err);
	while (jcs_next(&iter, NULL, &item)) {
		if (!plain_string(item, &text) ||
		    !cid_parse_json(text, digest))
			return record_refuse(line, item.at, "prev holds no id",
					     err);
		if (last.at && span_compare(last, text) >= 0)
			return record_refuse(line, item.at,
					     "prev is not sorted", err);
		if (++count > RECORD_PREV_MAX)
			return err_set(err, ERR_LIMIT,
				       "record has too many prev at byte %zu",
				       (size_t)(item.at - line.at));
		last = text;
	}
	return 0;
}

static int check_type(struct record *record, struct err *err)
{
	const struct kind *entity_kind;
	struct err inner;
	struct home home;
	size_t skip;

	err_clear(&inner);
	if (kind_of_type(record->type, &record->kind, &inner) < 0)
		return record_refuse(record->line, record->type.at, inner.text,
				     err);
	if (entity_home(record->entity, &home, &entity_kind, &inner) < 0)
		return record_refuse(record->line, record->entity.at,
				     inner.text, err);
	if (entity_kind != record->kind)
		return record_refuse(record->line, record->entity.at,
				     "entity and type differ in kind", err);
	skip = strlen(record->kind->name) + 1;
	record->verb = span_of(record->type.at + skip,
			       record->type.len - skip);
	return 0;
}

int record_parse(struct span line, struct record *out, struct err *err)
{
	struct jcs_member members[KEYS];
	struct record record = { .line = line };
	size_t count;
	int rc;

	if (line.len > RECORD_MAX_BYTES)
		return err_set(err, ERR_LIMIT,
			       "record is larger than %zu bytes at byte 0",
			       RECORD_MAX_BYTES);
	rc = jcs_object_scan(line, members, KEYS, &count, err);
	if (rc == 0)
		rc = check_keys(line, members, count, err);
	if (rc < 0)
		return rc;
	record.data = members[DATA].value;
	record.prev = members[PREV].value;
	if (!plain_string(members[AT].value, &record.at) ||
	    !hlc_text_is_valid(record.at))
		return record_refuse(line, members[AT].value.at, "wrong time",
				     err);
	if (jcs_type_of(record.data) != JCS_OBJECT)
		return record_refuse(line, record.data.at, "data is no object",
				     err);
	if (!plain_string(members[ENTITY].value, &record.entity))
		return record_refuse(line, members[ENTITY].value.at,
				     "wrong entity", err);
	if (!plain_string(members[TYPE].value, &record.type))
		return record_refuse(line, members[TYPE].value.at, "wrong type",
				     err);
	rc = check_prev(line, record.prev, err);
	if (rc == 0)
		rc = check_type(&record, err);
	if (rc == 0)
		*out = record;
	return rc;
}

bool record_takes_back(struct span line)
{
	return span_ends(line, ":delete\"}") &&
	       span_has(line, "\"data\":{\"" RECORD_REVERTS "\":\"");
}

void record_id(struct span line, unsigned char out[RECORD_ID_BYTES])
{
	sha256_of(line.at, line.len, out);
}

void record_said(const struct record *record,
		 unsigned char out[RECORD_ID_BYTES])
{
	const char *end = record->line.at + record->line.len;
	const char *prev_end = record->prev.at + record->prev.len;
	const char *verb_end = record->verb.at + record->verb.len;
	struct sha256 hash;

	sha256_init(&hash);
	sha256_add(&hash, record->line.at,
		   (size_t)(record->prev.at - record->line.at));
	sha256_add(&hash, "[]", 2);
	sha256_add(&hash, prev_end, (size_t)(record->verb.at - prev_end));
	sha256_add(&hash, "create", strlen("create"));
	sha256_add(&hash, verb_end, (size_t)(end - verb_end));
	sha256_finish(&hash, out);
}

static int compare_texts(const void *a, const void *b)
{
	return memcmp(a, b, CID_JSON_TEXT);
}

/* "prev":[...] in the order of the texts, doubles dropped. */
static int put_prev(const struct record_parts *parts, struct buf *out,
		    struct err *err)
{
	char (*texts)[CID_TEXT_MAX];
	size_t i;

	if (!parts->prev_n)
		return 0;
	if (parts->prev_n > RECORD_PREV_MAX)
		return err_set(err, ERR_LIMIT, "record has too many prev");
	texts = malloc(parts->prev_n * sizeof(*texts));
	if (!texts)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < parts->prev_n; i++)
		cid_text(CID_JSON, parts->prev[i], texts[i]);
	qsort(texts, parts->prev_n, sizeof(*texts), compare_texts);
	for (i = 0; i < parts->prev_n; i++) {
		if (i && !compare_texts(texts[i - 1], texts[i]))
			continue;
		buf_put_str(out, i ? ",\"" : "\"");
		buf_put(out, texts[i], CID_JSON_TEXT);
		buf_put_char(out, '"');
	}
	free(texts);
	return 0;
}

static int put_parts(const struct record_parts *parts, struct buf *out,
		     struct err *err)
{
	int rc;

	buf_put_str(out, "{\"at\":\"");
	buf_put_str(out, parts->at);
	buf_put_str(out, "\",\"data\":");
	buf_put_span(out, parts->data);
	buf_put_str(out, ",\"entity\":\"");
	buf_put_span(out, parts->entity);
	buf_put_str(out, "\",\"prev\":[");
	rc = put_prev(parts, out, err);
	buf_put_str(out, "],\"type\":\"");
	buf_put_str(out, parts->type);
	buf_put_str(out, "\"}");
	return rc < 0 ? rc : buf_end(out, err);
}

/*
 * No part can smuggle in a field: a quote in one of them makes a sixth key or
 * one twice, and the parse refuses both.
 */
int record_build_parsed(const struct record_parts *parts, struct buf *out,
			struct record *out_record, struct err *err)
{
	size_t start = out->len;
	int rc = put_parts(parts, out, err);

	if (rc == 0)
		rc = record_parse(span_of(out->data + start, out->len - start),
				  out_record, err);
	buf_fail(out, rc);
	return rc < 0 ? buf_settle(out, start, NULL) : 0;
}

int record_build(const struct record_parts *parts, struct buf *out,
		 struct err *err)
{
	struct record record;

	return record_build_parsed(parts, out, &record, err);
}

struct record record_moved(const struct record *record, const char *line)
{
	struct record moved = *record;
	struct span *const spans[] = {
		&moved.line, &moved.type, &moved.verb, &moved.entity,
		&moved.at, &moved.prev, &moved.data,
	};
	size_t i;

	for (i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		spans[i]->at = line + (spans[i]->at - record->line.at);
	return moved;
}

int record_prev(const struct record *record,
		unsigned char (*out)[RECORD_ID_BYTES], size_t max,
		size_t *out_n, struct err *err)
{
	struct jcs_iter iter = jcs_iter_array(record->prev);
	struct span item;
	size_t n = 0;

	while (jcs_next(&iter, NULL, &item)) {
		if (n == max)
			return err_set(err, ERR_LIMIT,
				       "record has more than %zu prev", max);
		if (!cid_parse_json(jcs_string_inner(item), out[n]))
			return err_set(err, ERR_INVALID,
				       "record's prev holds no id");
		n++;
	}
	*out_n = n;
	return 0;
}
