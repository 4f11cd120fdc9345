/*
 * How a field in dispute is settled: which value it gets.
 */
#ifndef VV_CMD_ACTION_MEND_CHOICE_H
#define VV_CMD_ACTION_MEND_CHOICE_H

#include "cmd/action/action.h"
#include "cmd/action/mend/dispute.h"

/* An entity that is being settled; all borrowed. */
struct settling {
	struct action_call *call;
	const struct view_entity *entity;
	struct signers *signers;
};

struct choice {
	const struct dispute *dispute;
	bool is_made;		/* false: the field stays as it is */
	bool deletes;		/* the entity, not the field */
	struct buf value;	/* JSON */
};

#define CHOICE_INIT(dispute) \
	{ (dispute), false, false, BUF_INIT(BUF_NO_LIMIT) }

/*
 * What a device, by any of its names, or a record, by its id or the begin of
 * it, says, or what stands at this number among the values. Not made where it
 * says nothing of the field. ERR_INVALID: it says several things.
 */
MUST_USE int choice_take(const struct settling *settling, const char *whose,
			 struct choice *out, struct err *err);

/*
 * What is said here: JSON, or words where the field has words. ERR_INVALID: the
 * entity as such has no value.
 */
MUST_USE int choice_say(struct span said, struct choice *out,
			struct err *err);

/* What somebody makes of the values in an editor. ERR_CANCELED: nothing. */
MUST_USE int choice_edit(const struct settling *settling, struct choice *out,
			 struct err *err);

/* What somebody chooses who is asked. */
MUST_USE int choice_ask(const struct settling *settling, struct choice *out,
			struct err *err);

/* Append who says a value: a name, else the begin of a did. */
MUST_USE int choice_name(const struct settling *settling,
			 const struct dispute_value *value, struct buf *out,
			 struct err *err);

/*
 * The data of the record that settles a kept entity: the fields chosen, and
 * where it was deleted meanwhile all that it was before, but for fields whose
 * choice is not made. Appended to out.
 */
MUST_USE int choices_compose(const struct view_entity *entity,
			     const struct choice *choices, size_t n,
			     struct buf *out, struct err *err);

#endif
