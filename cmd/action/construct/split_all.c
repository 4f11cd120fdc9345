#include "cmd/action/construct/split.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/action/construct/statement.h"
#include "cmd/action/construct/unsay.h"
#include "lib/id/cid.h"

/* What sources that stay brought as well is as these alone made it. */
static int leave_entity(struct split *split, const struct view_entity *entity,
			struct err *err)
{
	struct fold_record *rest = calloc(entity->records_n, sizeof(*rest));
	size_t n = 0;
	size_t i;
	int rc = 0;

	if (!rest)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; i < entity->records_n; i++) {
		const struct record *record = &entity->records[i].record;

		if (!picked_has_record(&split->picked, record) ||
		    picked_has_record(&split->stays, record))
			rest[n++] = entity->records[i];
	}
	if (n && n < entity->records_n)
		rc = unsay_records(split->picked.view->vault, entity, rest, n,
				   split->old, err);
	split->shared++;
	free(rest);
	return rc;
}

/* What was gone before stays so, in the old one alone. */
static int move_entity(void *arg, const struct view_entity *entity,
		       struct err *err)
{
	struct split *split = arg;
	bool is_named = picked_has(&split->named, entity->entity);
	size_t i;
	int rc = 0;

	if (!entity->state.at || entity->kind->is_reserved ||
	    (!is_named && !picked_has(&split->picked, entity->entity)))
		return 0;
	for (i = 0; rc == 0 && i < entity->records_n; i++)
		rc = carry_record(&split->carry, &entity->records[i].record,
				  err);
	if (rc == 0 && !is_named && picked_has(&split->stays, entity->entity))
		rc = leave_entity(split, entity, err);
	else if (rc == 0)
		rc = unsay_entity(split->picked.view->vault, entity,
				  split->into, split->old, err);
	split->entities++;
	return rc;
}

/* One thing that a source says of the construct itself. */
static int carry_saying(struct split *split, const struct record *record,
			struct err *err)
{
	char entity[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	char type[sizeof("construct:") + 16];
	char at[HLC_TEXT_MAX];
	struct record_parts parts = {
		.type = type, .at = at, .data = record->data,
	};
	bool is_new = false;
	int rc;

	snprintf(entity, sizeof(entity), "construct:%s", split->into);
	snprintf(type, sizeof(type), "%.*s", (int)record->type.len,
		 record->type.at);
	parts.entity = span_str(entity);
	snprintf(at, sizeof(at), "%.*s", (int)record->at.len, record->at.at);
	rc = carry_blobs(&split->carry, record->data, err);
	if (rc == 0)
		rc = writer_add_source(split->carry.into, &parts, &is_new, err);
	split->carry.seen++;
	split->carry.new += is_new;
	return rc;
}

/* Where it went, so that later versions of the source follow it. */
static void put_moved(struct split *split, const struct fold_record *record)
{
	char cid[CID_TEXT_MAX];

	cid_text(CID_JSON, record->id, cid);
	fields_str(&split->moved, cid, split->into);
}

static int say_moved(struct split *split, struct err *err)
{
	struct jcs_fields fields = JCS_FIELDS_INIT;
	struct jcs_fields into = JCS_FIELDS_INIT;
	struct buf data = BUF_INIT(BUF_NO_LIMIT);
	int rc;

	if (split->moved.count)
		fields_object(&fields, "moved", &split->moved);
	fields_bool(&into, split->into, true);
	fields_object(&fields, "split", &into);
	rc = jcs_fields_write(&fields, &data, err);
	if (rc == 0)
		rc = construct_state(split->picked.view, split->old,
				     buf_span(&data), err);
	jcs_fields_release(&fields);
	jcs_fields_release(&into);
	buf_release(&data);
	return rc;
}

static int take_self(void *arg, const struct view_entity *entity,
		     struct err *err)
{
	struct split *split = arg;
	struct fold_record *rest = calloc(entity->records_n,
					  sizeof(*rest));
	size_t n = 0;
	size_t i;
	int rc = 0;

	if (!rest)
		return err_set(err, ERR_NOMEM, "out of memory");
	for (i = 0; rc == 0 && i < entity->records_n; i++) {
		const struct fold_record *record = &entity->records[i];

		bool is_picked = picked_has_saying(&split->picked,
						   &record->record);

		if (is_picked)
			rc = carry_saying(split, &record->record, err);
		is_picked = is_picked && !picked_has_saying(&split->stays,
							    &record->record);
		/* All sources of one name say the same of it at first. */
		if (is_picked && !span_equals(record->record.verb,
					      span_str("create")))
			put_moved(split, record);
		else
			rest[n++] = *record;
	}
	if (rc == 0 && n < entity->records_n) {
		split->entities++;
		rc = unsay_records(split->picked.view->vault, entity, rest, n,
				   split->old, err);
	}
	free(rest);
	return rc;
}

int split_all(struct split *split, struct err *err)
{
	const struct view_visitor entities = { move_entity, split };
	const struct view_visitor self = { take_self, split };
	char own[CONSTRUCT_NAME_MAX + sizeof("construct:")];
	struct view *view = split->picked.view;
	int rc = view_each(view, NULL, true, &entities, err);

	snprintf(own, sizeof(own), "construct:%s", view->construct);
	if (rc == 0 && split->picked.sayings.count)
		rc = view_one(view, span_str(own), &self, err);
	if (rc == 0 && !split->entities)
		rc = err_set(err, ERR_NOT_FOUND, "nothing of it is in '%s'",
			     view->construct);
	if (rc == 0)
		rc = say_moved(split, err);
	return rc;
}
