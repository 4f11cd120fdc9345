/*
 * Which entities were taken back, by a revert and by no other word: a few are
 * looked at one by one, each for the price of its segments; where there are
 * more of them than segments, one pass over the construct tells of all.
 */
#include "refs/write/write_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/id/hash.h"
#include "objects/tree/segment_standing.h"
#include "objects/tree/tree.h"

/* So many are looked at before the segments are counted. */
#define LOOKS_MIN 16
/* An entity that stands, or that has to be looked at. */
#define STANDS 0u

void taken_back_init(struct taken_back *all)
{
	memset(all, 0, sizeof(*all));
	all->entities = (struct table)TABLE_INIT(WRITER_ID_BYTES,
						 TABLE_NO_LIMIT);
}

void taken_back_release(struct taken_back *all)
{
	table_release(&all->entities);
	free(all->at);
	taken_back_init(all);
}

static void make_key(struct span entity, unsigned char key[SHA256_BYTES])
{
	sha256_of(entity.at, entity.len, key);
}

bool entity_is_taken_back(const struct view_entity *entity,
			  const struct table *named)
{
	size_t i;

	if (entity->state.at)
		return false;
	for (i = 0; i < entity->records_n; i++) {
		if (!table_get(named, entity->records[i].id, NULL) &&
		    !record_takes_back(entity->records[i].record.line))
			return false;
	}
	return true;
}

static bool has_revert(const struct view_entity *entity)
{
	size_t i;

	for (i = 0; i < entity->records_n; i++) {
		if (record_takes_back(entity->records[i].record.line))
			return true;
	}
	return false;
}

/* The one record that stands; NULL: none, or several. */
static const struct fold_record *stands_alone(const struct view_entity *entity,
					      const struct table *named)
{
	const struct fold_record *found = NULL;
	size_t i;

	for (i = 0; i < entity->records_n; i++) {
		if (table_get(named, entity->records[i].id, NULL))
			continue;
		if (found)
			return NULL;
		found = &entity->records[i];
	}
	return found;
}

static int add_taken(struct writer *writer, const struct view_entity *entity,
		     const struct fold_record *by, struct err *err)
{
	static const struct writer_claim importer = { false, NULL, NULL };
	struct taken_back *all = &writer->taken_back;
	struct taken_entity *taken;
	bool is_own = true;
	size_t i;
	int rc = array_room_in(all->at, all->n, all->cap, err);

	for (i = 0; rc == 0 && is_own && i < entity->records_n; i++)
		rc = writer_is_own(writer, &importer, &entity->records[i],
				   &is_own, err);
	if (rc < 0)
		return rc;
	taken = &all->at[all->n++];
	memcpy(taken->by, by->id, sizeof(taken->by));
	taken->is_imported = is_own;
	return 0;
}

struct pass {
	struct writer *writer;
	uint64_t segments;
};

static int see_entity(void *arg, const struct view_entity *entity,
		      struct err *err)
{
	struct writer *writer = ((struct pass *)arg)->writer;
	struct table named = TABLE_INIT(RECORD_ID_BYTES, TABLE_NO_LIMIT);
	unsigned char key[SHA256_BYTES];
	const struct fold_record *by;
	uint64_t place = STANDS;
	size_t i;
	int rc = 0;

	if (!has_revert(entity) || span_begins(entity->entity, "construct:"))
		return 0;
	for (i = 0; rc == 0 && i < entity->records_n; i++)
		rc = standing_add_named(&named, &entity->records[i].record,
					err);
	make_key(entity->entity, key);
	if (rc == 0 && entity_is_taken_back(entity, &named)) {
		by = stands_alone(entity, &named);
		if (!by)
			goto out;
		rc = add_taken(writer, entity, by, err);
		place = writer->taken_back.n;
	}
	if (rc == 0)
		rc = table_put(&writer->taken_back.entities, key, place, err);
out:
	table_release(&named);
	return rc;
}

static int count_segment(void *arg, const struct tree_segment *segment,
			 struct err *err)
{
	(void)segment;
	(void)err;
	((struct pass *)arg)->segments++;
	return 0;
}

/* Is it time for the one pass? */
static int look_at_all(struct writer *writer, struct err *err)
{
	struct taken_back *all = &writer->taken_back;
	struct pass pass = { writer, 0 };
	const struct tree_visitor segments = { count_segment, &pass };
	const struct view_visitor entities = { see_entity, &pass };
	struct view *view;
	int rc = 0;

	if (all->is_whole || all->looks++ < LOOKS_MIN)
		return 0;
	rc = writer_view(writer, &view, err);
	if (rc == 0 && !all->segments) {
		rc = tree_each(writer->vault->store, &view->tree, &segments,
			       err);
		all->segments = pass.segments;
	}
	if (rc < 0 || all->looks <= all->segments)
		return rc;
	rc = view_each(view, NULL, true, &entities, err);
	all->is_whole = rc == 0;
	return rc;
}

int writer_taken_back(struct writer *writer, struct span entity,
		      enum taken_state *out, const struct taken_entity **taken,
		      struct err *err)
{
	unsigned char key[SHA256_BYTES];
	uint64_t place;
	int rc = look_at_all(writer, err);

	*out = TAKEN_UNKNOWN;
	*taken = NULL;
	if (rc < 0 || !writer->taken_back.is_whole)
		return rc;
	make_key(entity, key);
	if (!table_get(&writer->taken_back.entities, key, &place))
		return 0;
	*out = place == STANDS ? TAKEN_NOT : TAKEN_BACK;
	if (place != STANDS)
		*taken = &writer->taken_back.at[place - 1];
	return 0;
}
