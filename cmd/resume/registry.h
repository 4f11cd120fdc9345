/*
 * Small lists that agents keep of their sessions: an entry is put into the
 * text of one, and all else stays as it stands.
 */
#ifndef VV_CMD_RESUME_REGISTRY_H
#define VV_CMD_RESUME_REGISTRY_H

#include "cmd/resume/writer.h"

struct registry_entry {
	const char *list;	/* the member with the list; NULL: the list is
				   the whole document */
	const char *name;	/* of the entry, where it is a member of an
				   object; NULL: it is an item of an array */
	struct span value;	/* JSON */
	/* A text that the entry has in this member: one that has it already
	 * is left as it is, and nothing is put. */
	const char *by;
	struct span is;
};

/*
 * Begin the file of a list, with the entry in it behind the others. A list
 * that is not there is begun. ERR_INVALID: it is no such list, with the place;
 * ERR_IO, ERR_LIMIT.
 */
MUST_USE int registry_put(const struct resume_target *target,
			  struct resume_out *out, const char *path,
			  const struct registry_entry *entry, struct err *err);

#endif
