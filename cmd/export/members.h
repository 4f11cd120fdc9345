/*
 * Writing a JSON object of a foreign format, member by member in the order of
 * the calls. What fails stays in the buffer: buf_end() tells.
 */
#ifndef VV_CMD_EXPORT_MEMBERS_H
#define VV_CMD_EXPORT_MEMBERS_H

#include <stdbool.h>

#include "lib/json/jdoc.h"

struct export_members {
	struct buf *out;
	bool has_some;		/* begin with false, and the rest 0 */
	const char *names[16];	/* that export_member() and its like wrote */
	size_t names_n;
};

/* Text, lone surrogates and all, as a JSON string. */
void export_put_string(struct buf *out, struct span text);

/* Begin a member; its value is the caller's to write. name: stays. */
void export_member(struct export_members *members, const char *name);

/* A member of text (may hold lone surrogates), and of a value as it stands in
 * its source. */
void export_member_text(struct export_members *members, const char *name,
			struct span text);
void export_member_raw(struct export_members *members, const char *name,
		       const struct jval *value);

/* The value that the source gave, else the text; neither: no member. */
void export_member_either(struct export_members *members, const char *name,
			  const struct jval *own, struct span text);

/*
 * Is that member, by the name that an importer has for it, one that the source
 * had not (take_absent())? list: an array of names, or NULL.
 */
bool export_is_absent(const struct jval *list, const char *name);

/* Does the object say what that member is? Null says less than the record
 * does, which may be a newer one. */
bool export_says(const struct jval *object, const char *name);

/* All members of an object as they stand, but those whose names were written;
 * nothing for other values. */
void export_member_all(struct export_members *members,
		       const struct jval *object);

/*
 * All members of an object but those that are named (ended by NULL), and
 * those of its member "rest", where importers put what has a name of theirs.
 */
void export_member_rest(struct export_members *members,
			const struct jval *object, const char *const *known);

/* Close the object; one without members was not even opened. */
void export_members_end(struct export_members *members);

#endif
