/*
 * What a person names, found: a handle of the last list (handles.h), a
 * version as view_open() has it, an entity, or a record by its id or the
 * begin of it.
 */
#ifndef VV_CMD_ACTION_READ_REF_H
#define VV_CMD_ACTION_READ_REF_H

#include "cmd/action/action.h"
#include "lib/base/buf.h"
#include "refs/index/by_id.h"
#include "refs/view/view.h"

struct ref {
	struct view *view;	/* the construct as of a version */
	struct buf entity;	/* in it; empty: the version itself is meant */
	bool has_record;	/* one record of the entity is known ... */
	bool is_record;		/* ... and meant, not the entity */
	unsigned char record[RECORD_ID_BYTES];
};

#define REF_INIT { NULL, BUF_INIT(ENTITY_MAX_BYTES), false, false, { 0 } }
void ref_release(struct ref *ref);

/*
 * Find what a word names. In this order, of which the first that fits counts:
 *
 *	@3				of the last list
 *	message:x/1, memory:y		an entity, in the construct that has it
 *	memory:px5			one by the begin of its name; no message
 *	session:x:4a62, x:4a62		a session by the begin of its name
 *	nova, nova~2, nova@{date}, id	a version
 *	bagaaiera..., or at least seven characters of what follows that: a
 *					record by its id, which one alone
 *					begins with
 *
 * With an entity (may be NULL) the word names the version in which it is.
 * ERR_NOT_FOUND; ERR_INVALID: several are meant, which the error lists.
 */
MUST_USE int ref_open(struct vault *vault, const char *word,
		      const char *entity, struct ref *out, struct err *err);

/* The same whatever kinds of entities are there for who has opened the vault
 * (refs/trust/scope.h): for ref_open() alone, in cmd/action/vault/scope.c. */
MUST_USE int ref_find(struct vault *vault, const char *word,
		      const char *entity, struct ref *out, struct err *err);

/* A version as view_open() has it, or by a handle: of an entity the one in
 * which it was listed. For what takes no other. */
MUST_USE int ref_open_view(struct vault *vault, const char *word,
			   struct view **out, struct err *err);

/* The id of the version that a handle names, which need not be in the vault's
 * history; any other word as it is. Appended to out. */
MUST_USE int ref_version_id(struct vault *vault, const char *word,
			    struct buf *out, struct err *err);

/* Of an entity's records the one that is meant, else the newest; NULL: it is
 * not there any more. */
const struct fold_record *ref_record(const struct ref *ref,
				     const struct view_entity *entity);

/* What names an entity in a version, for an action's table. */
#define REF_PARAMS \
	{ "what", ACTION_TEXT, ACTION_OPERAND | ACTION_REQUIRED, \
	  "<version|entity|record|@n>", \
	  "what a list shows, by its handle, its name or the begin of its id" }, \
	{ "entity", ACTION_TEXT, ACTION_OPERAND, "<entity>", \
	  "this entity, as of that version" }
/* Is what they are given right? */
MUST_USE int ref_check(const struct action_call *call, struct err *err);

/* Does it look like the id of a record, whole or with all that ids have in
 * common? */
static inline bool ref_is_record_id(const char *word)
{
	return span_begins(span_str(word), ID_COMMON);
}

#endif
