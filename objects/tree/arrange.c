#include "objects/tree/arrange.h"

#include <stdlib.h>

#include "objects/record/head.h"
#include "objects/record/segment_codec.h"
#include "objects/tree/arrange_internal.h"
#include "objects/tree/home_filter.h"
#include "objects/tree/segment_standing.h"

/* From here on a segment is full enough to end at the edge of a home. */
#define FULL_RECORDS (SEGMENT_RECORDS_MAX / 4 * 3)
#define FULL_BYTES (SEGMENT_BYTES_MAX / 4 * 3)

int arrange_record_init(const struct codec *codec, const struct record *record,
			const unsigned char id[RECORD_ID_BYTES],
			struct arrange_record *out, struct err *err)
{
	const struct kind *kind;
	struct home home;
	int rc = entity_home(record->entity, &home, &kind, err);

	if (rc < 0)
		return rc;
	out->line.line = record->line;
	out->line.at = record->at;
	memcpy(out->line.id, id, RECORD_ID_BYTES);
	out->dir = home.dir;
	out->is_shared = home.is_shared;
	out->entity = filter_key_entity(record->entity);
	codec_place_hash(codec, &home, out->hash);
	return 0;
}

void arranger_init(struct arranger *arranger, struct store *store,
		   struct codec *codec, struct tree_segments *out)
{
	const struct buf empty = BUF_INIT(BUF_NO_LIMIT);

	arranger->store = store;
	arranger->codec = codec;
	arranger->out = out;
	arranger->is_there = NULL;
	arranger->arg = NULL;
	arranger->text = arranger->bytes = empty;
}

void arranger_release(struct arranger *arranger)
{
	buf_release(&arranger->text);
	buf_release(&arranger->bytes);
}

static int record_order(const void *left, const void *right)
{
	const struct arrange_record *a = left;
	const struct arrange_record *b = right;
	int order = a->dir == b->dir ? 0 : strcmp(a->dir, b->dir);

	if (!order)
		order = memcmp(a->hash, b->hash, PLACE_HASH_BYTES);
	if (!order)
		order = span_compare(a->line.at, b->line.at);
	return order ? order : memcmp(a->line.id, b->line.id, RECORD_ID_BYTES);
}

size_t arrange_sort(struct arrange_record *records, size_t n)
{
	size_t kept = 0;
	size_t i;

	if (n > 1)
		qsort(records, n, sizeof(*records), record_order);
	for (i = 0; i < n; i++) {
		if (!kept || record_order(&records[kept - 1], &records[i]))
			records[kept++] = records[i];
	}
	return kept;
}

static bool same_home(const struct arrange_record *a,
		      const struct arrange_record *b)
{
	return !memcmp(a->hash, b->hash, PLACE_HASH_BYTES);
}

bool segment_is_full(size_t records, size_t bytes)
{
	return records >= FULL_RECORDS || bytes >= FULL_BYTES;
}

size_t arrange_cut(struct arranger *arranger,
		   const struct arrange_record *records, size_t n)
{
	size_t most = n <= SEGMENT_RECORDS_MAX ? n : SEGMENT_RECORDS_MAX + 1;
	size_t bytes = 0;
	size_t edge;
	size_t cut;
	size_t i;

	for (i = 0; i < most; i++)
		arranger->lines[i] = records[i].line;
	cut = segment_cut(arranger->lines, most);
	if (cut == n)
		return cut;
	edge = cut;
	while (edge && same_home(&records[edge - 1], &records[cut]))
		edge--;
	for (i = 0; i < edge; i++)
		bytes += records[i].line.line.len + 1;
	return edge && segment_is_full(edge, bytes) ? edge : cut;
}

size_t arrange_count(struct arranger *arranger,
		     const struct arrange_record *records, size_t n)
{
	size_t count = 0;
	size_t i;

	for (i = 0; i < n; count++)
		i += arrange_cut(arranger, records + i, n - i);
	return count;
}

void arrange_filter(struct home_filter *filter,
		    const struct arrange_record *record)
{
	home_filter_add(filter, record->entity, record->line.id,
			record->is_shared ? record->hash : NULL,
			record->line.line);
}

/* Whoever edits an entity with many records does not want to read them. */
static int remember_standing(struct arranger *arranger,
			     const struct tree_segment *segment,
			     const struct arrange_record *records, size_t n,
			     struct err *err)
{
	struct segment_standing standing;
	struct fold_record *parsed;
	bool fits;
	size_t i;
	int rc = 0;

	for (i = 1; i < n && records[i].entity == records[0].entity; i++)
		;
	if (n < STANDING_RECORDS || i < n)
		return 0;
	parsed = calloc(n, sizeof(*parsed));
	if (!parsed)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i++) {
		memcpy(parsed[i].id, records[i].line.id, RECORD_ID_BYTES);
		rc = record_parse(records[i].line.line, &parsed[i].record, err);
	}
	if (rc == 0)
		rc = segment_standing_of(parsed, n, &standing, &fits, err);
	if (rc == 0 && fits)
		store_standing_put(arranger->store, segment->digest,
				   parsed[0].record.entity, &standing);
	free(parsed);
	return rc;
}

/* The bytes of the first n lines, and their name. */
static int encode(struct arranger *arranger, size_t n,
		  unsigned char out_name[SHA256_BYTES], struct err *err)
{
	struct leaf_ids ids;
	int rc;

	for (ids.n = 0; ids.n < n; ids.n++)
		memcpy(ids.at[ids.n], arranger->lines[ids.n].id,
		       RECORD_ID_BYTES);
	rc = segment_encode(arranger->codec, &ids, buf_span(&arranger->text),
			    &arranger->bytes, err);
	if (rc == 0)
		name_digest(buf_span(&arranger->bytes), out_name);
	return rc;
}

/* Encode and store one segment. */
static int write_one(struct arranger *arranger, const struct place *place,
		     const struct arrange_record *records, size_t n,
		     struct err *err)
{
	struct home_filter filter = HOME_FILTER_INIT;
	struct tree_segment segment = { .place = *place };
	size_t given = n;
	size_t i;
	int rc;

	for (i = 0; i < n; i++) {
		arranger->lines[i] = records[i].line;
		arrange_filter(&filter, &records[i]);
	}
	n = segment_sort(arranger->lines, n);
	buf_reset(&arranger->text);
	buf_reset(&arranger->bytes);
	rc = segment_text(arranger->lines, n, &arranger->text, err);
	if (rc == 0 && arranger->is_there &&
	    arranger->is_there(arranger->arg, place,
			       buf_span(&arranger->text)))
		return 0;
	if (rc == 0)
		rc = encode(arranger, n, segment.digest, err);
	if (rc < 0)
		return rc;
	store_filter_put(arranger->store, segment.digest, &filter);
	rc = remember_standing(arranger, &segment, records, given, err);
	if (rc < 0)
		return rc;
	rc = store_add(arranger->store, OBJECT_BLOB, buf_span(&arranger->bytes),
		       &segment.blob, err);
	return rc < 0 ? rc : tree_segments_add(arranger->out, &segment, err);
}

int arrange_write(struct arranger *arranger, const struct place *place,
		  const struct arrange_record *records, size_t n,
		  struct err *err)
{
	size_t cut;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < n; i += cut) {
		cut = arrange_cut(arranger, records + i, n - i);
		rc = write_one(arranger, place, records + i, cut, err);
	}
	return rc;
}

unsigned arrange_digit(const unsigned char hash[PLACE_HASH_BYTES],
		       unsigned depth)
{
	return hash[depth / 2] >> (depth % 2 ? 0 : 4) & 15;
}

size_t arrange_group(const struct arrange_record *records, size_t n,
		     unsigned depth)
{
	size_t i;

	for (i = 1; i < n; i++) {
		if (depth == TREE_DIGITS ?
		    !same_home(&records[0], &records[i]) :
		    arrange_digit(records[0].hash, depth) !=
		    arrange_digit(records[i].hash, depth))
			break;
	}
	return i;
}

static bool home_is_large(const struct arrange_record *records, size_t n)
{
	size_t bytes = 0;
	size_t i;

	for (i = 0; i < n; i++)
		bytes += records[i].line.line.len + 1;
	return segment_is_full(n, bytes);
}

int arrange_homes(struct arranger *arranger, const struct place *place,
		  const struct arrange_record *records, size_t n,
		  struct err *err)
{
	struct arrange_record *rest;
	struct place home;
	size_t rest_n = 0;
	size_t group;
	size_t i;
	int rc = 0;

	rest = malloc(n * sizeof(*rest));
	if (!rest)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < n; i += group) {
		const struct arrange_record *first = &records[i];

		group = arrange_group(first, n - i, TREE_DIGITS);
		if (first->is_shared && home_is_large(first, group)) {
			place_of_hash(place->dir, first->hash, TREE_DIGITS,
				      true, &home);
			rc = arrange_write(arranger, &home, first, group, err);
			continue;
		}
		memcpy(rest + rest_n, first, group * sizeof(*rest));
		rest_n += group;
	}
	if (rc == 0)
		rc = arrange_write(arranger, place, rest, rest_n, err);
	free(rest);
	return rc;
}

int arrange_settle(struct arranger *arranger, const struct place *place,
		   const struct arrange_record *records, size_t n,
		   struct err *err)
{
	unsigned depth = place->digits_n;
	struct place below;
	size_t group;
	size_t i;
	int rc = 0;

	if (arrange_count(arranger, records, n) <= ARRANGE_SPREAD)
		return arrange_write(arranger, place, records, n, err);
	if (depth == TREE_DIGITS)
		return arrange_homes(arranger, place, records, n, err);
	for (i = 0; rc == 0 && i < n; i += group) {
		group = arrange_group(records + i, n - i, depth);
		place_of_hash(place->dir, records[i].hash, depth + 1, false,
			      &below);
		rc = arrange_settle(arranger, &below, records + i, group, err);
	}
	return rc;
}

int arrange(struct store *store, struct codec *codec,
	    struct arrange_record *records, size_t n,
	    struct tree_segments *out, struct err *err)
{
	struct arranger arranger;
	size_t out_n = out->n;
	size_t end;
	size_t i;
	int rc = 0;

	arranger_init(&arranger, store, codec, out);
	n = arrange_sort(records, n);
	for (i = 0; rc == 0 && i < n; i = end) {
		char name[PLACE_NAME_LEN + 1];
		struct place place;

		for (end = i + 1; end < n; end++) {
			if (strcmp(records[end].dir, records[i].dir))
				break;
		}
		codec_dir_name(codec, records[i].dir, name);
		place_of_hash(name, records[i].hash, 0, false, &place);
		rc = arrange_settle(&arranger, &place, records + i, end - i,
				    err);
	}
	if (rc < 0)
		out->n = out_n;
	arranger_release(&arranger);
	return rc;
}
