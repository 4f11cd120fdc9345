/*
 * Entries made here: records with this device's time, about an entity that
 * is new or that has records already.
 */
#ifndef VV_CMD_ACTION_ENTRY_H
#define VV_CMD_ACTION_ENTRY_H

#include "cmd/action/action.h"
#include "lib/base/span.h"
#include "lib/json/jcs_write.h"
#include "refs/view/view.h"
#include "refs/write/write.h"

/* What a run of entries is about; the caller fills the first part. */
struct entry {
	struct vault *vault;
	struct writer *writer;
	const struct kind *kind;
	const char *construct;
	const char *type;
	const char *entity;		/* NULL: a new one each time */
	bool may_create;		/* the construct need not exist */
	bool is_as_is;			/* add: mend/strict.h is passed over */

	/* The ids of the records written, in order. */
	struct {
		unsigned char (*at)[RECORD_ID_BYTES];
		size_t n;
		size_t cap;
	} ids;
	struct standing prev;		/* of the entity, when we write */
};

/* Begin to write. ERR_NOT_FOUND names a construct that may be meant. */
MUST_USE int entry_open(struct entry *entry, struct err *err);

/* Find what stands of the entity, if one is given. */
MUST_USE int entry_begin(struct entry *entry, struct err *err);

/* Queue one record; the next one of the same entity has seen it. data: a
 * canonical object. */
MUST_USE int entry_add(struct entry *entry, struct span data,
		       struct err *err);

/* Make the version, and what follows one: hooks, and collecting. */
MUST_USE int entry_commit(struct entry *entry, struct action_call *call,
			  const char *subject, struct write_result *out,
			  struct err *err);

/* "construct", "records" and "version", as actions that write tell them. */
void entry_put(const struct entry *entry, const struct write_result *result,
	       struct jcs_fields *fields);

void entry_release(struct entry *entry);

#endif
