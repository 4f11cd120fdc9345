#include "refs/write/write_internal.h"

#include <string.h>

#include "lib/id/cid.h"
#include "lib/id/hash.h"
#include "objects/record/segment.h"
#include "objects/tree/home_filter.h"

/* Records of a home that are looked for one by one, before all that is there
 * of the home is loaded: an edit reads next to nothing, an import no more
 * than once. */
#define LOOKS_MAX 16

void writer_entity_key(struct span entity,
		       unsigned char out[WRITER_ENTITY_BYTES])
{
	uint64_t hash = filter_key_entity(entity);

	memcpy(out, &hash, WRITER_ENTITY_BYTES);
}

/*
 * The entity of a stored line: behind it stand only prev and type, which hold
 * no text of others, so that the last such name is the one.
 */
static struct span entity_of(struct span line)
{
	static const char name[] = "\"entity\":\"";
	const size_t len = sizeof(name) - 1;
	const char *at = line.at + line.len;
	const char *end;

	while (at > line.at + len) {
		at--;
		if (*at != '"' || memcmp(at - len + 1, name, len) != 0)
			continue;
		end = memchr(at + 1, '"',
			     (size_t)(line.at + line.len - at) - 1);
		return span_of(at + 1, end ? (size_t)(end - at) - 1 : 0);
	}
	return span_of(NULL, 0);
}

static int know_line(struct writer *writer, struct span line, struct err *err)
{
	unsigned char key[WRITER_ENTITY_BYTES];
	unsigned char id[RECORD_ID_BYTES];
	int rc;

	record_id(line, id);
	rc = table_include(&writer->known, id, NULL, err);
	if (rc < 0)
		return rc;
	writer_entity_key(entity_of(line), key);
	if (record_takes_back(line))
		rc = table_include(&writer->reverted, key, NULL, err);
	return rc < 0 ? rc : table_include(&writer->spoken_of, key, NULL, err);
}

int writer_segment_decode(struct writer *writer,
			  const struct tree_segment *segment,
			  struct buf *out, struct err *err)
{
	struct buf bytes = BUF_INIT(STORE_OBJECT_MAX);
	int rc = store_read(writer->vault->store, &segment->blob, OBJECT_BLOB,
			    STORE_OBJECT_MAX, &bytes, err);

	if (rc == 0)
		rc = codec_decode(writer->codec, SEAL_SEGMENT,
				  buf_span(&bytes), out, err);
	buf_release(&bytes);
	return rc;
}

/* Without it nobody can say what is there already. */
static int known_refuse(struct writer *writer,
			const struct tree_segment *segment,
			const struct err *reason, struct err *err)
{
	char id[CID_TEXT_MAX];

	cid_text(CID_RAW, segment->digest, id);
	return err_set(err, (enum err_code)reason->code, "the segment '%s' of "
		       "'%s' cannot be read, and nothing is written where it "
		       "lies: %s; 'vvault verify --repair' brings back what a "
		       "remote has", id, writer->construct, reason->text);
}

static int load_segment(struct writer *writer,
			const struct tree_segment *segment, struct err *err)
{
	struct buf text = BUF_INIT(SEGMENT_TEXT_MAX);
	struct err reason = ERR_INIT;
	struct span line;
	size_t pos = 0;
	int rc = writer_segment_decode(writer, segment, &text, &reason);

	if (rc < 0)
		rc = known_refuse(writer, segment, &reason, err);
	while (rc == 0 && segment_next(buf_span(&text), &pos, &line))
		rc = know_line(writer, line, err);
	buf_release(&text);
	return rc;
}

static int load_once(struct writer *writer, const struct tree_segment *segment,
		     struct err *err)
{
	bool is_new;
	int rc = table_include(&writer->loaded, segment->digest, &is_new, err);

	return rc == 0 && is_new ? load_segment(writer, segment, err) : rc;
}

/* All that may be of that home. */
static int load_home(struct writer *writer, const struct arrange_record *of,
		     const struct tree_segments *along, struct err *err)
{
	uint64_t key = of->is_shared ? filter_key_home(of->hash) : of->entity;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < along->n; i++) {
		if (store_may_hold(writer->vault->store, along->at[i].digest,
				   key))
			rc = load_once(writer, &along->at[i], err);
	}
	return rc;
}

/* What may hold this very record, or take it back; what only may speak of its
 * entity need not be read to say so. */
static int load_record(struct writer *writer, const struct arrange_record *of,
		       const struct tree_segments *along, struct err *err)
{
	struct store *store = writer->vault->store;
	uint64_t id = filter_key_id(of->line.id);
	uint64_t reverts = filter_key_reverts();
	unsigned char key[WRITER_ENTITY_BYTES];
	struct home_filter filter;
	size_t i;
	int rc = 0;

	memcpy(key, &of->entity, sizeof(key));
	for (i = 0; rc == 0 && i < along->n; i++) {
		const struct tree_segment *segment = &along->at[i];

		if (table_get(&writer->loaded, segment->digest, NULL))
			continue;
		if (!store_filter_get(store, segment->digest, &filter)) {
			rc = load_once(writer, segment, err);
			continue;
		}
		if (home_filter_has(&filter, of->entity))
			rc = table_include(&writer->spoken_of, key, NULL, err);
		if (rc == 0 && (home_filter_has(&filter, id) ||
				(home_filter_has(&filter, reverts) &&
				 home_filter_has(&filter, of->entity))))
			rc = load_once(writer, segment, err);
	}
	return rc;
}

int writer_load_known(struct writer *writer, const struct arrange_record *of,
		      struct err *err)
{
	struct tree_segments along = TREE_SEGMENTS_INIT;
	char name[PLACE_NAME_LEN + 1];
	uint64_t looks = 0;
	int rc;

	if (table_get(&writer->homes, of->hash, &looks) && looks > LOOKS_MAX)
		return 0;
	rc = table_put(&writer->homes, of->hash, looks + 1, err);
	if (rc < 0)
		return rc;
	codec_dir_name(writer->codec, of->dir, name);
	rc = tree_along(writer->vault->store, &writer->base, name, of->hash,
			&along, err);
	if (rc == 0)
		rc = looks < LOOKS_MAX ? load_record(writer, of, &along, err) :
		     load_home(writer, of, &along, err);
	tree_segments_release(&along);
	return rc;
}
