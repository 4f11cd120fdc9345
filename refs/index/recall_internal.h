/*
 * Reading the records that rows of shards are of.
 */
#ifndef VV_REFS_INDEX_RECALL_INTERNAL_H
#define VV_REFS_INDEX_RECALL_INTERNAL_H

#include "refs/index/recall.h"

/* The record of a row whose place is known, borrowed from its segment until
 * others are read; it names the row. */
MUST_USE int recall_record(struct recall *recall, struct row *row,
			   struct record *out, struct err *err);

/* Does a row of rows hold the wanted phrases, and none that is not? Its record
 * is read where its counts do not tell. Whatever has no place was asked when it
 * was added. ERR_LIMIT: reading all would be less. */
MUST_USE int recall_holds(struct recall *recall, const struct rows *rows,
			  const struct row *row, bool *out, struct err *err);

/* Do shards help with that view? */
bool recall_has_shards(const struct recall *recall, const struct view *view);
/* Words that stand in nearly every text are looked for in few texts alone:
 * recall->is_common where the view has too many. */
MUST_USE int recall_note_common(struct recall *recall, struct view *view,
				struct err *err);

/* Does it come from shards that do not cover its view? Then its entity may
 * have other records. */
bool recall_is_partial(const struct recall *recall, const struct row *row);
/* Keep hits of such rows where theirs is the one record of its entity. */
MUST_USE int recall_drop_unsure(struct recall *recall, struct err *err);

/* The newest of its records. */
const struct fold_record *recall_newest(const struct view_entity *entity);

/* What recall_hold() keeps; NULL keeps nothing. */
void held_free(struct held *held);
/* As recall_read(); *out_is_held is false where it has to be read. */
MUST_USE int held_read(const struct held *held, const struct row *row,
		       struct buf *data, struct spoken *out,
		       bool *out_is_held, struct err *err);

/* Keep n of the hits at most, and no title of a session that another hit is
 * of: it stands above that. *out_is_dropped: there was more than is kept. */
MUST_USE int recall_drop_titles(struct recall *recall, size_t n,
				bool *out_is_dropped, struct err *err);

#endif
