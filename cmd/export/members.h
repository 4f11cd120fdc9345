/*
 * Writing a JSON object of a foreign format, member by member in the order of
 * the calls.
 */
#ifndef VV_CMD_EXPORT_MEMBERS_H
#define VV_CMD_EXPORT_MEMBERS_H

#include <stdbool.h>

#include "lib/json/jdoc.h"

struct export_members {
	struct buf *out;
	bool has_some;		/* begin with false */
};

/* Begin a member; its value is the caller's to write. */
MUST_USE int export_member(struct export_members *members, struct span name,
			   struct err *err);

/* A member of text (may hold lone surrogates), and of a value as it stands in
 * its source. */
MUST_USE int export_member_text(struct export_members *members,
				const char *name, struct span text,
				struct err *err);
MUST_USE int export_member_raw(struct export_members *members,
			       const char *name, const struct jval *value,
			       struct err *err);

/* The value that the source gave, else the text; neither: no member. */
MUST_USE int export_member_either(struct export_members *members,
				  const char *name, const struct jval *own,
				  struct span text, struct err *err);

/*
 * All members of an object but those that are named (ended by NULL), and
 * those of its member "rest", where importers put what has a name of theirs.
 */
MUST_USE int export_member_rest(struct export_members *members,
				const struct jval *object,
				const char *const *known, struct err *err);

/* Close the object; one without members was not even opened. */
MUST_USE int export_members_end(struct export_members *members,
				struct err *err);

#endif
