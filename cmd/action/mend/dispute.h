/*
 * What the records of an entity disagree about: field by field the values, and
 * whose they are.
 */
#ifndef VV_CMD_ACTION_MEND_DISPUTE_H
#define VV_CMD_ACTION_MEND_DISPUTE_H

#include "cmd/action/history/brought.h"
#include "lib/json/jcs_write.h"
#include "refs/view/origin.h"
#include "refs/view/view.h"

struct dispute_value {
	const struct fold_record *record;
	struct span value;	/* JSON; absent: the record deletes */
	bool wins;
};

/* Of one field; it and the values borrow from the entity. */
struct dispute {
	struct span field;	/* JSON Pointer; empty: the entity as such, which
				   one deleted and another spoke of */
	struct dispute_value *at;	/* what wins first, then the newest */
	size_t n;
	size_t cap;
};

struct dispute_list {
	struct dispute *at;
	size_t n;
	size_t cap;
};

#define DISPUTE_LIST_INIT { NULL, 0, 0 }

MUST_USE int dispute_list_of(const struct view_entity *entity,
			 struct dispute_list *out, struct err *err);
void dispute_list_release(struct dispute_list *disputes);

/* Who signed the records of one view. */
struct signers {
	struct view *view;
	struct origins *origins;	/* NULL until one is asked for */
	struct brought_list brought;
};

#define SIGNERS_INIT(view) { (view), NULL, BROUGHT_LIST_INIT }
/* The version that brought a record, borrowed until the next call; NULL: it
 * stays unknown. */
MUST_USE int signer_find(struct signers *signers, struct span entity,
			 const struct fold_record *record,
			 const struct version **out, struct err *err);
void signers_release(struct signers *signers);

/* Set "construct", "entity", "field", "kind", "title" (its first words, or
 * null). */
void dispute_put_what(struct jcs_fields *fields, const struct view *view,
		      const struct view_entity *entity,
		      const struct dispute *dispute);

/*
 * The same, and "values", each {"at","device","name","record","source","value",
 * "wins"}, and {"deletes":true} where it does. The source is the file that an
 * import took it from: {"entity","format","size"}, null where it is not known.
 */
MUST_USE int dispute_put(struct jcs_fields *fields,
			 const struct view_entity *entity,
			 const struct dispute *dispute,
			 struct signers *signers, struct err *err);

/* "disputed": each field with "field" and "values", where there are any. */
MUST_USE int disputes_put(struct jcs_fields *fields, struct view *view,
			  const struct view_entity *entity, struct err *err);

#endif
