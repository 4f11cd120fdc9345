/*
 * What is to be mended: one entity as it stands now, however it was named.
 */
#ifndef VV_CMD_ACTION_MEND_HAND_TARGET_H
#define VV_CMD_ACTION_MEND_HAND_TARGET_H

#include "cmd/action/entry.h"
#include "cmd/action/read/ref.h"

struct target {
	const char *word;		/* as it was named; borrowed */
	struct ref ref;			/* its view is of the newest state */
	const struct kind *kind;
	struct buf state;		/* canonical; empty where it is deleted */
	bool is_live;
	bool is_whole;			/* a version was named alone */
	bool is_imported;		/* by some record of it */
	size_t conflicts;
	struct standing standing;	/* of the same moment as the state */
};

#define TARGET_INIT \
	{ NULL, REF_INIT, NULL, BUF_INIT(BUF_NO_LIMIT), false, false, false, \
	  0, \
	  { NULL, 0, HLC_INIT } }

/* For actions that take one: the table's option that says in which construct,
 * where several have it. */
#define TARGET_CONSTRUCT \
	{ "construct", ACTION_TEXT, ACTION_UNLISTED, "<construct>", \
	  "in this one, where several have it" }

/*
 * Find it: whatever ref_open() takes; where a version alone is named, its
 * construct itself. ERR_NOT_FOUND: nothing was ever of that name. One that was
 * deleted is found, but is not live.
 */
MUST_USE int target_open(struct action_call *call, const char *word,
			 struct target *out, struct err *err);
void target_release(struct target *target);

struct span target_entity(const struct target *target);

/* May a person change it? ERR_NOT_FOUND where it was deleted; ERR_DENIED: no
 * hand writes such. */
MUST_USE int target_live(const struct target *target, struct err *err);

/* The entity's words: a field of text, also one that is kept as a blob. Empty
 * where it has none. */
MUST_USE int target_words(const struct target *target, const char *field,
			  struct buf *out, struct err *err);

/*
 * Queue a record of it that has seen what stood when it was opened, and no
 * more: what another wrote meanwhile is not superseded unseen. verb: "update",
 * "delete". entry is open.
 */
MUST_USE int target_write(const struct target *target, struct entry *entry,
			  const char *verb, struct span data,
			  struct err *err);

/* Any entity, with what stood of it. */
struct stood {
	const char *entity;
	const struct kind *kind;
	const struct standing *standing;
};

/* The same of that. */
MUST_USE int target_write_stood(const struct stood *stood,
				struct entry *entry, const char *verb,
				struct span data, struct err *err);

#endif
