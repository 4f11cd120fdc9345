/*
 * A program's settings in JSON, changed where they stand: a piece is put in,
 * taken out or exchanged, and every other byte stays. How people indent, order
 * and comment is theirs.
 */
#ifndef VV_LIB_SETTINGS_JTEXT_H
#define VV_LIB_SETTINGS_JTEXT_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/base/span.h"
#include "lib/json/jdoc.h"

/* A text that has been read, for its places. */
struct jtext {
	struct span text;	/* borrowed */
	struct buf plain;	/* the same, with blanks for what JSON has not */
	struct jdoc *doc;
};

#define JTEXT_INIT { { NULL, 0 }, BUF_INIT(BUF_NO_LIMIT), NULL }

/*
 * Read a whole text; a byte order mark and the kind of line ends are kept.
 * is_loose: with comments and a comma behind the last one of a list, as some
 * programs take them. ERR_INVALID says where it is no such text, also where a
 * key stands twice.
 */
MUST_USE int jtext_read(struct jtext *json, struct span text,
			    bool is_loose, struct err *err);
void jtext_release(struct jtext *json);

const struct jval *jtext_root(const struct jtext *json);

/* Append the text with the value (JSON, in any layout) behind the last one of
 * a container of it: under a key, or NULL for a list. */
void jtext_put(const struct jtext *json,
		   const struct jval *container, const char *key,
		   struct span value, struct buf *out);

/* Append the text without what stands there, and without the comma and the
 * line that were its. What jtext_put() has put in leaves nothing, but for
 * the blanks of a container that was empty. */
void jtext_cut(const struct jtext *json,
		   const struct jval *container, const struct jval *gone,
		   struct buf *out);

/* Append the text with other bytes where a value of it stands. */
void jtext_swap(const struct jtext *json, const struct jval *value,
		    struct span with, struct buf *out);

/* Where in the settings a value is to stand. */
struct jtext_place {
	const char *const *names;	/* of the containers, from the root on */
	size_t names_n;
	const char *key;	/* NULL: one more of the list that is last */
};

/*
 * Append the text with the value there, and the containers on the way that are
 * missing. ERR_INVALID: there is something else on the way.
 */
MUST_USE int jtext_add(const struct jtext *json,
		       const struct jtext_place *place, struct span value,
		       struct buf *out, struct err *err);

/* Nothing but white space, and a byte order mark perhaps. */
bool jtext_is_blank(struct span text);

/* Append it; one that is blank becomes what is to be there otherwise. */
void jtext_begin(struct span text, const char *otherwise, struct buf *out);

#endif
