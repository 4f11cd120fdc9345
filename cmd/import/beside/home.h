/*
 * A program's own folder, of which only some rooms hold sessions: the rest is
 * settings, secrets, lists, copies of a person's files, and is not opened.
 */
#ifndef VV_CMD_IMPORT_BESIDE_HOME_H
#define VV_CMD_IMPORT_BESIDE_HOME_H

#include <stdbool.h>

#include "cmd/import/import.h"
#include "cmd/import/input/bundle.h"

struct import_home {
	const char *folder;		/* what it is called: ".claude", or
					   with what it lies in: ".pi/agent" */
	const char *const *rooms;	/* folders with sessions; one of them is
					   there. Ended by NULL, as the next */
	const char *const *signs;	/* what else is in it: a copy may have
					   another name */
	const char *reason;		/* why the rest is left alone */
	/* What else is read of it, and tells nothing: memories, rules; or
	 * NULL. */
	const char *const *notes;
	const struct import_home *next;	/* another one of the format; or NULL */
	const char *construct;	/* of the sessions in it, where another program
				   writes the format; NULL: the format's */
};

/* The construct of a source that lies in one of these homes, or the other. */
const char *home_construct(const struct import_input *input,
			   const struct import_home *homes,
			   const char *otherwise);

/*
 * The home that a folder of a bundle is, by its name or else by what is in it;
 * or NULL. folder ends with '/', or is "" for the bundle's top, which lies at
 * `top`.
 */
const struct import_home *home_of(const struct import_job *job,
				  const struct bundle *bundle,
				  const char *top, struct span folder);

/* Is this how programs call the files of their keys and accounts? Of such a
 * file that was found in a folder nothing is read. */
bool home_is_secret(struct span name);
#define HOME_SECRET "a file of keys or of an account, which is never opened"

/* Is this one of its rooms? */
bool home_has_room(const struct import_home *home, struct span name);

/*
 * What keeps a file of a bundle out, or NULL: it lies in a home, and in none
 * of its rooms. *out_len: so much of its name is what lies in the home itself.
 */
const struct import_home *home_outside(const struct import_job *job,
				       const struct bundle *bundle,
				       const char *name, size_t *out_len);

#endif
