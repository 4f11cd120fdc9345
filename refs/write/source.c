#include "refs/write/write_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/xxh.h"
#include "lib/time/hlc.h"
#include "objects/blob/blob.h"
#include "objects/tree/segment_standing.h"

#define TYPE_MAX_BYTES 64

/* A source's statement on its way: what stands of its entity already? */
struct statement {
	struct writer *writer;
	struct span entity;
	struct span at;
	struct span data;
	bool is_said;		/* a record says just this */
	bool is_own;		/* all that stands is of the same source */
	bool is_beside;		/* what stands may be later */
	bool is_taken_back;	/* it was deleted by a revert, and by no other
				   word */
	unsigned char (*prev)[RECORD_ID_BYTES];
	size_t prev_n;
};

/* `at` sorts as bytes. */
static bool is_later(struct span at, struct span than)
{
	return memcmp(at.at, than.at, HLC_TEXT) > 0;
}

static int look_at_entity(void *arg, const struct view_entity *entity,
			  struct err *err)
{
	struct statement *statement = arg;
	struct table seen = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	const struct fold_record *record;
	size_t i;
	int rc = 0;

	statement->prev = calloc(entity->records_n + 1, RECORD_ID_BYTES);
	if (!statement->prev)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		record = &entity->records[i];
		if (span_equals(record->record.data, statement->data) &&
		    span_equals(record->record.at, statement->at))
			statement->is_said = true;
		rc = standing_add_named(&seen, &record->record, err);
		if (rc == 0 && statement->is_own)
			rc = writer_is_own(statement->writer,
					   statement->writer->claim, record,
					   &statement->is_own, err);
	}
	statement->is_taken_back = rc == 0 &&
				   entity_is_taken_back(entity, &seen);
	if (statement->is_taken_back)
		statement->is_said = false;
	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		record = &entity->records[i];
		if (!table_get(&seen, record->id, NULL) &&
		    (statement->is_taken_back ||
		     !is_later(record->record.at, statement->at)))
			memcpy(statement->prev[statement->prev_n++],
			       record->id, RECORD_ID_BYTES);
		else
			statement->is_beside |= !table_get(&seen, record->id,
							   NULL);
	}
	table_release(&seen);
	return rc;
}

static int look_in_base(struct writer *writer, struct statement *statement,
			struct err *err)
{
	const struct view_visitor visitor = { look_at_entity, statement };
	struct view *view;
	int rc;

	/* What is said of a construct itself may lie on a capsule of others. */
	statement->is_own = writer->claim != NULL &&
			    !span_begins(statement->entity, "construct:");
	rc = writer_view(writer, &view, err);
	return rc < 0 ? rc : view_one(view, statement->entity, &visitor, err);
}

/* By what takes it back, where all that was are known. */
static int look_at_taken(struct writer *writer, struct statement *statement,
			 struct err *err)
{
	const struct taken_entity *taken;
	enum taken_state state;
	int rc = writer_taken_back(writer, statement->entity, &state, &taken,
				   err);

	if (rc < 0 || (state == TAKEN_NOT && statement->is_said))
		return rc;
	if (state != TAKEN_BACK)
		return look_in_base(writer, statement, err);
	statement->prev = malloc(RECORD_ID_BYTES);
	if (!statement->prev)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(statement->prev[0], taken->by, RECORD_ID_BYTES);
	statement->prev_n = 1;
	statement->is_own = writer->claim && !writer->claim->is_lines &&
			    taken->is_imported;
	statement->is_taken_back = true;
	statement->is_said = false;
	return 0;
}

/* What was told of the entity in this run stands on what was there. */
static int look_in_run(const struct said *said, struct statement *statement,
		       int64_t micros, struct err *err)
{
	statement->is_said = said->at == micros &&
		said->data == xxh64_of(statement->data.at,
				       statement->data.len);
	statement->is_own = said->is_own;
	statement->is_beside = said->at > micros;
	if (statement->is_said || said->at > micros)
		return 0;
	statement->prev = malloc(RECORD_ID_BYTES);
	if (!statement->prev)
		return err_set(err, ERR_NOMEM, "out of memory");
	memcpy(statement->prev[0], said->id, RECORD_ID_BYTES);
	statement->prev_n = 1;
	return 0;
}

static int64_t micros_of(struct span at)
{
	struct hlc time;

	return hlc_parse(at, &time, NULL, NULL) < 0 ? HLC_UNKNOWN :
		time.micros;
}

/* Remember the latest that was said of an entity. */
static int remember(struct writer *writer,
		    const unsigned char key[WRITER_ENTITY_BYTES],
		    const struct said *said, struct err *err)
{
	uint64_t place;
	int rc;

	if (table_get(&writer->last, key, &place)) {
		if (writer->said[place].at <= said->at)
			writer->said[place] = *said;
		return 0;
	}
	rc = array_room_in(writer->said, writer->said_n, writer->said_cap, err);
	if (rc == 0)
		rc = table_put(&writer->last, key, writer->said_n, err);
	if (rc == 0)
		writer->said[writer->said_n++] = *said;
	return rc;
}

/* Build the record again, on top of what stands. */
static int build_on(struct writer *writer, const struct statement *statement,
		    const struct record_parts *parts, struct buf *line,
		    struct record *out, struct err *err)
{
	unsigned char (*gathered)[RECORD_ID_BYTES];
	const char *colon = strchr(parts->type, ':');
	struct record_parts on = *parts;
	char type[TYPE_MAX_BYTES];
	int rc;

	if (!strcmp(colon, ":create")) {
		snprintf(type, sizeof(type), "%.*s:update",
			 (int)(colon - parts->type), parts->type);
		on.type = type;
	}
	on.prev = (const unsigned char (*)[RECORD_ID_BYTES])
		statement->prev;
	on.prev_n = statement->prev_n;
	rc = writer_gather(writer, &on, &gathered, err);
	if (rc < 0)
		return rc;
	buf_reset(line);
	rc = record_build_parsed(&on, line, out, err);
	free(gathered);
	return rc;
}

static int look(struct writer *writer, const struct record *record,
		const unsigned char key[WRITER_ENTITY_BYTES],
		struct statement *statement, struct err *err)
{
	unsigned char id[RECORD_ID_BYTES];
	uint64_t place;
	int rc;

	if (table_get(&writer->last, key, &place))
		return look_in_run(&writer->said[place], statement,
				   micros_of(record->at), err);
	if (!writer->base_has_records)
		return 0;
	record_id(record->line, id);
	rc = writer_base_holds(writer, record, id, &statement->is_said, err);
	if (rc == 0 && table_get(&writer->reverted, key, NULL))
		rc = look_at_taken(writer, statement, err);
	else if (rc == 0 && !statement->is_said &&
		 table_get(&writer->spoken_of, key, NULL))
		rc = look_in_base(writer, statement, err);
	return rc;
}

/* What is the source's own need not be judged: most that grows is. */
static int add_as(struct writer *writer, const struct record *record,
		  bool is_own, unsigned char *out_id, bool *out_is_new,
		  struct err *err)
{
	const struct writer_claim *claim = writer->claim;
	int rc;

	if (is_own)
		writer->claim = NULL;
	rc = writer_add_standing(writer, record, out_id, out_is_new, err);
	writer->claim = claim;
	return rc;
}

static int add_statement(struct writer *writer,
			 const struct record_parts *parts,
			 struct buf *line, bool *out_is_new, struct err *err)
{
	struct statement statement = { .writer = writer };
	unsigned char key[WRITER_ENTITY_BYTES];
	struct said said;
	struct record record;
	int rc = record_build_parsed(parts, line, &record, err);

	if (rc < 0)
		return rc;
	statement.entity = record.entity;
	statement.at = record.at;
	statement.data = record.data;
	said.at = micros_of(record.at);
	said.data = xxh64_of(record.data.at, record.data.len);
	writer_entity_key(record.entity, key);
	rc = look(writer, &record, key, &statement, err);
	if (rc == 0 && statement.is_said) {
		writer->records_known++;
		*out_is_new = false;
		goto out;
	}
	if (rc == 0 && statement.prev_n)
		rc = build_on(writer, &statement, parts, line, &record, err);
	if (rc == 0)
		rc = add_as(writer, &record, statement.is_own, said.id,
			    out_is_new, err);
	writer->records_beside += statement.is_beside;
	said.is_own = statement.is_own;
	if (rc == 0)
		rc = remember(writer, key, &said, err);
out:
	free(statement.prev);
	return rc;
}

/* Of what is too large for a record nothing is stored before it is known to
 * stay, nor of what was taken out of it. */
static int ask_forgotten(struct writer *writer,
			 const struct record_parts *parts, bool *out,
			 struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	struct buf outlined = BUF_INIT(RECORD_MAX_BYTES);
	struct tree_segments none = TREE_SEGMENTS_INIT;
	const struct blob_sink sink = { NULL, writer->codec, &none };
	struct record_parts fit = *parts;
	struct record record;
	int rc = 0;

	if (!writer->base_has_forgotten)
		return 0;
	if (parts->data.len > VALUE_INLINE_MAX) {
		rc = blob_outline(&sink, parts->data,
				  RECORD_MAX_BYTES / 2, &outlined, err);
		fit.data = buf_span(&outlined);
	}
	if (rc == 0)
		rc = record_build_parsed(&fit, &line, &record, err);
	if (rc == 0)
		rc = writer_is_forgotten(writer, &record, out, err);
	if (rc == 0 && *out)
		rc = writer_forget_blobs(writer, parts->data, err);
	tree_segments_release(&none);
	buf_release(&line);
	buf_release(&outlined);
	return rc;
}

int writer_add_source(struct writer *writer, const struct record_parts *parts,
		      bool *out_is_new, struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	struct buf outlined = BUF_INIT(RECORD_MAX_BYTES);
	struct record_parts fit = *parts;
	bool is_forgotten = false;
	bool is_new = false;
	int rc = ask_forgotten(writer, parts, &is_forgotten, err);

	if (rc == 0 && !is_forgotten && parts->data.len > VALUE_INLINE_MAX) {
		rc = writer_outline(writer, parts->data, &outlined, err);
		fit.data = buf_span(&outlined);
	}
	if (rc == 0 && !is_forgotten)
		rc = add_statement(writer, &fit, &line, &is_new, err);
	if (rc == 0 && out_is_new)
		*out_is_new = is_new;
	buf_release(&line);
	buf_release(&outlined);
	return rc;
}

/* On what was queued of it just now, or on what takes it back. */
static int revive(struct writer *writer, const struct record *record,
		  struct statement *statement, unsigned char *out_id,
		  struct err *err)
{
	struct buf line = BUF_INIT(RECORD_MAX_BYTES);
	unsigned char key[WRITER_ENTITY_BYTES];
	char type[TYPE_MAX_BYTES];
	char at[HLC_TEXT_MAX] = "";
	const struct record_parts parts = {
		.type = type, .entity = record->entity, .at = at,
		.data = record->data,
	};
	struct said said = { .at = micros_of(record->at) };
	struct record again;
	uint64_t place;
	int rc = 0;

	writer_entity_key(record->entity, key);
	if (table_get(&writer->last, key, &place)) {
		memcpy(statement->prev[0], writer->said[place].id,
		       RECORD_ID_BYTES);
		statement->prev_n = 1;
	}
	snprintf(type, sizeof(type), "%.*s", (int)record->type.len,
		 record->type.at);
	memcpy(at, record->at.at, HLC_TEXT);
	rc = build_on(writer, statement, &parts, &line, &again, err);
	if (rc == 0)
		rc = add_as(writer, &again, true, said.id, NULL, err);
	if (rc == 0)
		rc = remember(writer, key, &said, err);
	if (rc == 0 && out_id)
		memcpy(out_id, said.id, sizeof(said.id));
	buf_release(&line);
	return rc;
}

int writer_revive(struct writer *writer, const struct record *record,
		  unsigned char *out_id, bool *out_is_revived, struct err *err)
{
	struct statement statement = {
		.writer = writer, .entity = record->entity, .at = record->at,
		.data = record->data,
	};
	unsigned char id[RECORD_ID_BYTES];
	unsigned char key[WRITER_ENTITY_BYTES];
	bool is_known;
	int rc;

	*out_is_revived = false;
	record_id(record->line, id);
	rc = writer_base_holds(writer, record, id, &is_known, err);
	writer_entity_key(record->entity, key);
	if (rc < 0 || !is_known || record_takes_back(record->line) ||
	    !table_get(&writer->reverted, key, NULL))
		return rc;
	statement.is_said = true;
	rc = look_at_taken(writer, &statement, err);
	if (rc == 0 && statement.is_taken_back) {
		*out_is_revived = true;
		rc = revive(writer, record, &statement, out_id, err);
	}
	free(statement.prev);
	return rc;
}
