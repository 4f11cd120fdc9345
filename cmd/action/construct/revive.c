#include "cmd/action/construct/revive.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/action/construct/unsay.h"
#include "lib/base/array.h"
#include "lib/base/table.h"
#include "lib/id/hash.h"
#include "lib/json/jcs_scan.h"

struct revival {
	struct view *from;
	struct writer *writer;
	bool was_split;			/* into `from` */
	struct table entities;		/* by the hash of their names */
	struct {
		unsigned char (*at)[RECORD_ID_BYTES];
		size_t n;
		size_t cap;
	} deletes;			/* of each */
};

static int look_at_self(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct revival *revival = arg;
	struct span split;
	struct span value;

	(void)err;
	revival->was_split = entity->state.at &&
			     jcs_find(entity->state, "split", &split) &&
			     jcs_find(split, revival->from->construct, &value);
	return 0;
}

/* By the split, and not by somebody who wanted it gone. */
static bool is_moved(const struct revival *revival,
		     const struct record *record)
{
	struct span moved;

	return span_equals(record->verb, span_str("delete")) &&
	       jcs_find(record->data, "moved", &moved) &&
	       jcs_is_text(moved, revival->from->construct);
}

static int note_deleted(void *arg, const struct view_entity *entity,
			struct err *err)
{
	struct revival *revival = arg;
	unsigned char key[SHA256_BYTES];
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && !entity->state.at && i < entity->records_n;
	     i++) {
		if (!is_moved(revival, &entity->records[i].record))
			continue;
		rc = array_room(&revival->deletes, err);
		if (rc < 0)
			break;
		sha256_of(entity->entity.at, entity->entity.len, key);
		rc = table_put(&revival->entities, key, revival->deletes.n,
			       err);
		memcpy(revival->deletes.at[revival->deletes.n++],
		       entity->records[i].id, RECORD_ID_BYTES);
	}
	return rc;
}

static int revive(void *arg, const struct view_entity *entity,
		  struct err *err)
{
	struct revival *revival = arg;
	unsigned char key[SHA256_BYTES];
	uint64_t at;

	sha256_of(entity->entity.at, entity->entity.len, key);
	if (!entity->state.at || !table_get(&revival->entities, key, &at))
		return 0;
	return say_again(revival->from->vault, entity,
			 revival->deletes.at[at], revival->writer, err);
}

int revive_split(struct view *from, struct view *into, struct writer *writer,
		 struct err *err)
{
	struct revival revival = {
		.from = from, .writer = writer,
		.entities = TABLE_INIT(SHA256_BYTES, TABLE_NO_LIMIT),
	};
	const struct view_visitor self = { look_at_self, &revival };
	const struct view_visitor deleted = { note_deleted, &revival };
	const struct view_visitor live = { revive, &revival };
	char own[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	int rc;

	snprintf(own, sizeof(own), "construct:%s", into->construct);
	rc = view_one(into, span_str(own), &self, err);
	if (rc == 0 && revival.was_split)
		rc = view_each(into, NULL, true, &deleted, err);
	if (rc == 0 && revival.deletes.n)
		rc = view_each(from, NULL, true, &live, err);
	table_release(&revival.entities);
	free(revival.deletes.at);
	return rc;
}
