/*
 * What stands before the text of a note: YAML between two lines "---", or
 * TOML between "+++". Of it only lists and plain values at the top are looked
 * at; whoever keeps it, keeps it as it stands.
 */
#ifndef VV_CMD_IMPORT_PARSE_MARKDOWN_FRONT_MATTER_H
#define VV_CMD_IMPORT_PARSE_MARKDOWN_FRONT_MATTER_H

#include <stdbool.h>

#include "lib/base/span.h"

#define FRONT_MATTER_MAX ((size_t)256 << 10)	/* bytes; more is none */

struct front_matter {
	struct span text;	/* without its marks; absent: there is none */
	struct span body;	/* what follows */
};

/* A byte order mark belongs to neither. */
struct front_matter front_matter_split(struct span text);

/*
 * The first of the members that has one of these names (in lower case, ended
 * by NULL; case does not count): what stands behind the colon, without
 * blanks, quotes and a comment. Absent: there is none; a list is empty.
 */
struct span front_matter_get(struct span text, const char *const *names);

/*
 * Visit what a member has as a list: [a, "b"], lines "- a" below it, or one
 * value. Returns what a visit returned first that was not 0.
 */
struct front_matter_visitor {
	int (*item)(void *arg, struct span value);
	void *arg;
};
int front_matter_each(struct span text, const char *const *names,
		      const struct front_matter_visitor *visitor);

#endif
