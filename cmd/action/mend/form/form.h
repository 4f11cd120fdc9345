/*
 * An entity as a person edits it: its fields, a line each, and below a line of
 * dashes its words as they stand:
 *
 *	# what this is
 *	type: preference
 *	tags: tea, morning
 *	persona/traits/warmth: 0.5
 *	greeting: |
 *	  a text of several lines,
 *	  each two blanks further in
 *	---
 *	The user likes rain.
 *
 * A text stands bare; what is no text is JSON. Fields that say where something
 * came from or belongs are not shown. What is shown of a state and what was
 * made of it are read alike, so what nobody touched is no change.
 */
#ifndef VV_CMD_ACTION_MEND_FORM_FORM_H
#define VV_CMD_ACTION_MEND_FORM_FORM_H

#include "lib/base/buf.h"
#include "lib/json/jdoc.h"
#include "objects/record/kinds.h"

/*
 * Append the form. state is the state as plain JSON (jdoc_from_jcs()), NULL
 * for something new; words are those that stand below the line. heading: lines
 * of explanation, each begins with '#'.
 */
MUST_USE int form_show(const struct kind *kind, const struct jval *state,
		       struct span words, const char *heading,
		       struct buf *out, struct err *err);

/*
 * Append the data, a canonical object, that makes of what was shown what it
 * was edited to: "{}" where nothing was changed. ERR_INVALID names the line or
 * the field that cannot be.
 */
MUST_USE int form_read(const struct kind *kind, const struct jval *state,
		       struct span shown, struct span edited, struct buf *out,
		       struct err *err);

/* One change by hand: name is a path as the form has it, text its value. */
struct form_change {
	struct span name;
	struct span text;
};

/* The same for these changes, which are put in order: those that say what
 * stands already are no changes. ERR_INVALID. */
MUST_USE int form_data(const struct kind *kind, const struct jval *state,
		       struct form_change *changes, size_t n,
		       struct buf *out, struct err *err);

/* The field of the kind that holds its words; NULL: it has none. */
const char *form_words(const struct kind *kind);

/* Is there nothing in it but comments and blanks? */
bool form_is_empty(struct span text);

#endif
